//! Server-sent events that pass as they are, event by event, so that a stream that breaks can still end with an event that
//! says so.
//!
//! Source: OpenAI's API reference, "Streaming events": a stream of chat completions ends with `[DONE]`, one of Responses with
//! an event of the response's end; Anthropic's, "Streaming Messages": one of a message with `message_stop`.

use serde::Deserialize;
use serde_json::json;

use super::Form;
use crate::client::native_bodies::messages;
use crate::client::openai::server_sent::{DONE, ServerSent};
use crate::dialect::chat::error::ApiError;
use crate::error::{Error, Kind, Result};

/// Events after which a stream of Responses or of a message ends.
const LAST: &[&str] = &["error", "message_stop", "response.completed", "response.failed", "response.incomplete"];

/// The state machine from bytes to whole events.
pub(in crate::client::native_bodies) struct PassingEvents {
    form: Form,
    reader: ServerSent,
    /// The bytes of the event that is not whole yet.
    held: Vec<u8>,
    /// Events so far.
    count: u64,
    is_whole: bool,
}

impl PassingEvents {
    pub(super) fn new(form: Form) -> PassingEvents {
        PassingEvents { form, reader: ServerSent::default(), held: Vec::new(), count: 0, is_whole: false }
    }

    /// Takes a piece of the body and adds the events that are whole with it.
    pub(in crate::client::native_bodies) fn push(&mut self, bytes: &[u8], text: &mut String) -> Result<()> {
        let mut events = Vec::new();
        let read = self.reader.push(bytes, &mut events);
        self.count += events.len() as u64;
        self.is_whole |= events.iter().any(|data| is_last(data));
        let seen = self.held.len().saturating_sub(3);
        self.held.extend_from_slice(bytes);
        if let Some(end) = last_end(&self.held, seen) {
            text.push_str(&String::from_utf8_lossy(self.held.get(..end).unwrap_or_default()));
            self.held.drain(..end);
        }
        read
    }

    /// The body is over: refuses one that was cut.
    pub(in crate::client::native_bodies) fn finish(&self) -> Result<()> {
        if self.is_whole {
            return Ok(());
        }
        let message = "The stream ended before its last event came, so the answer may be incomplete. Try again.";
        Err(Error::new(Kind::BrokenStream, message))
    }

    /// Adds the event that `error` is; what was whole before it stays so.
    pub(in crate::client::native_bodies) fn fail(&self, error: &Error, text: &mut String) {
        let refusal = ApiError::of(error);
        match self.form {
            Form::ChatCompletions => text.push_str(&refusal.event()),
            Form::Messages => text.push_str(&messages::error_event(error)),
            Form::Responses => {
                let event = json!({
                    "type": "error",
                    "sequence_number": self.count,
                    "code": refusal.code,
                    "message": refusal.message,
                    "param": refusal.param,
                });
                text.push_str(&format!("event: error\ndata: {event}\n\n"));
            }
        }
    }
}

fn is_last(data: &str) -> bool {
    #[derive(Deserialize)]
    struct Typed<'a> {
        #[serde(borrow)]
        r#type: std::borrow::Cow<'a, str>,
    }
    data == DONE
        || LAST.iter().any(|name| data.contains(name))
            && serde_json::from_str::<Typed<'_>>(data).is_ok_and(|event| LAST.contains(&event.r#type.as_ref()))
}

/// Where the last event ends that is whole: behind an empty line that ends at `from` or after it.
fn last_end(bytes: &[u8], from: usize) -> Option<usize> {
    let ends = |end: &[u8]| {
        let fresh = bytes.get(from..)?;
        Some(from + fresh.windows(end.len()).rposition(|window| window == end)? + end.len())
    };
    [&b"\n\n"[..], b"\r\n\r\n", b"\r\r"].into_iter().filter_map(ends).max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read<'a>(form: Form, pieces: impl IntoIterator<Item = &'a [u8]>) -> (String, Result<()>) {
        let (mut events, mut text) = (PassingEvents::new(form), String::new());
        let pushed: Result<()> = pieces.into_iter().try_for_each(|piece| events.push(piece, &mut text));
        let end = pushed.and_then(|()| events.finish());
        if let Err(error) = &end {
            events.fail(error, &mut text);
        }
        (text, end)
    }

    const CHAT: &str = ": hi\n\ndata: {\"a\":\"é😀\"}\r\n\r\ndata: {\"b\":1}\n\ndata: [DONE]\n\n";
    const RESPONSES: &str = "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0}\n\n\
                             event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":1}\n\n";

    #[test]
    fn a_whole_stream_passes_as_it_is() {
        let message = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
        for (form, stream) in [(Form::ChatCompletions, CHAT), (Form::Responses, RESPONSES), (Form::Messages, message)] {
            let (text, end) = read(form, [stream.as_bytes()]);
            assert!(end.is_ok());
            assert_eq!(text, stream);
        }
    }

    #[test]
    fn a_stream_that_was_cut_ends_with_an_error_and_without_half_an_event() {
        let (text, end) = read(Form::ChatCompletions, [&CHAT.as_bytes()[..40]]);
        assert_eq!(end.unwrap_err().kind, Kind::BrokenStream);
        assert!(text.starts_with(": hi\n\ndata: {\"a\":\"é😀\"}\r\n\r\ndata: {\"error\":{"), "{text}");
        let (text, _) = read(Form::Responses, [&RESPONSES.as_bytes()[..RESPONSES.len() - 4]]);
        let (_, event) = text.split_once("event: error\ndata: ").unwrap();
        let event: serde_json::Value = serde_json::from_str(event.trim_end()).unwrap();
        assert_eq!((&event["type"], &event["sequence_number"]), (&json!("error"), &json!(1)));
    }

    #[test]
    fn only_the_type_of_an_event_ends_a_stream() {
        assert!(!is_last(r#"{"type":"response.output_text.delta","delta":"response.completed"}"#));
        assert!(is_last(r#"{"type":"response.incomplete"}"#) && is_last("[DONE]"));
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_events(splits in prop::collection::vec(any::<prop::sample::Index>(), 0..8)) {
            let bytes = CHAT.as_bytes();
            let mut at: Vec<usize> = splits.iter().map(|split| split.index(bytes.len())).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let (text, end) = read(Form::ChatCompletions, at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]));
            prop_assert!(end.is_ok());
            prop_assert_eq!(text, CHAT);
        }
    }
}
