//! Stability AI: Stable Diffusion 3 and 3.5, Stable Image Core and Ultra, and the services that edit pictures, one picture
//! a call.
//!
//! Source: "Stability AI models" and "Stability AI Image Services" in the user guide. What else a model takes, such as
//! `search_prompt`, stands among the caller's own members.

use serde::Deserialize;
use serde_json::{Value, json as object};

use super::size::{self, Size};
use super::{Call, Picture, adjusted, base64, filtered, leave_out, without_quality, without_style};
use crate::conversation::Loss;
use crate::conversation::image_generation::Request;
use crate::error::{Error, Kind, Result};
use crate::family::json;

/// Aspect ratios.
const ASPECTS: &[Size] = &[(1, 1), (16, 9), (21, 9), (2, 3), (3, 2), (4, 5), (5, 4), (9, 16), (9, 21)];

/// How far a picture may go from the one that it is made of, 0 to 1, where the caller does not say: the models insist on
/// being told. As in AWS's examples.
const STRENGTH: f64 = 0.75;

/// How a model takes pictures.
struct Edit {
    /// Part of its id.
    part: &'static str,
    /// What `mode` has to say.
    mode: Option<&'static str>,
    /// Whether it is told a strength.
    strength: bool,
    /// The names of the pictures.
    images: &'static [&'static str],
    /// Whether a mask can say which part is meant.
    mask: bool,
}

/// The first row that fits counts.
#[rustfmt::skip]
const EDITS: &[Edit] = &[
    Edit { part: ".sd3", mode: Some("image-to-image"), strength: true, images: &["image"], mask: false },
    Edit { part: "stable-image-core", mode: None, strength: true, images: &["image"], mask: false },
    Edit { part: "stable-image-ultra", mode: None, strength: true, images: &["image"], mask: false },
    Edit { part: "style-transfer", mode: None, strength: false, images: &["init_image", "style_image"], mask: false },
    EDIT,
];

/// The services that edit pictures.
const EDIT: Edit = Edit { part: "", mode: None, strength: false, images: &["image"], mask: true };

impl Edit {
    fn of(id: &str) -> &'static Edit {
        EDITS.iter().find(|edit| id.contains(edit.part)).unwrap_or(&EDIT)
    }
}

pub(super) fn fit(request: &mut Request, id: &str, losses: &mut Vec<Loss>) -> Result<()> {
    without_quality(request, id, losses);
    without_style(request, id, losses);
    if request.guidance.take().is_some() {
        leave_out(losses, "cfg_scale", id);
    }
    if request.task.take().is_some() {
        leave_out(losses, "taskType", id);
    }
    for (name, _) in std::mem::take(&mut request.task_params) {
        leave_out(losses, &name, id);
    }
    if request.images.is_empty() {
        return fit_drawn(request, id, losses);
    }
    fit_edited(request, id, losses);
    Ok(())
}

/// A picture of a prompt alone.
fn fit_drawn(request: &mut Request, id: &str, losses: &mut Vec<Loss>) -> Result<()> {
    if request.mask.take().is_some() {
        leave_out(losses, "mask", id);
    }
    if request.prompt.is_empty() && request.extra.get("prompt").is_none() {
        return Err(Error::missing("prompt", "say what is to be seen"));
    }
    let (size, ratio) = (request.size.take(), request.aspect.take());
    if size.is_some() && ratio.is_some() {
        leave_out(losses, "aspectRatio", id);
    }
    let Some(wanted) = size.or(ratio) else { return Ok(()) };
    let (param, asked) = if size.is_some() { ("size", size::told(wanted)) } else { ("aspectRatio", told(wanted)) };
    let known: Vec<String> = ASPECTS.iter().copied().map(told).collect();
    let advice = format!("Its aspect ratios are {}.", known.join(", "));
    let aspect = aspect(wanted).ok_or_else(|| size::refused(param, &asked, id, &advice))?;
    if size.is_some() {
        let message =
            format!("{id} takes an aspect ratio, {} here; how many pixels that is, it decides.", told(aspect));
        losses.push(adjusted(param, message));
    } else if u64::from(wanted.0) * u64::from(aspect.1) != u64::from(wanted.1) * u64::from(aspect.0) {
        losses.push(adjusted(param, format!("{id} does not make {asked}; {} was asked for.", told(aspect))));
    }
    request.aspect = Some(aspect);
    Ok(())
}

/// A picture of pictures, which has their shape.
fn fit_edited(request: &mut Request, id: &str, losses: &mut Vec<Loss>) {
    let edit = Edit::of(id);
    let shape = [("size", request.size.take().is_some()), ("aspectRatio", request.aspect.take().is_some())];
    for (param, _) in shape.into_iter().filter(|(_, is_asked)| *is_asked) {
        losses.push(adjusted(param, "Left out: the picture has the shape of the one it is made of.".to_owned()));
    }
    if request.images.len() > edit.images.len() {
        request.images.truncate(edit.images.len());
        losses.push(adjusted("files", format!("{id} takes {}; the others were left out.", edit.images.len())));
    }
    if !edit.mask && request.mask.take().is_some() {
        leave_out(losses, "mask", id);
    }
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

pub(super) fn encode(request: &Request, call: Call, id: &str) -> Value {
    let mut body = object!({});
    if !request.prompt.is_empty() {
        body["prompt"] = request.prompt.as_str().into();
    }
    if let Some(negative) = &request.negative_prompt {
        body["negative_prompt"] = negative.as_str().into();
    }
    if let Some(aspect) = request.aspect {
        body["aspect_ratio"] = told(aspect).into();
    }
    if let Some(format) = request.format {
        body["output_format"] = format.as_str().into();
    }
    if let Some(seed) = call.seed {
        body["seed"] = seed.into();
    }
    if !request.images.is_empty() {
        put_images(&mut body, request, Edit::of(id));
    }
    body
}

fn put_images(body: &mut Value, request: &Request, edit: &Edit) {
    for (name, image) in edit.images.iter().zip(&request.images) {
        body[*name] = base64(image).into();
    }
    if let Some(mask) = &request.mask {
        body["mask"] = base64(mask).into();
    }
    if let Some(mode) = edit.mode {
        body["mode"] = mode.into();
    }
    if edit.strength {
        body["strength"] = STRENGTH.into();
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    images: Vec<String>,
    #[serde(default)]
    seeds: Vec<u32>,
    /// `null` for each picture that was made.
    #[serde(default)]
    finish_reasons: Vec<Option<String>>,
}

pub(super) fn decode(answer: &[u8]) -> Result<Vec<Picture>> {
    let Answer { images, seeds, finish_reasons } = json(answer)?;
    match finish_reasons.into_iter().flatten().next() {
        None => {
            let mut seeds = seeds.into_iter();
            Ok(images.into_iter().map(|base64| Picture { base64, seed: seeds.next() }).collect())
        }
        Some(reason) if reason.starts_with("Filter reason") => Err(filtered(&format!(
            "The picture was filtered out by the model's provider ({reason}). Change the prompt."
        ))),
        Some(reason) => Err(Error::new(Kind::ModelError, format!("The model made no picture: {reason}. Try again."))),
    }
}
