//! Amazon Titan's embeddings: Text v1 and v2 (recordings), Multimodal v1 (AWS's documentation).

use serde_json::{Value, json};

use super::{Made, Request, schema, vector};
use crate::simulator::backend::tokens;
use crate::simulator::exception::Exception;
use crate::simulator::native::body::{check_keys, decode, malformed};
use crate::simulator::wording;

/// Most characters and tokens of a text (AWS's documentation; reports quote the refusals).
const MOST_CHARACTERS: usize = 50_000;
const MOST_TOKENS: u64 = 8192;
/// The same of Titan Multimodal.
const MOST_TOKENS_MULTIMODAL: u64 = 256;

/// Dimensions of v1.
const DIMENSIONS_V1: usize = 1536;

pub(super) fn text(request: &Request) -> Result<Made, Exception> {
    let body = request.body;
    let v2 = request.model.is("amazon.titan-embed-text-v2") || request.model.is("amazon.titan-embed-g1-text-02");
    let known: &[&str] = if v2 { &["dimensions", "normalize", "embeddingTypes"] } else { &[] };
    check_keys(body, &["inputText"], known)?;
    let text = schema::text(body, "/inputText")?;
    schema::length("", text, 1, MOST_CHARACTERS)?;
    let count = within(text, MOST_TOKENS)?;
    if !v2 {
        let embedding = vector::written(&(request.embed)(text, DIMENSIONS_V1));
        return Ok(made(json!({"embedding": embedding, "inputTextTokenCount": count}), count));
    }
    let dimensions = schema::one_of(body, "/dimensions", &[1024u64, 512, 256])?;
    let vector = (request.embed)(text, dimensions as usize);
    let vector = if body.get("normalize") == false { vector } else { vector::normalised(vector) };
    let mut by_type = json!({});
    let types = schema::items(body, "/embeddingTypes")?;
    let usual = [Value::from("float")];
    for name in if types.is_empty() { &usual } else { types } {
        match name.as_str() {
            Some("float") => by_type["float"] = vector::written(&vector).into(),
            Some("binary") => by_type["binary"] = vector.iter().map(|value| u8::from(*value > 0.0)).collect(),
            _ => return Err(schema::not_in_enum("/embeddingTypes/0", name)),
        }
    }
    let mut answer = json!({});
    if !by_type["float"].is_null() {
        answer["embedding"] = by_type["float"].clone();
    }
    answer["embeddingsByType"] = by_type;
    answer["inputTextTokenCount"] = count.into();
    Ok(made(answer, count))
}

pub(super) fn image(request: &Request) -> Result<Made, Exception> {
    let body = request.body;
    check_keys(body, &[], &["inputText", "inputImage", "embeddingConfig"])?;
    let dimensions = schema::one_of(body, "/embeddingConfig/outputEmbeddingLength", &[1024u64, 384, 256])? as usize;
    let (text, image) = (schema::text(body, "/inputText")?, schema::text(body, "/inputImage")?);
    if text.is_empty() && image.is_empty() {
        return Err(malformed(&["#: required key [inputText] not found#: required key [inputImage] not found".into()]));
    }
    let count = within(text, MOST_TOKENS_MULTIMODAL)?;
    let mut vector = vec![0.0; dimensions];
    if !text.is_empty() {
        vector = vector::normalised((request.embed)(text, dimensions));
    }
    if !image.is_empty() {
        vector = vector::sum(&vector, &vector::of_bytes(&decode(image), dimensions));
    }
    let embedding = vector::written(&vector::normalised(vector));
    Ok(made(json!({"embedding": embedding, "inputTextTokenCount": count, "message": null}), count))
}

fn within(text: &str, most: u64) -> Result<u64, Exception> {
    let count = tokens::count(text);
    if count > most {
        return Err(wording::TOO_MANY_TOKENS.refuse(&[&most, &count]));
    }
    Ok(count)
}

fn made(body: Value, count: u64) -> Made {
    Made { body, input_tokens: Some(count) }
}
