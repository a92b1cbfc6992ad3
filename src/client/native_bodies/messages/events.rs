//! The frames of InvokeModelWithResponseStream as the server-sent events that Anthropic's API writes: the chunks of the
//! model are its events already.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::error;
use super::names::Names;
use crate::error::{Error, Kind, Result};
use crate::family::invoke::native_chunk;
use crate::transport::{Frame, Frames};

/// The last event of an answer that is whole.
const LAST: &str = "message_stop";

/// The event that has the name of a tool.
const BLOCK: &str = "content_block_start";

/// The state machine from bytes to events.
#[derive(Default)]
pub(in crate::client::native_bodies) struct MessagesEvents {
    frames: Frames,
    /// The chunk at hand; kept for its memory.
    chunk: Vec<u8>,
    names: Names,
    is_whole: bool,
}

impl MessagesEvents {
    /// For an answer to a body in which tools have other names.
    pub(super) fn new(names: Names) -> MessagesEvents {
        MessagesEvents { names, ..MessagesEvents::default() }
    }

    /// Takes a piece of the body and adds the events that are whole with it. An exception frame is an error.
    pub(in crate::client::native_bodies) fn push(&mut self, bytes: &[u8], text: &mut String) -> Result<()> {
        self.frames.push(bytes);
        while let Some(Frame { event_type, payload }) = self.frames.next_frame()? {
            if event_type != "chunk" {
                continue; // what is to come besides chunks says nothing in Anthropic's API
            }
            native_chunk(payload, &mut self.chunk)?;
            let kind = write(&self.chunk, &self.names, text)?;
            self.is_whole |= kind == LAST;
        }
        Ok(())
    }

    /// The body is over: refuses one that was cut.
    pub(in crate::client::native_bodies) fn finish(&self) -> Result<()> {
        self.frames.finish()?;
        if self.is_whole {
            return Ok(());
        }
        let message = format!("The stream ended before {LAST} came, so the answer may be incomplete. Try again.");
        Err(Error::new(Kind::BrokenStream, message))
    }

    /// Adds the event that `error` is; what was whole before it stays so.
    pub(in crate::client::native_bodies) fn fail(&self, error: &Error, text: &mut String) {
        text.push_str(&error::event(error));
    }
}

/// Adds a chunk as an event; says of which type.
fn write<'a>(chunk: &'a [u8], names: &Names, text: &mut String) -> Result<Cow<'a, str>> {
    #[derive(Deserialize)]
    struct Typed<'a> {
        #[serde(borrow)]
        r#type: Cow<'a, str>,
    }
    let broken = |_| Error::new(Kind::BrokenStream, "A chunk of the stream is no event of Anthropic's API.");
    let data = std::str::from_utf8(chunk).map_err(|_| broken(()))?;
    let Typed { r#type: kind } = serde_json::from_str(data).map_err(|_| broken(()))?;
    let data = if kind == BLOCK && !names.is_empty() { restored(data, names).into() } else { Cow::Borrowed(data) };
    text.push_str("event: ");
    text.push_str(&one_line(&kind));
    text.push_str("\ndata: ");
    text.push_str(&one_line(&data));
    text.push_str("\n\n");
    Ok(kind)
}

/// The event of a block's beginning with the names that the caller knows.
fn restored(data: &str, names: &Names) -> String {
    let Ok(mut event) = serde_json::from_str::<Value>(data) else { return data.to_owned() };
    names.restore(&mut event["content_block"]);
    event.to_string()
}

