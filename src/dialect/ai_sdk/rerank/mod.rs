//! `RerankingModelV4.doRerank`: documents in the order of what they have to do with a query.
//!
//! Source: `RerankingModelV4` of `@ai-sdk/provider` 4.0.38, which v3 equals; options of `@ai-sdk/amazon-bedrock` 5.0.101.

mod fields;
mod render;
mod request;

pub use render::render;
pub use request::parse;
