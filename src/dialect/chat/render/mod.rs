//! Events as answers of Chat Completions (`ChatCompletion`, `ChatCompletionChunk` of openai 7.55).
//!
//! [`choice`] makes pieces of a message out of events; a whole answer is these pieces joined, a streamed one is a chunk
//! for each. Joined chunks are the whole answer because both are made of the same pieces.

mod choice;
mod chunks;
mod citations;
mod completion;
mod finish;
mod json;
mod piece;
mod thought;
mod usage;

pub use chunks::{Chunk, Chunks, DONE};

use serde_json::{Map, Value};

use crate::conversation::Event;
use crate::error::Result;

/// What an answer says of the call, and how it shows what the model told.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `chatcmpl-…`, the same in every chunk.
    pub id: String,
    /// Seconds since 1970.
    pub created: u64,
    /// The model, as the caller asked for it.
    pub model: String,
    /// Whether a stream ends with what it cost (`stream_options.include_usage`).
    pub include_usage: bool,
    /// Whether the caller knows `function_call` only (requests with `functions`).
    pub legacy_functions: bool,
    /// Names of the tools of type `custom`.
    pub custom_tools: Vec<String>,
    /// How the model's reasoning shows.
    pub reasoning: ReasoningFormat,
    /// `metadata` of the request, which the answer repeats.
    pub metadata: Option<Map<String, Value>>,
    /// Whether to add the member `bedrock`: what Bedrock told and OpenAI's API has no place for.
    pub bedrock: bool,
}

/// How the model's reasoning shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReasoningFormat {
    /// `reasoning_content` (DeepSeek's name for it), and `thinking_blocks` with what must go back to the model (LiteLLM).
    #[default]
    ReasoningContent,
    /// `reasoning` (OpenRouter's name for it), and `thinking_blocks`.
    Reasoning,
    /// In the content, before the text: `<think>…</think>` (Access Gateway).
    Think,
    /// As the content that it is, for models that put their whole answer there.
    Content,
    /// Not at all.
    Hidden,
}

impl ReasoningFormat {
    /// The member of the message that holds the text.
    fn member(self) -> Option<&'static str> {
        match self {
            ReasoningFormat::ReasoningContent => Some("reasoning_content"),
            ReasoningFormat::Reasoning => Some("reasoning"),
            ReasoningFormat::Think | ReasoningFormat::Content | ReasoningFormat::Hidden => None,
        }
    }
}

/// The answer to one request.
#[derive(Clone, Debug)]
pub struct Render {
    settings: Settings,
}

impl Render {
    /// Renders as `settings` say.
    pub fn new(settings: Settings) -> Self {
        Render { settings }
    }

    /// The JSON of a whole answer; `choices` are the events of each of its choices, in order. A choice whose model
    /// broke its own form, or never said why it stopped, is an error.
    pub fn completion(&self, choices: Vec<Vec<Event>>) -> Result<String> {
        completion::render(&self.settings, choices)
    }

    /// A stream of `n` choices.
    pub fn chunks(&self, n: usize) -> Chunks {
        Chunks::new(&self.settings, n)
    }
}

#[cfg(test)]
mod tests;
