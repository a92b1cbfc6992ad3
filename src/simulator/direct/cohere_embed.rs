//! Cohere Embed v3 and v4 (recordings; AWS's documentation for types and images).

use std::io::Cursor;

use image::ImageReader;
use serde_json::{Value, json};

use super::{Embed, Made, Request, schema, vector};
use crate::simulator::backend::tokens;
use crate::simulator::exception::Exception;
use crate::simulator::native::body::{check_keys, decode, decode_data_url};

/// Most texts of a request, and most characters of each (AWS's documentation of v3).
const MOST_TEXTS: usize = 96;
const MOST_CHARACTERS: usize = 2048;
/// v4 takes texts of 128,000 tokens.
const MOST_CHARACTERS_V4: usize = 512_000;

const INPUT_TYPES: &[&str] = &["search_document", "search_query", "classification", "clustering", "image"];
const TYPES: &[&str] = &["float", "int8", "uint8", "binary", "ubinary"];

/// What is embedded: its vector comes from text, from a picture, or from both.
#[derive(Default)]
struct Input {
    text: String,
    image: Vec<u8>,
}

pub(super) fn embed(request: &Request) -> Result<Made, Exception> {
    let body = request.body;
    let v4 = request.model.is("cohere.embed-v4");
    let known: &[&str] = match v4 {
        true => &["texts", "inputs", "images", "embedding_types", "output_dimension", "max_tokens", "truncate"],
        false => &["texts", "images", "embedding_types", "truncate"],
    };
    check_keys(body, &["input_type"], known)?;
    schema::one_of(body, "/input_type", INPUT_TYPES)?;
    schema::one_of(body, "/truncate", &["NONE", "START", "END", "LEFT", "RIGHT"])?;
    let dimensions = match v4 {
        true => schema::one_of(body, "/output_dimension", &[1536u64, 1024, 512, 256])? as usize,
        false => 1024,
    };
    let inputs = inputs(request, v4)?;
    let types = types(body)?;
    let vectors: Vec<Vec<f32>> = inputs.iter().map(|input| input.vector(dimensions, request.embed)).collect();
    let count = inputs.iter().map(|input| tokens::count(&input.text)).sum();
    let rest = json!({"id": request.identity.uuid, "texts": echoed(request, v4)});
    let body = match (types.is_empty(), v4) {
        (true, false) => v3_floats(&vectors, rest, &inputs),
        (_, false) => v3_by_type(by_type(&vectors, &types), rest, &inputs),
        (_, true) => {
            let types = if types.is_empty() { vec!["float"] } else { types };
            json!({
                "id": rest["id"],
                "texts": rest["texts"],
                "embeddings": by_type(&vectors, &types),
                "response_type": "embeddings_by_type",
            })
        }
    };
    Ok(Made { body, input_tokens: Some(count) })
}

fn inputs(request: &Request, v4: bool) -> Result<Vec<Input>, Exception> {
    let body = request.body;
    let most = if v4 { MOST_CHARACTERS_V4 } else { MOST_CHARACTERS };
    let mut inputs = Vec::new();
    let texts = schema::items(body, "/texts")?;
    for (at, text) in texts.iter().enumerate() {
        let text = text.as_str().unwrap_or_default();
        schema::length(&format!("/texts/{at}"), text, 1, most)?;
        inputs.push(Input { text: text.to_owned(), image: Vec::new() });
    }
    for image in schema::items(body, "/images")? {
        inputs.push(Input { text: String::new(), image: picture(image.as_str().unwrap_or_default()) });
    }
    for given in schema::items(body, "/inputs")? {
        let mut input = Input::default();
        for part in given["content"].as_array().into_iter().flatten() {
            input.text.push_str(part["text"].as_str().unwrap_or_default());
            let url = part["image_url"]["url"].as_str().or_else(|| part["image_url"].as_str());
            input.image.extend(url.map(picture).unwrap_or_default());
        }
        inputs.push(input);
    }
    if inputs.is_empty() && texts.is_empty() && !body.has("texts") {
        return Err(schema::missing("", "texts"));
    }
    schema::item_count("/texts", inputs.len(), 1, MOST_TEXTS)?;
    Ok(inputs)
}

