//! TwelveLabs Marengo Embed 2.7 and 3.0 (AWS's documentation; no recording exists).

use serde_json::{Value, json};

use super::{Embed, Made, Request, schema, vector};
use crate::simulator::exception::Exception;
use crate::simulator::models::Model;
use crate::simulator::native::Body;
use crate::simulator::native::body::{check_keys_present, decode};

pub(super) fn embed(request: &Request) -> Result<Made, Exception> {
    Ok(Made { body: answer(request.model, request.body, request.embed, false)?, input_tokens: None })
}

/// The answer to an input. Sounds and films are embedded by StartAsyncInvoke only, as one segment here.
pub(super) fn answer(model: &Model, body: &Body, embed: &Embed, all: bool) -> Result<Value, Exception> {
    check_keys_present(body, &["inputType"])?;
    let newer = model.is("twelvelabs.marengo-embed-3");
    let dimensions = if newer { 512 } else { 1024 };
    let kinds = ["text", "image", "text_image", "audio", "video"];
    let known = kinds.into_iter().filter(|kind| match *kind {
        "text_image" => newer,
        "audio" | "video" => all,
        _ => true,
    });
    let kind = schema::one_of(body, "/inputType", &known.collect::<Vec<_>>())?;
    // 3.0 keeps the input of each type under a member of its name.
    let member = |key: &str| if newer { &body.get(kind)[key] } else { body.get(key) };
    let mut vector = vec![0.0; dimensions];
    if kind.starts_with("text") {
        let place = if newer { format!("/{kind}") } else { String::new() };
        let text = member("inputText").as_str().ok_or_else(|| schema::missing(&place, "inputText"))?;
        vector = vector::normalised(embed(text, dimensions));
    }
    if kind != "text" {
        vector = vector::sum(&vector, &vector::of_bytes(&media(member("mediaSource")), dimensions));
    }
    let mut data = json!({"embedding": vector::written(&vector::normalised(vector))});
    if matches!(kind, "audio" | "video") {
        data["embeddingOption"] = if kind == "audio" { "audio" } else { "visual-image" }.into();
        data["startSec"] = member("startSec").as_f64().unwrap_or(0.0).into();
        data["endSec"] =
            (data["startSec"].as_f64().unwrap_or(0.0) + member("lengthSec").as_f64().unwrap_or(10.0)).into();
    }
    Ok(json!({ "data": [data] }))
}

fn media(source: &Value) -> Vec<u8> {
    let address = source["s3Location"]["uri"].as_str().unwrap_or_default();
    source["base64String"].as_str().map_or_else(|| address.as_bytes().to_vec(), decode)
}
