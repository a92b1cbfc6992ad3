//! Amazon Titan: one text, or a text and a picture, into one vector.
//!
//! Source: "Amazon Titan Embeddings G1 - Text" and "Amazon Titan Multimodal Embeddings G1" in the user guide; recordings
//! `titan/invoke-titan-embed-*`.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json as object};

use super::{Embedded, picture};
use crate::conversation::embedding::{Input, Request};
use crate::error::{Error, Kind, Result};
use crate::family::json;

/// Embeddings G1 - Text knows nothing but the text.
pub(super) fn encode_v1(input: &Input) -> Value {
    object!({"inputText": input.text})
}

pub(super) fn encode_v2(request: &Request, input: &Input) -> Value {
    let mut body = encode_v1(input);
    if let Some(dimensions) = request.dimensions {
        body["dimensions"] = dimensions.into();
    }
    if let Some(normalize) = request.normalize {
        body["normalize"] = normalize.into();
    }
    body
}

pub(super) fn encode_image(request: &Request, input: &Input) -> Value {
    let mut body = object!({});
    if let Some(text) = &input.text {
        body["inputText"] = text.as_str().into();
    }
    if let Some(image) = &input.image {
        body["inputImage"] = picture(image).1.into();
    }
    if let Some(dimensions) = request.dimensions {
        body["embeddingConfig"] = object!({"outputEmbeddingLength": dimensions});
    }
    body
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    embedding: Option<Box<RawValue>>,
    input_text_token_count: Option<u64>,
    /// What went wrong (Titan Multimodal).
    message: Option<String>,
}

pub(super) fn decode(answer: &[u8]) -> Result<Embedded> {
    let answer: Answer = json(answer)?;
    if let (None, Some(message)) = (&answer.embedding, answer.message) {
        return Err(Error::new(Kind::ModelError, message));
    }
    Ok(Embedded { vectors: answer.embedding.into_iter().collect(), input_tokens: answer.input_text_token_count })
}
