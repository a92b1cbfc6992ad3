//! The families that speak OpenAI's chat completions: gpt-oss, Qwen, DeepSeek V3, Gemma, Kimi, MiniMax, Nemotron, GLM,
//! Palmyra, Mistral's chat style, Jamba. Answers of the text-completion style (DeepSeek R1, imported models) too.
//!
//! Source: "OpenAI models", "Mistral AI chat completion" in the user guide; recordings `gpt-oss/invoke-*`,
//! `ai21/invoke-*`, `other/invoke-arn-endpoint-*`; golden cases for what no recording has. Chunks carry `delta`, or
//! `message` (Pixtral Large), and `finish_reason`, or `stop_reason` (Mistral).

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::metrics::{KEY, Metrics, Tally};
use crate::catalog::Model;
use crate::conversation::{Block, Content, Event, Message, Request, StopReason, Usage};
use crate::error::Result;
use crate::family::rest::{count, keep_rest};
use crate::family::{StreamDecoder, cut, json};

/// The chat-completions body.
pub(super) fn encode(request: &Request, model: &Model) -> Vec<u8> {
    let system =
        request.system.iter().map(|content| WireMessage { role: "system", name: None, content: parts(content) });
    let parameters = &request.parameters;
    let completion_tokens = model.max_completion_tokens;
    let body = Body {
        messages: system.chain(request.messages.iter().map(message)).collect(),
        max_tokens: parameters.max_tokens.filter(|_| !completion_tokens),
        max_completion_tokens: parameters.max_tokens.filter(|_| completion_tokens),
        temperature: parameters.temperature,
        top_p: parameters.top_p,
        stop: &parameters.stop,
    };
    // Strings and numbers: serialization has nothing to fail on.
    serde_json::to_vec(&body).unwrap_or_default()
}

#[derive(Serialize)]
struct Body<'a> {
    messages: Vec<WireMessage<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f64>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stop: &'a [String],
}

#[derive(Serialize)]
struct WireMessage<'a> {
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    content: WireContent<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum WireContent<'a> {
    Text(&'a str),
    Parts(Vec<Part<'a>>),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    Text { text: &'a str },
    ImageUrl { image_url: ImageUrl },
}

#[derive(Serialize)]
struct ImageUrl {
    url: String,
}

fn message(message: &Message) -> WireMessage<'_> {
    WireMessage { role: message.role.as_str(), name: message.name.as_deref(), content: parts(&message.content) }
}

fn parts(content: &Content) -> WireContent<'_> {
    match content {
        Content::Text(text) => WireContent::Text(text),
        Content::Blocks(blocks) => WireContent::Parts(blocks.iter().filter_map(part).collect()),
    }
}

fn part(block: &Block) -> Option<Part<'_>> {
    match block {
        Block::Text(text) => Some(Part::Text { text }),
        Block::Image(image) => {
            let (format, data) = image.ready()?;
            let url = format!("data:{};base64,{data}", format.mime());
            Some(Part::ImageUrl { image_url: ImageUrl { url } })
        }
        _ => None, // `fit` lets nothing else through to InvokeModel
    }
}

/// The events of a whole answer.
pub(super) fn decode(body: &[u8]) -> Result<Vec<Event>> {
    let answer: Value = json(body)?;
    let mut events = Vec::new();
    let mut stream = OpenAiStream::default();
    stream.choices(&answer, &mut events);
    stream.usage(&answer, &mut events);
    keep_rest(&answer, BODY, &mut events);
    Ok(events)
}

/// Members of an answer or chunk that are read or say which answer it is.
const BODY: &[&str] =
    &["choices", "created", "id", "model", "object", "service_tier", "system_fingerprint", "usage", KEY];
const CHOICE: &[&str] = &["delta", "finish_reason", "index", "logprobs", "message", "stop_reason", "text"];
const MESSAGE: &[&str] = &["content", "reasoning", "reasoning_content", "role", "tool_calls"];
const USAGE: &[&str] = &["completion_tokens", "prompt_tokens", "total_tokens"];

/// Decoder of the native stream.
#[derive(Debug, Default)]
pub(super) struct OpenAiStream {
    complete: bool,
    tally: Tally,
}

