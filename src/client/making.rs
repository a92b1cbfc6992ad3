//! Models that hold no conversation: found by name, called with a body of their own through InvokeModel.

use bytes::Bytes;

use super::{Client, resolve};
use crate::catalog::{self, Kind, Target};
use crate::conversation::Loss;
use crate::error::{self, Error, Result};
use crate::family::learn;
use crate::transport::{Call, Operation, Particulars};

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
    let Ok(mut target) = resolve::known(client, model).await else {
        let message = format!("The model {model} is not known. {}", advice(kind));
        return Err(Error::new(error::Kind::UnknownModel, message).at("model"));
    };
    if target.is_resource() && target.model.derived {
        let behind = client.models().behind(client, &target.wire_id).await;
        let behind = behind.map_err(|error| error.in_field("model"))?;
        if let Some(known) = behind.and_then(|id| catalog::resolve(&id).ok()) {
            target.model = known.model;
        }
    }
    if target.model.kind != kind {
        return Err(of_another_kind(&target, kind));
    }
    resolve::through_profile(client, &mut target, losses);
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
    /// The inference profile that was called instead, where the service wanted one.
    pub(super) profile: Option<String>,
    /// Headers of the answer, where the call keeps them.
    pub(super) headers: Vec<(String, String)>,
}

/// One call of InvokeModel, and another when the service wants an inference profile, which is remembered.
pub(super) async fn invoke(client: &Client, target: &Target, body: Vec<u8>, particulars: &Particulars) -> Result<Made> {
    let body = Bytes::from(body);
    let error = match call(client, target, &target.wire_id, body.clone(), particulars).await {
        Err(error) if client.manner().cross_region => error,
        made => return made,
    };
    let region = client.connection().account().region.as_deref();
    let Some(remedy) = learn::profile(&error, target, region) else { return Err(error) };
    let Some(profile) = remedy.wire_id().map(str::to_owned) else { return Err(error) };
    let made = call(client, target, &profile, body, particulars).await?;
    client.learned().keep(&target.wire_id, remedy);
    Ok(Made { profile: Some(profile), ..made })
}

async fn call(
    client: &Client,
    target: &Target,
    model_id: &str,
    body: Bytes,
    particulars: &Particulars,
) -> Result<Made> {
    let call = Call {
        operation: Operation::InvokeModel,
        model_id,
        region: target.region(), // an ARN is served where it says
        body,
        patience: client.patience(),
        particulars: particulars.clone(),
    };
    let mut answer = client.connection().send(call).await?;
    let (input_tokens, request_id) = (answer.token_counts.0, answer.request_id.clone());
    let headers = std::mem::take(&mut answer.headers);
    let body = answer.whole().await.map_err(|error| error.answered(None, request_id.clone()))?;
    Ok(Made { body, input_tokens, request_id, profile: None, headers })
}
