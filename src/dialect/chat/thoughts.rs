//! What the model thought in earlier turns, as clients send it back: `thinking_blocks` (Anthropic, LiteLLM),
//! `reasoning_details` (OpenRouter), `reasoning_content` with `reasoning_signature`, or plain `reasoning`.

use serde_json::Value;

use crate::conversation::{Block, ReasoningText};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// The reasoning of an assistant message. The forms say the same: the first one that is there counts.
pub(super) fn take(message: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Vec<Block>> {
    let details = list(message, "reasoning_details", losses)?;
    let mut blocks = list(message, "thinking_blocks", losses)?;
    let signature = message.string("reasoning_signature")?.filter(|signature| !signature.is_empty());
    let content = message.string("reasoning_content")?;
    let plain = message.string("reasoning")?;
    if blocks.is_empty() {
        blocks = details;
    }
    if blocks.is_empty() {
        let text = content.or(plain).filter(|text| !text.is_empty() || signature.is_some());
        blocks.extend(text.map(|text| Block::Reasoning(ReasoningText { text, signature })));
    }
    Ok(blocks)
}

fn list(message: &mut Object<'_>, name: &str, losses: &mut Losses<'_>) -> Result<Vec<Block>> {
    let items = message.array(name, "an array of reasoning blocks")?.unwrap_or_default();
    let path = message.at(name);
    let mut blocks = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        blocks.extend(entry(item, path.item(index), losses)?);
    }
    Ok(blocks)
}

fn entry(item: Value, path: Path<'_>, losses: &mut Losses<'_>) -> Result<Option<Block>> {
    let mut entry = Object::read(item, path, "an object with a type")?;
    let kind = entry.required_string("type", "give thinking or redacted_thinking")?;
    match kind.as_str() {
        "thinking" | "redacted_thinking" => block(&mut entry, &kind).map(Some),
        "reasoning.text" => signed(&mut entry, "text").map(Some),
        "reasoning.encrypted" => redacted(&mut entry).map(Some),
        // A summary was made for people; the model never thought it.
        "reasoning.summary" => Ok(None),
        _ => {
            losses.left_out(path, "this type of reasoning is not known")?;
            Ok(None)
        }
    }
}

/// A block of Anthropic's type `thinking` or `redacted_thinking`.
pub(super) fn block(given: &mut Object<'_>, kind: &str) -> Result<Block> {
    if kind == "thinking" { signed(given, "thinking") } else { redacted(given) }
}

fn signed(given: &mut Object<'_>, member: &str) -> Result<Block> {
    let text = given.required_string(member, "give the text of the reasoning")?;
    let signature = given.string("signature")?.filter(|signature| !signature.is_empty());
    Ok(Block::Reasoning(ReasoningText { text, signature }))
}

fn redacted(given: &mut Object<'_>) -> Result<Block> {
    given.required_string("data", "give the data of the reasoning").map(Block::Redacted)
}

/// `reasoningContent` of Converse.
pub(super) fn converse(given: Value, path: Path<'_>) -> Result<Block> {
    let mut content = Object::read(given, path, "an object with reasoningText or redactedContent")?;
    match content.take("reasoningText") {
        Some(text) => signed(&mut Object::read(text, content.at("reasoningText"), "an object with a text")?, "text"),
        None => {
            let data = content.string("redactedContent")?;
            data.map(Block::Redacted).ok_or_else(|| Error::missing(content.at("reasoningText"), "give the reasoning"))
        }
    }
}
