//! The HTTP client of the process: hyper behind the SDK's connector interface, with bounded buffers.
//!
//! `aws-smithy-http-client` builds the same thing, but leaves hyper's read buffer at its default of up to 417 KB a
//! connection; a hundred fast streams then hold 40 MB. What it adds besides (proxies, connection poisoning) is not used.
//! HTTP/1.1 and HTTP/2 (by ALPN) over one pool; rustls with ring and the system's certificate store.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

/// A dead host should not cost more than this. AWS's SDK for JavaScript has no limit.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The most that is read ahead of a consumer on one connection, in bytes; heads of answers must fit too.
const READ_BUFFER: usize = 16 * 1024;

/// A client with a pool of its own. Making it loads the certificate store.
pub(super) fn http_client() -> SharedHttpClient {
    let connector = SharedHttpConnector::new(Hyper { client: hyper_client() });
    http_client_fn(move |_settings, _components| connector.clone())
}

fn hyper_client() -> Result<Client<HttpsConnector<TcpConnector>, SdkBody>, String> {
    let mut tcp = TcpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let tls = HttpsConnectorBuilder::new()
        .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
        .map_err(|error| format!("no certificate store was found: {error}"))?
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .wrap_connector(tcp);
    let mut builder = Client::builder(TokioExecutor::new());
    Ok(builder.pool_timer(TokioTimer::new()).http1_max_buf_size(READ_BUFFER).build(tls))
}

#[derive(Debug)]
struct Hyper {
    /// Or why there is none, which every call then tells.
    client: Result<Client<HttpsConnector<TcpConnector>, SdkBody>, String>,
}

impl HttpConnector for Hyper {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = match &self.client {
            Ok(client) => client,
            Err(reason) => return HttpConnectorFuture::ready(Err(ConnectorError::user(reason.clone().into()))),
        };
        let request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let answer = client.request(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await.map_err(classified)?;
            HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
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
