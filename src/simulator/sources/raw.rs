//! Answers that say every byte: any HTTP answer, and event streams frame by frame.

use std::time::Duration;

use axum::body::Body;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use futures::stream::{self, StreamExt as _};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::content::Base64;
use super::scripted::list;
use crate::simulator::exception::Exception;
use crate::simulator::frames::{Frame, HeaderValue as HeaderText};

/// Media type of an event stream.
pub(super) const EVENT_STREAM: &str = "application/vnd.amazon.eventstream";

/// Longest delay of a frame, in milliseconds.
const LONGEST_DELAY: u64 = 3_600_000;

/// Any HTTP answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    /// Default 200.
    #[serde(deserialize_with = "status")]
    pub status: u16,
    /// Names and values. Default: `content-type: application/json`.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "headers")]
    pub headers: Map<String, Value>,
    /// JSON, sent compactly with its keys in this order; a string is sent as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Bytes, instead of `body`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64: Option<Base64>,
}

/// An event stream, frame by frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawFrames {
    /// Default 200.
    #[serde(skip_serializing_if = "is_ok", deserialize_with = "status")]
    pub status: u16,
    /// Names and values. Default: `content-type: application/vnd.amazon.eventstream`.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "headers")]
    pub headers: Map<String, Value>,
    /// What is sent, in this order.
    #[serde(deserialize_with = "list")]
    pub frames: Vec<RawFrame>,
}

/// A frame and when it is sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RawFrame {
    /// What is sent.
    #[serde(flatten)]
    pub kind: FrameKind,
    /// Wait before it. In JSON milliseconds.
    #[serde(skip_serializing_if = "Duration::is_zero", with = "milliseconds")]
    pub delay: Duration,
}

/// What is sent. In JSON the first member named here tells which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum FrameKind {
    /// An event.
    Event {
        /// Its `:event-type`.
        event: String,
        /// JSON, written compactly with its keys in this order; a string is sent as it is. Default `{}`.
        #[serde(default = "empty")]
        payload: Value,
    },
    /// A `chunk` event of InvokeModelWithResponseStream.
    Chunk {
        /// The model's JSON, which travels base64-encoded.
        chunk: Value,
        /// AWS's padding.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        p: Option<String>,
    },
    /// A modelled exception.
    Exception {
        /// Its `:exception-type`, the member of the union: `throttlingException`.
        exception: String,
        /// Its payload, as that of an event; most have a `message`.
        #[serde(default = "empty")]
        payload: Value,
    },
    /// An unmodelled error.
    Error {
        /// Its `:error-code`.
        error: String,
        /// Its `:error-message`.
        #[serde(default)]
        message: String,
    },
    /// A frame with these headers, all of them texts.
    Headers {
        /// Names and values.
        headers: Map<String, Value>,
        /// As that of an event, but empty by default.
        #[serde(default = "nothing")]
        payload: Value,
    },
    /// Text that is no frame, such as a piece of server-sent events.
    Text {
        /// The text.
        text: String,
    },
    /// Bytes that need be no frame.
    Bytes {
        /// The bytes.
        base64: Base64,
    },
}

impl Default for Raw {
    fn default() -> Raw {
        Raw { status: 200, headers: Map::new(), body: None, base64: None }
    }
}

impl Default for RawFrames {
    fn default() -> RawFrames {
        RawFrames { status: 200, headers: Map::new(), frames: Vec::new() }
    }
}

fn is_ok(status: &u16) -> bool {
    *status == 200
}

fn empty() -> Value {
    json!({})
}

fn nothing() -> Value {
    json!("")
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    match u16::deserialize(deserializer)? {
        status @ 200..=599 => Ok(status),
        other => Err(D::Error::custom(format!("status {other} is not between 200 and 599"))),
    }
}

fn headers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    let headers = Map::deserialize(deserializer)?;
    header_map(&headers, "").map_err(D::Error::custom)?;
    Ok(headers)
}

