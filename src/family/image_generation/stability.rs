//! Stability AI: Stable Diffusion 3 and 3.5, Stable Image Core and Ultra, one picture a call.
//!
//! Source: "Stability AI models" in the user guide. The services that edit pictures take the same body with pictures in
//! it, which stand among the caller's own members.

use serde::Deserialize;
use serde_json::{Value, json as object};

use super::size::{self, Size};
use super::{Call, filtered, leave_out, without_quality, without_style};
use crate::conversation::image_generation::Request;
use crate::conversation::{Loss, LossCode};
use crate::error::{Error, Kind, Result};
use crate::family::json;

/// Aspect ratios.
const ASPECTS: &[Size] = &[(1, 1), (16, 9), (21, 9), (2, 3), (3, 2), (4, 5), (5, 4), (9, 16), (9, 21)];

pub(super) fn fit(request: &mut Request, id: &str, losses: &mut Vec<Loss>) -> Result<()> {
    without_quality(request, id, losses);
    without_style(request, id, losses);
    if request.guidance.take().is_some() {
        leave_out(losses, "cfg_scale", id);
    }
    if let Some(wanted) = request.size {
        let known: Vec<String> = ASPECTS.iter().copied().map(told).collect();
        let advice = format!("Its aspect ratios are {}.", known.join(", "));
        let aspect = aspect(wanted).ok_or_else(|| size::refused(wanted, id, &advice))?;
        let message =
            format!("{id} takes an aspect ratio, {} here; how many pixels that is, it decides.", told(aspect));
        losses.push(Loss::of(LossCode::ValueAdjusted, "size", message));
    }
    Ok(())
}

/// The nearest aspect ratio; shapes alone count, so each is made as large as the picture that is wanted.
fn aspect(wanted: Size) -> Option<Size> {
    let (width, height) = wanted;
    let scaled = |(across, down): Size| {
        let times = (width / across).max(height / down).max(1);
        (across * times, down * times)
    };
    let nearest = size::nearest(wanted, ASPECTS.iter().copied().map(scaled))?;
    ASPECTS.iter().copied().find(|aspect| scaled(*aspect) == nearest)
}

fn told((across, down): Size) -> String {
    format!("{across}:{down}")
}

pub(super) fn encode(request: &Request, call: Call) -> Value {
    let mut body = object!({"prompt": request.prompt});
    if let Some(negative) = &request.negative_prompt {
        body["negative_prompt"] = negative.as_str().into();
    }
    if let Some(aspect) = request.size.and_then(aspect) {
        body["aspect_ratio"] = told(aspect).into();
    }
    if let Some(format) = request.format {
        body["output_format"] = format.as_str().into();
    }
    if let Some(seed) = call.seed {
        body["seed"] = seed.into();
    }
    body
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    images: Vec<String>,
    /// `null` for each picture that was made.
    #[serde(default)]
    finish_reasons: Vec<Option<String>>,
}

pub(super) fn decode(answer: &[u8]) -> Result<Vec<String>> {
    let answer: Answer = json(answer)?;
    match answer.finish_reasons.into_iter().flatten().next() {
        None => Ok(answer.images),
        Some(reason) if reason.starts_with("Filter reason") => Err(filtered(&format!(
            "The picture was filtered out by the model's provider ({reason}). Change the prompt."
        ))),
        Some(reason) => Err(Error::new(Kind::ModelError, format!("The model made no picture: {reason}. Try again."))),
    }
}
