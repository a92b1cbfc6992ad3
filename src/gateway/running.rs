//! A gateway that is running: started, pointed at, reloaded, closed.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::limits::Limits;
use super::observe::Scrape;
use super::server::serve;
use super::settings::{Settings, reloaded};
use super::state::State;
use crate::config::Environment;
use crate::error::{Error, Kind, Result};
use crate::listening::reachable;

/// How long until it is looked whether a reload has given keys that are fetched.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// An OpenAI-compatible server.
///
/// ```no_run
/// # async fn example() -> bedrock_wrapper::error::Result<()> {
/// use bedrock_wrapper::config::process_environment;
/// use bedrock_wrapper::gateway::{Gateway, Settings};
/// let gateway = Gateway::start(Settings { port: 0, ..Settings::default() }, &process_environment).await?;
/// println!("{}/v1", gateway.url());
/// gateway.close().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Gateway;

impl Gateway {
    /// Starts a gateway and returns when it accepts connections. Needs a tokio runtime.
    pub async fn start(settings: Settings, environment: Environment<'_>) -> Result<Running> {
        let address = SocketAddr::new(settings.host, settings.port);
        let metrics_port = settings.metrics_port;
        let limits = Limits::start(&settings).await?;
        let state = Arc::new(State::new(settings, environment, limits)?);
        state.live().keys.refresh().await?;
        tokio::spawn(refresh_keys(Arc::downgrade(&state)));
        let listener = TcpListener::bind(address).await.map_err(|error| cannot_listen(address, &error))?;
        let address = listener.local_addr().map_err(|error| cannot_listen(address, &error))?;
        let metrics = metrics_port.map(|port| SocketAddr::new(address.ip(), port));
        let scrape = match metrics {
            Some(at) => Some(Scrape::start(at, state.clone()).await.map_err(|error| cannot_listen(at, &error))?),
            None => None,
        };
        let (stop, mut stopped) = watch::channel(());
        let stopping = async move { drop(stopped.changed().await) };
        let task = tokio::spawn(serve(listener, state.clone(), stopping));
        Ok(Running { address, state, stop, task, _scrape: scrape })
    }
}

/// Fetches keys again, for as long as the gateway is there. That it fails once is no reason to shut anybody out.
async fn refresh_keys(state: Weak<State>) {
    loop {
        let Some(every) = state.upgrade().map(|state| state.live().keys.refreshed_every()) else { return };
        sleep(every.unwrap_or(LOOK_AGAIN)).await;
        let Some(live) = state.upgrade().map(|state| state.live()) else { return };
        if live.keys.refreshed_every().is_some() {
            let _ = live.keys.refresh().await;
        }
    }
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> Error {
    let next = match error.kind() {
        io::ErrorKind::AddrInUse => " Something else listens there; port 0 takes a free one.",
        _ => "",
    };
    Error::new(Kind::Configuration, format!("The gateway cannot listen on {address}: {error}.{next}")).at("port")
}

/// A gateway that is running. Dropping it stops it as well.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    state: Arc<State>,
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
    /// It ends when this is dropped.
    _scrape: Option<Scrape>,
}

impl Running {
    /// Base URL, such as `http://127.0.0.1:8080`; OpenAI's clients want `/v1` behind it.
    pub fn url(&self) -> String {
        let scheme = if self.state.live().tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", reachable(self.address))
    }

    /// What its owner should know of the settings, a sentence each.
    pub fn warnings(&self) -> Vec<String> {
        self.state.live().warnings.clone()
    }

    /// Takes other settings for requests that begin from now on; connections stay. Returns what its owner should know of
    /// them, such as what cannot change while the gateway runs. On an error the old ones stay.
    pub async fn reload(&self, settings: Settings, environment: Environment<'_>) -> Result<Vec<String>> {
        let (settings, unheeded) = reloaded(&self.state.live().settings, settings);
        self.state.reload(settings, environment).await?;
        Ok(unheeded.into_iter().chain(self.warnings()).collect())
    }

    /// Stops accepting, lets running requests end within `shutdown_seconds`, and returns when that is done.
    pub async fn close(self) {
        // The server may have ended on its own; either way it is gone when its task is.
        let _ = self.stop.send(());
        let _ = self.task.await;
        self.state.observer.close().await;
    }
}
