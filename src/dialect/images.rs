//! OpenAI's image generation, `POST /images/generations`, with what Bedrock's models have beyond it.
//!
//! Source: `ImageGenerateParams` and `ImagesResponse` of openai 7.55.

use serde::Serialize;
use serde_json::{Map, Value};

use super::field::Fate::{Mapped, Refused, Warned};
use super::field::{
    Row, Told, judge, never, object, take_extra, take_number, take_required_text, take_text, take_whole, told,
};
use crate::conversation::image_generation::{Format, Quality, Request};
use crate::conversation::{Loss, LossCode};
use crate::error::{ApiCode, Error, Result};

/// Most pictures of a request (OpenAI's API reference).
const MOST_PICTURES: u32 = 10;
/// The longest side that is read; what a model makes is far less.
const LONGEST_SIDE: u32 = 16_384;

/// Sorted by name: the fields of OpenAI's `ImageGenerateParams` (openai 7.55), and those that Bedrock's models share.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("additionalModelRequestFields", Mapped("put into the model's body as they are, e.g. another `taskType`"), never),
    ("background",         Refused("the model paints the background"), is_no_background),
    ("cfg_scale",          Mapped("how closely the picture follows the prompt (Nova Canvas, Titan)"), never),
    ("complexity",         Warned("Bedrock's models have no such parameter"), never),
    ("extra_body",         Mapped("its members count as fields of the request"), never),
    ("frame_count",        Refused("the models make single pictures"), is_one),
    ("frame_duration_ms",  Warned("the models make single pictures"), never),
    ("model",              Mapped("an id, ARN or name of an image model"), never),
    ("moderation",         Warned("what the models refuse cannot be chosen"), is_auto),
    ("n",                  Mapped("1 to 10, in as few calls as the model allows"), never),
    ("negative_prompt",    Mapped("what is not to be seen"), never),
    ("output_compression", Warned("Bedrock's models have no such parameter"), never),
    ("output_format",      Mapped("`png`; `jpeg` and `webp` where the model has them"), never),
    ("partial_images",     Warned("pictures come whole"), is_zero),
    ("prompt",             Mapped("what is to be seen"), never),
    ("quality",            Mapped("`hd`, `high` and above are the model's premium quality, others its standard"), never),
    ("response_format",    Mapped("`b64_json` unless said; `url` gives a data URL, with a warning"), never),
    ("safety_identifier",  Warned("Bedrock's image models take no name of a user"), never),
    ("seed",               Mapped("equal requests with equal seeds give equal pictures"), never),
    ("size",               Mapped("the nearest size or aspect ratio of the model, with a warning where it is another"), never),
    ("stream",             Refused("pictures come whole"), is_false),
    ("style",              Mapped("a style of Nova Canvas; OpenAI's `vivid` and `natural` are left out with a warning"), never),
    ("svg",                Refused("the models make no SVG"), never),
    ("user",               Warned("Bedrock's image models take no name of a user"), never),
];

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

/// What becomes of each field, sorted by name.
pub fn fields() -> impl Iterator<Item = Told> {
    told(TABLE)
}

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

/// Where a picture stands in the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placing {
    /// `b64_json`.
    #[default]
    Base64,
    /// `url`, as a data URL.
    DataUrl,
}

/// Reads a request. What is wrong is an error that names the field; what is left out is a loss.
pub fn parse(body: Value, losses: &mut Vec<Loss>) -> Result<Call> {
    let mut fields = object(body, "model and prompt")?;
    let model = take_required_text(&mut fields, "model", "name an image model")?;
    let placing = placing(&mut fields, losses)?;
    let request = Request {
        prompt: take_required_text(&mut fields, "prompt", "say what is to be seen")?,
        negative_prompt: take_text(&mut fields, "negative_prompt")?.filter(|text| !text.is_empty()),
        count: take_whole(&mut fields, "n", 1, MOST_PICTURES)?.unwrap_or(1),
        size: size(&mut fields)?,
        quality: quality(&mut fields)?,
        style: style(&mut fields, losses)?,
        guidance: take_number(&mut fields, "cfg_scale")?,
        seed: take_whole(&mut fields, "seed", 0, u32::MAX)?,
        format: format(&mut fields)?,
        extra: take_extra(&mut fields)?,
    };
    judge(TABLE, &fields, losses)?;
    Ok(Call { model, placing, request })
}

fn placing(fields: &mut Map<String, Value>, losses: &mut Vec<Loss>) -> Result<Placing> {
    match take_text(fields, "response_format")?.as_deref() {
        None | Some("b64_json") => Ok(Placing::Base64),
        Some("url") => {
            let message = "Bedrock keeps no pictures to link to: the URLs are data URLs, which hold the pictures.";
            losses.push(Loss::of(LossCode::Emulated, "response_format", message));
            Ok(Placing::DataUrl)
        }
        Some(_) => Err(Error::invalid("response_format", "must be \"b64_json\" or \"url\".")),
    }
}

