//! InvokeModel bodies: one file per family, each a reader of its request and a writer of its answer, whole or streamed.
//!
//! Key order is the model's own (recordings); the envelope around the chunks is [`super::events`]'s.

pub(super) mod body;
mod calls;
mod chat;
pub(super) mod chat_completions;
mod claude;
mod claude_prompt;
mod command;
mod command_r;
mod completion;
mod deepseek_r1;
mod held;
mod jamba;
mod jurassic;
mod llama;
mod mistral_chat;
mod mistral_prompt;
mod nova;
mod openai;
mod palmyra;
mod pegasus;
mod prompt;
#[cfg(test)]
mod recorded;
pub(super) mod responses;
#[cfg(test)]
mod tests;
mod titan;

use serde_json::{Value, json};

use super::answer::{Answer, Cache, Event, Stop, Usage};
use super::exception::Exception;
use super::identity::Identity;
use super::models::{Family, Model};
use super::question::Question;
pub(super) use body::Body;
pub(super) use claude::{signature, tool_choice};

/// Last key of the last chunk.
const METRICS: &str = "amazon-bedrock-invocationMetrics";

/// What is known when an answer begins.
pub(super) struct Opening<'a> {
    pub(super) question: &'a Question,
    pub(super) model: &'a Model,
    pub(super) identity: &'a Identity,
    /// Tokens of the question.
    pub(super) input: u64,
    /// Those of the prompt cache, where it is known before the answer.
    pub(super) cache: Option<Cache>,
    /// The request body, for options that only a family understands.
    pub(super) body: &'a Body,
}

impl Opening<'_> {
    /// The counts before anything is spoken.
    fn usage(&self) -> Usage {
        Usage { input: self.input, output: 0, cache: self.cache }
    }
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

    /// Whether the family's metrics have cache counts even when nothing was cached.
    fn counts_cache(&self) -> bool {
        false
    }
}

impl<F: FnMut(Event) -> Vec<Value> + Send> Writer for F {
    fn step(&mut self, event: Event) -> Vec<Value> {
        self(event)
    }
}

/// The codec for a model and a body: some families have an old and a new shape.
pub(super) fn codec(model: &Model, body: &Body) -> &'static dyn Codec {
    let chats = body.has("messages");
    match model.series.family {
        Family::Claude if body.has("prompt") && !chats => &claude_prompt::ClaudePrompt,
        Family::Claude => &claude::Claude,
        Family::Nova => &nova::Nova,
        Family::Titan => &titan::Titan,
        Family::Llama => &llama::Llama,
        Family::MistralPrompt if chats && model.is("mistral.mistral-large") => &mistral_chat::MistralChat,
        Family::MistralPrompt => &mistral_prompt::MistralPrompt,
        Family::MistralChat => &mistral_chat::MistralChat,
        Family::OpenAi | Family::OpenAiTagged => &openai::OpenAi,
        Family::DeepSeekR1 => &deepseek_r1::DeepSeekR1,
        Family::CommandR => &command_r::CommandR,
        Family::Command => &command::Command,
        Family::Jamba => &jamba::Jamba,
        Family::Jurassic => &jurassic::Jurassic,
        Family::Palmyra | Family::Imported if !chats => &completion::Completion,
        Family::Palmyra => &palmyra::Palmyra,
        Family::Imported => &openai::OpenAi,
        Family::Pegasus => &pegasus::Pegasus,
        _ => by_body(body),
    }
}

/// A key that only one family has → its codec.
const TELLING_KEYS: &[(&str, &dyn Codec)] = &[
    ("anthropic_version", &claude::Claude),
    ("schemaVersion", &nova::Nova),
    ("inferenceConfig", &nova::Nova),
    ("inputText", &titan::Titan),
    ("max_gen_len", &llama::Llama),
    ("max_tokens_to_sample", &claude_prompt::ClaudePrompt),
    ("message", &command_r::CommandR),
    ("messages", &openai::OpenAi),
];

fn by_body(body: &Body) -> &'static dyn Codec {
    let told = TELLING_KEYS.iter().find(|(key, _)| body.has(key)).map(|(_, codec)| *codec);
    told.unwrap_or(&completion::Completion)
}

/// When an answer came, in milliseconds after the request.
pub(super) struct Timing {
    pub(super) latency: u64,
    pub(super) first_byte: u64,
}

/// The last step of an answer, with metrics in the last chunk that is an object.
pub(super) fn finish(writer: &mut dyn Writer, stop: Stop, usage: Usage, timing: Timing) -> Vec<Value> {
    let mut chunks = writer.step(Event::Stop(stop, usage));
    let mut metrics = json!({
        "inputTokenCount": usage.input,
        "outputTokenCount": usage.output,
        "invocationLatency": timing.latency,
        "firstByteLatency": timing.first_byte,
    });
    if usage.cache.is_some() || writer.counts_cache() {
        let cache = usage.cache.unwrap_or_default();
        metrics["cacheReadInputTokenCount"] = cache.read.into();
        metrics["cacheWriteInputTokenCount"] = cache.write.into();
    }
    if let Some(last) = chunks.iter_mut().rev().find_map(Value::as_object_mut) {
        last.insert(METRICS.into(), metrics);
    }
    chunks
}
