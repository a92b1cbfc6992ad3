//! What Anthropic's API refuses in its own body.

use std::collections::HashSet;

use serde_json::Value;

use super::{Request, Rule, list, messages};
use crate::simulator::exception::Exception;
use crate::simulator::models::Family;
use crate::simulator::native::body::count;
use crate::simulator::wording;

pub(super) const RULES: &[Rule] = &[messages_shape, tool_results, max_tokens];

fn messages_shape(request: &Request) -> Option<Exception> {
    if request.model.series.family != Family::Claude || !request.body.has("messages") {
        return None;
    }
    let messages = messages(request);
    if messages.is_empty() {
        return Some(wording::NO_MESSAGES.refuse(&[]));
    }
    if let Some(at) = messages.iter().position(|message| message["content"].is_object()) {
        let item = wording::CLAUDE_CONTENT_TYPE.fill(&[&at, &at]);
        return Some(wording::MALFORMED.refuse(&[&item]));
    }
    messages.iter().enumerate().find_map(|(at, message)| message_shape(at, message, at + 1 == messages.len()))
}

fn message_shape(at: usize, message: &Value, is_last: bool) -> Option<Exception> {
    let empty = match &message["content"] {
        Value::String(text) => text.is_empty(),
        Value::Array(blocks) => blocks.is_empty(),
        _ => true,
    };
    if empty && !(is_last && message["role"] == "assistant") {
        return Some(wording::CLAUDE_EMPTY_MESSAGE.refuse(&[&at]));
    }
    let blank = |block: &Value| block["type"] == "text" && block["text"].as_str().is_none_or(str::is_empty);
    if list(&message["content"]).iter().any(blank) {
        return Some(wording::CLAUDE_BLANK_TEXT.refuse(&[]));
    }
    let extra = message.as_object()?.keys().find(|key| !matches!(key.as_str(), "role" | "content"))?;
    Some(wording::CLAUDE_EXTRA.refuse(&[&format!("messages.{at}.{extra}")]))
}

/// Every tool use is answered in the turn after it, every result answers one in the turn before it. Messages of one
/// speaker in a row are one turn.
fn tool_results(request: &Request) -> Option<Exception> {
    if request.model.series.family != Family::Claude {
        return None;
    }
    let messages: Vec<(usize, &Value)> = messages(request).iter().enumerate().collect();
    let turns: Vec<&[(usize, &Value)]> = messages.chunk_by(|left, right| left.1["role"] == right.1["role"]).collect();
    let none: &[(usize, &Value)] = &[];
    // Before the first turn and after the last one there is nothing.
    (0..=turns.len()).find_map(|at| {
        let before = at.checked_sub(1).and_then(|before| turns.get(before)).copied().unwrap_or(none);
        let after = turns.get(at).copied().unwrap_or(none);
        let of_use = || blocks(before, "tool_use", "id").map(|(.., id)| id);
        let results: Vec<_> = blocks(after, "tool_result", "tool_use_id").collect();
        let answered: HashSet<&str> = results.iter().map(|(.., id)| *id).collect();
        let missing: Vec<&str> = of_use().filter(|id| !answered.contains(id)).collect();
        if let (Some((last, _)), false) = (before.last(), missing.is_empty()) {
            return Some(wording::CLAUDE_MISSING_RESULTS.refuse(&[last, &missing.join(", ")]));
        }
        let uses: HashSet<&str> = of_use().collect();
        let (message, block, id) = results.iter().find(|(.., id)| !uses.contains(id))?;
        Some(wording::CLAUDE_FOREIGN_RESULT.refuse(&[message, block, id]))
    })
}

/// The blocks of a type in a turn: the numbers of message and block, and the id in this member.
fn blocks<'a>(
    turn: &'a [(usize, &'a Value)],
    kind: &'static str,
    id: &'static str,
) -> impl Iterator<Item = (usize, usize, &'a str)> {
    turn.iter().flat_map(move |(message, value)| {
        let blocks = list(&value["content"]).iter().enumerate().filter(move |(_, block)| block["type"] == kind);
        blocks.filter_map(move |(at, block)| Some((*message, at, block[id].as_str()?)))
    })
}

fn max_tokens(request: &Request) -> Option<Exception> {
    if request.model.series.family != Family::Claude {
        return None;
    }
    let (most, given) = (request.model.series.max_output?, count(request.body.get("max_tokens"))?);
    (given > most).then(|| wording::CLAUDE_MAX_TOKENS.refuse(&[&given, &most]))
}
