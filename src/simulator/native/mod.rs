//! InvokeModel bodies: one file per family, each a reader of its request and a writer of its answer, whole or streamed.
//!
//! Key order is the model's own (recordings); the envelope around the chunks is [`super::events`]'s.

pub(super) mod body;
mod claude;
mod claude_prompt;
mod nova;

use serde_json::{Value, json};

use super::exception::Exception;
use super::identity::Identity;
use super::models::{Family, Model};
use super::question::{Answer, Event, Question, Usage};
pub(super) use body::Body;
pub(super) use claude::signature;

/// Last key of the last chunk.
const METRICS: &str = "amazon-bedrock-invocationMetrics";

/// What is known when an answer begins.
pub(super) struct Opening<'a> {
    pub(super) question: &'a Question,
    pub(super) model: &'a Model,
    pub(super) identity: &'a Identity,
    /// Tokens of the question.
    pub(super) input: u64,
    /// The request body, for options that only a family understands.
    pub(super) body: &'a Body,
}

/// A family's body: how to read a request and how to write an answer.
pub(super) trait Codec: Sync {
    /// The question in a request body, or what the service says to a malformed one.
    fn read(&self, body: &Body) -> Result<Question, Exception>;
    /// The whole answer.
    fn whole(&self, opening: &Opening, answer: &Answer) -> Value;
    /// A writer of the answer's chunks.
    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception>;
}

/// Turns the steps of an answer into a family's chunks.
pub(super) trait Writer: Send {
    /// The chunks for one step; none is fine.
    fn step(&mut self, event: Event) -> Vec<Value>;
}

impl<F: FnMut(Event) -> Vec<Value> + Send> Writer for F {
    fn step(&mut self, event: Event) -> Vec<Value> {
        self(event)
    }
}

/// The codec for a model and a body: some families have an old and a new shape, and an ARN says nothing.
pub(super) fn codec(model: &Model, body: &Body) -> &'static dyn Codec {
    match model.series.family {
        Family::Claude if body.has("prompt") && !body.has("messages") => &claude_prompt::ClaudePrompt,
        Family::Nova => &nova::Nova,
        _ => &claude::Claude,
    }
}

/// Adds the metrics to the last chunk that is an object.
pub(super) fn add_metrics(chunks: &mut [Value], usage: Usage, latency: u64, first_byte: u64) {
    let Some(last) = chunks.iter_mut().rev().find_map(Value::as_object_mut) else { return };
    last.insert(
        METRICS.into(),
        json!({
            "inputTokenCount": usage.input,
            "outputTokenCount": usage.output,
            "invocationLatency": latency,
            "firstByteLatency": first_byte,
        }),
    );
}
