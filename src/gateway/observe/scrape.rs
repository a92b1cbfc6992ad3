//! `/metrics` on a port of its own, which those who call the gateway need not reach.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::METRICS;
use crate::gateway::state::State;

/// Connections at a time; scrapers need one.
const MOST_CONNECTIONS: usize = 16;
/// How long a connection may last. Scrapers come every few seconds, and open another.
const LONGEST: Duration = Duration::from_secs(60);

/// The listener. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Scrape(JoinHandle<()>);

impl Scrape {
    /// Listens at `address`.
    pub(crate) async fn start(address: SocketAddr, state: Arc<State>) -> io::Result<Scrape> {
        let listener = TcpListener::bind(address).await?;
        Ok(Scrape(tokio::spawn(serve(listener, state))))
    }
}

impl Drop for Scrape {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    // The semaphore is never closed.
    while let Ok(place) = room.clone().acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let state = state.clone();
        tokio::spawn(async move {
            let _ = timeout(LONGEST, connection(stream, state)).await;
            drop(place);
        });
    }
}

async fn connection(stream: TcpStream, state: Arc<State>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = answer(request.uri().path(), &state);
        async move { Ok::<_, Infallible>(answer) }
    });
    // How it ends is the scraper's business.
    let _ = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}

fn answer(path: &str, state: &State) -> Response<Full<Bytes>> {
    if path != "/metrics" {
        let mut response = Response::new(Full::new(Bytes::from_static(b"There is /metrics here, and nothing else.\n")));
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    }
    let mut response = Response::new(Full::new(Bytes::from(state.metrics())));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(METRICS));
    response
}
