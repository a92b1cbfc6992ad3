//! `POST /embeddings`: inputs into vectors, in the shape of OpenAI's API.

use serde_json::Value;

use super::Client;
use super::making;
use super::pictures;
use super::told::{Tally, Told};
use super::vectors::Vectors;
use crate::catalog::Kind;
use crate::dialect::embeddings as dialect;
use crate::error::Result;
use crate::family::embedding as family;
use crate::media::Limits;
use crate::transport::Particulars;

/// Answers a request with the JSON of OpenAI's `CreateEmbeddingResponse`. The first call that fails ends all others.
pub async fn embeddings(client: &Client, body: Value, told: &mut Told) -> Result<(String, Tally)> {
    let losses = &mut told.losses;
    let dialect::Call { model, encoding, mut request } = dialect::parse(body, client.manner().strict_params, losses)?;
    let target = making::target(client, &model, Kind::Embedding, losses).await?;
    let facts = target.model.embedding.as_ref().ok_or_else(|| making::of_another_kind(&target, Kind::Embedding))?;
    family::fit(&mut request, facts, &target.wire_id, losses)?;
    let images = request.inputs.iter_mut().filter_map(|input| input.image.as_mut());
    pictures::make_all_ready(images, &Limits::default(), client.fetcher(), losses).await?;
    told.asks(client, &target);

    let vectors = Vectors {
        client,
        target: &target,
        facts,
        request: &request,
        particulars: &Particulars::default(),
        outlasts_quotas: client.patience().retries > 0,
    };
    let all = vectors.all(&|vector| encoding.write(vector)).await?;
    told.request_id = all.request_id;
    told.asked_through(&target, all.profile);
    // Nobody tells the tokens of pictures, and some models those of texts.
    let tokens = all.tokens.unwrap_or(0);
    Ok((dialect::render(&model, &all.vectors, tokens), Tally::of_input(Some(tokens))))
}
