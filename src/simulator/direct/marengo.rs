//! TwelveLabs Marengo Embed 2.7 and 3.0: texts and images (AWS's documentation; no recording exists).

use serde_json::{Value, json};

use super::{Made, Request, schema, vector};
use crate::simulator::exception::Exception;
use crate::simulator::native::body::{check_keys_present, decode};

pub(super) fn embed(request: &Request) -> Result<Made, Exception> {
    let body = request.body;
    check_keys_present(body, &["inputType"])?;
    let newer = request.model.is("twelvelabs.marengo-embed-3");
    let dimensions = if newer { 512 } else { 1024 };
    let known: &[&str] = if newer { &["text", "image", "text_image"] } else { &["text", "image"] };
    let kind = schema::one_of(body, "/inputType", known)?;
    // 3.0 keeps the input of each type under a member of its name.
    let member = |key: &str| if newer { &body.get(kind)[key] } else { body.get(key) };
    let mut vector = vec![0.0; dimensions];
    if kind != "image" {
        let place = if newer { format!("/{kind}") } else { String::new() };
        let text = member("inputText").as_str().ok_or_else(|| schema::missing(&place, "inputText"))?;
        vector = vector::normalised((request.embed)(text, dimensions));
    }
    if kind != "text" {
        vector = vector::sum(&vector, &vector::of_bytes(&media(member("mediaSource")), dimensions));
    }
    let embedding = vector::written(&vector::normalised(vector));
    Ok(Made { body: json!({"data": [{"embedding": embedding}]}), input_tokens: None })
}

fn media(source: &Value) -> Vec<u8> {
    let address = source["s3Location"]["uri"].as_str().unwrap_or_default();
    source["base64String"].as_str().map_or_else(|| address.as_bytes().to_vec(), decode)
}
