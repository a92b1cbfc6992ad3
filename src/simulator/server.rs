//! The listeners: HTTP/1.1 and HTTP/2 on one port, in the clear (HTTP/2 with prior knowledge) or over TLS (by ALPN).

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::body::Body;
use axum::{Router, extract};
use futures::FutureExt as _;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsAcceptor;

use super::app::{OWN_ROUTES, app};
use super::connection::{Connection, Socket};
use super::exception::Exception;
use super::malformed::words;
use super::runtime;
use super::state::State;
use crate::listening::Worded;

/// Streams that one HTTP/2 connection may have open; the AWS SDK for JavaScript puts all its requests on one.
const MAX_STREAMS: u32 = 10_000;
/// For the first byte of a connection, for a whole head of a request, and between two requests of a connection.
const PATIENCE: Duration = Duration::from_secs(60);
/// For a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// What a request is told that met a defect.
const DEFECT: &str = "The simulator has a defect: it panicked. Please report it with the text on stderr.";

/// Serves `state` on `listener` until `shutdown` completes; then closes all connections at once.
pub async fn serve(listener: TcpListener, state: State, shutdown: impl Future<Output = ()>) {
    let site = Site::new(state);
    accept(listener, &site.state, shutdown, |stream, peer| in_the_clear(stream, peer, site.clone())).await;
}

/// The same over TLS.
pub(super) async fn serve_tls(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    state: State,
    shutdown: impl Future<Output = ()>,
) {
    let site = Site::new(state);
    let handle = |stream, peer| over_tls(stream, peer, acceptor.clone(), site.clone());
    accept(listener, &site.state, shutdown, handle).await;
}

/// What every connection serves: AWS's operations at once, the simulator's own routes through their router.
#[derive(Clone)]
struct Site {
    state: State,
    own: TowerToHyperService<Router>,
}

impl Site {
    fn new(state: State) -> Site {
        Site { own: TowerToHyperService::new(app(state.clone())), state }
    }

    async fn answer(self, request: Request<Body>) -> Response<Body> {
        if !request.uri().path().starts_with(OWN_ROUTES) {
            let answer = AssertUnwindSafe(runtime::handle(extract::State(self.state), request)).catch_unwind().await;
            // A defect of the simulator's costs its request an answer, and the connection's others nothing.
            return answer.unwrap_or_else(|_| Exception::new("InternalServerException", DEFECT).response());
        }
        let Ok(response) = self.own.call(request).await;
        response
    }
}

async fn accept<F>(
    mut listener: TcpListener,
    state: &State,
    shutdown: impl Future<Output = ()>,
    handle: impl Fn(TcpStream, SocketAddr) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    let mut outages = state.outages();
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(handle(stream, peer));
                }
                // Out of file descriptors, most likely: let some connections end.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
            Ok(()) = outages.changed() => {
                let until = *outages.borrow_and_update();
                connections.shutdown().await;
                tokio::select! {
                    () = &mut shutdown => break,
                    again = away(listener, until) => match again {
                        Some(again) => listener = again,
                        // Somebody else has the port now, and this simulator is not to be reached any more.
                        None => return,
                    }
                }
            }
        }
    }
    connections.shutdown().await;
}

/// Refuses connections until a time by not listening; then listens at the same address.
async fn away(listener: TcpListener, until: Instant) -> Option<TcpListener> {
    let address = listener.local_addr().ok()?;
    drop(listener);
    tokio::time::sleep_until(until).await;
    TcpListener::bind(address).await.ok()
}

async fn in_the_clear(stream: TcpStream, peer: SocketAddr, site: Site) {
    // Who connects and says nothing is let go.
    let Ok(Ok(())) = timeout(PATIENCE, stream.readable()).await else { return };
    let connection = Connection::new(peer);
    let socket = Socket::new(stream, &connection);
    serve_connection(socket, connection, site).await;
}

async fn over_tls(stream: TcpStream, peer: SocketAddr, acceptor: TlsAcceptor, site: Site) {
    let connection = Connection::new(peer);
    let socket = Socket::new(stream, &connection);
    // Who cannot agree, or does not trust the authority, has been told by TLS.
    let Ok(Ok(socket)) = timeout(HANDSHAKE, acceptor.accept(socket)).await else { return };
    serve_connection(socket, connection, site).await;
}

async fn serve_connection<S>(socket: S, connection: Connection, site: Site)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    site.state.recorder().connected();
    let tagged = connection.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(tagged.clone());
        let site = site.clone();
        async move { Ok::<_, Infallible>(site.answer(request.map(Body::new)).await) }
    });
    let protocol = protocol();
    tokio::select! {
        // How a connection ends is the client's business; the journal has what matters.
        _ = protocol.serve_connection(TokioIo::new(Worded::new(socket, words)), service) => {}
        () = connection.cut() => {}
    }
}

fn protocol() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .keep_alive_interval(PATIENCE)
        .keep_alive_timeout(HANDSHAKE);
    builder
}
