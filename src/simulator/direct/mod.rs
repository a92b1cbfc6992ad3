//! Models that hold no conversation: one body in, one body out. Embeddings, rerank, images.
//!
//! Everything is computed from the request alone, so that equal requests have equal answers; what stands for the model
//! is in [`vector`], [`rerank`] and [`picture`]. Bodies are AWS's documentation's and recordings'.

mod amazon_image;
pub(super) mod asynchronous;
mod canvas;
mod cohere_embed;
mod film;
mod making;
mod marengo;
mod nova_embed;
mod picture;
mod rerank;
mod schema;
mod stability;
#[cfg(test)]
mod tests;
mod titan_embed;
mod vector;

use serde_json::Value;

use super::exception::Exception;
use super::identity::Identity;
use super::models::{Family, Model};
use super::native::Body;
use super::wording;

pub(super) use making::make;
pub(super) use rerank::ranked;
pub(super) use vector::of_text;

/// What a model made.
pub(super) struct Made {
    pub(super) body: Value,
    /// Tokens of the input, for families that count them in a header.
    pub(super) input_tokens: Option<u64>,
}

/// A request to such a model.
struct Request<'a> {
    model: &'a Model,
    body: &'a Body,
    identity: &'a Identity,
    embed: &'a Embed<'a>,
}

/// What makes a vector of a text, not normalised: [`of_text`], or another model.
pub(super) type Embed<'a> = dyn Fn(&str, usize) -> Vec<f32> + 'a;

/// The answer of a model that holds no conversation.
pub(super) fn answer(model: &Model, body: &Body, identity: &Identity, embed: &Embed) -> Result<Made, Exception> {
    let request = Request { model, body, identity, embed };
    let make = match model.series.family {
        Family::TitanEmbed => titan_embed::text,
        Family::TitanEmbedImage => titan_embed::image,
        Family::NovaEmbed => nova_embed::single,
        Family::CohereEmbed => cohere_embed::embed,
        Family::Marengo => marengo::embed,
        Family::Rerank => rerank::rerank,
        Family::AmazonImage => amazon_image::make,
        Family::StabilityImage => stability::from_prompt,
        Family::StabilityDiffusion => stability::from_prompts,
        Family::StabilityEdit => stability::edit,
        _ => return Err(wording::NOT_SYNCHRONOUS.refuse(&[])),
    };
    make(&request)
}
