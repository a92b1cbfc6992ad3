//! Reasoning as it must go back to the model (`thinking_blocks`, as LiteLLM has them).

use serde::Serialize;

use crate::dialect::base64::joined;

/// A block of reasoning that the model signed, or that its provider hides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type")]
pub(super) enum ThinkingBlock {
    #[serde(rename = "thinking")]
    Thinking { thinking: String, signature: String },
    #[serde(rename = "redacted_thinking")]
    Redacted { data: String },
}

/// The block that is being said.
#[derive(Debug, Default)]
pub(super) struct Thought {
    text: String,
    signature: String,
    redacted: Vec<String>,
}

impl Thought {
    /// More of what the model thinks.
    pub(super) fn text(&mut self, piece: &str) {
        self.text.push_str(piece);
    }

    /// More of its signature.
    pub(super) fn signature(&mut self, piece: &str) {
        self.signature.push_str(piece);
    }

    /// More of what is hidden.
    pub(super) fn redacted(&mut self, data: String) {
        self.redacted.push(data);
    }

    /// The block is complete. Reasoning that nobody signed is in `reasoning_content` already, and need not go back.
    pub(super) fn end(&mut self) -> Option<ThinkingBlock> {
        let Thought { text: thinking, signature, redacted } = std::mem::take(self);
        if !redacted.is_empty() {
            return Some(ThinkingBlock::Redacted { data: joined(redacted) });
        }
        (!signature.is_empty()).then_some(ThinkingBlock::Thinking { thinking, signature })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_data_is_one_block() {
        let mut thought = Thought::default();
        thought.redacted("aGk=".to_owned());
        thought.redacted("aGk=".to_owned());
        assert_eq!(thought.end(), Some(ThinkingBlock::Redacted { data: "aGloaQ==".to_owned() }));
    }

    #[test]
    fn reasoning_without_a_signature_need_not_go_back() {
        let mut thought = Thought::default();
        thought.text("Well");
        assert_eq!(thought.end(), None);
    }
}
