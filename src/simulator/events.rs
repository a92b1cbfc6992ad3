//! Bedrock's events as frames: the envelope of native chunks, exceptions, and the random padding `p`.
//!
//! Native chunks travel base64-encoded in a `chunk` event; every payload is padded (every recording from February 2025
//! on). The payloads of ConverseStream are [`super::converse`]'s.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::frames::Frame;
use super::json::Json;

/// AWS pads with a prefix of this text, of 2 to 61 characters, evenly distributed.
const PADDING: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// The padding of one answer's frames; the sequence depends on the generator's seed only.
pub(super) struct Padding {
    /// `None`: frames are not padded.
    random: Option<fastrand::Rng>,
}

impl Padding {
    pub(super) fn new(random: Option<fastrand::Rng>) -> Padding {
        Padding { random }
    }

    /// Padding of random length.
    pub(super) fn next(&mut self) -> Option<&'static str> {
        let random = self.random.as_mut()?;
        PADDING.get(..random.usize(2..=61))
    }

    /// Adds the member `p`.
    pub(super) fn write(&mut self, out: &mut Json) {
        if let Some(padding) = self.next() {
            out.member("p").raw("\"").raw(padding).raw("\"");
        }
    }
}

/// An InvokeModelWithResponseStream event that carries one chunk of a model's own JSON.
pub(super) fn chunk(native: &Value, padding: Option<&str>) -> Frame {
    let bytes = BASE64_STANDARD.encode(native.to_string());
    let padding = padding.map(|padding| format!(r#","p":"{padding}""#)).unwrap_or_default();
    Frame::event("chunk", format!(r#"{{"bytes":"{bytes}"{padding}}}"#))
}

/// What faults call a native chunk: its `type`, or its first key.
pub(super) fn chunk_name(chunk: &Value) -> &str {
    let first = || chunk.as_object().and_then(|members| members.keys().next()).map(String::as_str);
    chunk["type"].as_str().or_else(first).unwrap_or_default()
}

/// A modelled exception in the stream: `ModelStreamErrorException` becomes the member `modelStreamErrorException`.
pub(super) fn exception(code: &str, message: &str, extra: &[(String, Value)]) -> Frame {
    let mut name = code.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    let mut body = json!({ "message": message });
    for (key, value) in extra {
        body[key.as_str()] = value.clone();
    }
    body.sort_all_objects();
    Frame::exception(&name, body.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_keeps_the_models_own_key_order() {
        let frame = chunk(&json!({"type": "t", "index": 0}), Some("abc"));
        assert_eq!(frame.payload(), br#"{"bytes":"eyJ0eXBlIjoidCIsImluZGV4IjowfQ==","p":"abc"}"#);
    }

    #[test]
    fn an_exception_is_named_by_its_union_member() {
        let frame = exception("ModelStreamErrorException", "m", &[("originalStatusCode".into(), 500.into())]);
        assert_eq!(frame.header(":exception-type"), Some("modelStreamErrorException"));
        assert_eq!(frame.payload(), br#"{"message":"m","originalStatusCode":500}"#);
    }

    #[test]
    fn padding_has_two_to_sixty_one_characters_and_follows_the_seed() {
        let lengths = |seed| {
            let mut padding = Padding::new(Some(fastrand::Rng::with_seed(seed)));
            (0..500).map(|_| padding.next().unwrap().len()).collect::<Vec<_>>()
        };
        assert_eq!(lengths(7), lengths(7));
        assert_eq!((lengths(7).iter().min(), lengths(7).iter().max()), (Some(&2), Some(&61)));
        assert_eq!(Padding::new(None).next(), None);
    }
}
