//! The dialect of OpenAI's Chat Completions API (`ChatCompletionCreateParams` of openai 7.55), with the fields that the
//! Access Gateway, OpenRouter and LiteLLM add, and Converse's own.

mod caching;
mod calls;
mod choice;
pub mod error;
mod extras;
mod fields;
mod files;
mod format;
mod messages;
mod metadata;
mod parts;
mod reasoning;
pub mod render;
mod request;
mod thoughts;
mod tools;

pub use request::{ChatCall, Headers, parse};
