//! `listBedrockWrapperSupportedModels`.

use napi_derive::napi;

use crate::client;

/// Every model of the catalog as a JSON string `{"modelName","modelId"}`.
#[napi(catch_unwind)]
pub fn supported_models() -> Vec<String> {
    client::supported_models()
}