/// Line ends, which JSON has between its values only, would end the field.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) { text.replace(['\n', '\r'], " ").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use aws_smithy_eventstream::frame::write_message_to;
    use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
    use base64_simd::STANDARD;
    use proptest::prelude::*;

    use super::*;

    fn frame(message_type: &str, event_type: &str, payload: String) -> Vec<u8> {
        let text = |value: &str| HeaderValue::String(value.to_owned().into());
        let name = if message_type == "exception" { ":exception-type" } else { ":event-type" };
        let message = Message::new(payload.into_bytes())
            .add_header(Header::new(name, text(event_type)))
            .add_header(Header::new(":message-type", text(message_type)));
        let mut bytes = Vec::new();
        write_message_to(&message, &mut bytes).unwrap();
        bytes
    }

    fn chunk(event: &str) -> Vec<u8> {
        frame("event", "chunk", format!(r#"{{"bytes":"{}","p":"abc"}}"#, STANDARD.encode_to_string(event)))
    }

    /// What pieces come to, and how they end.
    fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (String, Result<()>) {
        let (mut events, mut text) = (MessagesEvents::default(), String::new());
        let pushed: Result<()> = pieces.into_iter().try_for_each(|piece| events.push(piece, &mut text));
        let end = pushed.and_then(|()| events.finish());
        (text, end)
    }

    const DELTA: &str = r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"é\n"}}"#;

    #[test]
    fn chunks_are_events_under_their_type() {
        let (text, end) =
            read([&chunk(DELTA)[..], &frame("event", "news", "{}".into()), &chunk("{\r\n\"type\":\"message_stop\"}")]);
        assert!(end.is_ok());
        let expected = format!(
            "event: content_block_delta\ndata: {DELTA}\n\nevent: message_stop\ndata: {{  \"type\":\"message_stop\"}}\n\n"
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn a_tool_has_the_name_that_the_caller_knows() {
        let mut names = Names::default();
        names.add("editor", "str_replace_based_edit_tool");
        let (mut events, mut text) = (MessagesEvents::new(names), String::new());
        let block = r#"{"type":"content_block_start","content_block":{"type":"tool_use","name":"str_replace_based_edit_tool"}}"#;
        events.push(&chunk(block), &mut text).unwrap();
        assert!(text.contains(r#""content_block":{"type":"tool_use","name":"editor"}"#), "{text}");
    }

    #[test]
    fn a_stream_without_its_end_was_cut() {
        assert_eq!(read([&chunk(DELTA)[..]]).1.unwrap_err().kind, Kind::BrokenStream);
        let whole = chunk(r#"{"type":"message_stop"}"#);
        assert_eq!(read([&whole[..whole.len() - 1]]).1.unwrap_err().kind, Kind::BrokenStream);
    }

    #[test]
    fn an_exception_is_an_error_event_after_what_came_before() {
        let exception = frame("exception", "someFutureException", r#"{"message":"Late."}"#.into());
        let (mut text, end) = read([&chunk(DELTA)[..], &exception]);
        MessagesEvents::default().fail(&end.unwrap_err(), &mut text);
        let (_, event) = text.split_once("event: error\ndata: ").unwrap();
        let event: serde_json::Value = serde_json::from_str(event.trim_end()).unwrap();
        assert_eq!(event["error"]["type"], "api_error");
        assert_eq!(event["error"]["code"], "SomeFutureException");
        assert_eq!(event["error"]["message"], "Late.");
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for chunk in [chunk("{}"), chunk("nonsense"), frame("event", "chunk", r#"{"bytes":"%"}"#.into())] {
            assert!(read([&chunk[..]]).1.is_err());
        }
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_events(
            texts in prop::collection::vec("[a-zé😀\"\\\\]{0,20}", 1..6),
            splits in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let event = |text: &String| serde_json::json!({"type": "content_block_delta", "delta": {"text": text}});
            let mut bytes: Vec<u8> = texts.iter().flat_map(|text| chunk(&event(text).to_string())).collect();
            bytes.extend(chunk(r#"{"type":"message_stop"}"#));
            let mut at: Vec<usize> = splits.iter().map(|split| split.index(bytes.len())).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let pieces = at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]);
            let (text, end) = read(pieces);
            prop_assert!(end.is_ok());
            prop_assert_eq!(text, read([&bytes[..]]).0);
        }
    }
}
