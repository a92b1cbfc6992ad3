//! `POST /rerank`: documents in the order of what they have to do with a query.

use serde_json::Value;

use super::Client;
use super::making::{self, Made};
use super::told::{Tally, Told};
use crate::catalog::Kind;
use crate::dialect::rerank::{self as dialect, Call};
use crate::error::Result;
use crate::family::rerank as family;
use crate::transport::Particulars;

/// Answers a request with JSON in Cohere's shape.
pub async fn rerank(client: &Client, body: Value, told: &mut Told) -> Result<(String, Tally)> {
    let losses = &mut told.losses;
    let Call { model, repeated, mut request } = dialect::parse(body, client.manner().strict_params, losses)?;
    let target = making::target(client, &model, Kind::Rerank, losses).await?;
    let body = target.model.rerank.ok_or_else(|| making::of_another_kind(&target, Kind::Rerank))?;
    family::fit(&mut request, body, &target.wire_id, losses);
    told.asks(client, &target);
    let encoded = family::encode(&request, body);
    let made = making::invoke(client, &target, encoded, &Particulars::default()).await?;
    let Made { body, request_id, input_tokens, profile, headers: _ } = made;
    let ranked = family::decode(&body, request.documents.len());
    let ranked = ranked.map_err(|error| error.answered(None, request_id.clone()))?;
    let json = dialect::render(request_id.as_deref(), &model, &ranked, repeated.as_deref());
    told.request_id = request_id;
    told.asked_through(&target, profile);
    Ok((json, Tally::of_input(input_tokens)))
}