fn header_map(headers: &Map<String, Value>, content_type: &str) -> Result<HeaderMap, String> {
    let mut out = HeaderMap::new();
    for (name, value) in headers {
        let text = value.as_str().ok_or_else(|| format!("header {name:?} is not a string"))?;
        let name: HeaderName = name.parse().map_err(|_| format!("{name:?} is no name of a header"))?;
        let value = HeaderValue::from_str(text).map_err(|_| format!("{text:?} cannot stand in a header"))?;
        out.append(name, value);
    }
    if let Ok(content_type) = HeaderValue::from_str(content_type) {
        out.entry(header::CONTENT_TYPE).or_insert(content_type);
    }
    Ok(out)
}

fn head(status: u16, headers: &Map<String, Value>, content_type: &str) -> Result<Response<()>, Exception> {
    let broken = |problem: String| Exception::new("InternalServerException", format!("A raw answer: {problem}."));
    let mut response = Response::new(());
    *response.headers_mut() = header_map(headers, content_type).map_err(broken)?;
    *response.status_mut() = StatusCode::from_u16(status).map_err(|_| broken(format!("status {status}")))?;
    Ok(response)
}

impl Raw {
    pub(super) fn response(&self) -> Result<Response<Body>, Exception> {
        let body = match (&self.base64, &self.body) {
            (Some(bytes), _) => bytes.0.clone(),
            (None, Some(body)) => text(body).into_bytes(),
            (None, None) => Vec::new(),
        };
        Ok(head(self.status, &self.headers, "application/json")?.map(|()| Body::from(body)))
    }
}

impl RawFrames {
    pub(super) fn response(&self) -> Result<Response<Body>, Exception> {
        let frames = stream::iter(self.frames.clone()).then(|frame| async move {
            if !frame.delay.is_zero() {
                tokio::time::sleep(frame.delay).await;
            }
            Ok::<_, std::convert::Infallible>(Bytes::from(frame.kind.encode()))
        });
        Ok(head(self.status, &self.headers, EVENT_STREAM)?.map(|()| Body::from_stream(frames)))
    }
}

impl FrameKind {
    /// The most readable one that is this frame, byte for byte.
    pub(super) fn of(frame: &Frame) -> FrameKind {
        let bytes = frame.encode();
        let payload = std::str::from_utf8(frame.payload()).ok();
        let name = |header: &str| frame.header(header).unwrap_or_default().to_owned();
        let json = payload.map(json_or_text);
        let texts = frame.headers().iter().filter_map(|(name, value)| match value {
            HeaderText::Text(text) => Some((name.clone(), text.as_str().into())),
            _ => None,
        });
        let candidates = [
            payload.and_then(chunk_in),
            json.clone().map(|payload| FrameKind::Event { event: name(":event-type"), payload }),
            json.clone().map(|payload| FrameKind::Exception { exception: name(":exception-type"), payload }),
            Some(FrameKind::Error { error: name(":error-code"), message: name(":error-message") }),
            json.map(|payload| FrameKind::Headers { headers: texts.collect(), payload }),
        ];
        let same = candidates.into_iter().flatten().find(|candidate| candidate.encode() == bytes);
        same.unwrap_or(FrameKind::Bytes { base64: Base64(bytes) })
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let frame = match self {
            FrameKind::Event { event, payload } => Frame::event(event, text(payload)),
            FrameKind::Chunk { chunk, p } => Frame::event("chunk", chunk_payload(chunk, p.as_deref())),
            FrameKind::Exception { exception, payload } => Frame::exception(exception, text(payload)),
            FrameKind::Error { error, message } => Frame::error(error, message),
            FrameKind::Headers { headers, payload } => {
                let headers = headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
                Frame::with_headers(headers, text(payload))
            }
            FrameKind::Text { text } => return text.clone().into_bytes(),
            FrameKind::Bytes { base64 } => return base64.0.clone(),
        };
        frame.encode()
    }
}

fn text(body: &Value) -> String {
    match body {
        Value::String(text) => text.clone(),
        json => json.to_string(),
    }
}

/// The chunk in the payload of a `chunk` event.
fn chunk_in(payload: &str) -> Option<FrameKind> {
    let payload: Value = serde_json::from_str(payload).ok()?;
    let text = String::from_utf8(BASE64_STANDARD.decode(payload["bytes"].as_str()?).ok()?).ok()?;
    Some(FrameKind::Chunk { chunk: json_or_text(&text), p: payload["p"].as_str().map(str::to_owned) })
}

