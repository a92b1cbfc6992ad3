//! A whole Converse answer as events.

use serde_json::Value;

use crate::conversation::{Event, StopReason, Usage};
use crate::error::Result;

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
    if let Some(usage) = answer.get("usage") {
        events.push(Event::Usage(usage_of(usage)));
    }
    keep_rest(&answer, &["output", "stopReason", "usage", "metrics"], &mut events);
    Ok(events)
}

/// Members of an answer that nothing here interprets.
pub(super) fn keep_rest(answer: &Value, known: &[&str], events: &mut Vec<Event>) {
    let Some(members) = answer.as_object() else { return };
    for (name, value) in members.iter().filter(|(name, _)| !known.contains(&name.as_str()) && *name != "p") {
        events.push(Event::Other { name: name.clone(), value: value.clone() });
    }
}

/// Events of one whole content block, in Converse's shape (Nova's InvokeModel answers have it too).
pub(in crate::family) fn decode_block(index: u32, block: &Value, events: &mut Vec<Event>) {
    let Some((name, value)) = block.as_object().and_then(|members| members.iter().next()) else { return };
    match name.as_str() {
        "text" => events.push(Event::Text { index, text: string(value) }),
        "reasoningContent" => decode_reasoning(index, value, events),
        "toolUse" => {
            let (id, tool) = (string(&value["toolUseId"]), string(&value["name"]));
            events.push(Event::ToolUse { index, id, name: tool });
            events.push(Event::ToolInput { index, json: value["input"].to_string() });
            if value.get("type").is_some_and(|kind| kind == "server_tool_use") {
                events.push(Event::Other { name: "server_tool_use".to_owned(), value: value.clone() });
            }
        }
        _ => events.push(Event::Other { name: name.clone(), value: value.clone() }),
    }
    events.push(Event::BlockStop { index });
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

fn string(value: &Value) -> String {
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

/// `TokenUsage` of Converse; older recordings spell the cache members `…TokenCount`.
pub(in crate::family) fn usage_of(usage: &Value) -> Usage {
    let count = |names: &[&str]| names.iter().find_map(|name| usage.get(name).and_then(Value::as_u64));
    Usage {
        input_tokens: count(&["inputTokens"]),
        output_tokens: count(&["outputTokens"]),
        total_tokens: count(&["totalTokens"]),
        cache_read_input_tokens: count(&["cacheReadInputTokens", "cacheReadInputTokenCount"]),
        cache_write_input_tokens: count(&["cacheWriteInputTokens", "cacheWriteInputTokenCount"]),
    }
}
