//! A whole Converse answer as events.

use serde_json::Value;

use crate::conversation::{Event, StopReason, Usage};
use crate::error::Result;
use crate::family::rest::{count, keep, keep_rest};

/// The events of a Converse answer body.
pub fn decode(body: &[u8]) -> Result<Vec<Event>> {
    let answer: Value = super::super::json(body)?;
    let mut events = Vec::new();
    let content = answer.pointer("/output/message/content").and_then(Value::as_array);
    let content = content.map(Vec::as_slice).unwrap_or_default();
    for (index, block) in (0u32..).zip(content) {
        decode_block(index, block, &mut events);
    }
    if let Some(reason) = answer.get("stopReason").and_then(Value::as_str) {
        events.push(Event::Stop(stop_reason(reason, answer.get("additionalModelResponseFields"))));
    }
    push_metadata(&answer, &mut events);
    Ok(events)
}

/// What an answer says besides its message: members of a whole body, and of a stream's last events.
pub(super) fn push_metadata(body: &Value, events: &mut Vec<Event>) {
    let Some(members) = body.as_object() else { return };
    for (name, value) in members {
        match (name.as_str(), value) {
            // A stream pads its events with `p`.
            ("output" | "stopReason" | "p", _) | (_, Value::Null) => {}
            ("usage", usage) => push_usage(usage, events),
            ("metrics", metrics) => push_metrics(metrics, events),
            ("serviceTier", tier) => push_tier(tier, events),
            ("trace", Value::Object(trace)) if !trace.is_empty() => events.push(Event::Trace(value.clone())),
            ("performanceConfig", config) => events.push(Event::PerformanceConfig(config.clone())),
            ("additionalModelResponseFields", fields) => events.push(Event::AdditionalFields(fields.clone())),
            (name, value) => keep(name, value, events),
        }
    }
}

fn push_metrics(metrics: &Value, events: &mut Vec<Event>) {
    events.extend(metrics.get("latencyMs").and_then(count).map(Event::Latency));
    keep_rest(metrics, &["latencyMs"], events);
}

fn push_tier(tier: &Value, events: &mut Vec<Event>) {
    let named = tier.get("type").and_then(Value::as_str);
    events.extend(named.map(|name| Event::ServiceTier(name.to_owned())));
    keep_rest(tier, &["type"], events);
}

/// Events of one whole content block, in Converse's shape (Nova's InvokeModel answers have it too).
pub(in crate::family) fn decode_block(index: u32, block: &Value, events: &mut Vec<Event>) {
    let Some(members) = block.as_object() else { return };
    members.iter().for_each(|(name, value)| decode_member(index, name, value, events));
    events.push(Event::BlockStop { index });
}

fn decode_member(index: u32, name: &str, value: &Value, events: &mut Vec<Event>) {
    match name {
        "text" => events.push(Event::Text { index, text: string(value) }),
        "reasoningContent" => decode_reasoning(index, value, events),
        "citationsContent" => decode_cited(index, value, events),
        "toolUse" => {
            events.push(tool_use(index, value));
            let input = value.get("input").filter(|input| !input.is_null());
            events.extend(input.map(|input| Event::ToolInput { index, json: input.to_string() }));
        }
        _ => events.push(Event::Other { name: name.to_owned(), value: value.clone() }),
    }
}

/// The call of a tool, the caller's or one that Bedrock runs itself (Nova's `server_tool_use`).
pub(super) fn tool_use(index: u32, call: &Value) -> Event {
    let (id, name) = (string(&call["toolUseId"]), string(&call["name"]));
    match call["type"].as_str() {
        Some("server_tool_use") => Event::ServerTool { index, id, name },
        _ => Event::ToolUse { index, id, name },
    }
}

/// Text with the sources it rests on (recordings `claude/converse-*-citations-*`).
fn decode_cited(index: u32, cited: &Value, events: &mut Vec<Event>) {
    let items = |name: &str| cited.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    events.extend(items("content").iter().map(|part| Event::Text { index, text: string(&part["text"]) }));
    events.extend(items("citations").iter().map(|citation| Event::Citation { index, citation: citation.clone() }));
    keep_rest(cited, &["content", "citations"], events);
}

fn decode_reasoning(index: u32, reasoning: &Value, events: &mut Vec<Event>) {
    if let Some(text) = reasoning.pointer("/reasoningText/text") {
        events.push(Event::Reasoning { index, text: string(text) });
    }
    if let Some(signature) = reasoning.pointer("/reasoningText/signature") {
        events.push(Event::Signature { index, signature: string(signature) });
    }
    if let Some(data) = reasoning.get("redactedContent") {
        events.push(Event::Redacted { index, data: string(data) });
    }
}

pub(super) fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Why the model stopped; with `/stop_sequence` asked for, Claude names the sequence.
pub(super) fn stop_reason(word: &str, additional: Option<&Value>) -> StopReason {
    let named = additional
        .and_then(|fields| fields.get("stop_sequence").or_else(|| fields.pointer("/delta/stop_sequence")))
        .and_then(Value::as_str);
    match StopReason::parse(word) {
        StopReason::StopSequence(_) => StopReason::StopSequence(named.map(str::to_owned)),
        reason => reason,
    }
}

/// Adds what `TokenUsage` counts, and keeps what it tells besides (server tools, cache details).
fn push_usage(usage: &Value, events: &mut Vec<Event>) {
    events.push(Event::UsageAsWritten(usage.clone()));
    events.push(Event::Usage(usage_of(usage)));
    keep_rest(usage, USAGE, events);
}

/// Members of `TokenUsage` that are read.
pub(in crate::family) const USAGE: &[&str] = &[
    "inputTokens",
    "outputTokens",
    "totalTokens",
    "cacheReadInputTokens",
    "cacheReadInputTokenCount",
    "cacheWriteInputTokens",
    "cacheWriteInputTokenCount",
];

/// `TokenUsage` of Converse; the cache members come in two spellings, the older with `…TokenCount`.
pub(in crate::family) fn usage_of(usage: &Value) -> Usage {
    let first = |names: &[&str]| names.iter().find_map(|name| count(usage.get(name)?));
    Usage {
        input_tokens: first(&["inputTokens"]),
        output_tokens: first(&["outputTokens"]),
        total_tokens: first(&["totalTokens"]),
        cache_read_input_tokens: first(&["cacheReadInputTokens", "cacheReadInputTokenCount"]),
        cache_write_input_tokens: first(&["cacheWriteInputTokens", "cacheWriteInputTokenCount"]),
    }
}
