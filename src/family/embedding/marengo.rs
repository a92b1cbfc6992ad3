//! TwelveLabs Marengo: one text or picture a call, from version 3.0 both together. Sound and film need an asynchronous
//! operation.
//!
//! Source: "TwelveLabs Marengo Embed 2.7" and "3.0" in the user guide.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json as object};

use super::{Embedded, picture};
use crate::conversation::Image;
use crate::conversation::embedding::Input;
use crate::error::Result;
use crate::family::json;

pub(super) fn encode_v2(input: &Input) -> Value {
    match &input.image {
        Some(image) => object!({"inputType": "image", "mediaSource": source(image)}),
        None => object!({"inputType": "text", "inputText": input.text}),
    }
}

/// What is embedded stands under the name of its type.
pub(super) fn encode_v3(input: &Input) -> Value {
    match (&input.image, &input.text) {
        (None, text) => object!({"inputType": "text", "text": {"inputText": text}}),
        (Some(image), None) => object!({"inputType": "image", "image": {"mediaSource": source(image)}}),
        (Some(image), Some(text)) => {
            object!({"inputType": "text_image", "text_image": {"inputText": text, "mediaSource": source(image)}})
        }
    }
}

fn source(image: &Image) -> Value {
    object!({"base64String": picture(image).1})
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    embedding: Box<RawValue>,
}

pub(super) fn decode(answer: &[u8]) -> Result<Embedded> {
    let answer: Answer = json(answer)?;
    Ok(Embedded { vectors: answer.data.into_iter().map(|one| one.embedding).collect(), input_tokens: None })
}
