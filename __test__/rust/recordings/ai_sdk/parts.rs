//! What results and stream parts tell, in the form that [`super::super::told`] has for all.

use std::collections::BTreeMap;

use bedrock_wrapper::conversation::Usage;
use serde_json::{Value, json};

use crate::recordings::corpus::Recording;
use crate::recordings::told::{Told, ToolCall, input};

/// A stream as the result that it comes to.
pub(super) fn joined(parts: &[Value]) -> Value {
    let (mut content, mut places) = (Vec::<Value>::new(), BTreeMap::new());
    let mut result = json!({});
    for part in parts {
        let kind = part["type"].as_str().unwrap();
        match kind {
            "text-start" | "reasoning-start" => {
                places.insert(part["id"].to_string(), content.len());
                content.push(json!({"type": kind.trim_end_matches("-start"), "text": ""}));
            }
            "text-delta" | "text-end" | "reasoning-delta" | "reasoning-end" => {
                let block = &mut content[places[&part["id"].to_string()]];
                block["text"] = (text(&block["text"]).to_owned() + text(&part["delta"])).into();
                if let Some(metadata) = part.get("providerMetadata") {
                    block["providerMetadata"] = metadata.clone();
                }
            }
            "tool-input-start" | "tool-input-delta" | "tool-input-end" => {}
            "finish" => result = part.clone(),
            _ => content.push(part.clone()),
        }
    }
    result["content"] = content.into();
    result
}

/// What a result tells.
pub(super) fn told(result: &Value) -> Told {
    let mut told = Told::default();
    for part in result["content"].as_array().unwrap() {
        let metadata = &part["providerMetadata"]["bedrock"];
        match text(&part["type"]) {
            "text" => told.text += text(&part["text"]),
            "reasoning" => {
                told.reasoning += text(&part["text"]);
                told.signatures += text(&metadata["signature"]);
                told.redacted += text(&metadata["redactedContent"]);
            }
            "tool-call" => told.tools.push(ToolCall {
                id: text(&part["toolCallId"]).to_owned(),
                name: text(&part["toolName"]).to_owned(),
                input: input(text(&part["input"])),
            }),
            _ => {}
        }
    }
    told.stop = result["finishReason"]["raw"].as_str().map(str::to_owned);
    told.stopped_at = result["providerMetadata"]["bedrock"]["stopSequence"].as_str().map(str::to_owned);
    told.usage = usage(&result["usage"]);
    told
}

/// Without the sum, which is the sum of the others.
fn usage(usage: &Value) -> Option<Usage> {
    let count = |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64);
    let told = Usage {
        input_tokens: count("/inputTokens/noCache"),
        output_tokens: count("/outputTokens/total"),
        cache_read_input_tokens: count("/inputTokens/cacheRead"),
        cache_write_input_tokens: count("/inputTokens/cacheWrite"),
        total_tokens: None,
    };
    (told != Usage::default()).then_some(told)
}

/// The same, counted as the AI SDK does: what is not said of the cache is 0, and the sum is left to the reader.
pub(super) fn counted(told: Told) -> Told {
    let cached = |usage: &Usage, tokens: Option<u64>| usage.input_tokens.map_or(tokens, |_| tokens.or(Some(0)));
    let usage = told.usage.map(|usage| Usage {
        cache_read_input_tokens: cached(&usage, usage.cache_read_input_tokens),
        cache_write_input_tokens: cached(&usage, usage.cache_write_input_tokens),
        total_tokens: None,
        ..usage
    });
    Told { usage: usage.filter(|usage| *usage != Usage::default()), ..told }
}

/// How often a part is there.
pub(super) fn count(parts: &[Value], kind: &str) -> usize {
    parts.iter().filter(|part| part["type"] == kind).count()
}

/// Citations in a recorded answer of Converse.
pub(super) fn citations(recording: &Recording) -> usize {
    let in_deltas = recording.decoded().iter().filter(|event| !event["payload"]["delta"]["citation"].is_null()).count();
    let lists = blocks(recording).iter().filter_map(|block| block["citationsContent"]["citations"].as_array());
    in_deltas + lists.map(Vec::len).sum::<usize>()
}

/// Results of Bedrock's own tools in a recorded answer of Converse.
pub(super) fn results(recording: &Recording) -> usize {
    let started = |event: &&Value| event["payload"]["start"]["toolResult"].is_object();
    let in_stream = recording.decoded().iter().filter(started).count();
    in_stream + blocks(recording).iter().filter(|block| block["toolResult"].is_object()).count()
}

fn blocks(recording: &Recording) -> &[Value] {
    let content = recording.value["response"]["body"].pointer("/output/message/content");
    content.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
