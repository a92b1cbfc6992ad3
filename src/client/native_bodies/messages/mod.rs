//! Claude's Messages over InvokeModel and InvokeModelWithResponseStream, or at bedrock-mantle, which has Anthropic's API
//! itself.

mod body;
mod error;
mod events;
mod names;
mod tools;

pub(super) use error::body as error_body;
pub(super) use error::event as error_event;
pub(super) use events::MessagesEvents;

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::passing::{Form, Passing, pass};
use super::pieces::{Events, Pieces};
use super::{Answer, Body, Call, JSON, sent, told};
use crate::catalog::{self, Target};
use crate::client::told::Told;
use crate::client::{Client, resolve};
use crate::config::Route;
use crate::error::{Error, Kind, Result};
use crate::transport::{RawAnswer, RawCall};
use body::Prepared;
use names::Names;

/// Where Anthropic's API has Messages.
const PATH: &str = "/messages";

/// Where bedrock-mantle has them, and the headers that they go with (recording of Claude Sonnet 5).
const MANTLE_PATH: &str = "/anthropic/v1/messages";
const MANTLE_HEADERS: &[&str] = &["anthropic-beta", "anthropic-version"];

const EVENT_STREAM: &str = "text/event-stream; charset=utf-8";

/// Sends a Messages body and answers as Anthropic's API does.
pub(super) async fn answer(client: &Client, call: Call) -> Result<Answer> {
    if !call.path.ends_with(PATH) {
        let message = format!("Bedrock has no {} of Anthropic's API. Served is {PATH}.", call.path);
        return Err(Error::new(Kind::UnknownUrl, message));
    }
    if client.connection().account().route == Some(Route::Mantle) {
        return at_mantle(client, call).await;
    }
    let betas = body::betas_of(&call.headers);
    let Prepared { model, stream, body, names } = call.payload.read(move |json| body::prepare(&json, betas)).await?;
    let known = resolve::for_chat(client, &model).await;
    let mut target = known.unwrap_or_else(|_| Target::opaque(catalog::without_prefix(&model)));
    let mut losses = Vec::new();
    resolve::through_profile(client, &mut target, &mut losses);
    let operation = if stream { "invoke-with-response-stream" } else { "invoke" };
    let path = format!("/model/{}/{operation}", utf8_percent_encode(&target.wire_id, NON_ALPHANUMERIC));
    let call = RawCall {
        route: Route::RuntimeOpenAi,
        region: target.region(), // an ARN is served where it says
        method: "POST",
        path: &path,
        headers: &sent(&call.headers, &[]),
        body: Bytes::from(body),
        patience: client.patience(),
    };
    let mut raw = client.connection().send_raw(call).await?;
    let mut answer = match &raw.refusal {
        Some(refusal) => refused(&raw, refusal),
        None if stream => streamed(raw, names),
        None => whole(&mut raw, &names).await?,
    };
    let told = Told { losses, ..Told::default() };
    answer.headers.extend(told.warnings().map(|(name, value)| (name.to_owned(), value)));
    Ok(answer)
}

/// Sends it as it is.
async fn at_mantle(client: &Client, call: Call) -> Result<Answer> {
    let body = call.payload.read(|json| Ok(Bytes::from(json))).await?;
    let headers = sent(&call.headers, MANTLE_HEADERS);
    let passing = Passing { form: Form::Messages, route: Route::Mantle, path: MANTLE_PATH, headers: &headers, body };
    pass(client, passing).await
}

fn refused(raw: &RawAnswer, refusal: &Error) -> Answer {
    let refusal = refusal.clone().answered(Some(raw.status), None);
    Answer { status: raw.status, headers: told(raw, Some(JSON)), body: Body::Whole(error_body(&refusal)) }
}

fn streamed(raw: RawAnswer, names: Names) -> Answer {
    let headers = told(&raw, Some(EVENT_STREAM));
    let pieces = Pieces::new(raw.answer, Events::Messages(MessagesEvents::new(names)));
    Answer { status: raw.status, headers, body: Body::Streamed(Box::new(pieces)) }
}

async fn whole(raw: &mut RawAnswer, names: &Names) -> Result<Answer> {
    let message = raw.answer.whole().await?;
    let body = if names.is_empty() { None } else { restored(&message, names) };
    let body = body.unwrap_or_else(|| String::from_utf8_lossy(&message).into_owned());
    Ok(Answer { status: raw.status, headers: told(raw, Some(JSON)), body: Body::Whole(body) })
}

/// A message with the names of tools that the caller knows.
fn restored(message: &[u8], names: &Names) -> Option<String> {
    let mut message: Value = serde_json::from_slice(message).ok()?;
    message.get_mut("content")?.as_array_mut()?.iter_mut().for_each(|block| names.restore(block));
    Some(message.to_string())
}
