//! The listener: HTTP/1.1 and HTTP/2 on one port, in the clear (HTTP/2 with prior knowledge) or over TLS (by ALPN); and
//! how it ends.
//!
//! ```text
//! Serving → Draining   /ready says so; everything is answered as before, for drain_seconds
//!         → Stopping   no connection is accepted, idle ones are closed, running requests end, for shutdown_seconds
//!         → Ending     what still runs is told so: a stream by an error event, a call by status 503
//! ```

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::app::respond;
use super::body::AnswerBody;
use super::connection::{Patience, Pulse};
use super::refusal::words;
use super::socket::Socket;
use super::state::{Phase, State};
use crate::listening::Worded;

/// How long to wait before accepting again when the system has no more file descriptors.
const OUT_OF_DESCRIPTORS: Duration = Duration::from_millis(10);
/// How long last words may take to reach their clients: error events, GOAWAY.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// Streams that one HTTP/2 connection may have open.
const MAX_STREAMS: u32 = 1_000;
/// Whether a client of HTTP/2 is still there is asked so often, and its answer may take so long.
const H2_PING: Duration = Duration::from_secs(30);
const H2_PONG: Duration = Duration::from_secs(20);
/// Most bytes of an answer that wait for a slow client, and of a head that is read.
const BUFFER: usize = 64 * 1024;
/// Most headers of a request.
const MAX_HEADERS: usize = 100;

type Protocol = auto::Builder<TokioExecutor>;
type Answered = Pin<Box<dyn Future<Output = Result<Response<AnswerBody>, Infallible>> + Send>>;

/// Serves `state` on `listener` until `shutdown` completes and what was running then has ended, or been told that it does.
pub(super) async fn serve(listener: TcpListener, state: Arc<State>, shutdown: impl Future<Output = ()>) {
    let door = Door {
        protocols: Arc::new(Protocols { any: protocol(), http1: protocol().http1_only() }),
        places: Arc::new(Semaphore::new(state.live().settings.max_connections)),
        state,
        listener,
    };
    let mut connections = JoinSet::new();
    door.accept(&mut connections, shutdown).await;
    door.state.enter(Phase::Draining);
    let (drain, patience) = {
        let settings = &door.state.live().settings;
        (settings.drain_seconds.duration(), settings.shutdown_seconds.duration())
    };
    door.accept(&mut connections, sleep(drain)).await;
    let state = door.close();
    state.enter(Phase::Stopping);
    if timeout(patience, ended(&mut connections)).await.is_err() {
        state.enter(Phase::Ending);
        let _ = timeout(LAST_WORDS, ended(&mut connections)).await;
    }
    connections.shutdown().await;
}

async fn ended(connections: &mut JoinSet<()>) {
    while connections.join_next().await.is_some() {}
}

/// Where connections come in.
struct Door {
    listener: TcpListener,
    state: Arc<State>,
    protocols: Arc<Protocols>,
    /// One for each connection; who finds none waits in the system's queue.
    places: Arc<Semaphore>,
}

impl Door {
    /// Takes connections until then.
    async fn accept(&self, connections: &mut JoinSet<()>, until: impl Future<Output = ()>) {
        let mut until = pin!(until);
        loop {
            tokio::select! {
                biased;
                () = &mut until => return,
                Some(_) = connections.join_next() => {}
                accepted = self.next() => match accepted {
                    Ok((stream, peer, place)) => {
                        connections.spawn(connected(stream, peer, self.state.clone(), self.protocols.clone(), place));
                    }
                    Err(_) => sleep(OUT_OF_DESCRIPTORS).await,
                },
            }
        }
    }

    async fn next(&self) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
        let place = self.places.clone().acquire_owned().await.map_err(io::Error::other)?;
        let (stream, peer) = self.listener.accept().await?;
        Ok((stream, peer, place))
    }

    /// Refuses connections from now on.
    fn close(self) -> Arc<State> {
        self.state
    }
}

/// How connections are spoken over. To find out which HTTP it is costs a buffer for as long as the connection lasts, which
/// those are spared of whom it is known.
struct Protocols {
    any: Protocol,
    http1: Protocol,
}

fn protocol() -> Protocol {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // How long heads may take is the connection's pulse to tell.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(BUFFER).max_headers(MAX_HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(BUFFER as u32)
        .max_send_buf_size(BUFFER)
        .keep_alive_interval(H2_PING)
        .keep_alive_timeout(H2_PONG);
    builder
}

/// A connection, from its first byte to its end.
async fn connected(
    stream: TcpStream,
    peer: SocketAddr,
    state: Arc<State>,
    protocols: Arc<Protocols>,
    _place: OwnedSemaphorePermit,
) {
    // Chunks are small, and each is to go out at once.
    let _ = stream.set_nodelay(true);
    let (patience, tls) = {
        let live = state.live();
        (Patience::of(&live.settings), live.tls.clone())
    };
    let connection = Connection { peer, state, pulse: Pulse::new(), patience };
    let Some(acceptor) = tls else {
        let is_http1 = begins_as_http1(&stream, &connection).await;
        let protocol = if is_http1 { &protocols.http1 } else { &protocols.any };
        return connection.serve(stream, protocol).await;
    };
    // Who cannot agree has been told by TLS. Boxed, so that connections in the clear hold no room for it.
    if let Ok(Ok(stream)) = timeout(patience.header, acceptor.accept(stream)).await {
        Box::pin(connection.serve(stream, &protocols.any)).await;
    }
}

/// Looks at what the client says first; HTTP/2 with prior knowledge begins with `PRI` (RFC 9113, 3.4). Of who says nothing
/// for too long, or little, nothing is known.
async fn begins_as_http1(stream: &TcpStream, connection: &Connection) -> bool {
    let (mut first, mut phases) = ([0; 3], connection.state.phases());
    tokio::select! {
        peeked = stream.peek(&mut first) => peeked.is_ok_and(|length| length == first.len()) && first != *b"PRI",
        _ = phases.wait_for(|phase| *phase >= Phase::Stopping) => false,
        () = sleep(connection.patience.header) => false,
    }
}

struct Connection {
    peer: SocketAddr,
    state: Arc<State>,
    pulse: Arc<Pulse>,
    patience: Patience,
}

impl Connection {
    async fn serve<S>(self, stream: S, protocol: &Protocol)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Connection { peer, state, pulse, patience } = self;
        let socket = Socket::new(stream, pulse.clone(), patience.write);
        let mut phases = state.phases();
        let counted = pulse.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let (state, counted) = (state.clone(), counted.request(request.version()));
            let answered = async move { Ok(respond(state, peer, request).await.map(|body| body.of(counted))) };
            // On the heap, so that a connection holds no room for it while its answer goes out.
            Box::pin(answered) as Answered
        });
        let mut connection = pin!(protocol.serve_connection(TokioIo::new(Worded::new(socket, words)), service));
        let mut look = pin!(sleep(patience.interval()));
        let mut stopping = false;
        loop {
            tokio::select! {
                biased;
                // How a connection ends is the client's business; the exchange has what matters.
                _ = connection.as_mut() => return,
                _ = phases.wait_for(|phase| *phase >= Phase::Stopping), if !stopping => {
                    stopping = true;
                    connection.as_mut().graceful_shutdown();
                    look.as_mut().reset(Instant::now() + LAST_WORDS);
                }
                () = look.as_mut() => {
                    if pulse.is_overdue(&patience) || stopping && !pulse.is_busy() {
                        return;
                    }
                    look.as_mut().reset(Instant::now() + patience.interval());
                }
            }
        }
    }
}
