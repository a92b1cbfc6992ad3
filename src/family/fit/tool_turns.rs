//! Calls and results: every call of a turn has its one result at the beginning of the next turn, and nothing else has.
//!
//! Facts: Converse's refusals ("Expected toolResult blocks at messages.2.content for the following Ids", "The number of
//! toolResult blocks … exceeds the number of toolUse blocks of previous turn"); Anthropic wants results before text.

use std::collections::{HashMap, VecDeque};

use serde_json::{Value, json};

use super::tool_ids;
use super::turns::blocks_of;
use crate::catalog::Model;
use crate::conversation::{Block, Content, Loss, LossCode, Message, Role, ToolResult, ToolUse};

const NO_RESULT: &str = "No result was given for this call.";

/// Pairs calls with results in turns that alternate.
pub(super) fn pair(messages: &mut Vec<Message>, model: &Model, losses: &mut Vec<Loss>) {
    let mut pairing = Pairing { short_ids: model.short_tool_ids, seen: HashMap::new(), open: Vec::new(), losses };
    for message in messages.iter_mut() {
        match message.role {
            Role::Assistant => pairing.calls(blocks_of(&mut message.content)),
            Role::User => pairing.results(blocks_of(&mut message.content)),
        }
    }
    let mut missing = Vec::new();
    pairing.missing(&mut missing);
    if !missing.is_empty() {
        messages.push(Message { role: Role::User, content: Content::Blocks(missing), name: None });
    }
}

struct Pairing<'a> {
    short_ids: bool,
    /// How many calls have borne an id.
    seen: HashMap<String, u32>,
    /// The calls of the turn before that have no result yet.
    open: Vec<Call>,
    losses: &'a mut Vec<Loss>,
}

struct Call {
    /// As the caller wrote it.
    id: String,
    /// As it is sent.
    sent: String,
    param: String,
}

impl Pairing<'_> {
    fn calls(&mut self, blocks: &mut [Block]) {
        self.open.clear();
        for block in blocks {
            let Block::ToolUse(call) = block else { continue };
            let occurrence = self.seen.entry(call.id.clone()).and_modify(|count| *count += 1).or_insert(0);
            let sent = tool_ids::sent(&call.id, *occurrence, self.short_ids).into_owned();
            let id = std::mem::replace(&mut call.id, sent.clone());
            self.open.push(Call { id, sent, param: call.param.clone() });
        }
    }

    /// Results first, in the caller's order, then those that are missing, then everything else.
    fn results(&mut self, blocks: &mut Vec<Block>) {
        if self.open.is_empty() && !blocks.iter().any(|block| matches!(block, Block::ToolResult(_))) {
            return;
        }
        let mut by_id: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (index, call) in self.open.iter().enumerate() {
            by_id.entry(call.id.clone()).or_default().push_back(index);
        }
        let mut answered = vec![false; self.open.len()];
        let (mut first, mut rest) = (Vec::with_capacity(blocks.len()), Vec::new());
        let mut after_result = false;
        for block in blocks.drain(..) {
            match block {
                Block::ToolResult(mut result) => {
                    let call = by_id.get_mut(&result.id).and_then(VecDeque::pop_front);
                    let call = call.and_then(|index| Some((index, self.open.get(index)?)));
                    after_result = call.is_some();
                    match call {
                        Some((index, call)) => {
                            result.id.clone_from(&call.sent);
                            if let Some(answered) = answered.get_mut(index) {
                                *answered = true;
                            }
                            first.push(Block::ToolResult(result));
                        }
                        None => orphan(result, &mut rest, self.losses),
                    }
                }
                Block::CachePoint(_) if after_result => first.push(block),
                block => {
                    after_result = false;
                    rest.push(block);
                }
            }
        }
        let mut answered = answered.into_iter();
        self.open.retain(|_| !answered.next().unwrap_or_default());
        self.missing(&mut first);
        first.append(&mut rest);
        *blocks = first;
    }

    /// Results for the calls that have none.
    fn missing(&mut self, blocks: &mut Vec<Block>) {
        for call in self.open.drain(..) {
            let message = "No tool message answers this call; the model is told that its result is missing.";
            self.losses.push(Loss::of(LossCode::Emulated, call.param.clone(), message));
            let content = vec![Block::Text(NO_RESULT.to_owned())];
            blocks.push(Block::ToolResult(ToolResult { param: call.param, id: call.sent, content, is_error: true }));
        }
    }
}

/// A result without a call becomes part of what the user says.
fn orphan(result: ToolResult, rest: &mut Vec<Block>, losses: &mut Vec<Loss>) {
    let message = format!("No call of the turn before has the id {:?}; the result was sent as text.", result.id);
    losses.push(Loss::of(LossCode::ValueAdjusted, result.param, message));
    rest.push(Block::Text("Result of a tool:".to_owned()));
    rest.extend(result.content.into_iter().map(|part| match part {
        Block::Verbatim(value) => Block::Text(value.get("json").unwrap_or(&value).to_string()),
        other => other,
    }));
}

/// Converse takes objects only as the input of a call.
pub(super) fn make_object(input: &mut Value) {
    if !input.is_object() {
        let given = std::mem::take(input);
        *input = if given.is_null() { json!({}) } else { json!({ "value": given }) };
    }
}

/// Converse takes objects only as the JSON of a result; anything else is its text.
pub(super) fn json_is_an_object(part: &mut Block) {
    if let Block::Verbatim(value) = part
        && let Some(json) = value.get("json").filter(|json| !json.is_object())
    {
        *part = Block::Text(json.to_string());
    }
}

/// Calls and results as text, for models that have no tools.
pub(super) fn tell_in_words(messages: &mut [Message], model: &Model, losses: &mut Vec<Loss>) {
    let mut told = 0;
    for message in messages {
        let Content::Blocks(blocks) = &mut message.content else { continue };
        if !blocks.iter().any(|block| matches!(block, Block::ToolUse(_) | Block::ToolResult(_))) {
            continue;
        }
        for block in std::mem::take(blocks) {
            match block {
                Block::ToolUse(ToolUse { name, input, .. }) => {
                    told += 1;
                    blocks.push(Block::Text(format!("(I called the tool {name} with {input}.)")));
                }
                Block::ToolResult(result) => {
                    told += 1;
                    orphan(result, blocks, &mut Vec::new());
                }
                other => blocks.push(other),
            }
        }
    }
    if told > 0 {
        let message = format!("{} has no tools; {told} calls and results in the history were sent as text.", model.id);
        losses.push(Loss::of(LossCode::Emulated, "messages", message));
    }
}