/// The members that nearly every chunk has, read without an intermediate tree.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextChunk {
    choices: [TextChoice; 1],
    usage: Option<IgnoredAny>,
    #[serde(rename = "created")]
    _created: Option<IgnoredAny>,
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    #[serde(rename = "model")]
    _model: Option<IgnoredAny>,
    #[serde(rename = "object")]
    _object: Option<IgnoredAny>,
    #[serde(rename = "service_tier")]
    _service_tier: Option<IgnoredAny>,
    #[serde(rename = "system_fingerprint")]
    _system_fingerprint: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextChoice {
    delta: TextDelta,
    finish_reason: Option<IgnoredAny>,
    #[serde(rename = "index")]
    _index: Option<IgnoredAny>,
    #[serde(rename = "logprobs")]
    _logprobs: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextDelta {
    content: String,
    #[serde(rename = "role")]
    _role: Option<IgnoredAny>,
}

impl StreamDecoder for OpenAiStream {
    fn step(&mut self, _event_type: &str, payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
        if let Ok(TextChunk { choices: [choice], usage: None, .. }) = serde_json::from_slice(payload)
            && choice.finish_reason.is_none()
        {
            push_text(0, &choice.delta.content, events);
            return Ok(());
        }
        if payload == b"[DONE]" {
            self.complete = true;
            return Ok(());
        }
        let chunk: Value = json(payload)?;
        if chunk == "[DONE]" {
            self.complete = true; // Palmyra's last chunk
            return Ok(());
        }
        self.choices(&chunk, events);
        self.usage(&chunk, events);
        keep_rest(&chunk, BODY, events);
        let metrics = chunk.get(KEY).and_then(|metrics| Metrics::deserialize(metrics).ok());
        self.complete |= metrics.is_some();
        self.tally.service(metrics, events);
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        if self.complete { Ok(()) } else { Err(cut("a finish_reason")) }
    }
}

/// Block numbers: reasoning and text have one each, tool calls follow.
const TEXT: u32 = 0;
const FIRST_TOOL: u32 = 1;

impl OpenAiStream {
    fn choices(&mut self, body: &Value, events: &mut Vec<Event>) {
        let choices = body.get("choices").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for choice in choices {
            if let Some(text) = choice.get("text").and_then(Value::as_str) {
                push_text(TEXT, text, events);
            }
            if let Some(message) = choice.get("delta").or_else(|| choice.get("message")) {
                message_events(message, events);
            }
            keep_rest(choice, CHOICE, events);
            let reason = ["finish_reason", "stop_reason"].iter().find_map(|name| choice.get(name)?.as_str());
            if let Some(word) = reason {
                self.complete = true;
                events.push(Event::Stop(StopReason::parse(word)));
            }
        }
    }

    fn usage(&mut self, body: &Value, events: &mut Vec<Event>) {
        let Some(usage) = body.get("usage").filter(|usage| usage.is_object()) else { return };
        let count = |pointer: &str| usage.pointer(pointer).and_then(count);
        let counted = Usage {
            input_tokens: count("/prompt_tokens"),
            output_tokens: count("/completion_tokens"),
            total_tokens: count("/total_tokens"),
            cache_read_input_tokens: count("/prompt_tokens_details/cached_tokens"),
            cache_write_input_tokens: None,
        };
        self.tally.native(counted, events);
        keep_rest(usage, USAGE, events);
    }
}

fn message_events(message: &Value, events: &mut Vec<Event>) {
    let reasoning = ["reasoning_content", "reasoning"].iter().find_map(|name| message.get(name)?.as_str());
    if let Some(text) = reasoning.filter(|text| !text.is_empty()) {
        events.push(Event::Reasoning { index: TEXT, text: text.to_owned() });
    }
    match message.get("content") {
        Some(Value::String(text)) => push_text(TEXT, text, events),
        Some(Value::Array(parts)) => {
            parts.iter().filter_map(|part| part.get("text")?.as_str()).for_each(|text| push_text(TEXT, text, events));
        }
        _ => {}
    }
    let calls = message.get("tool_calls").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (position, call) in (0u64..).zip(calls) {
        tool_call(position, call, events);
    }
    keep_rest(message, MESSAGE, events);
}

fn tool_call(position: u64, call: &Value, events: &mut Vec<Event>) {
    let place = call.get("index").and_then(Value::as_u64).unwrap_or(position);
    let index = FIRST_TOOL.saturating_add(u32::try_from(place).unwrap_or(u32::MAX));
    let text = |pointer: &str| call.pointer(pointer).and_then(Value::as_str);
    if let Some(name) = text("/function/name").filter(|name| !name.is_empty()) {
        let id = text("/id").unwrap_or_default().to_owned();
        events.push(Event::ToolUse { index, id, name: name.to_owned() });
    }
    match call.pointer("/function/arguments") {
        Some(Value::String(json)) => events.push(Event::ToolInput { index, json: json.clone() }),
        Some(arguments) if !arguments.is_null() => events.push(Event::ToolInput { index, json: arguments.to_string() }),
        _ => {}
    }
}

fn push_text(index: u32, text: &str, events: &mut Vec<Event>) {
    if !text.is_empty() {
        events.push(Event::Text { index, text: text.to_owned() });
    }
}
