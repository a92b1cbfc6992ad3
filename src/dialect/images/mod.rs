//! OpenAI's image generation, `POST /images/generations`, with what Bedrock's models have beyond it.
//!
//! Source: `ImageGenerateParams` and `ImagesResponse` of openai 7.55.

mod fields;
mod render;
mod request;

pub use render::{Placing, render};
pub use request::{Call, parse};
