//! Records: passes a request on, passes the answer back as it comes, and keeps both.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Body as HttpBody;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream;
use http::{HeaderMap, HeaderName, Response as HttpResponse, Uri, header, request};
use tokio::time::Instant;

use super::files::Writer;
use super::interaction::{Interaction, Request, Response};
use super::{Record, redact};
use crate::simulator::exception::Exception;
use crate::simulator::upstream::{Limits, Pieces, Signer, Upstream};

/// As long as Bedrock may take, and as large as its answers are.
const LIMITS: Limits =
    Limits { head: Duration::from_secs(3600), idle: Duration::from_secs(300), bytes: 256 * 1024 * 1024 };
/// Headers that are passed on, besides those that begin with [`PASSED_PREFIX`].
const PASSED: &[HeaderName] = &[header::CONTENT_TYPE, header::ACCEPT];
const PASSED_PREFIX: &str = "x-amzn-";
/// How paths of the runtime API begin (service model); the others are those of the management API.
const RUNTIME: &[&str] = &["/model/", "/guardrail/", "/async-invoke", "/openai/"];
/// Headers of an answer that belong to one connection.
const HOP_BY_HOP: &[&str] = &["connection", "keep-alive", "transfer-encoding", "upgrade", "trailer", "te"];

/// A cassette that is being recorded.
#[derive(Debug)]
pub(super) struct Recorder {
    client: Upstream,
    /// Base URL; `None` for AWS.
    upstream: Option<String>,
    region: String,
    signer: Option<Signer>,
    writer: Arc<Writer>,
}

impl Recorder {
    pub(super) fn open(record: &Record, region: &str) -> io::Result<Recorder> {
        let upstream = record.upstream.as_ref().map(|url| url.trim_end_matches('/').to_owned());
        if let Some(url) = &upstream
            && !url.parse::<Uri>().is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")))
        {
            let problem = format!("the upstream {url:?} is no URL; it should look like https://host:port");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
        }
        let signs = upstream.is_none() || record.credentials.is_some();
        Ok(Recorder {
            client: Upstream::new().map_err(|failure| io::Error::other(failure.to_string()))?,
            upstream,
            region: region.to_owned(),
            signer: signs.then(|| Signer::new(region.to_owned(), record.credentials.clone())),
            writer: Arc::new(Writer::open(&record.path)?),
        })
    }

    /// The upstream's answer to this request.
    pub(super) async fn forward(
        &self,
        request: Request,
        head: &request::Parts,
        body: &Bytes,
        now: SystemTime,
    ) -> Result<HttpResponse<HttpBody>, Exception> {
        let url = self.url(head);
        let unreachable = |problem: String| {
            Exception::new("ServiceUnavailableException", format!("Recording from {url}: {problem}."))
        };
        let passed = |name: &HeaderName| PASSED.contains(name) || name.as_str().starts_with(PASSED_PREFIX);
        let mut onward = http::Request::builder().method(head.method.clone()).uri(&url);
        for (name, value) in head.headers.iter().filter(|(name, _)| passed(name)) {
            onward = onward.header(name, value);
        }
        let mut onward = onward.body(body.clone()).map_err(|error| unreachable(error.to_string()))?;
        if let Some(signer) = &self.signer {
            onward = signer.sign(onward, now).await.map_err(unreachable)?;
        }
        let started = Instant::now();
        let answer = self.client.send(onward, LIMITS).await.map_err(|failure| unreachable(failure.to_string()))?;
        let (mut head, pieces) = answer.into_parts();
        HOP_BY_HOP.iter().for_each(|name| drop(head.headers.remove(*name)));
        let heard = Heard {
            request,
            status: head.status.as_u16(),
            headers: head.headers.clone(),
            delay: started.elapsed(),
            since: Instant::now(),
            pieces: Vec::new(),
            writer: Arc::clone(&self.writer),
        };
        let is_whole = head.headers.contains_key(header::CONTENT_LENGTH);
        let body = if is_whole { heard.whole(pieces).await.map_err(unreachable)? } else { heard.pass_on(pieces) };
        Ok(HttpResponse::from_parts(head, body))
    }

    fn url(&self, head: &request::Parts) -> String {
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        match &self.upstream {
            Some(base) => format!("{base}{path}"),
            None => {
                let is_runtime = RUNTIME.iter().any(|start| path.starts_with(start));
                let service = if is_runtime { "bedrock-runtime" } else { "bedrock" };
                format!("https://{service}.{}.amazonaws.com{path}", self.region)
            }
        }
    }
}

/// An answer that is being passed on.
struct Heard {
    request: Request,
    status: u16,
    headers: HeaderMap,
    delay: Duration,
    since: Instant,
    pieces: Vec<(Duration, Bytes)>,
    writer: Arc<Writer>,
}

impl Heard {
    /// The pieces as they come. At the end, and only there, the interaction is kept.
    fn pass_on(self, pieces: Pieces) -> HttpBody {
        HttpBody::from_stream(stream::unfold(Some((self, pieces)), |state| async move {
            let (mut heard, mut pieces) = state?;
            match pieces.next().await {
                Some(Ok(bytes)) => {
                    heard.pieces.push((heard.since.elapsed(), bytes.clone()));
                    Some((Ok(bytes), Some((heard, pieces))))
                }
                Some(Err(failure)) => Some((Err(io::Error::other(failure.to_string())), None)),
                None => heard.keep().await.err().map(|problem| (Err(problem), None)),
            }
        }))
    }

    /// All of a body that is not told piece by piece: who gets it has it when its last byte has come, so it is kept
    /// before.
    async fn whole(mut self, mut pieces: Pieces) -> Result<HttpBody, String> {
        let mut body = Vec::new();
        while let Some(piece) = pieces.next().await {
            let bytes = piece.map_err(|failure| failure.to_string())?;
            body.extend_from_slice(&bytes);
            self.pieces.push((self.since.elapsed(), bytes));
        }
        self.keep().await.map_err(|problem| problem.to_string())?;
        Ok(HttpBody::from(body))
    }

    async fn keep(self) -> io::Result<()> {
        let kept = tokio::task::spawn_blocking(move || {
            let response = Response::of(self.status, &self.headers, self.delay, &self.pieces);
            let interaction = redact::interaction(&Interaction { request: self.request, response });
            let interaction = interaction.ok_or_else(|| io::Error::other("the interaction cannot be made safe"))?;
            self.writer.write(&interaction)
        });
        kept.await.map_err(io::Error::other)?
    }
}
