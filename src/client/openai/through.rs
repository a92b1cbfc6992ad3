//! Chat requests that pass as they are: to bedrock-mantle, or to OpenAI's API on bedrock-runtime.

use bytes::Bytes;
use serde_json::Value;

use super::server_sent::{DONE, ServerSent};
use super::{Answer, Form, JSON, Stream};
use crate::catalog::{self, Endpoint, Id, Target};
use crate::client::told::{Tally, Told};
use crate::client::{Client, resolve};
use crate::config::Route;
use crate::conversation::{StopReason, Usage};
use crate::error::{Error, Kind, Result};
use crate::transport::{RawAnswer, RawCall, api_root};

/// Who made the models that bedrock-runtime serves with OpenAI's own API ("Amazon Bedrock OpenAI API", user guide).
const OPENAI: &str = "openai";

/// The way that a request for `model` takes past Converse; `None` where it takes none.
///
/// The client's option decides. Without it only models that nothing else serves go to bedrock-mantle, and not when the
/// client has a base URL of its own, which is not to be left unasked.
pub(super) async fn way(client: &Client, model: &str) -> Option<(Route, Target)> {
    let account = client.connection().account();
    let target = resolve::for_chat(client, model).await;
    let target = target.unwrap_or_else(|_| Target::opaque(catalog::without_prefix(model)));
    let openai = || Id::parse(&target.wire_id).is_some_and(|id| id.provider == OPENAI);
    let route = match account.route {
        Some(Route::RuntimeOpenAi) if openai() => Route::RuntimeOpenAi,
        Some(Route::Mantle) => Route::Mantle,
        None if target.model.endpoint == Endpoint::Mantle && account.endpoints.runtime.is_none() => Route::Mantle,
        _ => return None,
    };
    Some((route, target))
}

/// Sends `body` as it is, but for the model's name.
pub(super) async fn answer(
    client: &Client,
    route: Route,
    target: &Target,
    mut body: Value,
    form: Form,
) -> Result<Answer> {
    let streamed = body.get("stream").is_some_and(|stream| stream == true);
    if let Some(model) = body.get_mut("model") {
        *model = Value::String(target.wire_id.clone());
    }
    let endpoints = &client.connection().account().endpoints;
    let path = format!("{}/chat/completions", api_root(endpoints, route, &target.wire_id));
    let call = RawCall {
        route,
        region: None,
        method: "POST",
        path: &path,
        headers: &[("content-type", JSON)],
        // A value that was parsed: serialization has nothing to fail on.
        body: Bytes::from(serde_json::to_vec(&body).unwrap_or_default()),
        patience: client.patience(),
    };
    let RawAnswer { status, headers, mut answer, refusal } = client.connection().send_raw(call).await?;
    let request_id = ["x-request-id", "x-amzn-requestid"]
        .iter()
        .find_map(|name| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()));
    if let Some(refusal) = refusal {
        return Err(of_status(refusal, status).answered(Some(status), request_id));
    }
    let told = Told { request_id, ..Told::of(target, client.connection().account().region.as_deref()) };
    if streamed {
        let through = Through { answer, events: ServerSent::default() };
        return Ok(Answer::streamed(Stream::through(through, form).await?, told));
    }
    let completion = String::from_utf8(answer.whole().await?)
        .map_err(|_| Error::new(Kind::BrokenStream, "The answer of the service is not UTF-8."))?;
    let mut tally = Tally::default();
    note(&completion, &mut tally);
    Ok(Answer::whole(completion, told, tally))
}

/// OpenAI's errors have no name of AWS's: their status says what they are.
fn of_status(refusal: Error, status: u16) -> Error {
    if refusal.kind != Kind::Service {
        return refusal;
    }
    let kind = match status {
        400 => Kind::Validation,
        401 => Kind::Authentication,
        403 => Kind::AccessDenied,
        404 => Kind::ResourceNotFound,
        429 => Kind::Throttling,
        500 => Kind::InternalServer,
        503 => Kind::ServiceUnavailable,
        _ => Kind::Service,
    };
    let mut error = Error::new(kind, refusal.message);
    (error.param, error.retry_after) = (refusal.param, refusal.retry_after);
    error
}

