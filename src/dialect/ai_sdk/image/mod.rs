//! `ImageModelV4.doGenerate`: pictures of a prompt, or of other pictures.
//!
//! Source: `ImageModelV4` of `@ai-sdk/provider` 4.0.38, which v3 equals; options of `@ai-sdk/amazon-bedrock` 5.0.101, and
//! those of Nova Canvas beside them.

mod fields;
mod render;
mod request;

pub use render::render;
pub use request::parse;