/// The JSON of a text that spells it as we would; else the text. A JSON string stays a text, quotes and all.
pub(super) fn json_or_text(text: &str) -> Value {
    if let Ok(json) = serde_json::from_str::<Value>(text)
        && !json.is_string()
    {
        let spelt = json.to_string();
        if spelt == text {
            return json;
        }
    }
    text.into()
}

fn chunk_payload(chunk: &Value, padding: Option<&str>) -> String {
    let mut payload = json!({"bytes": BASE64_STANDARD.encode(text(chunk))});
    if let Some(padding) = padding {
        payload["p"] = padding.into();
    }
    payload.to_string()
}

impl<'de> Deserialize<'de> for RawFrame {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RawFrame, D::Error> {
        let mut members = Map::deserialize(deserializer)?;
        let delay = match members.remove("delay") {
            Some(delay) => milliseconds::deserialize(delay).map_err(D::Error::custom)?,
            None => Duration::ZERO,
        };
        let problem = "a frame has one of `event`, `chunk`, `exception`, `error`, `headers`, `text` and `base64`, and nothing that does not belong to it";
        let kind = serde_json::from_value(members.into()).map_err(|_| D::Error::custom(problem))?;
        Ok(RawFrame { kind, delay })
    }
}

/// Durations as whole milliseconds.
pub(super) mod milliseconds {
    use super::*;

    pub(in crate::simulator::sources) fn serialize<S: Serializer>(
        wait: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
    }

    pub(in crate::simulator::sources) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        match u64::deserialize(deserializer)? {
            wait if wait <= LONGEST_DELAY => Ok(Duration::from_millis(wait)),
            _ => Err(D::Error::custom(format!("a delay is at most {LONGEST_DELAY} milliseconds"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::events;
    use http_body_util::BodyExt as _;

    async fn sent(scripted: Value) -> (Response<()>, Vec<u8>) {
        let frames: RawFrames = serde_json::from_value(scripted).unwrap();
        let (head, body) = frames.response().unwrap().into_parts();
        (Response::from_parts(head, ()), body.collect().await.unwrap().to_bytes().to_vec())
    }

    #[tokio::test]
    async fn frames_are_those_of_the_writers() {
        let payload = json!({"contentBlockIndex": 0, "delta": {"text": "a"}});
        let chunk = json!({"type": "t", "index": 0});
        let (head, bytes) = sent(json!({"frames": [
            {"event": "contentBlockDelta", "payload": payload},
            {"chunk": chunk, "p": "ab"},
            {"exception": "throttlingException", "payload": {"message": "m"}, "delay": 1},
            {"error": "InternalFailure", "message": "m"},
            {"headers": {":event-type": "x"}, "payload": "y"},
            {"base64": "AAEC"},
        ]}))
        .await;
        let mut expected = Frame::event("contentBlockDelta", payload.to_string()).encode();
        expected.extend(events::chunk(&chunk, Some("ab")).encode());
        expected.extend(events::exception("ThrottlingException", "m", &[]).encode());
        expected.extend(Frame::error("InternalFailure", "m").encode());
        expected.extend(Frame::with_headers([(":event-type", "x")], "y").encode());
        expected.extend([0, 1, 2]);
        assert_eq!(bytes, expected);
        assert_eq!(
            (head.status().as_u16(), &head.headers()["content-type"]),
            (200, &HeaderValue::from_static(EVENT_STREAM))
        );
    }

    #[tokio::test]
    async fn a_raw_answer_is_sent_as_it_is() {
        for (body, expected) in [(json!({"z": 1, "a": [1.5]}), r#"{"z":1,"a":[1.5]}"#), (json!("{oops"), "{oops")] {
            let raw = Raw { status: 502, body: Some(body), ..Raw::default() };
            let response = raw.response().unwrap();
            assert_eq!(
                (response.status().as_u16(), &response.headers()["content-type"]),
                (502, &HeaderValue::from_static("application/json"))
            );
            assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), expected);
        }
    }
}
