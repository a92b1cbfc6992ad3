//! What Anthropic's API refuses in its own body.

use serde_json::Value;

use super::{Request, Rule, list, messages};
use crate::simulator::exception::Exception;
use crate::simulator::models::Family;
use crate::simulator::native::body::count;
use crate::simulator::wording;

pub(super) const RULES: &[Rule] = &[messages_shape, max_tokens];

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

fn max_tokens(request: &Request) -> Option<Exception> {
    if request.model.series.family != Family::Claude {
        return None;
    }
    let (most, given) = (request.model.series.max_output?, count(request.body.get("max_tokens"))?);
    (given > most).then(|| wording::CLAUDE_MAX_TOKENS.refuse(&[&given, &most]))
}
