//! `POST /images/generations`: pictures of a prompt, in the shape of OpenAI's API.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::Client;
use super::drawing;
use super::making;
use super::told::{Tally, Told};
use crate::catalog::Kind;
use crate::dialect::images as dialect;
use crate::error::Result;
use crate::family::image_generation as family;
use crate::transport::Particulars;

/// Answers a request with the JSON of OpenAI's `ImagesResponse`. The first call that fails ends all others.
pub async fn images(client: &Client, body: Value, told: &mut Told) -> Result<(String, Tally)> {
    let losses = &mut told.losses;
    let dialect::Call { model, placing, mut request } = dialect::parse(body, client.manner().strict_params, losses)?;
    let target = making::target(client, &model, Kind::Image, losses).await?;
    let facts = target.model.image.as_ref().ok_or_else(|| making::of_another_kind(&target, Kind::Image))?;
    family::fit(&mut request, facts.body, &target.wire_id, losses)?;
    told.asks(client, &target);
    let drawn = drawing::draw(client, &target, facts, &request, &Particulars::default()).await?;
    told.request_id = drawn.request_id;
    told.asked_through(&target, drawn.profile);
    let pictures: Vec<String> = drawn.pictures.into_iter().map(|picture| picture.base64).collect();
    let created = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let json = dialect::render(created, &pictures, request.format.unwrap_or_default(), placing, drawn.input_tokens);
    Ok((json, Tally::of_input(drawn.input_tokens)))
}
