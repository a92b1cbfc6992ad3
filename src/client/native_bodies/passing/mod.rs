//! Requests that pass as they are, to services that have the API themselves.

mod events;

pub(super) use events::PassingEvents;

use bytes::Bytes;
use serde_json::Value;

use super::pieces::{Events, Pieces};
use super::{Answer, Body, JSON, messages, open_ai, told};
use crate::client::Client;
use crate::config::Route;
use crate::error::{Error, Result};
use crate::transport::{RawAnswer, RawCall};

/// Whose words a request and its answer are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    ChatCompletions,
    Responses,
    Messages,
}

/// A request that goes out as it is.
pub(super) struct Passing<'a> {
    pub(super) form: Form,
    pub(super) route: Route,
    pub(super) path: &'a str,
    pub(super) headers: &'a [(&'a str, &'a str)],
    pub(super) body: Bytes,
}

/// Sends it and answers with what comes.
pub(super) async fn pass(client: &Client, passing: Passing<'_>) -> Result<Answer> {
    let Passing { form, route, path, headers, body } = passing;
    let call = RawCall { route, region: None, method: "POST", path, headers, body, patience: client.patience() };
    let mut raw = client.connection().send_raw(call).await?;
    if let Some(refusal) = raw.refusal.take() {
        return refused(raw, refusal, form).await;
    }
    let (status, headers) = (raw.status, told(&raw, None));
    let body = if is_stream(&raw) {
        Body::Streamed(Box::new(Pieces::new(raw.answer, Events::Passing(PassingEvents::new(form)))))
    } else {
        Body::Whole(text(raw.answer.whole().await?))
    };
    Ok(Answer { status, headers, body })
}

/// A refusal passes as it is, unless it is AWS's and not of the API: then its text goes where clients of that look. Both
/// APIs have it in the same place.
async fn refused(mut raw: RawAnswer, refusal: Error, form: Form) -> Result<Answer> {
    let body = text(raw.answer.whole().await?);
    let is_of_api = serde_json::from_str::<Value>(&body).is_ok_and(|body| body["error"]["message"].is_string());
    let (status, headers) = (raw.status, told(&raw, (!is_of_api).then_some(JSON)));
    let refusal = refusal.answered(Some(status), None);
    let body = match form {
        _ if is_of_api => body,
        Form::Messages => messages::error_body(&refusal),
        Form::ChatCompletions | Form::Responses => open_ai::error_body(&refusal),
    };
    Ok(Answer { status, headers, body: Body::Whole(body) })
}

fn is_stream(raw: &RawAnswer) -> bool {
    raw.headers.iter().any(|(name, value)| name == "content-type" && value.starts_with("text/event-stream"))
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
