//! The log of invocations: a record of each inference request, delivered as the account's logging configuration says.
//!
//! A record is an object of its own, `{prefix}/AWSLogs/{account}/BedrockModelInvocationLogs/{region}/yyyy/mm/dd/hh/…`,
//! one gzipped line of JSON; bodies of more than 100 KB lie beside it below `data/`. Sources: AWS's user guide, Monitor
//! model invocation; records that users have published.

mod record;
mod streams;

use std::io::{self, Write as _};
use std::sync::PoisonError;
use std::time::SystemTime;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::HeaderMap;
use serde_json::Value;

use super::control::{self, below};
use super::identity;
use super::inference::Call;
use super::models::{Kind, Model};
use super::objects::Objects;
use super::{route::Operation, timestamp};

/// Most bytes kept of a streamed answer until its record is written.
const LONGEST_STREAM: usize = 25_000_000;

/// An invocation whose record is to be written when it is over.
#[derive(Debug)]
pub(super) struct Invocation {
    objects: Objects,
    bucket: String,
    prefix: String,
    /// Whether bodies of this kind of model are to be delivered.
    with_bodies: bool,
    account: String,
    region: String,
    request_id: String,
    operation: Operation,
    model: String,
    /// The model was named through a profile.
    is_profile: bool,
    at: SystemTime,
    /// Tells apart the records of one millisecond.
    suffix: String,
    /// What the caller sent along for the log, in a header.
    metadata: Option<Value>,
    asked: Bytes,
    answer: Answered,
}

/// What an invocation was answered, so far.
#[derive(Debug, Default)]
struct Answered {
    /// The exception that came in place of an answer.
    error: Option<String>,
    body: Bytes,
    /// What was written of a stream.
    written: Vec<u8>,
    /// Tokens as the headers of the answer tell them: input, output.
    tokens: (Option<u64>, Option<u64>),
}

impl Invocation {
    /// The record to come of a call; `None` where its account and region have no logging to a folder.
    pub(super) fn of(call: &Call<'_>, model: &str, asked: &Bytes, request_id: &str) -> Option<Invocation> {
        let objects = call.state.objects()?;
        let region = control::region(call);
        let store = call.account.store(&region);
        let config = store.lock().unwrap_or_else(PoisonError::into_inner).logging.clone()?;
        let text = |member: &str| config["s3Config"][member].as_str().unwrap_or_default().to_owned();
        let found = Model::find(model);
        let kind = found.as_ref().map_or(Kind::Text, |model| model.series.family.kind());
        (!text("bucketName").is_empty()).then(|| Invocation {
            bucket: text("bucketName"),
            prefix: text("keyPrefix"),
            with_bodies: config[flag(kind)] != Value::Bool(false),
            account: call.account.id().to_owned(),
            region,
            request_id: request_id.to_owned(),
            operation: call.operation,
            model: model.to_owned(),
            is_profile: found.is_some_and(|model| !model.is_bare()),
            at: call.started,
            suffix: identity::hex(&call.state.random().u64(..).to_be_bytes()),
            metadata: metadata(&call.head.headers),
            asked: asked.clone(),
            answer: Answered::default(),
            objects,
        })
    }

    /// The whole body of the answer.
    pub(super) fn body(&mut self, body: &Bytes) {
        self.answer.body = body.clone();
    }

    /// A part of a streamed answer.
    pub(super) fn written(&mut self, bytes: &Bytes) {
        if self.answer.written.len() + bytes.len() <= LONGEST_STREAM {
            self.answer.written.extend_from_slice(bytes);
        }
    }

    /// An exception came in place of an answer.
    pub(super) fn failed(&mut self, code: &str) {
        self.answer.error = Some(code.to_owned());
    }

    /// The headers of the answer.
    pub(super) fn headers(&mut self, headers: &HeaderMap) {
        let count = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok()?.parse().ok());
        self.answer.tokens = (count("x-amzn-bedrock-input-token-count"), count("x-amzn-bedrock-output-token-count"));
    }

    /// Writes the record.
    pub(super) fn deliver(self) -> io::Result<()> {
        let folder = self.folder();
        let (record, data) = record::record(&self, &folder);
        for (key, body) in data {
            self.objects.put(&self.bucket, &key, &gzip(&body)?)?;
        }
        let seconds = timestamp::format(timestamp::seconds(self.at));
        let fraction = self.at.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.subsec_millis());
        let name = format!("{}{fraction:03}Z_{}.json.gz", seconds.trim_end_matches('Z'), self.suffix);
        self.objects.put(&self.bucket, &format!("{folder}/{name}"), &gzip(format!("{record}\n").as_bytes())?)
    }

    /// The key below which the records of this hour lie.
    fn folder(&self) -> String {
        let day = timestamp::milliseconds(self.at);
        let hour = day.get(..13).unwrap_or_default().replace(['-', 'T'], "/");
        let key = format!("AWSLogs/{}/BedrockModelInvocationLogs/{}/{hour}", self.account, self.region);
        below(&self.prefix, &key)
    }
}

/// The member of the configuration that says whether bodies of these models are delivered. Default: they are.
fn flag(kind: Kind) -> &'static str {
    match kind {
        Kind::Embedding => "embeddingDataDeliveryEnabled",
        Kind::Image => "imageDataDeliveryEnabled",
        Kind::Video => "videoDataDeliveryEnabled",
        Kind::Speech => "audioDataDeliveryEnabled",
        _ => "textDataDeliveryEnabled",
    }
}

fn metadata(headers: &HeaderMap) -> Option<Value> {
    serde_json::from_slice(headers.get("x-amzn-bedrock-request-metadata")?.as_bytes()).ok()
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}
