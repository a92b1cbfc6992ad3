//! Dialects: how callers speak. Each parses a caller's request and renders a model's answer in the caller's shapes.

pub mod ai_sdk;
mod base64;
pub mod chat;
pub mod embeddings;
mod extra_body;
mod fields;
mod formats;
pub mod images;
mod losses;
pub mod models;
pub mod moderations;
mod parameters;
mod path;
mod read;
pub mod rerank;
pub mod stop;
pub mod text;
