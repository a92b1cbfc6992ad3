//! The listener: HTTP/1.1 and HTTP/2 with prior knowledge on one port, and a handle to a running simulator.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use hyper::service::Service;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use super::app::app;
use super::connection::{Connection, Socket};
use super::options::Options;
use super::state::State;

/// Streams that one HTTP/2 connection may have open; the AWS SDK for JavaScript puts all its requests on one.
const MAX_STREAMS: u32 = 10_000;

/// Serves `state` on `listener` until `shutdown` completes; then closes all connections at once.
pub async fn serve(listener: TcpListener, state: State, shutdown: impl Future<Output = ()>) {
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(serve_connection(stream, peer, state.clone()));
                }
                // Out of file descriptors, most likely: let some connections end.
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    connections.shutdown().await;
}

async fn serve_connection(stream: TcpStream, peer: SocketAddr, state: State) {
    state.recorder().connected();
    // Frames are small and must not wait for each other; a socket that refuses still works.
    let _ = stream.set_nodelay(true);
    let connection = Connection::new(peer);
    let socket = TokioIo::new(Socket::new(stream, &connection));
    let inner = TowerToHyperService::new(app(state));
    let tagged = connection.clone();
    let service = hyper::service::service_fn(move |mut request: http::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(tagged.clone());
        inner.call(request)
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http2().max_concurrent_streams(MAX_STREAMS);
    tokio::select! {
        // How a connection ends is the client's business; the journal has what matters.
        _ = builder.serve_connection(socket, service) => {}
        () = connection.cut() => {}
    }
}

/// Bedrock on localhost.
///
/// ```no_run
/// # async fn example() -> std::io::Result<()> {
/// use bedrock_wrapper::simulator::{Options, Simulator};
/// let bedrock = Simulator::start(Options::default()).await?;
/// for (name, value) in bedrock.env() {
///     println!("export {name}={value}");
/// }
/// bedrock.close().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Simulator;

impl Simulator {
    /// Starts a simulator on 127.0.0.1 and returns when it accepts connections. Needs a tokio runtime. Fails when the
    /// port is taken.
    pub async fn start(options: Options) -> io::Result<Running> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let state = State::new(options);
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(serve(listener, state.clone(), async {
            // An error means that the handle was dropped, which is a stop as well.
            let _ = stopped.await;
        }));
        Ok(Running { address, state, stop, task })
    }
}

/// A simulator that is running. Dropping it stops it as well.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    state: State,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    /// Base URL, such as `http://127.0.0.1:4566`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Environment variables that point AWS clients here, in a fixed order. Holds the secret key.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        let options = self.state.options();
        let keys = &options.credentials;
        let mut variables = vec![
            ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", self.url()),
            ("AWS_ENDPOINT_URL_BEDROCK", self.url()),
            ("AWS_REGION", options.region.clone()),
            ("AWS_DEFAULT_REGION", options.region.clone()), // boto3 and the AWS CLI read this one
            ("AWS_ACCESS_KEY_ID", keys.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key.clone()),
        ];
        variables.extend(keys.session_token.clone().map(|token| ("AWS_SESSION_TOKEN", token)));
        variables
    }

    /// Its memory: journal and faults.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Stops listening, closes all connections and returns when that is done.
    pub async fn close(self) {
        // The server may have ended on its own; either way it is gone when the task is.
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}
