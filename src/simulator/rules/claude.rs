//! What Anthropic's API refuses in either body; Converse quotes it.

use serde_json::Value;

use super::{Request, Rule, is_any, list, messages};
use crate::simulator::exception::Exception;
use crate::simulator::models::Family;
use crate::simulator::native::body::count;
use crate::simulator::wording;

pub(super) const RULES: &[Rule] = &[
    total_text,
    prefill,
    prefill_with_tools,
    duplicate_tools,
    temperature_and_top_p,
    deprecated_sampling,
    thinking,
    thinking_order,
];

/// Most bytes of text in all messages.
const MOST_TEXT: usize = 9_000_000;
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
    "anthropic.claude-sonnet-4-5",
    "anthropic.claude-sonnet-4-6",
    "anthropic.claude-sonnet-5",
    "anthropic.claude-haiku-4-5",
    "anthropic.claude-haiku-5",
];
/// Ids that start so think adaptively only, and take no sampling parameters.
const ADAPTIVE_ONLY: &[&str] = &["anthropic.claude-opus-4-7", "anthropic.claude-opus-4-8", "anthropic.claude-opus-5"];

fn is_claude(request: &Request) -> bool {
    request.model.series.family == Family::Claude
}

fn total_text(request: &Request) -> Option<Exception> {
    let text = |block: &Value| block["text"].as_str().map_or(0, str::len);
    let of = |message: &Value| match &message["content"] {
        Value::String(text) => text.len(),
        content => list(content).iter().map(text).sum(),
    };
    let total: usize = messages(request).iter().map(of).sum();
    (is_claude(request) && total > MOST_TEXT).then(|| wording::TOO_MUCH_TEXT.refuse(&[&total]))
}

fn ends_with_assistant(request: &Request) -> bool {
    messages(request).last().is_some_and(|last| last["role"] == "assistant")
}

fn prefill(request: &Request) -> Option<Exception> {
    (ends_with_assistant(request) && is_any(request.model, NO_PREFILL)).then(|| wording::NO_PREFILL.refuse(&[]))
}

fn prefill_with_tools(request: &Request) -> Option<Exception> {
    let tools = request.body.has(if request.converse { "toolConfig" } else { "tools" });
    (is_claude(request) && tools && ends_with_assistant(request)).then(|| wording::PREFILL_WITH_TOOLS.refuse(&[]))
}

fn duplicate_tools(request: &Request) -> Option<Exception> {
    let (tools, name): (_, fn(&Value) -> &Value) = match request.converse {
        true => (&request.body.get("toolConfig")["tools"], |tool| &tool["toolSpec"]["name"]),
        false => (request.body.get("tools"), |tool| &tool["name"]),
    };
    let mut names: Vec<&str> = list(tools).iter().filter_map(|tool| name(tool).as_str()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    (is_claude(request) && names.len() < count).then(|| wording::DUPLICATE_TOOL.refuse(&[]))
}

fn temperature_and_top_p(request: &Request) -> Option<Exception> {
    let both = !sampling(request, "temperature").is_null() && !sampling(request, "topP").is_null();
    (both && is_any(request.model, TEMPERATURE_OR_TOP_P)).then(|| wording::TEMPERATURE_AND_TOP_P.refuse(&[]))
}

/// A temperature of 1 passes when they think (logancyang/obsidian-copilot#2600).
fn deprecated_sampling(request: &Request) -> Option<Exception> {
    let passes = |value: &Value| value.as_f64() == Some(1.0) && extra(request, "thinking").is_object();
    let given = |name: &str| Some(sampling(request, name)).filter(|value| !value.is_null());
    let (name, _) = [("temperature", given("temperature")), ("top_p", given("topP"))]
        .into_iter()
        .find(|(_, value)| value.is_some_and(|value| !passes(value)))?;
    is_any(request.model, ADAPTIVE_ONLY).then(|| wording::DEPRECATED.refuse(&[&name]))
}

fn thinking(request: &Request) -> Option<Exception> {
    let thinking = extra(request, "thinking");
    if !is_claude(request) || thinking["type"] != "enabled" {
        return None;
    }
    let budget = count(&thinking["budget_tokens"]).unwrap_or_default();
    let most = count(match request.converse {
        true => &request.body.get("inferenceConfig")["maxTokens"],
        false => request.body.get("max_tokens"),
    });
    let below = |name: &str, least: f64| sampling(request, name).as_f64().is_some_and(|value| value < least);
    let refusal = match () {
        () if is_any(request.model, ADAPTIVE_ONLY) => wording::THINKING_ADAPTIVE,
        () if budget < 1024 => wording::THINKING_BUDGET,
        () if most.is_some_and(|most| most <= budget) => wording::THINKING_MAX_TOKENS,
        () if below("temperature", 1.0) => wording::THINKING_TEMPERATURE,
        () if below("topP", 0.95) => wording::THINKING_TOP_P,
        () if !extra(request, "top_k").is_null() => wording::THINKING_TOP_K,
        () if forces_tool(request) => wording::THINKING_FORCED_TOOL,
        () => return None,
    };
    Some(refusal.refuse(&[]))
}

fn forces_tool(request: &Request) -> bool {
    if request.converse {
        let choice = &request.body.get("toolConfig")["toolChoice"];
        return choice["any"].is_object() || choice["tool"].is_object();
    }
    let kind = &request.body.get("tool_choice")["type"];
    *kind == "any" || *kind == "tool"
}

/// When tool results come back, the turn that asked for them starts with what the model thought.
fn thinking_order(request: &Request) -> Option<Exception> {
    if !is_claude(request) || extra(request, "thinking")["type"] != "enabled" {
        return None;
    }
    let messages = messages(request);
    let at = messages.iter().rposition(|message| message["role"] == "assistant")?;
    let results = messages.get(at + 1..)?.iter().flat_map(|message| list(&message["content"]));
    if !results.into_iter().any(|block| block["toolResult"].is_object() || block["type"] == "tool_result") {
        return None;
    }
    let first = list(&messages.get(at)?["content"]).first()?;
    let found = match (first["type"].as_str(), first) {
        (Some(kind), _) => kind,
        (None, block) if block["reasoningContent"].is_object() => "thinking",
        (None, block) if block["toolUse"].is_object() => "tool_use",
        (None, _) => "text",
    };
    let thought = matches!(found, "thinking" | "redacted_thinking");
    (!thought).then(|| wording::THINKING_ORDER.refuse(&[&at, &found]))
}

/// A sampling parameter by its Converse name.
fn sampling<'a>(request: &Request<'a>, name: &str) -> &'a Value {
    match (request.converse, name) {
        (true, name) => &request.body.get("inferenceConfig")[name],
        (false, "topP") => request.body.get("top_p"),
        (false, name) => request.body.get(name),
    }
}

/// A member of Anthropic's own body.
fn extra<'a>(request: &Request<'a>, name: &str) -> &'a Value {
    match request.converse {
        true => &request.body.get("additionalModelRequestFields")[name],
        false => request.body.get(name),
    }
}
