//! `POST /images/generations`: pictures of a prompt, in as few calls as the model allows, all at once.

use std::time::{SystemTime, UNIX_EPOCH};

use futures::future::try_join_all;
use serde_json::Value;

use super::Client;
use super::making::{self, Made};
use super::told::{Tally, Told};
use crate::catalog::{ImageBody, Kind, Target};
use crate::conversation::image_generation::Request;
use crate::dialect::images as dialect;
use crate::error::Result;
use crate::family::image_generation as family;
use crate::transport::in_time;

/// Answers a request with the JSON of OpenAI's `ImagesResponse`. The first call that fails ends all others.
pub async fn images(client: &Client, body: Value, told: &mut Told) -> Result<(String, Tally)> {
    let losses = &mut told.losses;
    let dialect::Call { model, placing, mut request } = dialect::parse(body, client.manner().strict_params, losses)?;
    let target = making::target(client, &model, Kind::Image, losses).await?;
    let facts = target.model.image.as_ref().ok_or_else(|| making::of_another_kind(&target, Kind::Image))?;
    family::fit(&mut request, facts.body, &target.wire_id, losses)?;
    told.asks(client, &target);
    let calls = family::calls(&request, facts, &mut |below| fastrand::u32(..below));
    let calls = calls.into_iter().map(|call| one(client, &target, &request, call, facts.body));
    let made = in_time(client.patience(), try_join_all(calls)).await?;
    let counted: Vec<u64> = made.iter().filter_map(|made| made.input_tokens).collect();
    let tokens = (!counted.is_empty()).then(|| counted.iter().sum());
    told.request_id = made.first().and_then(|made| made.request_id.clone());
    told.asked_through(&target, made.first().and_then(|made| made.profile.clone()));
    let pictures: Vec<String> = made.into_iter().flat_map(|made| made.pictures).collect();
    let created = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let json = dialect::render(created, &pictures, request.format.unwrap_or_default(), placing, tokens);
    Ok((json, Tally::of_input(tokens)))
}

/// What one call gave.
struct Drawn {
    /// Base64.
    pictures: Vec<String>,
    /// What it cost, where the service counts it.
    input_tokens: Option<u64>,
    /// `x-amzn-RequestId`.
    request_id: Option<String>,
    /// The inference profile that was called.
    profile: Option<String>,
}

/// Makes one call.
async fn one(
    client: &Client,
    target: &Target,
    request: &Request,
    call: family::Call,
    body: ImageBody,
) -> Result<Drawn> {
    let encoded = family::encode(request, call, body);
    let Made { body: answer, input_tokens, request_id, profile } =
        making::invoke(client, target, encoded).await.map_err(family::judged)?;
    let pictures = family::decode(&answer, body).map_err(|error| error.answered(None, request_id.clone()))?;
    Ok(Drawn { pictures, input_tokens, request_id, profile })
}
