//! A ConverseStream answer, event by event.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::decode::{push_usage, stop_reason};
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
                keep_rest(&stop, &["stopReason"], events);
                Ok(())
            }
            "metadata" => {
                let metadata: Value = json(payload)?;
                if let Some(usage) = metadata.get("usage") {
                    push_usage(usage, events);
                }
                keep_rest(&metadata, &["usage", "metrics"], events);
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

/// The members that nearly every delta has, read without an intermediate tree.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TextDelta {
    content_block_index: u32,
    delta: TextOnly,
    #[serde(rename = "p")]
    _padding: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextOnly {
    text: String,
}

fn delta(payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
    if let Ok(TextDelta { content_block_index: index, delta: TextOnly { text }, .. }) = serde_json::from_slice(payload)
    {
        events.push(Event::Text { index, text });
        return Ok(());
    }
    rich_delta(&json(payload)?, events);
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
                let json = input["input"].as_str().unwrap_or_default().to_owned();
                events.push(Event::ToolInput { index, json });
            }
            _ => events.push(Event::Other { name: name.clone(), value: value.clone() }),
        }
    }
}

fn reasoning_delta(index: u32, kind: &str, value: &Value) -> Event {
    let text = || value.as_str().unwrap_or_default().to_owned();
    match kind {
        "text" => Event::Reasoning { index, text: text() },
        "signature" => Event::Signature { index, signature: text() },
        "redactedContent" => Event::Redacted { index, data: text() },
        _ => Event::Other { name: kind.to_owned(), value: value.clone() },
    }
}

fn start(event: &Value, events: &mut Vec<Event>) {
    let index = block_index(event);
    keep_rest(event, &["contentBlockIndex", "start"], events);
    let Some(members) = event.get("start").and_then(Value::as_object) else { return };
    for (name, value) in members {
        let text = |member: &str| value[member].as_str().unwrap_or_default().to_owned();
        if name == "toolUse" {
            events.push(Event::ToolUse { index, id: text("toolUseId"), name: text("name") });
        }
        if name != "toolUse" || value.get("type").is_some_and(|kind| kind == "server_tool_use") {
            events.push(Event::Other { name: name.clone(), value: value.clone() });
        }
    }
}

fn block_index(event: &Value) -> u32 {
    event.get("contentBlockIndex").and_then(Value::as_u64).and_then(|index| u32::try_from(index).ok()).unwrap_or(0)
}
