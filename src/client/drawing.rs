//! Pictures of a request: in as few calls as the model allows, all at once.

use futures::future::try_join_all;

use super::Client;
use super::making::{self, Made};
use crate::catalog::{ImageGeneration, Target};
use crate::conversation::image_generation::Request;
use crate::error::Result;
use crate::family::image_generation::{self as family, Picture};
use crate::transport::{Particulars, in_time};

/// What calls gave.
#[derive(Default)]
pub(super) struct Drawn {
    pub(super) pictures: Vec<Picture>,
    /// What they cost, where the service counts it.
    pub(super) input_tokens: Option<u64>,
    /// `x-amzn-RequestId` of the first call.
    pub(super) request_id: Option<String>,
    /// The inference profile that it went through.
    pub(super) profile: Option<String>,
    /// Headers of its answer, where they are kept.
    pub(super) headers: Vec<(String, String)>,
}

/// Draws a request that is fit for the model. The first call that fails ends all others.
pub(super) async fn draw(
    client: &Client,
    target: &Target,
    facts: &ImageGeneration,
    request: &Request,
    particulars: &Particulars,
) -> Result<Drawn> {
    let calls = family::calls(request, facts, &mut |below| fastrand::u32(..below));
    let call = |call| one(client, target, facts, request, call, particulars);
    let made = in_time(client.patience(), try_join_all(calls.into_iter().map(call))).await?;
    let mut all = made.into_iter();
    let mut drawn = all.next().unwrap_or_default();
    for other in all {
        drawn.pictures.extend(other.pictures);
        drawn.input_tokens =
            drawn.input_tokens.map_or(other.input_tokens, |sum| Some(sum + other.input_tokens.unwrap_or(0)));
    }
    Ok(drawn)
}

async fn one(
    client: &Client,
    target: &Target,
    facts: &ImageGeneration,
    request: &Request,
    call: family::Call,
    particulars: &Particulars,
) -> Result<Drawn> {
    let encoded = family::encode(request, call, facts.body, &target.wire_id);
    let made = making::invoke(client, target, encoded, particulars).await.map_err(family::judged)?;
    let Made { body, input_tokens, request_id, profile, headers } = made;
    let pictures = family::decode(&body, facts.body).map_err(|error| error.answered(None, request_id.clone()))?;
    let pictures =
        pictures.into_iter().map(|picture| Picture { seed: picture.seed.or(call.seed), ..picture }).collect();
    Ok(Drawn { pictures, input_tokens, request_id, profile, headers })
}
