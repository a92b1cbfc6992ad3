//! A request and its answer as data: how they stand in a file, and how they become bytes again.

use std::time::Duration;

use axum::body::Body as HttpBody;
use bytes::Bytes;
use futures::stream;
use http::{HeaderMap, HeaderName, Response as HttpResponse, header, request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::content::Base64;
use super::super::raw::{EVENT_STREAM, FrameKind, Raw, RawFrame, RawFrames, json_or_text, milliseconds};
use crate::simulator::exception::Exception;
use crate::simulator::frames::Reader;

/// Headers that are kept, besides those that begin with [`KEPT_PREFIX`].
const KEPT: &[HeaderName] = &[header::CONTENT_TYPE, header::CONTENT_ENCODING, header::ACCEPT, header::RETRY_AFTER];
const KEPT_PREFIX: &str = "x-amzn-";

/// One request and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Interaction {
    pub(super) request: Request,
    pub(super) response: Response,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) method: String,
    /// As sent, with the query.
    pub(super) path: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(super) headers: Map<String, Value>,
    /// JSON, or the text of what is none.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(super) body: Value,
}

/// An answer. Its body is `body` (JSON, or the text of what is none), `base64`, or `frames`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Response {
    pub(super) status: u16,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(super) headers: Map<String, Value>,
    /// Time from the request to the head of the answer. In JSON milliseconds.
    #[serde(default, skip_serializing_if = "Duration::is_zero", with = "milliseconds")]
    pub(super) delay: Duration,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Value>,
    /// Of other recorders: goes before `body`, whose spelling it keeps.
    #[serde(default, rename = "body_text", skip_serializing)]
    body_text: Option<String>,
    #[serde(default, alias = "body_base64", skip_serializing_if = "Option::is_none")]
    pub(super) base64: Option<Base64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) frames: Option<Vec<RawFrame>>,
}

impl Request {
    pub(super) fn of(head: &request::Parts, body: &Bytes) -> Request {
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let headers = kept(&head.headers);
        Request { method: head.method.to_string(), path: path.to_owned(), headers, body: text_or_json(body) }
    }
}

impl Response {
    /// An answer out of its pieces, each with the time since the head.
    pub(super) fn of(status: u16, headers: &HeaderMap, delay: Duration, pieces: &[(Duration, Bytes)]) -> Response {
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let mut response =
            Response { status, headers: kept(headers), delay, body: None, body_text: None, base64: None, frames: None };
        if content_type.starts_with(EVENT_STREAM) {
            response.frames = Some(frames(pieces).unwrap_or_else(|| as_they_came(pieces)));
        } else if content_type.starts_with("text/event-stream") {
            response.frames = Some(as_they_came(pieces));
        } else {
            response.delay += pieces.last().map(|(at, _)| *at).unwrap_or_default();
            let whole = pieces.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect::<Vec<u8>>();
            match String::from_utf8(whole) {
                Ok(text) => response.body = Some(json_or_text(&text)),
                Err(binary) => response.base64 = Some(Base64(binary.into_bytes())),
            }
        }
        response
    }

    /// The answer, `speed` times as fast as it was recorded; at once for 0.
    pub(super) fn response(&self, speed: f64) -> Result<HttpResponse<HttpBody>, Exception> {
        let scaled = |delay: Duration| if speed > 0.0 { delay.div_f64(speed) } else { Duration::ZERO };
        // Other recorders keep them all, some of which belong to their own connection.
        let mut headers = self.headers.clone();
        headers.retain(|name, _| is_kept(&name.to_ascii_lowercase()));
        let head = scaled(self.delay);
        let mut response = match &self.frames {
            Some(frames) => {
                let frames = frames.iter().cloned().map(|frame| RawFrame { delay: scaled(frame.delay), ..frame });
                RawFrames { status: self.status, headers, frames: frames.collect() }.response()?
            }
            None => {
                let body = self.body_text.clone().map(Value::String).or_else(|| self.body.clone());
                Raw { status: self.status, headers, body, base64: self.base64.clone() }.response()?
            }
        };
        if !head.is_zero() {
            let body = std::mem::take(response.body_mut());
            let late = stream::once(async move {
                tokio::time::sleep(head).await;
                body.into_data_stream()
            });
            *response.body_mut() = HttpBody::from_stream(futures::StreamExt::flatten(late));
        }
        Ok(response)
    }
}

/// `name` is in lower case.
fn is_kept(name: &str) -> bool {
    KEPT.iter().any(|kept| kept == name) || name.starts_with(KEPT_PREFIX)
}

fn kept(headers: &HeaderMap) -> Map<String, Value> {
    let kept = headers.iter().filter(|(name, _)| is_kept(name.as_str()));
    kept.map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into())).collect()
}

