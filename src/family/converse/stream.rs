//! A ConverseStream answer, event by event.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::decode::{push_metadata, stop_reason, string, tool_use};
use crate::conversation::Event;
use crate::error::Result;
use crate::family::rest::keep_rest;
use crate::family::{StreamDecoder, cut, json};

/// Decoder of ConverseStream. Complete once `messageStop` has come; `metadata` may follow.
#[derive(Debug, Default)]
pub struct ConverseStream {
    stopped: bool,
}

impl StreamDecoder for ConverseStream {
    fn step(&mut self, event_type: &str, payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
        match event_type {
            "contentBlockDelta" => delta(payload, events),
            "contentBlockStop" => {
                let stop: Value = json(payload)?;
                events.push(Event::BlockStop { index: block_index(&stop) });
                keep_rest(&stop, &["contentBlockIndex"], events);
                Ok(())
            }
            "contentBlockStart" => {
                start(&json(payload)?, events);
                Ok(())
            }
            "messageStart" => {
                keep_rest(&json(payload)?, &["role"], events);
                Ok(())
            }
            "messageStop" => {
                let stop: Value = json(payload)?;
                self.stopped = true;
                let word = stop.get("stopReason").and_then(Value::as_str).unwrap_or_default();
                events.push(Event::Stop(stop_reason(word, stop.get("additionalModelResponseFields"))));
                push_metadata(&stop, events);
                Ok(())
            }
            "metadata" => {
                push_metadata(&json(payload)?, events);
                Ok(())
            }
            other => {
                events.push(Event::Other { name: other.to_owned(), value: json(payload)? });
                Ok(())
            }
        }
    }

    fn finish(&self) -> Result<()> {
        if self.stopped { Ok(()) } else { Err(cut("messageStop")) }
    }
}

/// The deltas that nearly all of a stream is made of, read without an intermediate tree.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlainDelta {
    content_block_index: u32,
    delta: Piece,
    #[serde(rename = "p")]
    _padding: Option<IgnoredAny>,
}

/// A delta has one member, which names its kind.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Piece {
    Text(String),
    ToolUse(Input),
    ReasoningContent(Thought),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    input: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Thought {
    Text(String),
    Signature(String),
}

impl PlainDelta {
    fn event(self) -> Event {
        let index = self.content_block_index;
        match self.delta {
            Piece::Text(text) => Event::Text { index, text },
            Piece::ToolUse(Input { input: json }) => Event::ToolInput { index, json },
            Piece::ReasoningContent(Thought::Text(text)) => Event::Reasoning { index, text },
            Piece::ReasoningContent(Thought::Signature(signature)) => Event::Signature { index, signature },
        }
    }
}

fn delta(payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
    match serde_json::from_slice::<PlainDelta>(payload) {
        Ok(plain) => events.push(plain.event()),
        Err(_) => rich_delta(&json(payload)?, events),
    }
    Ok(())
}

fn rich_delta(event: &Value, events: &mut Vec<Event>) {
    let index = block_index(event);
    keep_rest(event, &["contentBlockIndex", "delta"], events);
    let Some(members) = event.get("delta").and_then(Value::as_object) else { return };
    for (name, value) in members {
        match (name.as_str(), value) {
            ("text", Value::String(text)) => events.push(Event::Text { index, text: text.clone() }),
            ("reasoningContent", Value::Object(reasoning)) => {
                for (kind, value) in reasoning {
                    events.push(reasoning_delta(index, kind, value));
                }
            }
            ("toolUse", input) => {
                events.push(Event::ToolInput { index, json: string(&input["input"]) });
            }
            ("citation", citation) => events.push(Event::Citation { index, citation: citation.clone() }),
            _ => events.push(Event::Other { name: name.clone(), value: value.clone() }),
        }
    }
}

fn reasoning_delta(index: u32, kind: &str, value: &Value) -> Event {
    match kind {
        "text" => Event::Reasoning { index, text: string(value) },
        "signature" => Event::Signature { index, signature: string(value) },
        "redactedContent" => Event::Redacted { index, data: string(value) },
        _ => Event::Other { name: kind.to_owned(), value: value.clone() },
    }
}

fn start(event: &Value, events: &mut Vec<Event>) {
    let index = block_index(event);
    keep_rest(event, &["contentBlockIndex", "start"], events);
    let Some(members) = event.get("start").and_then(Value::as_object) else { return };
    for (name, value) in members {
        events.push(match name.as_str() {
            "toolUse" => tool_use(index, value),
            _ => Event::Other { name: name.clone(), value: value.clone() },
        });
    }
}

fn block_index(event: &Value) -> u32 {
    event.get("contentBlockIndex").and_then(Value::as_u64).and_then(|index| u32::try_from(index).ok()).unwrap_or(0)
}
