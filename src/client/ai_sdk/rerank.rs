//! `doRerank`.

use bytes::Bytes;
use serde_json::Value;

use super::{Answer, Call};
use crate::catalog::{Kind, Target};
use crate::client::{Client, making, resolve};
use crate::config::{Route, partition};
use crate::dialect::ai_sdk::rerank as dialect;
use crate::error::{Error, Result};
use crate::family::agent_rerank as family;
use crate::transport::RawCall;

/// The documents of a call in their order.
pub(super) async fn rerank(client: &Client, call: Call) -> Result<Answer> {
    let sources = dialect::parse(call.payload.parse().await?)?;
    let count = sources.documents.len();
    let found = resolve::known(client, &call.model_id).await;
    let target = found.unwrap_or_else(|_| Target::opaque(&call.model_id));
    if !target.model.derived && target.model.kind != Kind::Rerank {
        return Err(making::of_another_kind(&target, Kind::Rerank));
    }
    let arn = arn(client, &target).await?;
    let own = call.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let headers: Vec<(&str, &str)> = [("content-type", "application/json")].into_iter().chain(own).collect();
    let raw = RawCall {
        route: Route::AgentRuntime,
        region: target.region(), // an ARN is served where it says
        method: "POST",
        path: family::PATH,
        headers: &headers,
        body: Bytes::from(family::encode(sources, &arn)),
        patience: client.patience(),
    };
    let mut raw = client.connection().send_raw(raw).await?;
    if let Some(refusal) = raw.refusal {
        return Err(refusal);
    }
    let request_id = raw.answer.request_id.clone();
    let of_this_call = |error: Error| error.answered(None, request_id.clone());
    let body = raw.answer.whole().await.map_err(of_this_call)?;
    let (ranked, next_token) = family::decode(&body, count).map_err(of_this_call)?;
    let result = dialect::render(&ranked, next_token.as_deref(), &[]);
    let mut answer = Answer::made(&call.model_id, request_id, raw.headers, result);
    answer.head["response"]["body"] = serde_json::from_slice::<Value>(&body).unwrap_or_default();
    Ok(answer)
}

/// The ARN of the model: what was given as one, else that of the foundation model in the region and its partition.
async fn arn(client: &Client, target: &Target) -> Result<String> {
    if target.wire_id.starts_with("arn:") {
        return Ok(target.wire_id.clone());
    }
    let region = client.connection().region().await?;
    Ok(format!("arn:{}:bedrock:{region}::foundation-model/{}", partition(&region), target.wire_id))
}
