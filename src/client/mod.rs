//! The engine: configuration, catalog, dialect, family and transport put together into an answer.
//!
//! `question` and `reply` are one call of a model, for every dialect; [`text`] is `bedrockWrapper`, [`openai`] OpenAI's
//! REST API, [`native_bodies`] what passes in the models' own words.

pub mod ai_sdk;
mod asking;
mod configured;
mod cut;
mod drawing;
mod embeddings;
mod files;
mod images;
mod learned;
mod making;
mod memory;
mod models;
mod moderations;
pub mod native_bodies;
pub mod openai;
mod pictures;
mod question;
mod reading;
mod repair;
mod reply;
mod rerank;
mod resolve;
mod secrets;
pub mod text;
mod told;
mod vectors;

pub use crate::dialect::models::unknown as unknown_model;
pub use configured::Client;
pub use embeddings::embeddings;
pub use images::images;
pub use memory::Memory;
pub use models::{listed, model, model_of, models};
pub use rerank::rerank;
pub use secrets::Vault;
pub use told::{Tally, Told};

use serde::Serialize;

use crate::catalog;

/// Every model name with its id, as `listBedrockWrapperSupportedModels` gives them: `{"modelName","modelId"}`.
pub fn supported_models() -> Vec<String> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Listed {
        model_name: &'static str,
        model_id: &'static str,
    }
    let listed = |name: &catalog::Name| Listed { model_name: name.name, model_id: name.id };
    // Two strings: serialization has nothing to fail on.
    catalog::names().map(|name| serde_json::to_string(&listed(name)).unwrap_or_default()).collect()
}
