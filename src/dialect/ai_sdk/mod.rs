//! Vercel's AI SDK: the calls that `ai` makes of a provider, and the results and stream parts it wants.
//!
//! Source: `@ai-sdk/provider` 4.0.38 (specification v4, `ai` 7) and its v3 (`ai` 6). What both say alike is written once;
//! where they differ, [`Specification`] decides. Members that a later version adds are tolerated.

pub mod embedding;
mod fields;
pub mod image;
mod provider_options;
pub mod render;
pub mod request;
pub mod rerank;
mod warnings;

pub use warnings::{in_own_words, warnings};

use serde_json::{Value, json};

/// What a result says in this provider's name, under both of its keys.
fn provider_metadata(metadata: &Value) -> Value {
    json!({"amazonBedrock": metadata, "bedrock": metadata})
}

/// Which version of the AI SDK's provider specification the caller speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Specification {
    /// `ai` 6
    V3,
    /// `ai` 7
    #[default]
    V4,
}

impl Specification {
    /// The version that `word` names.
    pub fn parse(word: &str) -> Option<Specification> {
        match word {
            "v3" => Some(Specification::V3),
            "v4" => Some(Specification::V4),
            _ => None,
        }
    }
}
