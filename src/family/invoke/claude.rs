//! Anthropic Claude: the Messages body, and answers of the older completion body.
//!
//! Source: "Anthropic Claude Messages API" in the user guide; recordings `claude/invoke-*`.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::metrics::{KEY, Metrics, Tally};
use crate::catalog::Model;
use crate::conversation::{Block, Content, Event, Message, Request, StopReason, Usage};
use crate::error::Result;
use crate::family::converse::thinking;
use crate::family::rest::{count, keep_rest};
use crate::family::{StreamDecoder, cut, json};

const VERSION: &str = "bedrock-2023-05-31";

/// The Messages body.
pub(super) fn encode(request: &Request, model: &Model) -> Vec<u8> {
    let system = request.instructions();
    let body = Body {
        anthropic_version: VERSION,
        anthropic_beta: &model.anthropic_beta,
        max_tokens: request.parameters.max_tokens,
        system: (!system.is_empty()).then_some(system),
        messages: request.messages.iter().map(message).collect(),
        temperature: request.parameters.temperature,
        top_p: request.parameters.top_p,
        stop_sequences: &request.parameters.stop,
        thinking: request.reasoning.and_then(thinking),
    };
    // Strings, numbers and maps with string keys: serialization has nothing to fail on.
    serde_json::to_vec(&body).unwrap_or_default()
}

#[derive(Serialize)]
struct Body<'a> {
    anthropic_version: &'static str,
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    anthropic_beta: &'a [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    messages: Vec<WireMessage<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f64>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stop_sequences: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<Value>,
}

