//! The journal as JSON: bodies and frames decoded, long texts cut.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use super::frames::{Frame, Reader};
use super::journal::{Entry, Journal};
use super::timestamp;

/// Longest string shown of a body; images and long texts are cut.
const LONGEST_TEXT: usize = 2000;

/// Which entries to show, and how much of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    /// Entries from this number on.
    pub(super) since: u64,
    /// Of this account only.
    pub(super) account: Option<String>,
    /// With the frames of streams.
    pub(super) frames: bool,
}

/// `{"connections", "disconnectedEarly", "requests"}`.
pub(super) fn journal(journal: &Journal, selection: &Selection) -> Value {
    let (connections, disconnected_early) = journal.counters();
    let entries = journal.entries(selection.since);
    let entries = entries.iter().filter(|entry| {
        selection.account.is_none() || entry.outcome().account.as_deref() == selection.account.as_deref()
    });
    let requests: Vec<Value> = entries.map(|entry| entry_with(entry, selection.frames)).collect();
    json!({ "connections": connections, "disconnectedEarly": disconnected_early, "requests": requests })
}

/// One entry, with its frames.
pub(super) fn entry(entry: &Entry) -> Value {
    entry_with(entry, true)
}

fn entry_with(entry: &Entry, with_frames: bool) -> Value {
    let request = &entry.request;
    let outcome = entry.outcome().clone();
    let mut out = json!({
        "id": entry.id,
        "time": timestamp::milliseconds(request.at),
        "account": outcome.account,
        "method": request.method.as_str(),
        "path": request.path,
        "httpVersion": request.http_version,
        "headers": headers(request),
        "operation": request.operation,
        "model": request.model,
        "body": body(&outcome.asked),
        "status": outcome.status,
        "requestId": outcome.request_id,
        "fault": outcome.fault,
        "answeredBy": outcome.answered_by,
        "duration": outcome.duration.map(milliseconds),
        "disconnectedEarly": outcome.disconnected_early,
    });
    if let Some(bytes) = &outcome.body {
        out["response"] = body(bytes);
    }
    if with_frames && !outcome.written.is_empty() {
        out["frames"] = frames(&outcome.written);
        out["bytesNotKept"] = outcome.unkept.into();
    }
    if let Some(error) = outcome.log_error {
        out["logError"] = error.into();
    }
    if outcome.forgotten {
        out["forgotten"] = true.into();
    }
    out
}

fn headers(request: &super::journal::Request) -> Value {
    let pairs = request.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), Value::from(String::from_utf8_lossy(value.as_bytes()).into_owned()))
    });
    Value::Object(pairs.collect())
}

/// JSON, with long strings cut; `null` for nothing; else the text.
fn body(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    let mut value: Value =
        serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned().into());
    shorten(&mut value);
    value
}

/// The frames of a stream, each with the time of the write that completed it.
fn frames(written: &[(Duration, bytes::Bytes)]) -> Value {
    let mut reader = Reader::default();
    let mut out = Vec::new();
    for (at, bytes) in written {
        reader.push(bytes);
        loop {
            match reader.frame() {
                Ok(Some(frame)) => out.push(shown(&frame, *at)),
                Ok(None) => break,
                Err(error) => {
                    out.push(json!({"at": milliseconds(*at), "broken": error.to_string()}));
                    return out.into();
                }
            }
        }
    }
    out.into()
}

fn shown(frame: &Frame, at: Duration) -> Value {
    let mut out = Map::from_iter([("at".to_owned(), milliseconds(at))]);
    for (header, member) in [(":event-type", "event"), (":exception-type", "exception"), (":error-code", "error")] {
        if let Some(text) = frame.header(header) {
            out.insert(member.into(), text.into());
        }
    }
    let mut payload = body(frame.payload());
    if let Some(chunk) = payload["bytes"].as_str().and_then(|text| BASE64_STANDARD.decode(text).ok()) {
        payload["bytes"] = body(&chunk);
    }
    out.insert("payload".into(), payload);
    out.into()
}

/// With a fraction, so that frames of one millisecond keep their order.
fn milliseconds(duration: Duration) -> Value {
    ((duration.as_secs_f64() * 1e6).round() / 1e3).into()
}

/// Cuts every long string of a body.
fn shorten(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > LONGEST_TEXT => {
            let length = text.len();
            text.truncate(text.floor_char_boundary(LONGEST_TEXT));
            text.push_str(&format!("… ({length} bytes)"));
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(members) => members.values_mut().for_each(shorten),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::events;

    #[test]
    fn long_texts_are_cut_at_a_character() {
        let shown = body(json!({ "text": "é".repeat(5000) }).to_string().as_bytes());
        assert!(shown["text"].as_str().unwrap().ends_with("… (10000 bytes)"));
        assert_eq!((body(b""), body(b"nonsense")), (Value::Null, "nonsense".into()));
    }

    #[test]
    fn frames_are_decoded_with_the_time_they_were_complete() {
        let chunk = events::chunk(&json!({"type": "t"}), Some("abc")).encode();
        let (first, rest) = chunk.split_at(20);
        let stop = Frame::event("messageStop", r#"{"stopReason":"end_turn"}"#).encode();
        let written = [
            (Duration::from_millis(1), first.to_vec().into()),
            (Duration::from_millis(2), [rest, &stop].concat().into()),
            (Duration::from_millis(3), vec![0; 16].into()),
        ];
        let expected = json!([
            {"at": 2.0, "event": "chunk", "payload": {"bytes": {"type": "t"}, "p": "abc"}},
            {"at": 2.0, "event": "messageStop", "payload": {"stopReason": "end_turn"}},
            {"at": 3.0, "broken": "the prelude checksum of the frame does not match"},
        ]);
        assert_eq!(frames(&written), expected);
    }
}
