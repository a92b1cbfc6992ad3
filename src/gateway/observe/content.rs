//! What was said in an exchange, where the settings want it logged: cut, and only kept until the line is written.

use serde_json::Value;

/// The most that is logged of a request and of an answer, in bytes.
const MOST: usize = 16 * 1024;
/// The most that is kept of a stream, whose chunks are far larger than the text in them.
const MOST_OF_STREAM: usize = 256 * 1024;

/// A request's JSON and an answer, as they went over the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Content {
    asked: String,
    answered: String,
}

impl Content {
    /// Of a request.
    pub(crate) fn asked(json: &str) -> Content {
        Content { asked: cut(json, MOST).to_owned(), answered: String::new() }
    }

    /// Adds what went to the caller.
    pub(crate) fn answered(&mut self, piece: &str) {
        let room = MOST_OF_STREAM.saturating_sub(self.answered.len());
        self.answered.push_str(cut(piece, room));
    }

    /// The request.
    pub(super) fn request(&self) -> &str {
        &self.asked
    }

    /// The answer: its JSON, or the text that its events hold.
    pub(super) fn answer(&self) -> String {
        if !self.answered.starts_with("data: ") {
            return cut(&self.answered, MOST).to_owned();
        }
        let events = self.answered.lines().filter_map(|line| line.strip_prefix("data: "));
        let chunks = events.filter_map(|event| serde_json::from_str::<Value>(event).ok());
        let mut text = String::new();
        for chunk in chunks {
            let choices = chunk.get("choices").and_then(Value::as_array).into_iter().flatten();
            choices.filter_map(|choice| choice.get("delta")).for_each(|delta| said(delta, &mut text));
        }
        text.truncate(cut(&text, MOST).len());
        text
    }
}

/// What a chunk adds: text, or arguments of a tool.
fn said(delta: &Value, text: &mut String) {
    let calls = delta.get("tool_calls").and_then(Value::as_array).into_iter().flatten();
    let functions = calls.filter_map(|call| call.get("function"));
    let arguments = functions.flat_map(|function| [function.get("name"), function.get("arguments")]);
    let parts = [delta.get("content")].into_iter().chain(arguments).flatten();
    parts.filter_map(Value::as_str).for_each(|part| text.push_str(part));
}

/// As much of `text` as fits, in whole letters.
fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_read_back_into_its_text() {
        let mut content = Content::asked("{}");
        content.answered("data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n");
        content.answered("data: {\"choices\":[{\"delta\":{\"content\":\"lo\"}}]}\n\ndata: [DONE]\n\n");
        assert_eq!(content.answer(), "Hello");
    }

    #[test]
    fn everything_is_cut_in_whole_letters() {
        let mut content = Content::asked(&"é".repeat(MOST));
        assert_eq!(content.request().len(), MOST);
        for _ in 0..10 {
            content.answered(&"€".repeat(MOST));
        }
        assert!(content.answered.len() <= MOST_OF_STREAM);
        assert!(content.answer().len() <= MOST);
    }
}
