//! The body of a request, read field by field.

use serde_json::Value;

use super::fields::FIELDS;
use super::render::Placing;
use crate::conversation::Loss;
use crate::conversation::image_generation::{Format, Quality, Request};
use crate::dialect::extra_body;
use crate::dialect::fields::{check_type, judge};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::{Object, pair};
use crate::error::{ApiCode, Error, Result};

/// Most pictures of a request (OpenAI's API reference).
const MOST_PICTURES: u32 = 10;
/// The longest side that is read; what a model makes is far less.
const LONGEST_SIDE: u32 = 16_384;

/// Words for quality: OpenAI's, then Bedrock's.
const QUALITIES: &[(&str, Option<Quality>)] = &[
    ("auto", None),
    ("hd", Some(Quality::Premium)),
    ("high", Some(Quality::Premium)),
    ("low", Some(Quality::Standard)),
    ("max", Some(Quality::Premium)),
    ("medium", Some(Quality::Standard)),
    ("premium", Some(Quality::Premium)),
    ("standard", Some(Quality::Standard)),
    ("xhigh", Some(Quality::Premium)),
];

/// A call as the caller meant it.
#[derive(Debug)]
pub struct Call {
    /// An id, ARN or name.
    pub model: String,
    /// Where a picture stands in the answer.
    pub placing: Placing,
    /// What is drawn.
    pub request: Request,
}

/// Reads a request. What is wrong is an error that names the field; what is left out is a loss, and with `strict` an
/// error too.
pub fn parse(body: Value, strict: bool, losses: &mut Vec<Loss>) -> Result<Call> {
    let mut fields = match body {
        Value::Object(fields) => Object::request(fields),
        other => return Err(Error::wrong_type("body", "an object with model and prompt", &other)),
    };
    let mut losses = Losses::new(losses, strict);
    let extra = extra_body::for_the_model(&mut fields, FIELDS, &mut losses)?;
    let model = fields.required_string("model", "name an image model")?;
    let placing = placing(&mut fields, &mut losses)?;
    let request = Request {
        prompt: prompt(&mut fields)?,
        negative_prompt: fields.string("negative_prompt")?.filter(|text| !text.is_empty()),
        count: count(&mut fields)?,
        size: size(&mut fields)?,
        quality: quality(&mut fields)?,
        style: style(&mut fields, &mut losses)?,
        guidance: fields.number("cfg_scale")?,
        seed: fields.whole("seed", "a whole number", 0)?,
        format: format(&mut fields)?,
        extra,
        ..Request::default()
    };
    for (name, value) in fields.unread() {
        check_type(FIELDS, name, value)?;
        judge(FIELDS, name, value, &mut losses)?;
    }
    losses.finish();
    Ok(Call { model, placing, request })
}

fn prompt(fields: &mut Object<'_>) -> Result<String> {
    let prompt = fields.required_string("prompt", "say what is to be seen")?;
    if prompt.trim().is_empty() {
        return Err(Error::invalid("prompt", "must not be empty; say what is to be seen."));
    }
    Ok(prompt)
}

fn count(fields: &mut Object<'_>) -> Result<u32> {
    let count = fields.whole("n", "a whole number of pictures", 1)?.unwrap_or(1);
    if count > MOST_PICTURES {
        return Err(Error::invalid("n", format!("must be at most {MOST_PICTURES}.")));
    }
    Ok(count)
}

