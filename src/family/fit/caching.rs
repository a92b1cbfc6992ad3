//! Cache points: the caller's own, those asked for, and what a model takes of them.
//!
//! Facts: "Prompt caching" (user guide): at most four points; the order tools, instructions, messages; a longer life
//! before a shorter one; nothing is kept below a least number of tokens.

use serde_json::Value;

use super::turns::blocks_of;
use crate::catalog::{Model, PromptCache};
use crate::conversation::{
    Block, CachePoint, Caching, Content, FileSource, Loss, LossCode, Message, Request, Role, Tool, Ttl,
};

const MOST_POINTS: usize = 4;
/// About how many bytes of text are a token.
const BYTES_A_TOKEN: usize = 4;

/// Sets the points that were asked for and leaves out those that the model does not take.
pub(super) fn fit(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    let wanted = std::mem::take(&mut request.caching);
    match model.prompt_cache {
        Some(cache) => {
            set(request, wanted, cache);
            let mut limits =
                Limits { cache, left: MOST_POINTS, short: false, surplus: 0, shortened: false, misplaced: false };
            each_point(request, |place, point| limits.keep(place, point));
            limits.tell(model, losses);
        }
        // Of models that are not known the service decides.
        None if model.derived => {}
        None => {
            let mut dropped = 0;
            each_point(request, |_, _| {
                dropped += 1;
                false
            });
            if dropped > 0 || wanted != Caching::default() && !wanted.where_possible {
                let message = format!("{} has no prompt cache; cache points were left out.", model.id);
                losses.push(Loss::of(LossCode::UnsupportedField, "messages", message));
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Tools,
    System,
    Messages,
}

/// Visits every point in the order of the service; those for which `keep` says no are taken out.
fn each_point(request: &mut Request, mut keep: impl FnMut(Place, &mut CachePoint) -> bool) {
    request.tools.retain_mut(|tool| match tool {
        Tool::CachePoint(point) => keep(Place::Tools, point),
        Tool::Function(_) | Tool::System(_) | Tool::Native(_) => true,
    });
    let mut visit = |place: Place, content: &mut Content| {
        let Content::Blocks(blocks) = content else { return };
        blocks.retain_mut(|block| match block {
            Block::CachePoint(point) => keep(place, point),
            _ => true,
        });
    };
    request.system.iter_mut().for_each(|content| visit(Place::System, content));
    request.messages.iter_mut().for_each(|message| visit(Place::Messages, &mut message.content));
}

struct Limits {
    cache: PromptCache,
    left: usize,
    /// Whether a point with the shorter life has come.
    short: bool,
    surplus: usize,
    shortened: bool,
    misplaced: bool,
}

impl Limits {
    fn keep(&mut self, place: Place, point: &mut CachePoint) -> bool {
        if place == Place::Tools && !self.cache.tools {
            self.misplaced = true;
            return false;
        }
        if self.left == 0 {
            self.surplus += 1;
            return false;
        }
        self.left -= 1;
        if point.ttl == Some(Ttl::OneHour) && (self.short || !self.cache.one_hour) {
            self.shortened = true;
            point.ttl = None;
        }
        self.short |= point.ttl != Some(Ttl::OneHour);
        true
    }

    fn tell(&self, model: &Model, losses: &mut Vec<Loss>) {
        let mut tell = |code, message| losses.push(Loss::of(code, "messages", message));
        if self.misplaced {
            tell(LossCode::UnsupportedField, format!("{} keeps no tools in its prompt cache.", model.id));
        }
        if self.surplus > 0 {
            let message = format!("Bedrock takes {MOST_POINTS} cache points; {} were left out.", self.surplus);
            tell(LossCode::UnsupportedField, message);
        }
        if self.shortened {
            let why =
                if self.cache.one_hour { "an hour cannot follow five minutes" } else { "it keeps nothing longer" };
            tell(LossCode::ValueAdjusted, format!("A cache point for an hour lives five minutes: {why}."));
        }
    }
}

/// Places the points that were asked for, as long as there is room beside the caller's own and enough stands before.
fn set(request: &mut Request, wanted: Caching, cache: PromptCache) {
    if wanted == Caching::default() {
        return;
    }
    let mut own = 0;
    each_point(request, |_, _| {
        own += 1;
        true
    });
    let mut left = MOST_POINTS.saturating_sub(own);
    let least = usize::try_from(cache.min_tokens).unwrap_or(usize::MAX).saturating_mul(BYTES_A_TOKEN);
    let ttl = wanted.ttl.filter(|ttl| cache.one_hour || *ttl == Ttl::FiveMinutes);
    let point = CachePoint { ttl };
    let mut before: usize = request.tools.iter().map(tool_length).sum();
    let marked = matches!(request.tools.last(), None | Some(Tool::CachePoint(_)));
    if wanted.tools && cache.tools && !marked && before >= least && left > 0 {
        request.tools.push(Tool::CachePoint(point));
        left -= 1;
    }
    before += request.system.iter().map(length).sum::<usize>();
    if wanted.system && before >= least && left > 0 {
        left -= usize::from(request.system.last_mut().is_some_and(|content| mark(content, point)));
    }
    if wanted.messages {
        before += request.messages.iter().map(|message| length(&message.content)).sum::<usize>();
        mark_user_turns(&mut request.messages, point, before, least, left);
    }
}

/// The last user turn, and the one before it, whose point the next call finds again.
fn mark_user_turns(messages: &mut [Message], point: CachePoint, total: usize, least: usize, left: usize) {
    let mut before = total;
    let mut left = left.min(2);
    for message in messages.iter_mut().rev() {
        if left == 0 || before < least {
            return;
        }
        let own = length(&message.content);
        if message.role == Role::User {
            mark(&mut message.content, point);
            left -= 1;
        }
        before = before.saturating_sub(own);
    }
}

/// Says whether there was something to mark that was not marked yet.
fn mark(content: &mut Content, point: CachePoint) -> bool {
    let blocks = blocks_of(content);
    if matches!(blocks.last(), None | Some(Block::CachePoint(_))) {
        return false;
    }
    blocks.push(Block::CachePoint(point));
    true
}

fn tool_length(tool: &Tool) -> usize {
    match tool {
        Tool::Function(function) => {
            let described = function.description.as_ref().map_or(0, String::len);
            function.name.len() + described + value_length(&function.schema)
        }
        Tool::System(system) => system.name.len(),
        Tool::Native(native) => value_length(&native.definition),
        Tool::CachePoint(_) => 0,
    }
}

/// About as many bytes as the JSON has.
fn value_length(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 4,
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(value_length).sum(),
        Value::Object(members) => members.iter().map(|(name, value)| name.len() + 3 + value_length(value)).sum(),
    }
}

fn length(content: &Content) -> usize {
    match content {
        Content::Text(text) => text.len(),
        Content::Blocks(blocks) => blocks.iter().map(block_length).sum(),
    }
}

/// A picture or file counts as many tokens as a small one takes.
fn block_length(block: &Block) -> usize {
    const PICTURE: usize = 1_000 * BYTES_A_TOKEN;
    match block {
        Block::Text(text) => text.len(),
        Block::Image(_) => PICTURE,
        Block::File(file) => match &file.source {
            FileSource::Text(text) => text.len(),
            _ => PICTURE,
        },
        Block::ToolUse(call) => call.name.len() + value_length(&call.input),
        Block::ToolResult(result) => result.content.iter().map(block_length).sum(),
        Block::Reasoning(thought) => thought.text.len(),
        Block::Verbatim(value) => value_length(value),
        Block::Redacted(_) | Block::CachePoint(_) => 0,
    }
}
