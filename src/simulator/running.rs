//! A simulator that is running: started, pointed at, closed.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::llm::Backend;
use super::options::{Auth, Options};
use super::server::{serve, serve_tls};
use super::state::State;
use super::tls::{CaFile, Identity};
use crate::config::temporary_folder;
use crate::listening::reachable;

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
    /// Starts a simulator and returns when it accepts connections. Needs a tokio runtime. Fails when a port is taken,
    /// the certificate cannot be written, or a cassette cannot be read or written.
    pub async fn start(options: Options) -> io::Result<Running> {
        let host = options.host;
        let listener = listen(host, options.port).await?;
        let address = listener.local_addr()?;
        let tls = match &options.tls {
            Some(tls) => Some((listen(host, tls.port).await?, tls.ca_file.clone())),
            None => None,
        };
        let state = State::open(options).map_err(|error| said(&error, "cannot use the cassette"))?;
        let (stop, stopped) = watch::channel(());
        let mut tasks = vec![tokio::spawn(serve(listener, state.clone(), end_of(stopped.clone())))];
        let secure = match tls {
            None => None,
            Some((listener, file)) => {
                let identity = Identity::generate(&state.options().region, host, state.now())?;
                let file = CaFile::write(&identity.ca_pem, file.as_deref(), &temporary_folder())
                    .map_err(|error| said(&error, "cannot write the authority's certificate"))?;
                let secure = Secure { address: listener.local_addr()?, ca_pem: identity.ca_pem, file };
                tasks.push(tokio::spawn(serve_tls(listener, identity.acceptor, state.clone(), end_of(stopped))));
                Some(secure)
            }
        };
        Ok(Running { address, secure, state, stop, tasks })
    }
}

async fn listen(host: IpAddr, port: u16) -> io::Result<TcpListener> {
    let address = SocketAddr::new(host, port);
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => said(&error, &format!("cannot listen on {address}, where something else does")),
        _ => said(&error, &format!("cannot listen on {address}")),
    })
}

fn said(error: &io::Error, what: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{what}: {error}"))
}

/// Completes when the other end says so or is dropped.
async fn end_of(mut stopped: watch::Receiver<()>) {
    let _ = stopped.changed().await;
}

/// A simulator that is running. Dropping it stops it as well.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    secure: Option<Secure>,
    state: State,
    stop: watch::Sender<()>,
    tasks: Vec<JoinHandle<()>>,
}

/// The port with TLS, and whom to trust there.
#[derive(Debug)]
struct Secure {
    address: SocketAddr,
    ca_pem: String,
    file: CaFile,
}

impl Running {
    /// Base URL, such as `http://127.0.0.1:4010`.
    pub fn url(&self) -> String {
        format!("http://{}", reachable(self.address))
    }

    /// Base URL of the port with TLS, where [`Options::tls`] asked for one.
    pub fn https_url(&self) -> Option<String> {
        self.secure.as_ref().map(|secure| format!("https://{}", reachable(secure.address)))
    }

    /// The certificate authority that clients of [`Running::https_url`] must trust, as PEM.
    pub fn ca_pem(&self) -> Option<&str> {
        self.secure.as_ref().map(|secure| secure.ca_pem.as_str())
    }

    /// Where that certificate is on disk.
    pub fn ca_file(&self) -> Option<&Path> {
        self.secure.as_ref().map(|secure| secure.file.path())
    }

    /// Environment variables that point clients here, in a fixed order: to the port with TLS where there is one. Holds
    /// the secret key.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        let options = self.state.options();
        let keys = &options.credentials;
        let url = self.https_url().unwrap_or_else(|| self.url());
        let mut variables = vec![
            ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", url.clone()),
            ("AWS_ENDPOINT_URL_BEDROCK", url.clone()),
            ("AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME", url),
            ("AWS_REGION", options.region.clone()),
            ("AWS_DEFAULT_REGION", options.region.clone()), // boto3 and the AWS CLI read this one
            ("AWS_ACCESS_KEY_ID", keys.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key.clone()),
        ];
        variables.extend(keys.session_token.clone().map(|token| ("AWS_SESSION_TOKEN", token)));
        if let Some(secure) = &self.secure {
            let file = secure.file.path().to_string_lossy().into_owned();
            variables.push(("AWS_CA_BUNDLE", file.clone())); // boto3, the AWS CLI, LiteLLM
            variables.push(("NODE_EXTRA_CA_CERTS", file)); // Node reads it when it starts
        }
        variables
    }

    /// What whoever started it should know, each a sentence.
    pub fn warnings(&self) -> Vec<String> {
        let options = self.state.options();
        let host = options.host;
        // Lenient takes any key.
        let open = (!host.is_loopback() && options.auth != Auth::Strict).then(|| {
            format!("The simulator listens on {host} without authentication: whoever reaches this machine can use it.")
        });
        let backend = options.backend.iter().flat_map(Backend::warnings).cloned();
        open.into_iter().chain(backend).collect()
    }

    /// Its memory: journal and faults.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Stops listening, closes all connections and returns when that is done.
    pub async fn close(self) {
        // The server may have ended on its own; either way it is gone when its tasks are.
        let _ = self.stop.send(());
        for task in self.tasks {
            let _ = task.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_takes_any_key_is_warned_where_others_reach_it() {
        let warned = async |auth, host: &str| {
            let options = Options { auth, host: host.parse().unwrap(), ..Options::default() };
            !Simulator::start(options).await.unwrap().warnings().is_empty()
        };
        assert!(warned(Auth::Off, "0.0.0.0").await && warned(Auth::Lenient, "0.0.0.0").await);
        assert!(!warned(Auth::Strict, "0.0.0.0").await && !warned(Auth::Off, "127.0.0.1").await);
    }
}
