//! `doGenerate` of an image model.

use super::{Answer, Call};
use crate::catalog::Kind;
use crate::client::{Client, drawing, making, pictures, resolve};
use crate::conversation::Loss;
use crate::dialect::ai_sdk::image as dialect;
use crate::error::Result;
use crate::family::image_generation as family;
use crate::media::Limits;

/// What a picture may be that others are made of: the longest side that Nova Canvas takes, and as many bytes as are in
/// base64 below the 25,000,000 of InvokeModel's body.
const LIMITS: Limits = Limits { max_side: 4096, max_bytes: 18_000_000, max_pixels: 100_000_000 };

/// The pictures that a call asks for. The first call of the service that fails ends all others.
pub(super) async fn generate(client: &Client, call: Call) -> Result<Answer> {
    let particulars = call.particulars();
    let mut losses: Vec<Loss> = Vec::new();
    let mut request = dialect::parse(call.payload.parse().await?)?;
    let target = making::target(client, &call.model_id, Kind::Image, &mut losses).await?;
    let facts = target.model.image.as_ref().ok_or_else(|| making::of_another_kind(&target, Kind::Image))?;
    family::fit(&mut request, facts.body, &target.wire_id, &mut losses)?;
    let images = request.images.iter_mut().chain(request.mask.as_mut());
    pictures::make_all_ready(images, &LIMITS, client.fetcher(), &mut losses).await?;
    let drawn = drawing::draw(client, &target, facts, &request, &particulars).await?;
    losses.extend(drawn.profile.map(|profile| resolve::asked_through(&target, &profile)));
    let pictures = drawn.pictures.into_iter().map(|picture| (picture.base64, picture.seed)).collect();
    let result = dialect::render(pictures, drawn.input_tokens, &losses);
    Ok(Answer::made(&call.model_id, drawn.request_id, drawn.headers, result))
}
