//! Fetching an image by its URL: http and https, few redirects, bounded bytes and time, and only where [`Reach`] allows.
//!
//! Beside `transport/` this is the only place of the crate that opens connections outward. It goes over the SDK's own
//! connector, so there is one HTTP and one TLS stack. Error messages name the host, never the path or query, which may
//! hold a signature.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use url::{Host, Url};

use super::invalid;
use super::permit::Permit;
use super::reach::Reach;
use super::source::check_url;
use crate::error::{Error, Result};

/// Bounds of one fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchLimits {
    /// How many redirects are followed. Default 5.
    pub max_redirects: usize,
    /// Largest body in bytes. Default 20 MiB.
    pub max_bytes: usize,
    /// Time for everything: name, connection, redirects, body. Default 30 s.
    pub timeout: Duration,
}

impl Default for FetchLimits {
    fn default() -> Self {
        FetchLimits { max_redirects: 5, max_bytes: 20 * 1024 * 1024, timeout: Duration::from_secs(30) }
    }
}

/// Fetches images. Holds the pool of connections, so make one and keep it; its first use loads the system's certificates.
#[derive(Debug)]
pub struct Fetcher {
    connector: OnceLock<Connector>,
    reach: Reach,
    permit: Permit,
    limits: FetchLimits,
}

impl Fetcher {
    /// A fetcher without connections yet.
    pub fn new(reach: Reach, limits: FetchLimits) -> Self {
        Fetcher { connector: OnceLock::new(), reach, permit: Permit::default(), limits }
    }

    /// The same for some URLs only.
    #[must_use]
    pub fn permitting(self, permit: Permit) -> Self {
        Fetcher { permit, ..self }
    }

    fn connector(&self) -> &Connector {
        let resolver = GuardedResolver { reach: self.reach };
        let builder = || Connector::builder().tls_provider(Provider::Rustls(CryptoMode::Ring));
        self.connector.get_or_init(|| builder().build_with_resolver(resolver))
    }

    /// The body behind `url`, whatever it is. Needs a tokio runtime. Every failure is [`Kind::InvalidImage`]: a status
    /// other than 2xx, no connection, too many redirects, too many bytes, too long.
    ///
    /// [`Kind::InvalidImage`]: crate::error::Kind::InvalidImage
    pub async fn fetch(&self, url: &Url) -> Result<Bytes> {
        let Ok(result) = tokio::time::timeout(self.limits.timeout, self.follow(url.clone())).await else {
            let seconds = self.limits.timeout.as_secs_f32();
            return Err(invalid(format!("the image from {} did not arrive within {seconds} s", origin(url))));
        };
        result
    }

    async fn follow(&self, mut url: Url) -> Result<Bytes> {
        for _ in 0..=self.limits.max_redirects {
            let response = self.request(&url).await?;
            let status = response.status();
            if status.is_success() {
                return self.read(response, &url).await;
            }
            url = match redirect(&response) {
                Some(location) => url
                    .join(location)
                    .map_err(|error| invalid(format!("{} redirects to a broken URL: {error}", origin(&url))))?,
                None => {
                    return Err(invalid(format!(
                        "the image could not be fetched: {} answered with HTTP status {}",
                        origin(&url),
                        status.as_u16()
                    )));
                }
            };
        }
        let limit = self.limits.max_redirects;
        Err(invalid(format!(
            "the image could not be fetched: more than {limit} redirects, the last to {}",
            origin(&url)
        )))
    }

    async fn request(&self, url: &Url) -> Result<HttpResponse> {
        check_url(url)?;
        self.permit.check(url)?;
        self.check_literal_address(url)?;
        let mut target = url.clone();
        target.set_fragment(None);
        let mut request =
            HttpRequest::get(target.as_str()).map_err(|_| invalid("the image URL cannot be requested over HTTP"))?;
        for (name, value) in HEADERS {
            request.headers_mut().insert(*name, *value);
        }
        self.connector().call(request).await.map_err(|error| not_fetched(url, &error))
    }

    /// Addresses written into the URL reach no resolver. `Url` has put their odd spellings (`0x7f.1`) right.
    fn check_literal_address(&self, url: &Url) -> Result<()> {
        let address: IpAddr = match url.host() {
            Some(Host::Ipv4(v4)) => v4.into(),
            Some(Host::Ipv6(v6)) => v6.into(),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        if self.reach.allows(address) { Ok(()) } else { Err(not_fetched(url, &Forbidden)) }
    }

    async fn read(&self, response: HttpResponse, url: &Url) -> Result<Bytes> {
        let announced = response.headers().get("content-length").and_then(|length| length.parse::<u64>().ok());
        if announced.is_some_and(|length| length > self.limits.max_bytes as u64) {
            return Err(self.too_large(url));
        }
        let mut body = response.into_body();
        let mut bytes = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| {
                invalid(format!(
                    "the image from {} broke off after {} bytes: {}",
                    origin(url),
                    bytes.len(),
                    root(&*error)
                ))
            })?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() + data.len() > self.limits.max_bytes {
                return Err(self.too_large(url));
            }
            bytes.extend_from_slice(&data);
        }
        Ok(bytes.freeze())
    }

    fn too_large(&self, url: &Url) -> Error {
        invalid(format!("the image from {} has more than {} bytes, the limit", origin(url), self.limits.max_bytes))
    }
}

/// Some servers refuse requests without a user agent, and some send AVIF unless told what is wanted.
const HEADERS: &[(&str, &str)] = &[
    ("accept", "image/png, image/jpeg, image/gif, image/webp, image/*;q=0.5, */*;q=0.1"),
    ("user-agent", concat!("bedrock-wrapper/", env!("CARGO_PKG_VERSION"))),
];

fn redirect(response: &HttpResponse) -> Option<&str> {
    matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308)
        .then(|| response.headers().get("location"))
        .flatten()
}

/// Scheme, host and port: what may be shown of a URL.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn not_fetched(url: &Url, error: &(dyn StdError + 'static)) -> Error {
    invalid(format!("the image could not be fetched from {}: {}", origin(url), root(error)))
}

/// The innermost cause: "Connection refused", the resolver's or the certificate's complaint.
fn root(error: &(dyn StdError + 'static)) -> String {
    std::iter::successors(Some(error), |&error| error.source()).last().unwrap_or(error).to_string()
}

/// The system's resolver, and among its answers only the addresses that may be connected to. The connector takes its
/// addresses from here, so what was checked is what is connected to, also when the name changes its answer in between.
#[derive(Clone, Debug)]
struct GuardedResolver {
    reach: Reach,
}

impl ResolveDns for GuardedResolver {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let found =
                tokio::net::lookup_host((name, 0)).await.map_err(|error| ResolveDnsError::new(NotFound(error)))?;
            let addresses: Vec<IpAddr> = found.map(|address| address.ip()).collect();
            if addresses.iter().all(|&address| self.reach.allows(address)) {
                Ok(addresses)
            } else {
                Err(ResolveDnsError::new(Forbidden))
            }
        })
    }
}

#[derive(Debug)]
struct NotFound(io::Error);

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the host name was not found ({})", self.0)
    }
}

impl StdError for NotFound {}

#[derive(Debug)]
struct Forbidden;

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its address is not on the public internet, which is all that may be reached from here")
    }
}

impl StdError for Forbidden {}

#[cfg(test)]
mod tests;
