//! Connections through a proxy where the environment asks for one: a tunnel (`CONNECT`) for https, requests with absolute
//! URLs for http. RFC 9110, 9.3.6; RFC 9112, 3.2.2.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::uri::Scheme;
use http::{HeaderValue, Uri};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::config::{Network, Protocol, Proxy};

type BoxError = Box<dyn StdError + Send + Sync>;
type Transport = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Opens connections, directly or through the proxy that `Network` has for the target.
#[derive(Clone, Debug)]
pub(super) struct Dial {
    network: Arc<Network>,
    /// Plain to http URLs, TLS to https ones: towards proxies only.
    to_proxy: HttpsConnector<HttpConnector>,
    tcp: HttpConnector,
}

impl Dial {
    pub(super) fn new(network: Arc<Network>, tls: Arc<ClientConfig>) -> Dial {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        Dial { network, to_proxy: HttpsConnector::from((tcp.clone(), tls)), tcp }
    }
}

impl Service<Uri> for Dial {
    type Response = Line;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Line, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let is_https = target.scheme() == Some(&Scheme::HTTPS);
        let port = target.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        let Some(proxy) = target.host().and_then(|host| self.network.proxy(is_https, host, port)) else {
            let connecting = self.tcp.call(target);
            return Box::pin(async move { Ok(Line { io: connecting.await?.into(), is_proxied: false }) });
        };
        let connecting = through(proxy.clone(), self.to_proxy.clone(), is_https.then_some(target));
        Box::pin(connecting)
    }
}

/// A connection to `proxy`, and through it to `target` if it is to be a tunnel.
async fn through(
    proxy: Proxy,
    mut to_proxy: HttpsConnector<HttpConnector>,
    target: Option<Uri>,
) -> Result<Line, BoxError> {
    let failed = |cause: BoxError| -> BoxError { Failed { proxy: proxy.clone(), cause }.into() };
    let scheme = if proxy.protocol == Protocol::Https { Scheme::HTTPS } else { Scheme::HTTP };
    let authority = format!("{}:{}", proxy.host, proxy.port);
    let at = Uri::builder().scheme(scheme).authority(authority).path_and_query("/").build();
    let at = at.map_err(|error| failed(error.into()))?;
    let Some(target) = target else {
        let io = to_proxy.call(at).await.map_err(failed)?;
        return Ok(Line { io, is_proxied: true });
    };
    let mut tunnel = Tunnel::new(at, to_proxy);
    if let Some(authorization) = authorization(&proxy) {
        tunnel = tunnel.with_auth(authorization);
    }
    let io = tunnel.call(target).await.map_err(|error| failed(error.into()))?;
    Ok(Line { io, is_proxied: false })
}

/// `proxy-authorization`, hidden from logs.
pub(super) fn authorization(proxy: &Proxy) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(proxy.authorization()?).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The proxy could not be reached, or refused.
#[derive(Debug)]
struct Failed {
    proxy: Proxy,
    cause: BoxError,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Proxy { host, port, variable, .. } = &self.proxy;
        write!(f, "the proxy {host}:{port} (environment variable {variable}) could not be used")
    }
}

impl StdError for Failed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.cause.as_ref())
    }
}

/// A connection to a server or to a proxy.
#[derive(Debug)]
pub(super) struct Line {
    io: Transport,
    /// Whether requests need absolute URLs.
    is_proxied: bool,
}

impl Connection for Line {
    fn connected(&self) -> Connected {
        self.io.connected().proxy(self.is_proxied)
    }
}

impl Read for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl Write for Line {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, slices)
    }
}
