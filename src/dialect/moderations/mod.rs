//! Moderation, `POST /moderations`: OpenAI's request and answer, judged by a guardrail of Bedrock's.
//!
//! Source: OpenAI's API reference, "Moderations"; user guide of Amazon Bedrock, "Detect and filter harmful content".

mod fields;
mod render;
mod request;

pub use render::render;
pub use request::{Call, guardrail, parse};
