//! Amazon Nova Multimodal Embeddings: one text or picture a call.
//!
//! Source: "Embeddings request and response schema" in the Nova user guide; recordings
//! `nova/invoke-nova-2-multimodal-embeddings-*`.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json as object};

use super::{Embedded, picture};
use crate::conversation::embedding::{Input, Purpose, Request, Truncate};
use crate::error::Result;
use crate::family::json;

pub(super) fn encode(request: &Request, input: &Input) -> Value {
    let mut params = object!({"embeddingPurpose": purpose(request)});
    if let Some(dimensions) = request.dimensions {
        params["embeddingDimension"] = dimensions.into();
    }
    if let Some(text) = &input.text {
        params["text"] = object!({"truncationMode": truncation(request), "value": text});
    }
    if let Some(image) = &input.image {
        let (format, base64) = picture(image);
        params["image"] = object!({"format": format.to_string(), "source": {"bytes": base64}});
    }
    object!({"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": params})
}

fn purpose(request: &Request) -> String {
    match &request.purpose {
        None | Some(Purpose::Document) => "GENERIC_INDEX".to_owned(),
        Some(Purpose::Query) => "GENERIC_RETRIEVAL".to_owned(),
        Some(Purpose::Classification) => "CLASSIFICATION".to_owned(),
        Some(Purpose::Clustering) => "CLUSTERING".to_owned(),
        Some(Purpose::Other(word)) => word.to_ascii_uppercase(),
    }
}

/// The schema asks for a mode; nothing is cut off that the caller has not allowed to be.
fn truncation(request: &Request) -> &'static str {
    match request.truncate {
        None | Some(Truncate::None) => "NONE",
        Some(Truncate::Start) => "START",
        Some(Truncate::End) => "END",
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    embeddings: Vec<One>,
    input_token_count: Option<u64>,
}

#[derive(Deserialize)]
struct One {
    embedding: Box<RawValue>,
}

pub(super) fn decode(answer: &[u8]) -> Result<Embedded> {
    let answer: Answer = json(answer)?;
    let vectors = answer.embeddings.into_iter().map(|one| one.embedding).collect();
    Ok(Embedded { vectors, input_tokens: answer.input_token_count })
}
