//! What is being said: one content block of an answer.

use serde_json::{Map, Value};

use super::part::{Kind, ProviderMetadata, Runner};
use crate::dialect::base64::joined;

/// A content block that has begun.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) id: String,
    pub(super) content: Content,
}

/// What a block holds, beyond what was given out of it.
#[derive(Debug)]
pub(super) enum Content {
    Text,
    Reasoning(Thought),
    Call(Call),
}

impl Block {
    pub(super) fn kind(&self) -> Kind {
        match self.content {
            Content::Text => Kind::Text,
            Content::Reasoning(_) => Kind::Reasoning,
            Content::Call(_) => Kind::ToolInput,
        }
    }
}

/// What must go back to the model with its reasoning.
#[derive(Debug, Default)]
pub(super) struct Thought {
    pub(super) signature: String,
    /// Pieces of base64.
    pub(super) redacted: Vec<String>,
}

impl Thought {
    /// What is known of it by now. A program keeps the last metadata of a block, so each says all.
    pub(super) fn metadata(&self) -> Option<ProviderMetadata> {
        let signature = (!self.signature.is_empty()).then(|| self.signature.clone());
        let redacted = (!self.redacted.is_empty()).then(|| joined(self.redacted.clone()));
        let members = [("signature", signature), ("redactedContent", redacted)];
        let members = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?))));
        let members: Map<String, Value> = members.collect();
        (!members.is_empty()).then_some(ProviderMetadata(Value::Object(members)))
    }
}

/// The call of a tool.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) name: String,
    /// JSON text, as far as it came.
    pub(super) input: String,
    pub(super) runner: Runner,
}
