//! Amazon Titan Text: one prompt text, no roles.
//!
//! Source: "Amazon Titan Text models" in the user guide; recordings `titan/invoke-*`.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json as object};

use super::metrics::{Metrics, Tally};
use crate::conversation::{Event, Request, Role, StopReason, Usage};
use crate::error::Result;
use crate::family::rest::{blocked, count, keep_all, keep_rest, whole};
use crate::family::{StreamDecoder, cut, json};

/// The body: the conversation in the form the user guide gives for Titan's chat, `User:` and `Bot:` lines.
pub(super) fn encode(request: &Request) -> Vec<u8> {
    let mut config = Map::new();
    let parameters = &request.parameters;
    if let Some(max_tokens) = parameters.max_tokens {
        config.insert("maxTokenCount".to_owned(), max_tokens.into());
    }
    if let Some(temperature) = parameters.temperature {
        config.insert("temperature".to_owned(), temperature.into());
    }
    if let Some(top_p) = parameters.top_p {
        config.insert("topP".to_owned(), top_p.into());
    }
    if !parameters.stop.is_empty() {
        config.insert("stopSequences".to_owned(), parameters.stop.clone().into());
    }
    object!({"inputText": plain_prompt(request), "textGenerationConfig": config}).to_string().into_bytes()
}

/// The conversation for a model without a template: `User:` and `Bot:` lines, as the user guide has them for Titan's
/// chat. The one turn of a conversation that has only one stands alone.
pub(super) fn plain_prompt(request: &Request) -> String {
    let mut prompt = String::new();
    for content in &request.system {
        prompt += &content.text("\n");
        prompt += "\n\n";
    }
    let last = request.messages.len().saturating_sub(1);
    for (index, message) in request.messages.iter().enumerate() {
        let speaker = if message.role == Role::User { "User: " } else { "Bot: " };
        prompt += speaker;
        prompt += &message.content.text("\n");
        if index < last || message.role == Role::User {
            prompt += "\n";
        }
    }
    if request.messages.last().is_some_and(|message| message.role == Role::User) {
        prompt += "Bot:";
    }
    prompt
}

/// The events of a whole answer.
pub(super) fn decode(body: &[u8]) -> Result<Vec<Event>> {
    let answer: Value = json(body)?;
    let mut events = Vec::new();
    let results = answer.get("results").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (index, result) in (0u32..).zip(results) {
        if let Some(text) = result.get("outputText").and_then(Value::as_str) {
            events.push(Event::Text { index, text: text.to_owned() });
        }
        if let Some(word) = result.get("completionReason").and_then(Value::as_str) {
            events.push(Event::Stop(StopReason::parse(word)));
        }
    }
    let outputs = results.iter().filter_map(|result| count(result.get("tokenCount")?));
    events.push(Event::Usage(Usage {
        input_tokens: answer.get("inputTextTokenCount").and_then(count),
        output_tokens: Some(outputs.sum()),
        ..Usage::default()
    }));
    keep_rest(&answer, &["results", "inputTextTokenCount"], &mut events);
    Ok(events)
}

/// Decoder of the native stream, often of one chunk only.
#[derive(Debug, Default)]
pub(super) struct TitanStream {
    complete: bool,
    tally: Tally,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk {
    #[serde(default)]
    output_text: String,
    completion_reason: Option<String>,
    input_text_token_count: Option<f64>,
    total_output_text_token_count: Option<f64>,
    #[serde(rename = "index")]
    _index: Option<IgnoredAny>,
    #[serde(rename = "amazon-bedrock-invocationMetrics")]
    metrics: Option<Metrics>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl StreamDecoder for TitanStream {
    fn step(&mut self, _event_type: &str, payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
        let chunk: Chunk = json(payload)?;
        if !chunk.output_text.is_empty() {
            events.push(Event::Text { index: 0, text: chunk.output_text });
        }
        let usage = Usage {
            input_tokens: chunk.input_text_token_count.and_then(whole),
            output_tokens: chunk.total_output_text_token_count.and_then(whole),
            ..Usage::default()
        };
        if usage != Usage::default() {
            self.tally.native(usage, events);
        }
        let reason = chunk.completion_reason.map(|word| StopReason::parse(&word)).or_else(|| blocked(&chunk.rest));
        if let Some(reason) = reason {
            self.complete = true;
            events.push(Event::Stop(reason));
        }
        self.complete |= chunk.metrics.is_some();
        self.tally.service(chunk.metrics, events);
        keep_all(&chunk.rest, events);
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        if self.complete { Ok(()) } else { Err(cut("a completionReason")) }
    }
}
