//! The parts of user and assistant messages.

use serde_json::{Map, Value, json};

use super::marks::Marks;
use super::{files, outputs};
use crate::conversation::{Block, ReasoningText, ToolUse};
use crate::dialect::losses::Losses;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// A part of a user message.
pub(super) fn of_user(part: &mut Object<'_>, marks: &Marks, losses: &mut Losses<'_>) -> Result<Vec<Block>> {
    let kind = part.required_string("type", "give text or file")?;
    match kind.as_str() {
        "text" => {
            let text = part.required_string("text", "give the text")?;
            Ok(vec![if marks.guarded == Some(true) { guarded(text, marks) } else { Block::Text(text) }])
        }
        "file" => files::file(part, marks).map(|file| vec![file]),
        _ => {
            left_out(part, &kind, losses);
            Ok(Vec::new())
        }
    }
}

/// A part of an assistant message.
pub(super) fn of_assistant(part: &mut Object<'_>, marks: Marks, losses: &mut Losses<'_>) -> Result<Vec<Block>> {
    let kind = part.required_string("type", "give text, reasoning, tool-call or tool-result")?;
    match kind.as_str() {
        "text" => part.required_string("text", "give the text").map(|text| vec![Block::Text(text)]),
        "reasoning" => {
            let text = part.string("text")?.unwrap_or_default();
            Ok(reasoning(text, marks).into_iter().collect())
        }
        "tool-call" => tool_call(part, losses).map(|call| vec![Block::ToolUse(call)]),
        "tool-result" => outputs::tool_result(part, &marks, losses),
        _ => {
            left_out(part, &kind, losses);
            Ok(Vec::new())
        }
    }
}

/// A part of a tool message. Whether a call was approved shows in its result.
pub(super) fn of_tool(part: &mut Object<'_>, marks: &Marks, losses: &mut Losses<'_>) -> Result<Vec<Block>> {
    let kind = part.required_string("type", "give tool-result")?;
    match kind.as_str() {
        "tool-result" => outputs::tool_result(part, marks, losses),
        "tool-approval-response" => Ok(Vec::new()),
        _ => {
            left_out(part, &kind, losses);
            Ok(Vec::new())
        }
    }
}

fn left_out(part: &Object<'_>, kind: &str, losses: &mut Losses<'_>) {
    losses
        .omitted(part.at(kind), || format!("Bedrock has no place for a part of type {kind:?} here; it was left out."));
}

fn guarded(text: String, marks: &Marks) -> Block {
    let mut guarded = json!({ "text": text });
    if !marks.qualifiers.is_empty() {
        guarded["qualifiers"] = json!(marks.qualifiers);
    }
    Block::Verbatim(json!({"guardContent": {"text": guarded}}))
}

/// What was hidden comes back hidden; a thought without text and signature says nothing.
fn reasoning(text: String, marks: Marks) -> Option<Block> {
    let Marks { signature, redacted, .. } = marks;
    match (signature, redacted) {
        (None, Some(data)) => Some(Block::Redacted(data)),
        (signature, _) if signature.is_some() || !text.trim().is_empty() => {
            Some(Block::Reasoning(ReasoningText { text, signature }))
        }
        _ => None,
    }
}

fn tool_call(part: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<ToolUse> {
    let id = part.required_string("toolCallId", "give the id that the model gave the call")?;
    let name = part.required_string("toolName", "name the tool")?;
    let input = part.take("input");
    Ok(ToolUse { param: part.place(), id, name, input: input_of(input, part, losses) })
}

/// The input of a tool is an object on Bedrock. What a model wrote in place of one is kept as it is.
fn input_of(given: Option<Value>, part: &Object<'_>, losses: &mut Losses<'_>) -> Value {
    let other = match given {
        None => return Value::Object(Map::new()),
        Some(given @ Value::Object(_)) => return given,
        Some(Value::String(text)) => match serde_json::from_str(&text) {
            Ok(Value::Object(members)) => return Value::Object(members),
            _ => Value::String(text),
        },
        Some(other) => other,
    };
    let message = "The input of a tool is an object on Bedrock; it was sent as `{\"rawInvalidInput\": …}`.";
    losses.adjusted(part.at("input"), || message.to_owned());
    json!({ "rawInvalidInput": other })
}

/// Parts of a message whose content is a string or an array of them.
pub(super) fn items(message: &mut Object<'_>) -> Result<Vec<Value>> {
    match message.take("content") {
        Some(Value::String(text)) => Ok(vec![json!({"type": "text", "text": text})]),
        Some(Value::Array(items)) => Ok(items),
        None => Ok(Vec::new()),
        Some(other) => Err(Error::wrong_type(message.at("content"), "an array of parts", &other)),
    }
}
