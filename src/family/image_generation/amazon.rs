//! Amazon Nova Canvas and Titan Image Generator: a task with its parameters, up to five pictures a call.
//!
//! Source: "Amazon Nova Canvas" request and response in the Nova user guide; "Amazon Titan Image Generator G1 models" in
//! the user guide of Bedrock.

use serde::Deserialize;
use serde_json::{Map, Value, json as object};

use super::size::{self, Rule, Size};
use super::tasks::{self, Config};
use super::{Call, Picture, base64, filtered, without_style};
use crate::conversation::image_generation::{Format, Quality, Request};
use crate::conversation::{Loss, LossCode};
use crate::error::{ApiCode, Error, Result};
use crate::family::json;

/// Seeds of Nova Canvas are below this, Titan's below more.
pub(super) const SEEDS: u32 = 858_993_460;

/// Sizes of Nova Canvas.
const CANVAS: Rule = Rule { sides: (320, 4096), step: 16, longest: 4, pixels: 4_194_304 };

/// Sizes of Titan Image Generator.
#[rustfmt::skip]
const TITAN: &[Size] = &[
    (1024, 1024), (768, 768), (512, 512), (768, 1152), (384, 576), (1152, 768), (576, 384), (768, 1280), (384, 640),
    (1280, 768), (640, 384), (896, 1152), (448, 576), (1152, 896), (576, 448), (768, 1408), (384, 704), (1408, 768),
    (704, 384), (640, 1408), (320, 704), (1408, 640), (704, 320), (1152, 640), (1173, 640),
];

/// Pixels of a picture of which only the shape was said: as many as a model makes by itself.
const USUAL_PIXELS: f64 = 1024.0 * 1024.0;

pub(super) fn fit_canvas(request: &mut Request, id: &str, losses: &mut Vec<Loss>) -> Result<()> {
    check_format(request, id)?;
    tasks::fit(request, id, losses)?;
    let advice = "Sides are 320 to 4,096 pixels, one at most four times the other, fewer than 4,194,304 in all.";
    fit_size(request, id, advice, losses, |wanted| CANVAS.nearest(wanted))
}

pub(super) fn fit_titan(request: &mut Request, id: &str, losses: &mut Vec<Loss>) -> Result<()> {
    check_format(request, id)?;
    without_style(request, id, losses);
    tasks::fit(request, id, losses)?;
    let advice = "Its sizes are from 320x704 to 1408x768; 1024x1024, 1152x768 and 768x1152 are the usual ones.";
    fit_size(request, id, advice, losses, |wanted| size::nearest(wanted, TITAN.iter().copied()))
}

/// The size that `nearest` has for the one that was asked for, or for a ratio.
fn fit_size(
    request: &mut Request,
    id: &str,
    advice: &str,
    losses: &mut Vec<Loss>,
    nearest: impl Fn(Size) -> Option<Size>,
) -> Result<()> {
    if let Some(wanted) = request.size {
        let made = nearest(wanted).ok_or_else(|| size::refused("size", &size::told(wanted), id, advice))?;
        size::adjusted(wanted, made, id, losses);
        request.size = Some(made);
    } else if let Some((across, down)) = request.aspect.take() {
        let refused = || size::refused("aspectRatio", &format!("{across}:{down}"), id, advice);
        let made = nearest(sides((across, down))).ok_or_else(refused)?;
        let message = format!("{id} takes sizes only; {} was asked for.", size::told(made));
        losses.push(Loss::of(LossCode::Emulated, "aspectRatio", message));
        request.size = Some(made);
    }
    Ok(())
}

/// Sides in a ratio, with the usual number of pixels in between.
fn sides((across, down): Size) -> Size {
    let shape = f64::from(across) / f64::from(down.max(1));
    let width = (USUAL_PIXELS * shape).sqrt().min(f64::from(u32::MAX));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, and bounded")]
    let whole = |side: f64| side.round().max(1.0) as u32;
    (whole(width), whole(width / shape))
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

/// Whether pictures of a request begin with a seed.
pub(super) fn is_seeded(request: &Request) -> bool {
    tasks::of(request).is_none_or(|task| task.config != Config::None)
}

/// Parameters of a task that is not known stand among the members that are put into the body afterwards.
pub(super) fn encode(request: &Request, call: Call) -> Value {
    let mut body = object!({"taskType": tasks::name(request)});
    let task = tasks::of(request);
    if let Some(task) = task {
        let params = tasks::params(task, request, base64);
        if !params.is_empty() {
            body[task.params] = params.into();
        }
    }
    if is_seeded(request) {
        body["imageGenerationConfig"] = config(request, call);
    }
    body
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
    /// `Request Moderated`, in an answer that has no pictures.
    status: Option<String>,
    details: Option<Value>,
}

pub(super) fn decode(answer: &[u8]) -> Result<Vec<Picture>> {
    let answer: Answer = json(answer)?;
    if let Some(error) = answer.error {
        return Err(filtered(&error));
    }
    if let Some(status) = answer.status.filter(|_| answer.images.is_none()) {
        let reasons = answer.details.as_ref().and_then(|details| details.get("Moderation Reasons")?.as_array());
        let reasons: Vec<&str> = reasons.into_iter().flatten().filter_map(Value::as_str).collect();
        let why = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
        return Err(filtered(&format!(
            "The service made no picture: {status}{why}. Change the prompt or the pictures."
        )));
    }
    Ok(answer.images.unwrap_or_default().into_iter().map(|base64| Picture { base64, seed: None }).collect())
}
