//! `doEmbed`.

use super::{Answer, Call};
use crate::catalog::{self, Kind, Target};
use crate::client::vectors::Vectors;
use crate::client::{Client, making, resolve};
use crate::conversation::Loss;
use crate::dialect::ai_sdk::embedding as dialect;
use crate::error::{Error, Result};
use crate::family::embedding as family;

/// Models whose manners `modelFamily` stands for.
const FAMILIES: &[(&str, &str)] = &[
    ("cohere", "cohere.embed-v4:0"),
    ("nova", "amazon.nova-2-multimodal-embeddings-v1:0"),
    ("titan", "amazon.titan-embed-text-v2:0"),
];

/// The vectors of a call's values. The first call of the service that fails ends all others.
pub(super) async fn embed(client: &Client, call: Call) -> Result<Answer> {
    let particulars = call.particulars();
    let mut losses: Vec<Loss> = Vec::new();
    let target = target(client, &call, &mut losses).await?;
    let facts = target.model.embedding.as_ref().ok_or_else(|| making::of_another_kind(&target, Kind::Embedding))?;
    let mut request = dialect::parse(call.payload.parse().await?, facts.body, &target.wire_id, &mut losses)?;
    family::fit(&mut request, facts, &target.wire_id, &mut losses)?;
    let vectors = Vectors {
        client,
        target: &target,
        facts,
        request: &request,
        particulars: &particulars,
        // `ai` would make all calls again for the one that was throttled.
        outlasts_quotas: true,
    };
    let all = vectors.all(&|vector| dialect::write(&vector)).await?;
    losses.extend(all.profile.map(|profile| resolve::asked_through(&target, &profile)));
    let result = dialect::render(all.vectors, all.tokens, &losses);
    Ok(Answer::made(&call.model_id, all.request_id, all.headers, result))
}

/// The model, or one like what the program says that it is.
async fn target(client: &Client, call: &Call, losses: &mut Vec<Loss>) -> Result<Target> {
    let Some(said) = call.settings["modelFamily"].as_str() else {
        return making::target(client, &call.model_id, Kind::Embedding, losses).await;
    };
    let Some(like) = FAMILIES.iter().find(|(family, _)| *family == said).and_then(|(_, id)| catalog::resolve(id).ok())
    else {
        let known: Vec<&str> = FAMILIES.iter().map(|(family, _)| *family).collect();
        return Err(Error::invalid("modelFamily", format!("must be one of {}.", known.join(", "))));
    };
    let found = resolve::known(client, &call.model_id).await;
    let mut target = found.unwrap_or_else(|_| Target::opaque(&call.model_id));
    target.model = like.model;
    Ok(target)
}
