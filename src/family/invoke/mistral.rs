//! Mistral 7B, Mixtral 8x7B, Mistral Large and Small 2402: a prompt in `[INST]` brackets.
//!
//! Source: "Mistral AI text completion" in the user guide; golden cases `mistral-legacy.invoke`. The template has no
//! place for instructions: they go before the first user turn.

use serde::Deserialize;

use super::metrics::{Metrics, Tally};
use crate::conversation::{Event, Request, Role, StopReason};
use crate::error::Result;
use crate::family::rest::{blocked, keep_all};
use crate::family::{StreamDecoder, cut, json};

/// The text-completion body.
pub(super) fn encode(request: &Request) -> Vec<u8> {
    super::prompt_body(prompt(request), &request.parameters)
}

fn prompt(request: &Request) -> String {
    let mut prompt = String::from("<s>");
    let mut instructions: String = request.system.iter().map(|content| content.text("\n") + "\n\n").collect();
    let last = request.messages.len().saturating_sub(1);
    for (index, message) in request.messages.iter().enumerate() {
        let text = message.content.text("\n");
        match message.role {
            Role::User => prompt += &format!("[INST] {}{text} [/INST]", std::mem::take(&mut instructions)),
            Role::Assistant if index == last => prompt += &format!(" {text}"),
            Role::Assistant => prompt += &format!(" {text}</s>"),
        }
    }
    prompt
}

/// An answer, and also a chunk of a stream.
#[derive(Deserialize)]
struct Outputs {
    #[serde(default)]
    outputs: Vec<Output>,
    #[serde(rename = "amazon-bedrock-invocationMetrics")]
    metrics: Option<Metrics>,
    #[serde(flatten)]
    rest: serde_json::Map<String, serde_json::Value>,
}

#[derive(Deserialize)]
struct Output {
    #[serde(default)]
    text: String,
    stop_reason: Option<String>,
}

/// The events of a whole answer.
pub(super) fn decode(body: &[u8]) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    MistralStream::default().outputs(json(body)?, &mut events);
    Ok(events)
}

/// Decoder of the native stream.
#[derive(Debug, Default)]
pub(super) struct MistralStream {
    complete: bool,
    tally: Tally,
}

impl StreamDecoder for MistralStream {
    fn step(&mut self, _event_type: &str, payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
        self.outputs(json(payload)?, events);
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        if self.complete { Ok(()) } else { Err(cut("a stop_reason")) }
    }
}

impl MistralStream {
    fn outputs(&mut self, chunk: Outputs, events: &mut Vec<Event>) {
        for (index, output) in (0u32..).zip(chunk.outputs) {
            if !output.text.is_empty() {
                events.push(Event::Text { index, text: output.text });
            }
            if let Some(word) = output.stop_reason {
                self.complete = true;
                events.push(Event::Stop(StopReason::parse(&word)));
            }
        }
        if let Some(reason) = blocked(&chunk.rest) {
            self.complete = true;
            events.push(Event::Stop(reason));
        }
        self.complete |= chunk.metrics.is_some();
        self.tally.service(chunk.metrics, events);
        keep_all(&chunk.rest, events);
    }
}
