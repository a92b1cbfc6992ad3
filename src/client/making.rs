//! Models that hold no conversation: found by name, called with a body of their own through InvokeModel.

use bytes::Bytes;

use super::Client;
use crate::catalog::{self, Kind, Target};
use crate::conversation::{Loss, LossCode};
use crate::error::{self, Error, Result};
use crate::transport::{Call, Operation};

/// Kinds of such models: what the rows are, what they are called, and the ones to name to a caller who asks for another.
const KINDS: &[(Kind, &str, &[&str])] = &[
    (
        Kind::Embedding,
        "embedding model",
        &["amazon.titan-embed-text-v2:0", "cohere.embed-v4:0", "amazon.nova-2-multimodal-embeddings-v1:0"],
    ),
    (Kind::Image, "image model", &["amazon.nova-canvas-v1:0", "stability.stable-image-core-v1:1"]),
    (Kind::Rerank, "rerank model", &["cohere.rerank-v3-5:0", "amazon.rerank-v1:0"]),
];

/// The model that a caller means, if it is of `kind`; else an error that names some that are. What lies behind a resource
/// of the account, such as an application inference profile, only the service knows: it is asked once.
pub(super) async fn target(client: &Client, model: &str, kind: Kind, losses: &mut Vec<Loss>) -> Result<Target> {
    let Ok(mut target) = catalog::resolve(model) else {
        let message = format!("The model {model} is not known. {}", advice(kind));
        return Err(Error::new(error::Kind::UnknownModel, message).at("model"));
    };
    if target.is_resource() {
        let behind = client.models().behind(client, &target.wire_id).await;
        let behind = behind.map_err(|error| error.in_field("model"))?;
        if let Some(known) = behind.and_then(|id| catalog::resolve(&id).ok()) {
            target.model = known.model;
        }
    }
    if target.model.kind != kind {
        return Err(of_another_kind(&target, kind));
    }
    let region = client.connection().account().region.as_deref();
    if let Some(profile) = region.and_then(|region| target.needed_profile_in(region)) {
        let message = format!("{} is served through inference profiles only; {profile} was asked.", target.wire_id);
        losses.push(Loss::of(LossCode::Fallback, "model", message));
        target.wire_id = profile;
    }
    Ok(target)
}

/// The error for a model that is not of `kind`, or whose body is not known.
pub(super) fn of_another_kind(target: &Target, kind: Kind) -> Error {
    let (_, what, _) = row(kind);
    Error::invalid("model", format!("{} is no {what} that can be called here. {}", target.wire_id, advice(kind)))
}

fn advice(kind: Kind) -> String {
    let (_, what, examples) = row(kind);
    let article = if what.starts_with(['e', 'i']) { "an" } else { "a" };
    format!("Name {article} {what} of Bedrock, its id, ARN or inference profile: {}.", examples.join(", "))
}

fn row(kind: Kind) -> (Kind, &'static str, &'static [&'static str]) {
    let found = KINDS.iter().find(|(of, ..)| *of == kind).copied();
    found.unwrap_or((kind, "model", &[]))
}

/// What a call gave.
pub(super) struct Made {
    /// The body of the answer.
    pub(super) body: Vec<u8>,
    /// Tokens of the input, where a header tells them.
    pub(super) input_tokens: Option<u64>,
    /// `x-amzn-RequestId`.
    pub(super) request_id: Option<String>,
}

/// One call of InvokeModel.
pub(super) async fn invoke(client: &Client, target: &Target, body: Vec<u8>) -> Result<Made> {
    let call = Call {
        operation: Operation::InvokeModel,
        model_id: &target.wire_id,
        region: target.region(), // an ARN is served where it says
        body: Bytes::from(body),
        patience: client.patience(),
    };
    let mut answer = client.connection().send(call).await?;
    let (input_tokens, request_id) = (answer.token_counts.0, answer.request_id.clone());
    let body = answer.whole().await.map_err(|error| error.answered(None, request_id.clone()))?;
    Ok(Made { body, input_tokens, request_id })
}
