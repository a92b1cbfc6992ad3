//! Dialects: how callers speak. Each parses a caller's request and renders a model's answer in the caller's shapes.

pub mod chat;
pub mod embeddings;
mod field;
mod fields;
pub mod images;
mod losses;
mod parameters;
mod path;
mod read;
pub mod rerank;
pub mod text;