/// A stream of another server, of which nothing is changed.
pub(super) struct Through {
    answer: crate::transport::Answer,
    events: ServerSent,
}

impl Through {
    /// Adds the chunks that are ready, which are not always some; says whether more may come. Chunks before a failure
    /// count; a stream without an end was cut.
    pub(super) async fn next(&mut self, form: Form, pieces: &mut Vec<String>, tally: &mut Tally) -> Result<bool> {
        let Some(bytes) = self.answer.chunk().await? else {
            let message = "The stream ended before [DONE] came, so the answer may be incomplete. Try again.";
            return Err(Error::new(Kind::BrokenStream, message));
        };
        let mut events = Vec::new();
        let read = self.events.push(&bytes, &mut events);
        for data in events {
            if data == DONE {
                return Ok(false);
            }
            if data.contains("\"error\"")
                && let Some(failure) = failure(&data)
            {
                return Err(failure);
            }
            if MARKS.iter().any(|mark| data.contains(mark)) {
                note(&data, tally);
            }
            pieces.push(match form {
                Form::Items => format!("\0{data}"),
                Form::ServerSentEvents => format!("data: {data}\n\n"),
            });
        }
        read.map(|()| true)
    }
}

/// What a chunk or a completion has that is to be noted.
const MARKS: [&str; 2] = ["\"usage\":{", "\"finish_reason\":\""];

/// Reads usage and finish reasons of a chunk or a completion.
fn note(json: &str, tally: &mut Tally) {
    let Ok(answer) = serde_json::from_str::<Value>(json) else { return };
    let choices = answer["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
    let reasons = choices.iter().filter_map(|choice| choice["finish_reason"].as_str());
    tally.stop_reasons.extend(reasons.map(StopReason::parse));
    let usage = &answer["usage"];
    if usage.is_object() {
        let cached = usage["prompt_tokens_details"]["cached_tokens"].as_u64();
        let prompt = usage["prompt_tokens"].as_u64();
        tally.usage = Usage {
            input_tokens: prompt.map(|prompt| prompt.saturating_sub(cached.unwrap_or(0))),
            output_tokens: usage["completion_tokens"].as_u64(),
            total_tokens: usage["total_tokens"].as_u64(),
            cache_read_input_tokens: cached,
            cache_write_input_tokens: None,
        };
    }
}

/// The error that an event is, if it is one.
fn failure(data: &str) -> Option<Error> {
    let event: Value = serde_json::from_str(data).ok()?;
    let error = event.get("error").filter(|error| error.is_object())?;
    let message = error.get("message").and_then(Value::as_str).unwrap_or("The service failed in mid-stream.");
    Some(Error::new(Kind::ModelStreamError, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_without_a_name_is_what_its_status_says() {
        let said = || Error::new(Kind::Service, "No such model.").at("model");
        let error = of_status(said(), 404);
        assert_eq!((error.kind, error.param.as_deref()), (Kind::ResourceNotFound, Some("model")));
        assert_eq!(error.message, "No such model.");
        assert_eq!(of_status(said(), 502).kind, Kind::Service);
        assert_eq!(of_status(Error::service("ThrottlingException", "Slow."), 400).kind, Kind::Throttling);
    }

    #[test]
    fn what_another_server_counts_is_noted() {
        let mut tally = Tally::default();
        note(r#"{"choices":[{"finish_reason":"length"}],"usage":null}"#, &mut tally);
        let usage = r#"{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":4}}"#;
        note(&format!(r#"{{"choices":[],"usage":{usage}}}"#), &mut tally);
        assert_eq!(tally.stop_reasons, [StopReason::MaxTokens]);
        assert_eq!((tally.usage.input_tokens, tally.usage.cache_read_input_tokens), (Some(5), Some(4)));
    }

    #[test]
    fn an_event_with_an_error_is_a_failure() {
        assert_eq!(failure(r#"{"choices":[],"error":null}"#).map(|error| error.kind), None);
        assert_eq!(failure(r#"{"error":{"message":"late"}}"#).unwrap().message, "late");
    }
}