fn size(fields: &mut Map<String, Value>) -> Result<Option<(u32, u32)>> {
    let Some(text) = take_text(fields, "size")?.filter(|text| text != "auto") else { return Ok(None) };
    let side = |text: &str| text.parse().ok().filter(|side| (1..=LONGEST_SIDE).contains(side));
    let sides = text.split_once('x').and_then(|(width, height)| Some((side(width)?, side(height)?)));
    let malformed = || Error::invalid("size", "must be \"auto\" or width and height in pixels, e.g. \"1024x1024\".");
    sides.map(Some).ok_or_else(malformed)
}

fn quality(fields: &mut Map<String, Value>) -> Result<Option<Quality>> {
    let Some(word) = take_text(fields, "quality")? else { return Ok(None) };
    let known = QUALITIES.iter().find(|(name, _)| *name == word).map(|(_, quality)| *quality);
    let names: Vec<&str> = QUALITIES.iter().map(|(name, _)| *name).collect();
    known.ok_or_else(|| Error::invalid("quality", format!("must be one of {}.", names.join(", "))))
}

/// OpenAI's two styles are manners of DALL·E 3.
fn style(fields: &mut Map<String, Value>, losses: &mut Vec<Loss>) -> Result<Option<String>> {
    let style = take_text(fields, "style")?;
    if !style.as_deref().is_some_and(|word| word == "vivid" || word == "natural") {
        return Ok(style);
    }
    let message = "Left out: Bedrock's models have no such style; say it in the prompt.";
    losses.push(Loss::of(LossCode::UnsupportedField, "style", message));
    Ok(None)
}

fn format(fields: &mut Map<String, Value>) -> Result<Option<Format>> {
    let Some(word) = take_text(fields, "output_format")? else { return Ok(None) };
    let known = [Format::Png, Format::Jpeg, Format::Webp].into_iter().find(|format| format.as_str() == word);
    let unknown = || {
        let error = Error::invalid("output_format", "must be \"png\", \"jpeg\" or \"webp\".");
        error.coded(ApiCode::UnsupportedValue)
    };
    known.map(Some).ok_or_else(unknown)
}

fn is_no_background(value: &Value) -> bool {
    value == "auto" || value == "opaque"
}

fn is_auto(value: &Value) -> bool {
    value == "auto"
}

fn is_one(value: &Value) -> bool {
    value.as_f64() == Some(1.0)
}

fn is_zero(value: &Value) -> bool {
    value.as_f64() == Some(0.0)
}

fn is_false(value: &Value) -> bool {
    value == false
}

/// OpenAI's `ImagesResponse`. `pictures` are base64; `created` is in seconds since 1970.
pub fn render(created: u64, pictures: &[String], format: Format, placing: Placing, tokens: Option<u64>) -> String {
    #[derive(Serialize)]
    struct Answer<'a> {
        created: u64,
        data: Vec<Picture<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        usage: Option<Usage>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Picture<'a> {
        B64Json(&'a str),
        Url(String),
    }
    #[derive(Serialize)]
    struct Usage {
        input_tokens: u64,
        input_tokens_details: Details,
        output_tokens: u64,
        total_tokens: u64,
    }
    #[derive(Serialize)]
    struct Details {
        text_tokens: u64,
        image_tokens: u64,
    }
    let picture = |base64: &'_ String| match placing {
        Placing::Base64 => None,
        Placing::DataUrl => Some(format!("data:image/{};base64,{base64}", format.as_str())),
    };
    let data = pictures.iter().map(|base64| picture(base64).map_or(Picture::B64Json(base64), Picture::Url)).collect();
    let usage = tokens.map(|tokens| Usage {
        input_tokens: tokens,
        input_tokens_details: Details { text_tokens: tokens, image_tokens: 0 },
        output_tokens: 0,
        total_tokens: tokens,
    });
    // Strings and numbers: serialization has nothing to fail on.
    serde_json::to_string(&Answer { created, data, usage }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::field::is_sorted;
    use serde_json::json;

    fn parsed(mut body: Value) -> Result<(Call, Vec<Loss>)> {
        for (name, value) in [("model", "amazon.nova-canvas-v1:0"), ("prompt", "A cat")] {
            if body.get(name).is_none() {
                body[name] = value.into();
            }
        }
        let mut losses = Vec::new();
        parse(body, &mut losses).map(|call| (call, losses))
    }

    #[test]
    fn the_tables_are_sorted_and_each_field_stands_once() {
        assert!(is_sorted(TABLE));
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
            (json!({"n": 11}), "n: must be a whole number from 1 to 10."),
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

    #[test]
    fn the_answer_has_openais_shape() {
        let pictures = ["QQ==".to_owned(), "Qg==".to_owned()];
        let answer: Value = serde_json::from_str(&render(7, &pictures, Format::Png, Placing::Base64, None)).unwrap();
        assert_eq!(answer, json!({"created": 7, "data": [{"b64_json": "QQ=="}, {"b64_json": "Qg=="}]}));
        let answer = render(7, &pictures[..1], Format::Webp, Placing::DataUrl, Some(3));
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["data"], json!([{"url": "data:image/webp;base64,QQ=="}]));
        assert_eq!((&answer["usage"]["input_tokens"], &answer["usage"]["total_tokens"]), (&json!(3), &json!(3)));
    }
}
