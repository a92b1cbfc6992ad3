//! Amazon Nova: Converse's blocks in a body of its own.
//!
//! Source: "Amazon Nova request schema"; recordings `nova/invoke-*`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::metrics::{KEY, Metrics, Tally};
use crate::conversation::{Event, Request};
use crate::error::Result;
use crate::family::converse::{
    ConverseStream, InferenceConfig, USAGE, WireBlock, blocks, decode_block, inference_config, usage_of,
};
use crate::family::rest::keep_rest;
use crate::family::{StreamDecoder, json};

/// The `messages-v1` body.
pub(super) fn encode(request: &Request) -> Vec<u8> {
    let body = Body {
        schema_version: "messages-v1",
        system: request.system.iter().flat_map(blocks).collect(),
        messages: request
            .messages
            .iter()
            .map(|message| WireMessage { role: message.role.as_str(), content: blocks(&message.content) })
            .collect(),
        inference_config: inference_config(&request.parameters),
    };
    // Strings and numbers: serialization has nothing to fail on.
    serde_json::to_vec(&body).unwrap_or_default()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    schema_version: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    system: Vec<WireBlock<'a>>,
    messages: Vec<WireMessage<'a>>,
    inference_config: InferenceConfig<'a>,
}

#[derive(Serialize)]
struct WireMessage<'a> {
    role: &'static str,
    content: Vec<WireBlock<'a>>,
}

/// The events of a whole answer.
pub(super) fn decode(body: &[u8]) -> Result<Vec<Event>> {
    let answer: Value = json(body)?;
    let mut events = Vec::new();
    let content = answer.pointer("/output/message/content").and_then(Value::as_array);
    for (index, block) in (0u32..).zip(content.map(Vec::as_slice).unwrap_or_default()) {
        decode_block(index, block, &mut events);
    }
    if let Some(word) = answer.get("stopReason").and_then(Value::as_str) {
        events.push(Event::Stop(crate::conversation::StopReason::parse(word)));
    }
    if let Some(usage) = answer.get("usage") {
        events.push(Event::Usage(usage_of(usage)));
        keep_rest(usage, USAGE, &mut events);
    }
    keep_rest(&answer, &["output", "stopReason", "usage"], &mut events);
    Ok(events)
}

/// Decoder of the native stream: every chunk is an object with one Converse event as its member.
#[derive(Debug, Default)]
pub(super) struct NovaStream {
    events: ConverseStream,
    tally: Tally,
}

impl StreamDecoder for NovaStream {
    fn step(&mut self, _event_type: &str, payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
        if let Ok(DeltaChunk { content_block_delta: delta }) = serde_json::from_slice(payload) {
            return self.events.step("contentBlockDelta", delta.get().as_bytes(), events);
        }
        let chunk: Value = json(payload)?;
        let Some(members) = chunk.as_object() else { return Ok(()) };
        for (name, event) in members.iter().filter(|(name, _)| *name != KEY) {
            match (name.as_str(), event.get("usage")) {
                ("metadata", Some(usage)) => {
                    self.tally.native(usage_of(usage), events);
                    keep_rest(usage, USAGE, events);
                    keep_rest(event, &["usage", "metrics"], events);
                }
                _ => self.events.step(name, event.to_string().as_bytes(), events)?,
            }
        }
        let metrics = members.get(KEY).and_then(|metrics| Metrics::deserialize(metrics).ok());
        self.tally.service(metrics, events);
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        self.events.finish()
    }
}

/// The one member that nearly every chunk has, left unparsed for Converse's own reader.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DeltaChunk<'a> {
    #[serde(borrow)]
    content_block_delta: &'a serde_json::value::RawValue,
}