/// A picture as a data URL or as bare base64.
fn picture(text: &str) -> Vec<u8> {
    if text.starts_with("data:") { decode_data_url(text) } else { decode(text) }
}

fn types(body: &crate::simulator::native::Body) -> Result<Vec<&'static str>, Exception> {
    let given = schema::items(body, "/embedding_types")?;
    let known = |(at, name): (usize, &Value)| {
        let found = TYPES.iter().copied().find(|known| name == known);
        found.ok_or_else(|| schema::not_in_enum(&format!("/embedding_types/{at}"), name))
    };
    given.iter().enumerate().map(known).collect()
}

/// `texts` come back; from English v3 in lower case (recording).
fn echoed(request: &Request, v4: bool) -> Value {
    let texts = request.body.get("texts").as_array().cloned().unwrap_or_default();
    let lower = !v4 && request.model.is("cohere.embed-english");
    let echo = |text: &Value| match text.as_str() {
        Some(text) if lower => text.to_lowercase().into(),
        _ => text.clone(),
    };
    texts.iter().map(echo).collect()
}

fn v3_floats(vectors: &[Vec<f32>], rest: Value, inputs: &[Input]) -> Value {
    let floats: Vec<_> = vectors.iter().map(|vector| vector::written(vector)).collect();
    let mut body = json!({"embeddings": floats, "id": rest["id"]});
    add_images(&mut body, inputs);
    body["response_type"] = "embeddings_floats".into();
    body["texts"] = rest["texts"].clone();
    body
}

fn v3_by_type(embeddings: Value, rest: Value, inputs: &[Input]) -> Value {
    let mut body = json!({"embeddings": embeddings, "id": rest["id"]});
    add_images(&mut body, inputs);
    body["response_type"] = "embeddings_by_type".into();
    body["texts"] = rest["texts"].clone();
    body
}

/// `images` tells the size of each.
fn add_images(body: &mut Value, inputs: &[Input]) {
    let images: Vec<Value> = inputs.iter().filter(|input| !input.image.is_empty()).map(Input::size).collect();
    if !images.is_empty() {
        body["images"] = images.into();
    }
}

fn by_type(vectors: &[Vec<f32>], types: &[&str]) -> Value {
    let mut out = json!({});
    for name in types {
        let of = |vector: &Vec<f32>| -> Value {
            match *name {
                "int8" => vector::as_int8(vector).into(),
                "uint8" => vector::as_int8(vector).iter().map(|value| value + 128).collect(),
                "binary" => vector::as_bits(vector).iter().map(|byte| i64::from(*byte) - 128).collect(),
                "ubinary" => vector::as_bits(vector).into_iter().collect(),
                _ => vector::written(vector).into(),
            }
        };
        out[*name] = vectors.iter().map(of).collect();
    }
    out
}

impl Input {
    fn vector(&self, dimensions: usize, embed: &Embed) -> Vec<f32> {
        let text = (!self.text.is_empty()).then(|| vector::normalised(embed(&self.text, dimensions)));
        let image = (!self.image.is_empty()).then(|| vector::of_bytes(&self.image, dimensions));
        let vector = match (text, image) {
            (Some(text), Some(image)) => vector::sum(&text, &image),
            (text, image) => text.or(image).unwrap_or_else(|| vec![0.0; dimensions]),
        };
        vector::normalised(vector)
    }

    fn size(&self) -> Value {
        let reader = ImageReader::new(Cursor::new(&self.image)).with_guessed_format();
        let format = reader.as_ref().ok().and_then(ImageReader::format);
        let (width, height) = reader.ok().and_then(|reader| reader.into_dimensions().ok()).unwrap_or_default();
        let format = format.and_then(|format| format.extensions_str().first()).copied().unwrap_or_default();
        json!({"width": width, "height": height, "format": format, "bit_depth": 24})
    }
}
