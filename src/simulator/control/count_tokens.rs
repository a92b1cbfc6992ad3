//! CountTokens: the tokens that a request of Converse or InvokeModel would be billed for, counted as its usage counts them.

use http::HeaderMap;
use serde_json::{Value, json};

use super::{Request, Store};
use crate::simulator::backend;
use crate::simulator::exception::Exception;
use crate::simulator::models::Model;
use crate::simulator::native::{self, Body};
use crate::simulator::question::Question;
use crate::simulator::{converse, rules, wording};

/// Models that count (AWS's documentation): these, by their own id, not by a profile's.
const COUNTING: &[&str] = &[
    "anthropic.claude-3-5-",
    "anthropic.claude-3-7-",
    "anthropic.claude-fable-",
    "anthropic.claude-haiku-",
    "anthropic.claude-mythos-",
    "anthropic.claude-opus-",
    "anthropic.claude-sonnet-",
];

pub(super) fn count(request: &Request<'_>, _: &mut Store) -> Result<Value, Exception> {
    let model = Model::find(request.label("modelId")).ok_or_else(|| wording::UNKNOWN_MODEL.refuse(&[]))?;
    if !model.is_bare() || !COUNTING.iter().any(|prefix| model.is(prefix)) {
        return Err(wording::NO_TOKEN_COUNT.refuse(&[]));
    }
    let input = request.get("input");
    let question = match &input["converse"] {
        Value::Null => invoked(&model, &input["invokeModel"]["body"])?,
        converse => conversed(&model, converse)?,
    };
    Ok(json!({"inputTokens": backend::input_tokens(&question)}))
}

fn conversed(model: &Model, request: &Value) -> Result<Question, Exception> {
    let body = Body::parse(request.to_string().as_bytes())?;
    rules::converse(model, &body, &HeaderMap::new(), false)?;
    Ok(converse::read(&body))
}

/// The body comes as InvokeModel takes it, in base64.
fn invoked(model: &Model, body: &Value) -> Result<Question, Exception> {
    let body = Body::parse(&native::body::decode(body.as_str().unwrap_or_default()))?;
    rules::invoke(model, &body, &HeaderMap::new(), false)?;
    native::codec(model, &body).read(&body)
}