pub(super) fn text_or_json(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok("") => Value::Null,
        Ok(text) => json_or_text(text),
        Err(_) => format!("({} bytes)", bytes.len()).into(),
    }
}

/// The frames of an event stream; `None` where the bytes are no whole frames.
fn frames(pieces: &[(Duration, Bytes)]) -> Option<Vec<RawFrame>> {
    let (mut reader, mut out, mut last) = (Reader::default(), Vec::new(), Duration::ZERO);
    for (at, bytes) in pieces {
        reader.push(bytes);
        while let Some(frame) = reader.frame().ok()? {
            out.push(RawFrame { kind: FrameKind::of(&frame), delay: whole_milliseconds(*at - last) });
            last += whole_milliseconds(*at - last);
        }
    }
    reader.finish().ok()?;
    Some(out)
}

fn as_they_came(pieces: &[(Duration, Bytes)]) -> Vec<RawFrame> {
    let mut last = Duration::ZERO;
    let timed = pieces.iter().map(|(at, bytes)| {
        let delay = whole_milliseconds(*at - last);
        last += delay;
        let kind = match std::str::from_utf8(bytes) {
            Ok(text) => FrameKind::Text { text: text.to_owned() },
            Err(_) => FrameKind::Bytes { base64: Base64(bytes.to_vec()) },
        };
        RawFrame { kind, delay }
    });
    timed.collect()
}

/// What a file keeps of a time; what is cut off comes with the next frame.
fn whole_milliseconds(time: Duration) -> Duration {
    Duration::from_millis(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::events;
    use crate::simulator::frames::Frame;
    use http_body_util::BodyExt as _;
    use serde_json::json;

    fn headers(content_type: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", content_type.parse().unwrap());
        headers.insert("x-amzn-requestid", "r".parse().unwrap());
        headers.insert("set-cookie", "secret".parse().unwrap());
        headers
    }

    async fn body(response: &Response) -> Vec<u8> {
        // Through a file and back.
        let text = serde_json::to_string(response).unwrap();
        let response: Response = serde_json::from_str(&text).unwrap();
        response.response(0.0).unwrap().into_body().collect().await.unwrap().to_bytes().into()
    }

    #[tokio::test]
    async fn whole_bodies_come_back_byte_for_byte() {
        for bytes in [
            &b"{\"b\":1,\"a\":[1.50]}"[..],
            b"{\"b\": 1}",
            b"{\"b\":1,\"a\":-4.2E-4}",
            b"",
            b"\"text\"",
            b"\xff\x00",
            b"{oops",
        ] {
            let piece = [(Duration::ZERO, Bytes::from(bytes))];
            let response = Response::of(200, &headers("application/json"), Duration::ZERO, &piece);
            assert_eq!(body(&response).await, bytes);
            assert!(!serde_json::to_string(&response).unwrap().contains("secret"));
        }
    }

    #[tokio::test]
    async fn streams_come_back_byte_for_byte_and_readable() {
        let chunk = json!({"type": "ping"});
        let mut bytes = Frame::event("messageStart", r#"{"p":"ab","role":"assistant"}"#).encode();
        bytes.extend(events::chunk(&chunk, Some("abc")).encode());
        bytes.extend(Frame::event("chunk", r#"{"p":"abc","bytes":"AAAA"}"#).encode());
        bytes.extend(events::exception("ThrottlingException", "m", &[]).encode());
        bytes.extend(Frame::error("InternalFailure", "m").encode());
        bytes.extend(Frame::with_headers([(":event-type", "odd")], b"\xff".to_vec()).encode());
        let pieces: Vec<_> = bytes
            .chunks(50)
            .enumerate()
            .map(|(at, piece)| (Duration::from_micros(at as u64 * 1500), Bytes::copy_from_slice(piece)))
            .collect();
        let response = Response::of(200, &headers(EVENT_STREAM), Duration::ZERO, &pieces);
        assert_eq!(body(&response).await, bytes);
        let written = serde_json::to_value(&response).unwrap();
        assert_eq!(
            written["frames"][0],
            json!({"event": "messageStart", "payload": {"p": "ab", "role": "assistant"}, "delay": 3})
        );
        assert_eq!(written["frames"][1]["chunk"], chunk);
        assert_eq!(
            written["frames"][3],
            json!({"exception": "throttlingException", "payload": {"message": "m"}, "delay": written["frames"][3]["delay"]})
        );

        for broken in [&bytes[..bytes.len() - 1], b"nonsense that is no frame"] {
            let pieces = [(Duration::ZERO, Bytes::copy_from_slice(broken))];
            let response = Response::of(200, &headers(EVENT_STREAM), Duration::ZERO, &pieces);
            assert_eq!(body(&response).await, broken);
        }
    }
}
