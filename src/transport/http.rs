//! The HTTP clients of the process: hyper behind the SDK's connector interface, with bounded buffers.
//!
//! `aws-smithy-http-client` builds the same thing, but leaves hyper's read buffer at its default of up to 417 KB a
//! connection; a hundred fast streams then hold 40 MB. It also makes a pool for each pair of time limits; here they are
//! the request's, and one pool serves them all. HTTP/1.1 and HTTP/2 (by ALPN); rustls with ring.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::io;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::capture_connection;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::elapsed::{Elapsed, Limit, within};
use super::proxy::Dial;
use super::{refusal, roots};
use crate::config::Network;

/// The most that is read ahead of a consumer on one connection, in bytes; heads of answers must fit too.
const READ_BUFFER: usize = 16 * 1024;
/// Pools remembered at once; programs have one, tests that change the environment a few.
const MAX_POOLS: usize = 16;

static POOLS: LazyLock<Mutex<HashMap<Network, Arc<Pool>>>> = LazyLock::new(Mutex::default);

/// The client that goes out by `network`.
pub(super) fn http_client(network: &Network) -> SharedHttpClient {
    SharedHttpClient::new(Hyper { pool: pool(network) })
}

/// The pool of connections that go out by `network`, or why there is none. Making it loads the certificate store.
pub(super) fn pool(network: &Network) -> Result<Arc<Pool>, String> {
    // No code that can panic runs under the lock.
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pool) = pools.get(network) {
        return Ok(pool.clone());
    }
    let pool = Arc::new(Pool::new(network)?);
    if pools.len() >= MAX_POOLS {
        pools.clear();
    }
    pools.insert(network.clone(), pool.clone());
    Ok(pool)
}

#[derive(Debug)]
struct Hyper {
    /// Or why there is none, which every call then tells.
    pool: Result<Arc<Pool>, String>,
}

/// Connections.
#[derive(Debug)]
pub(super) struct Pool {
    /// Bodies are boxed: hyper keeps room for 32 requests on each connection.
    client: Client<HttpsConnector<Dial>, Box<SdkBody>>,
    network: Arc<Network>,
}

impl Pool {
    fn new(network: &Network) -> Result<Pool, String> {
        let network = Arc::new(network.clone());
        let tls = Arc::new(roots::tls(&network.certificates)?);
        let mut inside = (*tls).clone();
        inside.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let connector = HttpsConnector::from((Dial::new(network.clone(), tls), inside));
        let mut builder = Client::builder(TokioExecutor::new());
        let client = builder.pool_timer(TokioTimer::new()).http1_max_buf_size(READ_BUFFER).build(connector);
        Ok(Pool { client, network })
    }
}

impl HttpClient for Hyper {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        let (connect, first) = (settings.connect_timeout(), settings.read_timeout());
        SharedHttpConnector::new(Attempt { pool: self.pool.clone(), connect, first })
    }
}

/// One request over the pool, and how long it may take.
#[derive(Debug)]
struct Attempt {
    pool: Result<Arc<Pool>, String>,
    /// Until there is a connection.
    connect: Option<Duration>,
    /// Until the head of the answer is there.
    first: Option<Duration>,
}

impl HttpConnector for Attempt {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let pool = match &self.pool {
            Ok(pool) => pool.clone(),
            Err(reason) => return HttpConnectorFuture::ready(Err(ConnectorError::user(reason.clone().into()))),
        };
        let request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let (connect, first) = (self.connect, self.first);
        HttpConnectorFuture::new(async move {
            let answer = within(first, Limit::FirstByte, pool.send(request, connect)).await.map_err(timed_out)??;
            refusal::ready(answer, first).await
        })
    }
}

impl Pool {
    /// Sends a request; `limit` is that of connecting.
    pub(super) async fn send(
        &self,
        mut request: http::Request<SdkBody>,
        limit: Option<Duration>,
    ) -> Result<http::Response<Incoming>, ConnectorError> {
        self.authorize(&mut request);
        let mut request = request.map(Box::new);
        let Some(limit) = limit else { return self.client.request(request).await.map_err(classified) };
        let mut connection = capture_connection(&mut request);
        let mut answer = self.client.request(request);
        let connected = async {
            tokio::select! {
                biased;
                answer = &mut answer => Some(answer),
                _ = connection.wait_for_connection_metadata() => None,
            }
        };
        let early = within(Some(limit), Limit::Connect, connected).await.map_err(timed_out)?;
        match early {
            Some(answer) => answer,
            None => answer.await,
        }
        .map_err(classified)
    }

    /// A proxy that is spoken to without a tunnel wants to be told with each request who asks.
    fn authorize(&self, request: &mut http::Request<SdkBody>) {
        let uri = request.uri();
        if uri.scheme() != Some(&http::uri::Scheme::HTTP) {
            return;
        }
        let port = uri.port_u16().unwrap_or(80);
        let proxy = uri.host().and_then(|host| self.network.proxy(false, host, port));
        if let Some(authorization) = proxy.and_then(super::proxy::authorization) {
            request.headers_mut().insert(http::header::PROXY_AUTHORIZATION, authorization);
        }
    }
}

fn timed_out(elapsed: Elapsed) -> ConnectorError {
    ConnectorError::timeout(elapsed.into())
}

/// Which of the SDK's kinds an error is: it decides whether the call is tried again.
fn classified(error: hyper_util::client::legacy::Error) -> ConnectorError {
    let broken = find::<hyper::Error>(&error);
    let timed_out = find::<io::Error>(&error).is_some_and(|error| error.kind() == io::ErrorKind::TimedOut);
    if timed_out || broken.is_some_and(hyper::Error::is_timeout) {
        return ConnectorError::timeout(error.into());
    }
    if broken.is_some_and(hyper::Error::is_incomplete_message) {
        return ConnectorError::other(error.into(), Some(ErrorKind::TransientError));
    }
    let gone = broken.is_some_and(|error| error.is_closed() || error.is_canceled());
    if error.is_connect() || gone || find::<io::Error>(&error).is_some() {
        return ConnectorError::io(error.into());
    }
    if broken.is_some_and(hyper::Error::is_user) {
        return ConnectorError::user(error.into());
    }
    ConnectorError::other(error.into(), None)
}

fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}
