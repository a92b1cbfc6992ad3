//! Anthropic's Messages body (`anthropic_version`, `max_tokens`, `messages`).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::body::{Body, check_keys, count, decode, role, strings};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event, Kind, Stop, Usage};
use crate::simulator::exception::Exception;
use crate::simulator::question::{Question, Turn};

/// Keys of the Messages body on Bedrock; `model` and `stream` are refused there.
const REQUIRED: &[&str] = &["anthropic_version", "max_tokens", "messages"];
const KNOWN: &[&str] = &[
    "system",
    "temperature",
    "top_p",
    "top_k",
    "stop_sequences",
    "tools",
    "tool_choice",
    "thinking",
    "anthropic_beta",
    "metadata",
    "output_config",
    "output_format",
    "context_management",
    "cache_control",
    "mcp_servers",
    "service_tier",
    "speed",
];

/// Models from 3.7 on, whose answers begin with `model` and split the cache counts.
const NEW_SHAPE: &[&str] =
    &["anthropic.claude-3-7", "anthropic.claude-opus", "anthropic.claude-sonnet", "anthropic.claude-haiku"];

pub(super) struct Claude;

impl Codec for Claude {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys(body, REQUIRED, KNOWN)?;
        let mut question = Question {
            max_tokens: count(body.get("max_tokens")),
            stop: strings(body.get("stop_sequences")),
            thinking: matches!(body.at("/thinking/type").as_str(), Some("enabled" | "adaptive")),
            ..Question::default()
        };
        match body.get("system") {
            Value::String(text) => question.add_system(text),
            blocks => blocks.as_array().into_iter().flatten().for_each(|block| {
                question.add_system(block["text"].as_str().unwrap_or_default());
            }),
        }
        for message in body.get("messages").as_array().into_iter().flatten() {
            match message["role"].as_str() {
                Some("system") => question.add_system(&turn(message).text()),
                _ => question.turns.push(turn(message)),
            }
        }
        Ok(question)
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let mut content = Vec::new();
        if let Some(thinking) = answer.reasoning() {
            content.push(json!({"type": "thinking", "thinking": thinking, "signature": signature(&thinking)}));
        }
        let text = answer.text();
        if !text.is_empty() {
            content.push(json!({"type": "text", "text": text}));
        }
        message(opening, content, Some(&answer.stop), answer.usage)
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        let start = message(opening, Vec::new(), None, Usage::new(opening.input, 1));
        Ok(Box::new(Stream {
            start: Some(start),
            new_shape: has_new_shape(opening),
            thoughts: String::new(),
            index: 0,
            open: false,
        }))
    }
}

fn turn(message: &Value) -> Turn {
    let mut turn = Turn::new(role(message), message["content"].as_str().unwrap_or_default());
    message["content"].as_array().into_iter().flatten().for_each(|block| read_block(&mut turn, block));
    turn
}

fn read_block(turn: &mut Turn, block: &Value) {
    match block["type"].as_str() {
        Some("text") => turn.add_text(block["text"].as_str().unwrap_or_default()),
        Some("image") => turn.add_image(decode(block["source"]["data"].as_str().unwrap_or_default())),
        Some("tool_result") => match &block["content"] {
            Value::String(text) => turn.add_text(text),
            blocks => blocks.as_array().into_iter().flatten().for_each(|inner| read_block(turn, inner)),
        },
        _ => {}
    }
}

