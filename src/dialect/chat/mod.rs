//! The dialect of OpenAI's Chat Completions API.

pub mod error;
pub mod render;