fn placing(fields: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Placing> {
    match fields.string("response_format")?.as_deref() {
        None | Some("b64_json") => Ok(Placing::Base64),
        Some("url") => {
            let message = "Bedrock keeps no pictures to link to: the URLs are data URLs, which hold the pictures.";
            losses.emulated(Path::field("response_format"), message);
            Ok(Placing::DataUrl)
        }
        Some(_) => Err(Error::invalid("response_format", "must be \"b64_json\" or \"url\".")),
    }
}

fn size(fields: &mut Object<'_>) -> Result<Option<(u32, u32)>> {
    let Some(text) = fields.string("size")?.filter(|text| text != "auto") else { return Ok(None) };
    let malformed = || Error::invalid("size", "must be \"auto\" or width and height in pixels, e.g. \"1024x1024\".");
    pair(&text, 'x', LONGEST_SIDE).map(Some).ok_or_else(malformed)
}

fn quality(fields: &mut Object<'_>) -> Result<Option<Quality>> {
    let Some(word) = fields.string("quality")? else { return Ok(None) };
    let known = QUALITIES.iter().find(|(name, _)| *name == word).map(|(_, quality)| *quality);
    let names: Vec<&str> = QUALITIES.iter().map(|(name, _)| *name).collect();
    known.ok_or_else(|| Error::invalid("quality", format!("must be one of {}.", names.join(", "))))
}

/// OpenAI's two styles are manners of DALL·E 3.
fn style(fields: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Option<String>> {
    let style = fields.string("style")?;
    if !style.as_deref().is_some_and(|word| word == "vivid" || word == "natural") {
        return Ok(style);
    }
    losses.left_out(Path::field("style"), "Bedrock's models have no such style; say it in the prompt")?;
    Ok(None)
}

fn format(fields: &mut Object<'_>) -> Result<Option<Format>> {
    let Some(word) = fields.string("output_format")? else { return Ok(None) };
    let known = [Format::Png, Format::Jpeg, Format::Webp].into_iter().find(|format| format.as_str() == word);
    let unknown = || {
        let error = Error::invalid("output_format", "must be \"png\", \"jpeg\" or \"webp\".");
        error.coded(ApiCode::UnsupportedValue)
    };
    known.map(Some).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(mut body: Value) -> Result<(Call, Vec<Loss>)> {
        for (name, value) in [("model", "amazon.nova-canvas-v1:0"), ("prompt", "A cat")] {
            if body.get(name).is_none() {
                body[name] = value.into();
            }
        }
        let mut losses = Vec::new();
        parse(body, false, &mut losses).map(|call| (call, losses))
    }

    #[test]
    fn words_are_sorted() {
        assert!(QUALITIES.is_sorted_by(|(name, _), (next, _)| name < next));
    }

    #[test]
    fn every_field_finds_its_place() {
        let body = json!({
            "n": 3,
            "size": "1792x1024",
            "quality": "hd",
            "style": "PHOTOREALISM",
            "output_format": "jpeg",
            "extra_body": {"negative_prompt": "dogs", "seed": 7, "cfg_scale": 6.5},
            "background": "auto",
            "stream": false,
            "partial_images": 0,
        });
        let (Call { request, placing, .. }, losses) = parsed(body).unwrap();
        assert_eq!((request.prompt.as_str(), request.negative_prompt.as_deref()), ("A cat", Some("dogs")));
        assert_eq!((request.count, request.size, request.seed), (3, Some((1792, 1024)), Some(7)));
        assert_eq!((request.quality, request.guidance), (Some(Quality::Premium), Some(6.5)));
        assert_eq!((request.style.as_deref(), request.format), (Some("PHOTOREALISM"), Some(Format::Jpeg)));
        assert_eq!((placing, losses), (Placing::Base64, vec![]));
    }

    #[test]
    fn what_dall_e_and_gpt_image_have_of_their_own_is_told() {
        let body = json!({"size": "auto", "quality": "auto", "style": "vivid", "user": "u", "response_format": "url"});
        let (call, losses) = parsed(body).unwrap();
        assert_eq!((call.request.size, call.request.quality, call.placing), (None, None, Placing::DataUrl));
        let params: Vec<_> = losses.iter().filter_map(|loss| loss.param.as_deref()).collect();
        assert_eq!(params, ["response_format", "style", "user"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, message) in [
            (json!({"model": null}), "model: is missing; name an image model."),
            (json!({"prompt": " "}), "prompt: must not be empty; say what is to be seen."),
            (json!({"n": 11}), "n: must be at most 10."),
            (json!({"size": "large"}), "size: must be \"auto\" or width and height in pixels, e.g. \"1024x1024\"."),
            (json!({"size": "0x10"}), "size: must be \"auto\" or width and height in pixels, e.g. \"1024x1024\"."),
            (json!({"size": 1024}), "size: must be a string, not this number."),
            (json!({"output_format": "gif"}), "output_format: must be \"png\", \"jpeg\" or \"webp\"."),
            (json!({"response_format": "json"}), "response_format: must be \"b64_json\" or \"url\"."),
            (json!({"stream": true}), "stream: cannot be done: pictures come whole."),
            (json!({"background": "transparent"}), "background: cannot be done: the model paints the background."),
            (
                json!({"quality": "best"}),
                "quality: must be one of auto, hd, high, low, max, medium, premium, standard, xhigh.",
            ),
        ] {
            assert_eq!(parsed(body).unwrap_err().message, message);
        }
    }
}
