//! Reasoning that goes with tool calls, kept for callers that lose it.
//!
//! Claude wants the thinking that led to a tool call back, with its signature, when the tool's result is sent ("Extended
//! thinking": preserving thinking blocks). OpenAI's messages have no place for it, so plain clients drop it. It is found
//! again here by the id of the first tool call that followed it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::conversation::{Block, Content, Event, Message, ReasoningText, Request, Role};

/// The most text that is kept, in bytes; the oldest goes first.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// What one client's models thought before they called tools.
#[derive(Debug, Default)]
pub struct Memory {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    thoughts: HashMap<String, Vec<Block>>,
    /// Ids, oldest first.
    order: VecDeque<String>,
    bytes: usize,
}

/// The reasoning of an answer as it comes, until it is known which tool call it led to.
#[derive(Debug, Default)]
pub(super) struct Thoughts {
    blocks: Vec<Block>,
    /// The block that is being written, and its number.
    open: Option<(u32, ReasoningText)>,
    tool_call: Option<String>,
}

impl Memory {
    /// Gives assistant turns that called tools their reasoning back, where the caller lost it.
    pub(super) fn restore(&self, request: &mut Request) {
        let kept = self.lock();
        if kept.thoughts.is_empty() {
            return;
        }
        for message in request.messages.iter_mut().filter(|message| message.role == Role::Assistant) {
            if let Some(thoughts) = tool_call(message).and_then(|id| kept.thoughts.get(id)) {
                let thoughts = thoughts.clone();
                if let Content::Blocks(blocks) = &mut message.content {
                    blocks.splice(0..0, thoughts);
                }
            }
        }
    }

    /// Keeps what an answer's reasoning was, when a tool call followed it and it can be sent back.
    pub(super) fn keep(&self, mut thoughts: Thoughts) {
        thoughts.close();
        let Thoughts { blocks, tool_call: Some(id), .. } = thoughts else { return };
        let blocks: Vec<Block> = blocks.into_iter().filter(can_go_back).collect();
        let bytes: usize = blocks.iter().map(size).sum();
        if blocks.is_empty() || bytes > MOST_BYTES {
            return;
        }
        let mut kept = self.lock();
        kept.forget(&id);
        kept.bytes += bytes;
        kept.order.push_back(id.clone());
        kept.thoughts.insert(id, blocks);
        while kept.bytes > MOST_BYTES {
            let Some(oldest) = kept.order.front().cloned() else { break };
            kept.forget(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // No code that can panic runs under the lock.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn forget(&mut self, id: &str) {
        if let Some(blocks) = self.thoughts.remove(id) {
            self.bytes -= blocks.iter().map(size).sum::<usize>();
            // Ids leave in the order in which they came, so that this finds the first but for an id that came twice.
            if let Some(place) = self.order.iter().position(|kept| kept == id) {
                self.order.remove(place);
            }
        }
    }
}

impl Thoughts {
    /// Takes what is reasoning, or a tool call, of one event.
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::Reasoning { index, text } => self.open(*index).text.push_str(text),
            Event::Signature { index, signature } => {
                self.open(*index).signature.get_or_insert_default().push_str(signature);
            }
            Event::Redacted { data, .. } => {
                self.close();
                self.blocks.push(Block::Redacted(data.clone()));
            }
            Event::ToolUse { id, .. } if self.tool_call.is_none() => self.tool_call = Some(id.clone()),
            _ => {}
        }
    }

    fn open(&mut self, index: u32) -> &mut ReasoningText {
        if self.open.as_ref().is_some_and(|(open, _)| *open != index) {
            self.close();
        }
        let empty = || (index, ReasoningText { text: String::new(), signature: None });
        &mut self.open.get_or_insert_with(empty).1
    }

    fn close(&mut self) {
        self.blocks.extend(self.open.take().map(|(_, reasoning)| Block::Reasoning(reasoning)));
    }
}

/// The id of the first tool call of a turn that holds no reasoning.
fn tool_call(message: &Message) -> Option<&str> {
    let Content::Blocks(blocks) = &message.content else { return None };
    if blocks.iter().any(|block| matches!(block, Block::Reasoning(_) | Block::Redacted(_))) {
        return None;
    }
    blocks.iter().find_map(|block| match block {
        Block::ToolUse(call) => Some(call.id.as_str()),
        _ => None,
    })
}

/// Without its signature reasoning is refused.
fn can_go_back(block: &Block) -> bool {
    match block {
        Block::Reasoning(reasoning) => reasoning.signature.is_some(),
        _ => true,
    }
}

fn size(block: &Block) -> usize {
    match block {
        Block::Reasoning(ReasoningText { text, signature }) => text.len() + signature.as_deref().map_or(0, str::len),
        Block::Redacted(data) => data.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::ToolUse;
    use serde_json::json;

    fn thoughts(id: &str, text: &str) -> Thoughts {
        let mut thoughts = Thoughts::default();
        for event in [
            Event::Reasoning { index: 0, text: text.to_owned() },
            Event::Signature { index: 0, signature: "c2ln".to_owned() },
            Event::Redacted { index: 1, data: "b3BhcXVl".to_owned() },
            Event::ToolUse { index: 2, id: id.to_owned(), name: "look".to_owned() },
        ] {
            thoughts.note(&event);
        }
        thoughts
    }

    fn asked(blocks: Vec<Block>) -> Request {
        let call = ToolUse { param: String::new(), id: "call_1".to_owned(), name: "look".to_owned(), input: json!({}) };
        let content = Content::Blocks(blocks.into_iter().chain([Block::ToolUse(call)]).collect());
        Request { messages: vec![Message { role: Role::Assistant, content, name: None }], ..Request::default() }
    }

    fn count(request: &Request) -> usize {
        match &request.messages[0].content {
            Content::Blocks(blocks) => blocks.len(),
            Content::Text(_) => 0,
        }
    }

    #[test]
    fn lost_reasoning_comes_back_and_what_the_caller_kept_stays() {
        let memory = Memory::default();
        memory.keep(thoughts("call_1", "Look first."));
        let mut lost = asked(vec![Block::Text("Let me see.".to_owned())]);
        memory.restore(&mut lost);
        assert_eq!(count(&lost), 4);
        let mut kept = asked(vec![Block::Redacted("b3BhcXVl".to_owned())]);
        memory.restore(&mut kept);
        assert_eq!(count(&kept), 2);
    }

    #[test]
    fn the_oldest_goes_when_it_is_too_much() {
        let memory = Memory::default();
        let half = "x".repeat(MOST_BYTES / 2);
        for id in ["call_1", "call_2", "call_2", "call_3"] {
            memory.keep(thoughts(id, &half));
        }
        let kept = memory.lock();
        assert_eq!(kept.order, ["call_3"]);
        assert!(kept.bytes <= MOST_BYTES);
    }
}
