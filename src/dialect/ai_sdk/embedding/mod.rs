//! `EmbeddingModelV4.doEmbed`: values into vectors.
//!
//! Source: `EmbeddingModelV4` of `@ai-sdk/provider` 4.0.38, which v3 equals; options of `@ai-sdk/amazon-bedrock` 5.0.101.

mod fields;
mod render;
mod request;

pub use render::{render, write};
pub use request::{MOST_VALUES, parse};
