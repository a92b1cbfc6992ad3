//! What Anthropic's API refuses, in either body.

use serde_json::Value;

use super::{Request, Rule, is_any, malformed, messages};
use crate::simulator::models::Family;
use crate::simulator::native::body::count;

/// Claude's own rules; both bodies carry the members they look at.
pub(super) const RULES: &[Rule] = &[prefill, prefill_with_tools, temperature_and_top_p, thinking];

/// Ids that start so refuse an assistant turn at the end.
const NO_PREFILL: &[&str] = &[
    "anthropic.claude-opus-4-6",
    "anthropic.claude-opus-4-7",
    "anthropic.claude-opus-4-8",
    "anthropic.claude-opus-5",
    "anthropic.claude-sonnet-4-6",
    "anthropic.claude-sonnet-5",
];
/// Ids that start so take one of the two sampling parameters.
const TEMPERATURE_OR_TOP_P: &[&str] = &[
    "anthropic.claude-opus-4-1",
    "anthropic.claude-opus-4-5",
    "anthropic.claude-opus-4-6",
    "anthropic.claude-opus-4-7",
    "anthropic.claude-opus-4-8",
    "anthropic.claude-opus-5",
    "anthropic.claude-sonnet-4-5",
    "anthropic.claude-sonnet-4-6",
    "anthropic.claude-sonnet-5",
    "anthropic.claude-haiku-4-5",
    "anthropic.claude-haiku-5",
];
/// Ids that start so think adaptively only.
const ADAPTIVE_ONLY: &[&str] = &["anthropic.claude-opus-4-7", "anthropic.claude-opus-4-8", "anthropic.claude-opus-5"];

pub(super) fn messages_shape(request: &Request) -> Option<String> {
    if request.model.series.family != Family::Claude || !request.body.has("messages") {
        return None;
    }
    let list = messages(request);
    if list.is_empty() {
        return Some("messages: at least one message is required".into());
    }
    if let Some(at) = list.iter().position(|message| message["content"].is_object()) {
        let path = format!("#/messages/{at}/content: expected type");
        return Some(malformed(&format!(
            "#: subject must not be valid against schema {{\"required\":[\"messages\"]}}{path}: String, found: JSONObject{path}: JSONArray, found: JSONObject"
        )));
    }
    list.iter().enumerate().find_map(|(at, message)| {
        let empty = match &message["content"] {
            Value::String(text) => text.is_empty(),
            Value::Array(blocks) => blocks.is_empty(),
            _ => true,
        };
        if empty && !(at + 1 == list.len() && message["role"] == "assistant") {
            return Some(format!("messages.{at}: all messages must have non-empty content except for the optional final assistant message"));
        }
        let blank = |block: &Value| block["type"] == "text" && block["text"].as_str().is_none_or(str::is_empty);
        if message["content"].as_array().is_some_and(|blocks| blocks.iter().any(blank)) {
            return Some("messages: text content blocks must be non-empty".into());
        }
        let extra = message.as_object()?.keys().find(|key| !matches!(key.as_str(), "role" | "content"))?;
        Some(format!("messages.{at}.{extra}: Extra inputs are not permitted"))
    })
}

pub(super) fn max_tokens(request: &Request) -> Option<String> {
    if request.model.series.family != Family::Claude {
        return None;
    }
    let (most, given) = (request.model.series.max_output?, count(request.body.get("max_tokens"))?);
    (given > most)
        .then(|| format!("max_tokens: {given} > {most}, which is the maximum allowed number of output tokens"))
}

fn prefill(request: &Request) -> Option<String> {
    let last = messages(request).last()?;
    (last["role"] == "assistant" && is_any(request.model, NO_PREFILL)).then(|| {
        "This model does not support assistant message prefill. The conversation must end with a user message.".into()
    })
}

/// Recorded with Claude 3 Sonnet.
fn prefill_with_tools(request: &Request) -> Option<String> {
    let tools = request.body.has(if request.converse { "toolConfig" } else { "tools" });
    let prefilled = messages(request).last().is_some_and(|last| last["role"] == "assistant");
    (tools && prefilled && request.model.series.family == Family::Claude).then(|| {
        "Your API request included an `assistant` message in the final position, which would pre-fill the `assistant` response. When using tools, pre-filling the `assistant` response is not supported.".into()
    })
}

fn temperature_and_top_p(request: &Request) -> Option<String> {
    let both = !sampling(request, "temperature").is_null() && !sampling(request, "topP").is_null();
    (both && is_any(request.model, TEMPERATURE_OR_TOP_P))
        .then(|| "`temperature` and `top_p` cannot both be specified for this model. Please use only one.".into())
}

fn thinking(request: &Request) -> Option<String> {
    let thinking = match request.converse {
        true => &request.body.get("additionalModelRequestFields")["thinking"],
        false => request.body.get("thinking"),
    };
    if request.model.series.family != Family::Claude || thinking["type"] != "enabled" {
        return None;
    }
    if is_any(request.model, ADAPTIVE_ONLY) {
        return Some("\"thinking.type.enabled\" is not supported for this model.".into());
    }
    let budget = count(&thinking["budget_tokens"]).unwrap_or_default();
    let most = count(request.body.at(if request.converse { "/inferenceConfig/maxTokens" } else { "/max_tokens" }));
    let temperature = sampling(request, "temperature").as_f64();
    if budget < 1024 {
        return Some("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024".into());
    }
    if most.is_some_and(|most| most <= budget) {
        return Some("`max_tokens` must be greater than `thinking.budget_tokens`".into());
    }
    temperature
        .is_some_and(|temperature| temperature != 1.0)
        .then(|| "`temperature` may only be set to 1 when thinking is enabled.".into())
}

/// A sampling parameter by its Converse name.
fn sampling<'a>(request: &'a Request, name: &str) -> &'a Value {
    match (request.converse, name) {
        (true, name) => &request.body.get("inferenceConfig")[name],
        (false, "topP") => request.body.get("top_p"),
        (false, name) => request.body.get(name),
    }
}
