//! Stage two of validation: what Bedrock and each model refuse beyond the shapes, as tables of rules. The first rule
//! that objects answers, in the words of `wording.rs`; list entries are counted from 0.

mod availability;
mod claude;
mod claude_body;
mod claude_schema;
mod conversation;
mod length;
mod media;
mod native;
mod parameters;
#[cfg(test)]
mod refusals;
mod tools;

use http::HeaderMap;
use serde_json::Value;

use super::exception::Exception;
use super::models::Model;
use super::native::Body;
use super::question::Question;
use super::wording;
pub(super) use availability::{Availability, find};
pub(super) use length::length;

/// What a rule looks at.
struct Request<'a> {
    model: &'a Model,
    body: &'a Body,
    headers: &'a HeaderMap,
    converse: bool,
    streamed: bool,
    /// The content of all messages, when it is in Converse's shape.
    blocks: Vec<Block<'a>>,
}

impl Request<'_> {
    /// The content of one message; none for a number beyond the last.
    fn blocks_of(&self, message: usize) -> &[Block<'_>] {
        let from = self.blocks.partition_point(|block| block.message < message);
        let to = self.blocks.partition_point(|block| block.message <= message);
        self.blocks.get(from..to).unwrap_or_default()
    }
}

/// A content block of Converse.
struct Block<'a> {
    /// The numbers of its message and of itself.
    message: usize,
    at: usize,
    by_assistant: bool,
    kind: &'a str,
    value: &'a Value,
}

/// The refusal, when the request is refused.
type Rule = fn(&Request) -> Option<Exception>;

/// Refuses a Converse or ConverseStream request that Bedrock or the model would refuse.
pub(super) fn converse(model: &Model, body: &Body, headers: &HeaderMap, streamed: bool) -> Result<(), Exception> {
    let request = Request { model, body, headers, converse: true, streamed, blocks: blocks(body) };
    for rules in [conversation::RULES, media::RULES, tools::RULES, parameters::RULES] {
        first_objection(rules, &request)?;
    }
    // What the model itself refuses is quoted by Converse.
    for rules in [claude::RULES, claude_schema::RULES, media::QUOTED, parameters::QUOTED] {
        first_objection(rules, &request).map_err(|refusal| wording::MODEL_RETURNED.refuse(&[&refusal.message]))?;
    }
    Ok(())
}

/// Refuses a native body that the model would refuse.
pub(super) fn invoke(model: &Model, body: &Body, headers: &HeaderMap, streamed: bool) -> Result<(), Exception> {
    let request = Request { model, body, headers, converse: false, streamed, blocks: Vec::new() };
    for rules in [native::RULES, claude_body::RULES, claude::RULES] {
        first_objection(rules, &request)?;
    }
    Ok(())
}

/// Refuses images that a model cannot see, whatever body they came in.
pub(super) fn images(model: &Model, question: &Question) -> Result<(), Exception> {
    if model.series.images || !question.has_images() { Ok(()) } else { Err(wording::MODALITY.refuse(&[&"image"])) }
}

fn first_objection(rules: &[Rule], request: &Request) -> Result<(), Exception> {
    rules.iter().find_map(|rule| rule(request)).map_or(Ok(()), Err)
}

fn is_any(model: &Model, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| model.is(prefix))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn messages<'a>(request: &Request<'a>) -> &'a [Value] {
    list(request.body.get("messages"))
}

/// Every content block, told by its first member that is set.
fn blocks(body: &Body) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    for (number, message) in list(body.get("messages")).iter().enumerate() {
        let by_assistant = message["role"] == "assistant";
        for (at, block) in list(&message["content"]).iter().enumerate() {
            let member = block.as_object().and_then(|block| block.iter().find(|(_, value)| !value.is_null()));
            if let Some((kind, value)) = member {
                found.push(Block { message: number, at, by_assistant, kind, value });
            }
        }
    }
    found
}
