//! Amazon Nova Canvas and Titan Image Generator: a task with its parameters, up to five pictures a call.
//!
//! Source: "Amazon Nova Canvas" request and response in the Nova user guide; "Amazon Titan Image Generator G1 models" in
//! the user guide of Bedrock.

use serde::Deserialize;
use serde_json::{Map, Value, json as object};

use super::size::{self, Rule, Size};
use super::{Call, filtered, without_style};
use crate::conversation::Loss;
use crate::conversation::image_generation::{Format, Quality, Request};
use crate::error::{ApiCode, Error, Result};
use crate::family::json;

/// Seeds of Nova Canvas are below this, Titan's below more.
pub(super) const SEEDS: u32 = 858_993_460;

/// The task of a request that says nothing else.
const USUAL_TASK: &str = "TEXT_IMAGE";

/// A task: where its parameters stand, whether a prompt is among them, and whether `imageGenerationConfig` stands beside.
struct Task {
    name: &'static str,
    params: &'static str,
    prompt: bool,
    config: bool,
}

#[rustfmt::skip]
const TASKS: &[Task] = &[
    Task { name: USUAL_TASK,                params: "textToImageParams",           prompt: true,  config: true },
    Task { name: "BACKGROUND_REMOVAL",      params: "backgroundRemovalParams",     prompt: false, config: false },
    Task { name: "COLOR_GUIDED_GENERATION", params: "colorGuidedGenerationParams", prompt: true,  config: true },
    Task { name: "IMAGE_VARIATION",         params: "imageVariationParams",        prompt: true,  config: true },
    Task { name: "INPAINTING",              params: "inPaintingParams",            prompt: true,  config: true },
    Task { name: "OUTPAINTING",             params: "outPaintingParams",           prompt: true,  config: true },
    Task { name: "VIRTUAL_TRY_ON",          params: "virtualTryOnParams",          prompt: false, config: true },
];

/// Sizes of Nova Canvas.
const CANVAS: Rule = Rule { sides: (320, 4096), step: 16, longest: 4, pixels: 4_194_304 };

/// Sizes of Titan Image Generator.
#[rustfmt::skip]
const TITAN: &[Size] = &[
    (1024, 1024), (768, 768), (512, 512), (768, 1152), (384, 576), (1152, 768), (576, 384), (768, 1280), (384, 640),
    (1280, 768), (640, 384), (896, 1152), (448, 576), (1152, 896), (576, 448), (768, 1408), (384, 704), (1408, 768),
    (704, 384), (640, 1408), (320, 704), (1408, 640), (704, 320), (1152, 640), (1173, 640),
];

pub(super) fn fit_canvas(request: &mut Request, id: &str, losses: &mut Vec<Loss>) -> Result<()> {
    check_format(request, id)?;
    if let Some(wanted) = request.size {
        let advice = "Sides are 320 to 4,096 pixels, one at most four times the other, fewer than 4,194,304 in all.";
        let made = CANVAS.nearest(wanted, || size::refused(wanted, id, advice))?;
        size::adjusted(wanted, made, id, losses);
        request.size = Some(made);
    }
    Ok(())
}

pub(super) fn fit_titan(request: &mut Request, id: &str, losses: &mut Vec<Loss>) -> Result<()> {
    check_format(request, id)?;
    without_style(request, id, losses);
    if let Some(wanted) = request.size {
        let advice = "Its sizes are from 320x704 to 1408x768; 1024x1024, 1152x768 and 768x1152 are the usual ones.";
        let made = size::nearest(wanted, TITAN.iter().copied()).ok_or_else(|| size::refused(wanted, id, advice))?;
        size::adjusted(wanted, made, id, losses);
        request.size = Some(made);
    }
    Ok(())
}

fn check_format(request: &Request, id: &str) -> Result<()> {
    match request.format {
        None | Some(Format::Png) => Ok(()),
        Some(_) => {
            let message = format!("{id} makes PNG only. Leave it out, or choose a model of Stability AI.");
            Err(Error::invalid("output_format", message).coded(ApiCode::UnsupportedValue))
        }
    }
}

/// A task of the caller's own stands among the members that are put into the body afterwards; the prompt goes with it.
pub(super) fn encode(request: &Request, call: Call) -> Value {
    let name = request.extra.get("taskType").and_then(Value::as_str).unwrap_or(USUAL_TASK);
    let mut body = object!({"taskType": name});
    let task = TASKS.iter().find(|task| task.name == name);
    if let Some(task) = task.filter(|task| task.prompt) {
        body[task.params] = prompt(request);
    }
    if task.is_none_or(|task| task.config) {
        body["imageGenerationConfig"] = config(request, call);
    }
    body
}

fn prompt(request: &Request) -> Value {
    let mut params = object!({"text": request.prompt});
    if let Some(negative) = &request.negative_prompt {
        params["negativeText"] = negative.as_str().into();
    }
    if let Some(style) = &request.style {
        params["style"] = style.to_ascii_uppercase().replace([' ', '-'], "_").into();
    }
    params
}

fn config(request: &Request, call: Call) -> Value {
    let mut config = Map::new();
    config.insert("numberOfImages".to_owned(), call.count.into());
    if let Some((width, height)) = request.size {
        config.insert("width".to_owned(), width.into());
        config.insert("height".to_owned(), height.into());
    }
    if let Some(quality) = request.quality {
        let word = if quality == Quality::Premium { "premium" } else { "standard" };
        config.insert("quality".to_owned(), word.into());
    }
    if let Some(guidance) = request.guidance {
        config.insert("cfgScale".to_owned(), guidance.into());
    }
    if let Some(seed) = call.seed {
        config.insert("seed".to_owned(), seed.into());
    }
    config.into()
}

#[derive(Deserialize)]
struct Answer {
    images: Option<Vec<String>>,
    /// What was filtered out, be it all pictures or some of them.
    error: Option<String>,
}

pub(super) fn decode(answer: &[u8]) -> Result<Vec<String>> {
    let answer: Answer = json(answer)?;
    match answer.error {
        Some(error) => Err(filtered(&error)),
        None => Ok(answer.images.unwrap_or_default()),
    }
}
