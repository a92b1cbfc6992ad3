//! A tool whose input is the answer.

use crate::conversation::Event;

/// Makes text of the input of the tool.
#[derive(Debug)]
pub(super) struct JsonTool {
    name: String,
    /// The content block of its first call, which is the answer.
    block: Option<u32>,
    /// The content block of a later call, which says nothing.
    surplus: Option<u32>,
    /// Text before the call: no part of the answer if the call comes.
    held: Vec<Event>,
}

impl JsonTool {
    pub(super) fn new(name: &str) -> JsonTool {
        JsonTool { name: name.to_owned(), block: None, surplus: None, held: Vec::new() }
    }

    pub(super) fn called(&self) -> bool {
        self.block.is_some()
    }

    pub(super) fn step(&mut self, event: Event, out: &mut Vec<Event>) -> Option<Event> {
        match event {
            Event::ToolUse { index, name, .. } if name == self.name => {
                self.held.clear();
                if self.called() {
                    self.surplus = Some(index);
                    return None;
                }
                self.block = Some(index);
                Some(Event::JsonTool)
            }
            Event::ToolInput { index, json } if self.block == Some(index) => {
                (!json.is_empty()).then_some(Event::Text { index, text: json })
            }
            Event::ToolInput { index, .. } if self.surplus == Some(index) => None,
            Event::Text { .. } if self.called() => None,
            Event::Text { .. } => {
                self.held.push(event);
                None
            }
            Event::ToolUse { .. } | Event::Stop(_) => {
                self.release(out);
                Some(event)
            }
            other => Some(other),
        }
    }

    pub(super) fn release(&mut self, out: &mut Vec<Event>) {
        out.append(&mut self.held);
    }
}
