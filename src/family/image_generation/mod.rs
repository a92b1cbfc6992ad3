//! Image models: a body for each InvokeModel call, pictures out of its answer.
//!
//! [`fit`] changes a request into what the model takes and reports each change; [`calls`] says how many pictures each call
//! makes, and from which seed; after both, [`encode`] cannot fail.

mod amazon;
mod size;
mod stability;
mod tasks;

use crate::catalog::{ImageBody, ImageGeneration};
use crate::conversation::image_generation::{Quality, Request};
use crate::conversation::{Image, Loss, LossCode};
use crate::error::{ApiCode, Error, Kind, Result};

use super::embedding::merge;

/// One call of several that make the pictures of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// How many pictures it makes.
    pub count: u32,
    /// Where its randomness starts; `None`: where the service likes.
    pub seed: Option<u32>,
}

/// A picture that a call made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Base64.
    pub base64: String,
    /// The seed it began with, where the model tells it.
    pub seed: Option<u32>,
}

/// Changes a request into what a model takes.
pub fn fit(request: &mut Request, body: ImageBody, id: &str, losses: &mut Vec<Loss>) -> Result<()> {
    match body {
        ImageBody::NovaCanvas => amazon::fit_canvas(request, id, losses),
        ImageBody::TitanImage => amazon::fit_titan(request, id, losses),
        ImageBody::Stability => stability::fit(request, id, losses),
    }
}

/// The calls that make all pictures. `draw` gives a random number below its argument: without a seed of its own each call
/// of Amazon's models would make the same pictures, since their seed is a fixed number unless it is said.
pub fn calls(request: &Request, model: &ImageGeneration, draw: &mut dyn FnMut(u32) -> u32) -> Vec<Call> {
    let batch = u32::from(model.batch).max(1);
    let mut calls = Vec::new();
    let mut made = 0;
    while made < request.count {
        let count = batch.min(request.count - made);
        let seed = match (request.seed, model.body) {
            (Some(seed), _) => Some(seed.saturating_add(made)),
            (None, ImageBody::Stability) => None,
            (None, _) if !amazon::is_seeded(request) => None,
            (None, _) => Some(draw(amazon::SEEDS)),
        };
        calls.push(Call { count, seed });
        made += count;
    }
    calls
}

/// The body of one call of the model `id`.
pub fn encode(request: &Request, call: Call, body: ImageBody, id: &str) -> Vec<u8> {
    let mut encoded = match body {
        ImageBody::NovaCanvas | ImageBody::TitanImage => amazon::encode(request, call),
        ImageBody::Stability => stability::encode(request, call, id),
    };
    merge(&mut encoded, &request.extra);
    encoded.to_string().into_bytes()
}

/// The pictures of one call. What the service filtered out is an error.
pub fn decode(answer: &[u8], body: ImageBody) -> Result<Vec<Picture>> {
    let pictures = match body {
        ImageBody::NovaCanvas | ImageBody::TitanImage => amazon::decode(answer)?,
        ImageBody::Stability => stability::decode(answer)?,
    };
    if pictures.is_empty() {
        return Err(Error::new(Kind::BrokenStream, "The service answered without a picture. Try again."));
    }
    Ok(pictures)
}

/// What the service refuses for its content, with OpenAI's code for that.
pub fn judged(error: Error) -> Error {
    let filtered = error.kind == Kind::Validation && error.message.contains("content filter");
    if filtered { error.coded(ApiCode::ContentPolicyViolation) } else { error }
}

/// A picture or prompt that the service has filtered out, in its own words.
fn filtered(message: &str) -> Error {
    Error::service("ValidationException", message).coded(ApiCode::ContentPolicyViolation)
}

fn leave_out(losses: &mut Vec<Loss>, param: &str, id: &str) {
    let message = format!("Left out: {id} has no such choice.");
    losses.push(Loss::of(LossCode::UnsupportedField, param, message));
}

fn adjusted(param: &str, message: String) -> Loss {
    Loss::of(LossCode::ValueAdjusted, param, message)
}

/// A picture of the caller's, which has been made ready before.
fn base64(image: &Image) -> &str {
    image.ready().map_or("", |(_, base64)| base64)
}

/// What most models lack.
fn without_quality(request: &mut Request, id: &str, losses: &mut Vec<Loss>) {
    if request.quality.take() == Some(Quality::Premium) {
        leave_out(losses, "quality", id);
    }
}

fn without_style(request: &mut Request, id: &str, losses: &mut Vec<Loss>) {
    if request.style.take().is_some() {
        leave_out(losses, "style", id);
    }
}

#[cfg(test)]
mod tests;
