//! OpenAI's embeddings, `POST /embeddings`, with what Bedrock's models have beyond it.
//!
//! Source: `EmbeddingCreateParams` and `CreateEmbeddingResponse` of openai 7.55; limits of OpenAI's API reference.

mod fields;
mod input;
mod render;
mod request;
mod tokens;

pub use render::{Encoding, render};
pub use request::{Call, parse};
