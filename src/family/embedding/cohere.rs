//! Cohere Embed 3 and 4: up to 96 inputs a call.
//!
//! Source: "Cohere Embed v3" and "Cohere Embed v4" in the user guide; recordings `cohere/invoke-embed-*`. Tokens are in
//! a header of the answer only.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json as object};

use super::{Embedded, data_url};
use crate::conversation::embedding::{Input, Purpose, Request, Truncate};
use crate::error::Result;
use crate::family::json;

/// Texts, or the one picture that goes into a call; `input_type` of pictures is theirs alone.
pub(super) fn encode_v3(request: &Request, inputs: &[Input]) -> Value {
    let mut body = match inputs {
        [Input { image: Some(image), .. }] => object!({"input_type": "image", "images": [data_url(image)]}),
        inputs => object!({"input_type": input_type(request), "texts": texts(inputs)}),
    };
    if let Some(truncate) = request.truncate {
        body["truncate"] = match truncate {
            Truncate::None => "NONE",
            Truncate::Start => "START",
            Truncate::End => "END",
        }
        .into();
    }
    body
}

/// Texts, pictures, or parts of both where a call has both.
pub(super) fn encode_v4(request: &Request, inputs: &[Input]) -> Value {
    let mut body = object!({"input_type": input_type(request)});
    if inputs.iter().all(|input| input.image.is_none()) {
        body["texts"] = texts(inputs);
    } else if inputs.iter().all(|input| input.text.is_none()) {
        body["images"] = inputs.iter().filter_map(|input| input.image.as_ref()).map(data_url).collect();
    } else {
        body["inputs"] = inputs.iter().map(parts).collect();
    }
    if let Some(dimensions) = request.dimensions {
        body["output_dimension"] = dimensions.into();
    }
    if let Some(truncate) = request.truncate {
        body["truncate"] = match truncate {
            Truncate::None => "NONE",
            Truncate::Start => "LEFT",
            Truncate::End => "RIGHT",
        }
        .into();
    }
    body
}

/// The model insists on being told; what is embedded without a word is mostly to be found later.
fn input_type(request: &Request) -> &str {
    match &request.purpose {
        None | Some(Purpose::Document) => "search_document",
        Some(Purpose::Query) => "search_query",
        Some(Purpose::Classification) => "classification",
        Some(Purpose::Clustering) => "clustering",
        Some(Purpose::Other(word)) => word,
    }
}

fn texts(inputs: &[Input]) -> Value {
    inputs.iter().map(|input| input.text.as_deref().unwrap_or_default()).collect()
}

fn parts(input: &Input) -> Value {
    let text = input.text.iter().map(|text| object!({"type": "text", "text": text}));
    let image = input.image.iter().map(|image| object!({"type": "image_url", "image_url": {"url": data_url(image)}}));
    object!({"content": text.chain(image).collect::<Vec<_>>()})
}

#[derive(Deserialize)]
struct Answer<'a> {
    /// A list of vectors, or such lists by their type.
    #[serde(borrow)]
    embeddings: &'a RawValue,
}

pub(super) fn decode(answer: &[u8]) -> Result<Embedded> {
    let Answer { embeddings } = json(answer)?;
    let vectors = if embeddings.get().starts_with('{') {
        let mut by_type: HashMap<String, Vec<Box<RawValue>>> = json(embeddings.get().as_bytes())?;
        by_type.remove("float").unwrap_or_default()
    } else {
        json(embeddings.get().as_bytes())?
    };
    Ok(Embedded { vectors, input_tokens: None })
}
