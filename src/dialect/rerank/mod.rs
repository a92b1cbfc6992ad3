//! Reranking, `POST /rerank`, in the shape that Cohere and Jina have given it; OpenAI has none.
//!
//! Source: Cohere's API reference v2 "Rerank", Jina's "Reranker API".

mod fields;
mod render;
mod request;

pub use render::render;
pub use request::{Call, parse};