/// The message object: whole, or as it stands in `message_start` (without a stop).
fn message(opening: &Opening, content: Vec<Value>, stop: Option<&Stop>, usage: Usage) -> Value {
    let new_shape = has_new_shape(opening);
    let mut out = Map::new();
    if new_shape {
        out.insert("model".into(), model_name(&opening.model.id).into());
    }
    out.insert("id".into(), format!("msg_bdrk_01{}", opening.identity.token).into());
    out.insert("type".into(), "message".into());
    out.insert("role".into(), "assistant".into());
    if !new_shape {
        out.insert("model".into(), model_name(&opening.model.id).into());
    }
    out.insert("content".into(), content.into());
    out.insert("stop_reason".into(), stop.map(stop_reason).into());
    out.insert("stop_sequence".into(), stop_sequence(stop));
    let mut counts = Map::new();
    counts.insert("input_tokens".into(), usage.input.into());
    if new_shape {
        counts.insert("cache_creation_input_tokens".into(), 0.into());
        counts.insert("cache_read_input_tokens".into(), 0.into());
        counts.insert("cache_creation".into(), json!({"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}));
    }
    counts.insert("output_tokens".into(), usage.output.into());
    out.insert("usage".into(), counts.into());
    out.into()
}

fn has_new_shape(opening: &Opening) -> bool {
    NEW_SHAPE.iter().any(|prefix| opening.model.is(prefix))
}

/// Anthropic's name of the model: `claude-3-5-sonnet-20240620`, not the Bedrock id.
fn model_name(id: &str) -> &str {
    match id.strip_prefix("anthropic.").unwrap_or(id) {
        "claude-v2" => "claude-2.0",
        "claude-v2:1" => "claude-2.1",
        "claude-instant-v1" => "claude-instant-1.2",
        name => name.split_once("-v").map_or(name, |(name, _)| name),
    }
}

fn stop_reason(stop: &Stop) -> &str {
    match stop {
        Stop::Guardrail | Stop::ContentFiltered => "refusal",
        stop => stop.reason(),
    }
}

fn stop_sequence(stop: Option<&Stop>) -> Value {
    match stop {
        Some(Stop::Sequence(sequence)) => sequence.as_str().into(),
        _ => Value::Null,
    }
}

/// A signature of the right form; its bytes are a hash of the thoughts.
pub(in crate::simulator) fn signature(thoughts: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(thoughts))
}

struct Stream {
    start: Option<Value>,
    new_shape: bool,
    thoughts: String,
    index: usize,
    /// A block has been started and not stopped.
    open: bool,
}

impl Writer for Stream {
    fn step(&mut self, event: Event) -> Vec<Value> {
        match event {
            Event::Start => self
                .start
                .take()
                .map(|message| json!({"type": "message_start", "message": message}))
                .into_iter()
                .collect(),
            Event::Reasoning(piece) => {
                self.thoughts.push_str(&piece);
                let start = self.start_block(json!({"type": "thinking", "thinking": "", "signature": ""}));
                start.into_iter().chain([self.delta(json!({"type": "thinking_delta", "thinking": piece}))]).collect()
            }
            Event::End(Kind::Reasoning) => {
                let signature = signature(&self.thoughts);
                let delta = self.delta(json!({"type": "signature_delta", "signature": signature}));
                [delta].into_iter().chain(self.stop_block()).collect()
            }
            Event::End(_) => self.stop_block().into_iter().collect(),
            Event::Text(piece) => {
                let start = self.start_block(json!({"type": "text", "text": ""}));
                start.into_iter().chain([self.delta(json!({"type": "text_delta", "text": piece}))]).collect()
            }
            Event::Stop(stop, usage) => {
                let delta = json!({
                    "type": "message_delta",
                    "delta": {"stop_reason": stop_reason(&stop), "stop_sequence": stop_sequence(Some(&stop))},
                    "usage": self.closing_usage(usage),
                });
                self.stop_block().into_iter().chain([delta, json!({"type": "message_stop"})]).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Stream {
    fn closing_usage(&self, usage: Usage) -> Value {
        match self.new_shape {
            true => json!({
                "input_tokens": usage.input,
                "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 0,
                "output_tokens": usage.output,
            }),
            false => json!({"output_tokens": usage.output}),
        }
    }

    fn start_block(&mut self, block: Value) -> Option<Value> {
        (!std::mem::replace(&mut self.open, true))
            .then(|| json!({"type": "content_block_start", "index": self.index, "content_block": block}))
    }

    fn delta(&self, delta: Value) -> Value {
        json!({"type": "content_block_delta", "index": self.index, "delta": delta})
    }

    fn stop_block(&mut self) -> Option<Value> {
        let index = self.index;
        std::mem::take(&mut self.open).then(|| {
            self.index += 1;
            json!({"type": "content_block_stop", "index": index})
        })
    }
}
