//! AI21 Jurassic-2: one prompt, one completion, no stream.
//!
//! Source: "AI21 Labs Jurassic-2 models" in the user guide; recordings `ai21/invoke-j2-*`.

use serde::Serialize;
use serde_json::Value;

use super::titan::plain_prompt;
use crate::conversation::{Event, Request, StopReason};
use crate::error::Result;
use crate::family::converse::{InferenceConfig, inference_config};
use crate::family::json;
use crate::family::rest::keep_rest;

/// The body.
pub(super) fn encode(request: &Request) -> Vec<u8> {
    let body = Body { prompt: plain_prompt(request), parameters: inference_config(&request.parameters) };
    // Strings and numbers: serialization has nothing to fail on.
    serde_json::to_vec(&body).unwrap_or_default()
}

#[derive(Serialize)]
struct Body<'a> {
    prompt: String,
    #[serde(flatten)]
    parameters: InferenceConfig<'a>,
}

/// The events of a whole answer.
pub(super) fn decode(body: &[u8]) -> Result<Vec<Event>> {
    let answer: Value = json(body)?;
    let mut events = Vec::new();
    let completions = answer.get("completions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (index, completion) in (0u32..).zip(completions) {
        if let Some(text) = completion.pointer("/data/text").and_then(Value::as_str) {
            events.push(Event::Text { index, text: text.to_owned() });
        }
        if let Some(word) = completion.pointer("/finishReason/reason").and_then(Value::as_str) {
            events.push(Event::Stop(StopReason::parse(word)));
        }
    }
    keep_rest(&answer, &["completions", "id", "prompt"], &mut events);
    Ok(events)
}
