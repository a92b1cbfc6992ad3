//! JSON that a model writes into its text: without code fence, preface and afterword.

use serde_json::Value;

use crate::conversation::Event;

/// Gives out the first whole JSON object (or array) of the text, as it comes.
#[derive(Debug)]
pub(super) struct JsonText {
    opening: char,
    state: State,
    index: u32,
}

#[derive(Debug)]
enum State {
    /// Text before it; it is the answer if no JSON comes.
    Before(String),
    Inside(Nesting),
    After,
}

#[derive(Debug, Default)]
struct Nesting {
    depth: u32,
    in_string: bool,
    escaped: bool,
}

impl Nesting {
    /// The length of the part of `text` that belongs to the JSON, and whether it ends there.
    fn take(&mut self, text: &str) -> (usize, bool) {
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_string => self.escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                _ => {}
            }
        }
        (text.len(), false)
    }
}

impl JsonText {
    /// `None` where the answer is neither an object nor an array, so that nothing tells where it begins.
    pub(super) fn new(schema: Option<&Value>) -> Option<JsonText> {
        let opening = match schema.and_then(|schema| schema.get("type")).and_then(Value::as_str) {
            None | Some("object") => '{',
            Some("array") => '[',
            Some(_) => return None,
        };
        Some(JsonText { opening, state: State::Before(String::new()), index: 0 })
    }

    pub(super) fn step(&mut self, event: Event, out: &mut Vec<Event>) -> Option<Event> {
        match event {
            Event::Text { index, text } => {
                self.text(index, &text, out);
                None
            }
            Event::Stop(_) => {
                self.release(out);
                Some(event)
            }
            other => Some(other),
        }
    }

    fn text(&mut self, index: u32, text: &str, out: &mut Vec<Event>) {
        let mut rest = text;
        if let State::Before(held) = &mut self.state {
            self.index = index;
            let Some(at) = text.find(self.opening) else {
                held.push_str(text);
                return;
            };
            rest = text.get(at..).unwrap_or_default();
            self.state = State::Inside(Nesting::default());
        }
        let State::Inside(nesting) = &mut self.state else { return };
        let (length, over) = nesting.take(rest);
        let json = rest.get(..length).unwrap_or_default();
        if !json.is_empty() {
            out.push(Event::Text { index: self.index, text: json.to_owned() });
        }
        if over {
            self.state = State::After;
        }
    }

    pub(super) fn release(&mut self, out: &mut Vec<Event>) {
        if let State::Before(held) = &mut self.state
            && !held.is_empty()
        {
            out.push(Event::Text { index: self.index, text: std::mem::take(held) });
        }
    }
}
