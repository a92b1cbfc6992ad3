//! Requests to other services: to the real Bedrock while recording, to whoever answers in its place. The one part of the
//! simulator that opens connections.
//!
//! HTTP/1.1, and HTTP/2 where TLS agrees on it; rustls with the system's certificates. Redirects are not followed.
//! Every wait and every size is bounded.

mod credentials;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use http::{Request, Response};
use http_body_util::{BodyStream, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

pub(super) use credentials::Signer;

/// A dead host should not cost more than this.
const CONNECT: Duration = Duration::from_secs(10);
/// The most that is read ahead on one connection, in bytes; heads of answers must fit too.
const READ_BUFFER: usize = 64 * 1024;

/// A client with a pool of its own.
#[derive(Clone, Debug)]
pub(super) struct Upstream {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// What an answer may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// From the request to the head of its answer.
    pub(super) head: Duration,
    /// Between two pieces of the body.
    pub(super) idle: Duration,
    /// Bytes of the body.
    pub(super) bytes: usize,
}

/// Why there is no answer, or no more of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Failure {
    /// The machine has no certificates to trust.
    NoCertificates(String),
    /// No connection, or one that broke.
    Broken(String),
    /// Nothing came for so long.
    Silent(Duration),
    /// More bytes than allowed.
    TooLong(usize),
}

/// The pieces of a body as they come.
pub(super) type Pieces = BoxStream<'static, Result<Bytes, Failure>>;

impl Upstream {
    /// Loads the system's certificates.
    pub(super) fn new() -> Result<Upstream, Failure> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT));
        let tls = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| Failure::NoCertificates(error.to_string()))?
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .wrap_connector(tcp);
        let mut builder = Client::builder(TokioExecutor::new());
        Ok(Upstream { client: builder.pool_timer(TokioTimer::new()).http1_max_buf_size(READ_BUFFER).build(tls) })
    }

    /// Sends a request to its absolute URI. The body of the answer comes as it is read; dropping it ends the request.
    pub(super) async fn send(&self, request: Request<Bytes>, limits: Limits) -> Result<Response<Pieces>, Failure> {
        let answer = tokio::time::timeout(limits.head, self.client.request(request.map(Full::new)));
        let answer = answer.await.map_err(|_| Failure::Silent(limits.head))?.map_err(|error| broken(&error))?;
        Ok(answer.map(|body| pieces(body, limits)))
    }
}

fn pieces(body: hyper::body::Incoming, limits: Limits) -> Pieces {
    let state = (BodyStream::new(body), limits.bytes);
    stream::unfold(Some(state), move |state| async move {
        let (mut frames, mut left) = state?;
        loop {
            let failure = match tokio::time::timeout(limits.idle, frames.next()).await {
                Err(_) => Failure::Silent(limits.idle),
                Ok(None) => return None,
                Ok(Some(Err(error))) => broken(&error),
                Ok(Some(Ok(frame))) => match frame.into_data() {
                    Err(_trailers) => continue,
                    Ok(bytes) if bytes.len() > left => Failure::TooLong(limits.bytes),
                    Ok(bytes) => {
                        left -= bytes.len();
                        return Some((Ok(bytes), Some((frames, left))));
                    }
                },
            };
            return Some((Err(failure), None));
        }
    })
    .boxed()
}

/// The innermost cause says what happened.
fn broken(error: &dyn std::error::Error) -> Failure {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    Failure::Broken(innermost.to_string())
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::NoCertificates(reason) => write!(formatter, "no certificates to trust: {reason}"),
            Failure::Broken(reason) => formatter.write_str(reason),
            Failure::Silent(time) => write!(formatter, "nothing came for {} ms", time.as_millis()),
            Failure::TooLong(bytes) => write!(formatter, "the answer has more than {bytes} bytes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::TryStreamExt as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    const LIMITS: Limits = Limits { head: Duration::from_millis(200), idle: Duration::from_millis(50), bytes: 10 };

    /// What comes of a service that writes this and then waits.
    async fn outcome(written: &'static str) -> Result<(u16, Vec<u8>), Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let service = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            let _ = socket.read(&mut request).await.unwrap();
            socket.write_all(written.as_bytes()).await.unwrap();
            tokio::time::sleep(Duration::from_secs(5)).await;
        });
        let request = Request::post(url).body(Bytes::from("{}")).unwrap();
        let answer = Upstream::new().unwrap().send(request, LIMITS).await?;
        let status = answer.status().as_u16();
        let body = answer.into_body().try_concat_bytes().await?;
        service.abort();
        Ok((status, body))
    }

    trait Concat {
        async fn try_concat_bytes(self) -> Result<Vec<u8>, Failure>;
    }

    impl Concat for Pieces {
        async fn try_concat_bytes(self) -> Result<Vec<u8>, Failure> {
            self.try_fold(Vec::new(), |mut all, piece| async move {
                all.extend(piece);
                Ok(all)
            })
            .await
        }
    }

    #[tokio::test]
    async fn answers_come_and_every_wait_ends() {
        let whole = outcome("HTTP/1.1 429 Too Many\r\ncontent-length: 2\r\n\r\nhi").await;
        assert_eq!(whole, Ok((429, b"hi".to_vec())));
        assert_eq!(outcome("").await, Err(Failure::Silent(LIMITS.head)));
        let cut = outcome("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi").await;
        assert_eq!(cut, Err(Failure::Silent(LIMITS.idle)));
        let long = outcome("HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello there").await;
        assert_eq!(long, Err(Failure::TooLong(10)));
        assert!(matches!(outcome("nonsense\r\n\r\n").await, Err(Failure::Broken(_))));
    }

    #[tokio::test]
    async fn nobody_there_is_a_failure_with_a_reason() {
        let request = Request::post("http://127.0.0.1:9/").body(Bytes::new()).unwrap();
        let failure = Upstream::new().unwrap().send(request, LIMITS).await.map(drop).unwrap_err();
        assert!(failure.to_string().contains("refused"), "{failure}");
    }
}
