//! Cohere Command R: one message and a history; answers of the older Command too.
//!
//! Source: "Cohere Command R and Command R+ models" in the user guide; recordings `cohere/invoke-*`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::metrics::{KEY, Metrics, Tally};
use super::titan::plain_prompt;
use crate::conversation::{Event, Message, Request, Role, StopReason};
use crate::error::Result;
use crate::family::rest::{count, keep_rest};
use crate::family::{StreamDecoder, cut, json};

/// The Command R body.
pub(super) fn encode(request: &Request) -> Vec<u8> {
    let (last, history) = match request.messages.split_last() {
        Some((last, history)) => (last.content.text("\n"), history),
        None => (String::new(), [].as_slice()),
    };
    let preamble = request.instructions();
    let parameters = &request.parameters;
    let body = Body {
        message: last,
        chat_history: history.iter().map(turn).collect(),
        preamble: (!preamble.is_empty()).then_some(preamble),
        max_tokens: parameters.max_tokens,
        temperature: parameters.temperature,
        p: parameters.top_p,
        stop_sequences: &parameters.stop,
    };
    // Strings and numbers: serialization has nothing to fail on.
    serde_json::to_vec(&body).unwrap_or_default()
}

#[derive(Serialize)]
struct Body<'a> {
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    chat_history: Vec<Turn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preamble: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<f64>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stop_sequences: &'a [String],
}

/// The body of the older Command: one prompt. Its stream has to be asked for in the body too.
pub(super) fn encode_command(request: &Request) -> Vec<u8> {
    let parameters = &request.parameters;
    let body = CommandBody {
        prompt: plain_prompt(request),
        max_tokens: parameters.max_tokens,
        temperature: parameters.temperature,
        p: parameters.top_p,
        stop_sequences: &parameters.stop,
        stream: request.stream,
    };
    // Strings and numbers: serialization has nothing to fail on.
    serde_json::to_vec(&body).unwrap_or_default()
}

#[derive(Serialize)]
struct CommandBody<'a> {
    prompt: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<f64>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stop_sequences: &'a [String],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stream: bool,
}

#[derive(Serialize)]
struct Turn {
    role: &'static str,
    message: String,
}

fn turn(message: &Message) -> Turn {
    let role = if message.role == Role::User { "USER" } else { "CHATBOT" };
    Turn { role, message: message.content.text("\n") }
}

/// The events of a whole answer: `text` (Command R) or `generations` (Command).
pub(super) fn decode(body: &[u8]) -> Result<Vec<Event>> {
    let answer: Value = json(body)?;
    let mut events = Vec::new();
    answer_events(&answer, &mut events);
    keep_rest(&answer, KNOWN, &mut events);
    Ok(events)
}

/// Members that are read, or that repeat the request or the pieces before.
const KNOWN: &[&str] = &[
    KEY,
    "chat_history",
    "event_type",
    "finish_reason",
    "generation_id",
    "generations",
    "id",
    "index",
    "is_finished",
    "prompt",
    "response",
    "response_id",
    "text",
    "tool_calls",
];

/// What an answer, or a piece of it, says; true when it says that it is over.
fn answer_events(answer: &Value, events: &mut Vec<Event>) -> bool {
    let one = std::slice::from_ref(answer);
    let generations = answer.get("generations").and_then(Value::as_array).map_or(one, Vec::as_slice);
    let mut over = false;
    for (position, generation) in (0u64..).zip(generations) {
        let index = generation.get("index").and_then(count).unwrap_or(position);
        let index = u32::try_from(index).unwrap_or(u32::MAX - 1);
        if let Some(text) = generation.get("text").and_then(Value::as_str).filter(|text| !text.is_empty()) {
            events.push(Event::Text { index, text: text.to_owned() });
        }
        tool_calls(index + 1, generation, events);
        over |= stop(generation, events);
    }
    over
}

fn stop(answer: &Value, events: &mut Vec<Event>) -> bool {
    let Some(word) = answer.get("finish_reason").and_then(Value::as_str) else { return false };
    events.push(Event::Stop(StopReason::parse(word)));
    true
}

/// Cohere's calls have no identifier: their place stands in for it.
fn tool_calls(first: u32, answer: &Value, events: &mut Vec<Event>) {
    let calls = answer.get("tool_calls").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (index, call) in (first..).zip(calls) {
        let name = call["name"].as_str().unwrap_or_default().to_owned();
        events.push(Event::ToolUse { index, id: format!("call_{index}"), name });
        events.push(Event::ToolInput { index, json: call["parameters"].to_string() });
        events.push(Event::BlockStop { index });
    }
}

/// Decoder of the native stream of Command R (`event_type`) and Command (`is_finished`, or one whole answer).
#[derive(Debug, Default)]
pub(super) struct CohereStream {
    complete: bool,
    tally: Tally,
}

impl StreamDecoder for CohereStream {
    fn step(&mut self, _event_type: &str, payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
        let chunk: Value = json(payload)?;
        match chunk.get("event_type").and_then(Value::as_str) {
            Some("text-generation") | None => self.complete |= answer_events(&chunk, events),
            Some("tool-calls-generation") => tool_calls(1, &chunk, events),
            Some("stream-start") => {}
            Some("stream-end") => self.complete |= stop(&chunk, events),
            Some(other) => events.push(Event::Other { name: other.to_owned(), value: chunk.clone() }),
        }
        keep_rest(&chunk, KNOWN, events);
        let metrics = chunk.get(KEY).and_then(|metrics| Metrics::deserialize(metrics).ok());
        self.complete |= metrics.is_some();
        self.tally.service(metrics, events);
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        if self.complete { Ok(()) } else { Err(cut("a finish_reason")) }
    }
}
