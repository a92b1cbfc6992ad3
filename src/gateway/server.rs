//! The listener: HTTP/1.1 and HTTP/2 with prior knowledge on one port.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::app::respond;
use super::state::State;

/// How long to wait before accepting again when the system has no more file descriptors.
const OUT_OF_DESCRIPTORS: Duration = Duration::from_millis(10);

/// Serves `state` on `listener` until `shutdown` completes. Then no connection is accepted and no further request taken;
/// running ones may end within the time the settings give, after which their connections are closed.
pub(super) async fn serve(listener: TcpListener, state: Arc<State>, shutdown: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => accept(stream, peer, &state, &graceful),
                Err(_) => tokio::time::sleep(OUT_OF_DESCRIPTORS).await,
            },
        }
    }
    drop(listener);
    state.drain();
    let patience = state.live().settings.shutdown_seconds.duration();
    let _ = timeout(patience, graceful.shutdown()).await;
}

fn accept(stream: TcpStream, peer: SocketAddr, state: &Arc<State>, graceful: &GracefulShutdown) {
    // Chunks are small, and each is to go out at once.
    let _ = stream.set_nodelay(true);
    let served = state.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let state = served.clone();
        async move { Ok::<_, Infallible>(respond(state, peer, request).await) }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    let header = state.live().settings.header_seconds.duration();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(header);
    builder.http2().timer(TokioTimer::new());
    let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // How a connection ends is the client's business; the exchange has what matters.
        let _ = connection.await;
    });
}