#[derive(Serialize)]
struct WireMessage<'a> {
    role: &'static str,
    content: WireContent<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum WireContent<'a> {
    Text(&'a str),
    Blocks(Vec<WireBlock<'a>>),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum WireBlock<'a> {
    Text { text: &'a str },
    Image { source: Source<'a> },
}

#[derive(Serialize)]
struct Source<'a> {
    r#type: &'static str,
    media_type: &'static str,
    data: &'a str,
}

fn message(message: &Message) -> WireMessage<'_> {
    let content = match &message.content {
        Content::Text(text) => WireContent::Text(text),
        Content::Blocks(blocks) => WireContent::Blocks(blocks.iter().filter_map(block).collect()),
    };
    WireMessage { role: message.role.as_str(), content }
}

fn block(block: &Block) -> Option<WireBlock<'_>> {
    match block {
        Block::Text(text) => Some(WireBlock::Text { text }),
        Block::Image(image) => {
            let (format, data) = image.ready()?;
            Some(WireBlock::Image { source: Source { r#type: "base64", media_type: format.mime(), data } })
        }
        _ => None, // `fit` lets nothing else through to InvokeModel
    }
}

/// The events of a whole answer.
pub(super) fn decode(body: &[u8]) -> Result<Vec<Event>> {
    let answer: Value = json(body)?;
    let mut events = Vec::new();
    if let Some(completion) = answer.get("completion").and_then(Value::as_str) {
        events.push(Event::Text { index: 0, text: completion.to_owned() });
    }
    let content = answer.get("content").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (index, block) in (0u32..).zip(content) {
        start_block(index, block, &mut events);
        if let Some(input) = block.get("input") {
            events.push(Event::ToolInput { index, json: input.to_string() });
        }
        events.push(Event::BlockStop { index });
    }
    push_stop(answer.get("stop_reason"), answer.get("stop_sequence").or(answer.get("stop")), &mut events);
    if let Some(usage) = answer.get("usage") {
        events.push(Event::Usage(usage_of(usage)));
        keep_rest(usage, USAGE, &mut events);
    }
    keep_rest(&answer, MESSAGE, &mut events);
    Ok(events)
}

/// Members of a message, or of a completion, that are read or say which answer it is.
const MESSAGE: &[&str] =
    &["completion", "content", "id", "model", "role", "stop", "stop_reason", "stop_sequence", "type", "usage"];
/// Members of a stream's chunk that are read.
const CHUNK: &[&str] =
    &["completion", "content_block", "delta", "index", "message", "stop", "stop_reason", "type", "usage", KEY];
const USAGE: &[&str] = &["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"];

/// The events of a content block as it stands in an answer, or as a stream opens it.
fn start_block(index: u32, block: &Value, events: &mut Vec<Event>) {
    let text = |member: &str| block[member].as_str().unwrap_or_default().to_owned();
    let kind = block["type"].as_str().unwrap_or_default();
    match kind {
        "text" => push_text(index, text("text"), events),
        "thinking" => {
            if !text("thinking").is_empty() {
                events.push(Event::Reasoning { index, text: text("thinking") });
            }
            if !text("signature").is_empty() {
                events.push(Event::Signature { index, signature: text("signature") });
            }
        }
        "redacted_thinking" => events.push(Event::Redacted { index, data: text("data") }),
        "tool_use" => events.push(Event::ToolUse { index, id: text("id"), name: text("name") }),
        "server_tool_use" => events.push(Event::ServerTool { index, id: text("id"), name: text("name") }),
        _ => return events.push(Event::Other { name: kind.to_owned(), value: block.clone() }),
    }
    keep_rest(block, &["type", "text", "thinking", "signature", "data", "id", "name", "input"], events);
}

fn push_text(index: u32, text: String, events: &mut Vec<Event>) {
    if !text.is_empty() {
        events.push(Event::Text { index, text });
    }
}

fn push_stop(reason: Option<&Value>, sequence: Option<&Value>, events: &mut Vec<Event>) -> bool {
    let Some(word) = reason.and_then(Value::as_str) else { return false };
    let reason = match StopReason::parse(word) {
        StopReason::StopSequence(_) => StopReason::StopSequence(sequence.and_then(Value::as_str).map(str::to_owned)),
        reason => reason,
    };
    events.push(Event::Stop(reason));
    true
}

fn usage_of(usage: &Value) -> Usage {
    let count = |name: &str| usage.get(name).and_then(count);
    Usage {
        input_tokens: count("input_tokens"),
        output_tokens: count("output_tokens"),
        total_tokens: None,
        cache_read_input_tokens: count("cache_read_input_tokens"),
        cache_write_input_tokens: count("cache_creation_input_tokens"),
    }
}

/// Decoder of the Messages stream; also reads the completion stream of Claude 2 and Instant.
#[derive(Debug, Default)]
pub(super) struct ClaudeStream {
    stopped: bool,
    tally: Tally,
}

/// The members that nearly every chunk has, read without an intermediate tree.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextChunk {
    #[serde(rename = "type")]
    _type: IgnoredAny,
    index: u32,
    delta: TextDelta,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextDelta {
    #[serde(rename = "type")]
    _type: TextDeltaType,
    text: String,
}

#[derive(Deserialize)]
enum TextDeltaType {
    #[serde(rename = "text_delta")]
    TextDelta,
}

impl StreamDecoder for ClaudeStream {
    fn step(&mut self, _event_type: &str, payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
        if let Ok(TextChunk { index, delta, .. }) = serde_json::from_slice(payload) {
            push_text(index, delta.text, events);
            return Ok(());
        }
        let chunk: Value = json(payload)?;
        self.rich_chunk(&chunk, events);
        let metrics = chunk.get(KEY).and_then(|metrics| Metrics::deserialize(metrics).ok());
        self.tally.service(metrics, events);
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        if self.stopped { Ok(()) } else { Err(cut("a stop reason")) }
    }
}

impl ClaudeStream {
    fn rich_chunk(&mut self, chunk: &Value, events: &mut Vec<Event>) {
        let index = chunk.get("index").and_then(Value::as_u64).and_then(|index| u32::try_from(index).ok()).unwrap_or(0);
        match chunk["type"].as_str().unwrap_or("completion") {
            "message_start" => {
                self.usage(chunk.pointer("/message/usage"), events);
                keep_rest(&chunk["message"], MESSAGE, events);
            }
            "content_block_start" => start_block(index, &chunk["content_block"], events),
            "content_block_delta" => delta(index, &chunk["delta"], events),
            "content_block_stop" => events.push(Event::BlockStop { index }),
            "message_delta" => {
                self.stopped |=
                    push_stop(chunk.pointer("/delta/stop_reason"), chunk.pointer("/delta/stop_sequence"), events);
                self.usage(chunk.get("usage"), events);
                keep_rest(&chunk["delta"], &["stop_reason", "stop_sequence"], events);
            }
            "message_stop" | "ping" => {}
            "completion" => {
                push_text(0, chunk["completion"].as_str().unwrap_or_default().to_owned(), events);
                self.stopped |= push_stop(chunk.get("stop_reason"), chunk.get("stop"), events);
            }
            other => return events.push(Event::Other { name: other.to_owned(), value: chunk.clone() }),
        }
        keep_rest(chunk, CHUNK, events);
    }

    fn usage(&mut self, usage: Option<&Value>, events: &mut Vec<Event>) {
        if let Some(usage) = usage.filter(|usage| usage.as_object().is_some_and(|usage| !usage.is_empty())) {
            self.tally.native(usage_of(usage), events);
            keep_rest(usage, USAGE, events);
        }
    }
}

fn delta(index: u32, delta: &Value, events: &mut Vec<Event>) {
    let text = |member: &str| delta[member].as_str().unwrap_or_default().to_owned();
    let kind = delta["type"].as_str().unwrap_or_default();
    match kind {
        "text_delta" => push_text(index, text("text"), events),
        "thinking_delta" => events.push(Event::Reasoning { index, text: text("thinking") }),
        "signature_delta" => events.push(Event::Signature { index, signature: text("signature") }),
        "input_json_delta" => events.push(Event::ToolInput { index, json: text("partial_json") }),
        _ => return events.push(Event::Other { name: kind.to_owned(), value: delta.clone() }),
    }
    keep_rest(delta, &["type", "text", "thinking", "signature", "partial_json"], events);
}
