//! Chat requests that pass as they are: to bedrock-mantle, or to OpenAI's API on bedrock-runtime.

use bytes::Bytes;
use serde_json::Value;

use super::server_sent::{DONE, ServerSent};
use super::told::Told;
use super::{Answer, Form, JSON, Stream};
use crate::catalog::{self, Endpoint, Id, Target};
use crate::client::Client;
use crate::config::Route;
use crate::error::{Error, Kind, Result};
use crate::transport::{RawAnswer, RawCall, api_root};

/// Who made the models that bedrock-runtime serves with OpenAI's own API ("Amazon Bedrock OpenAI API", user guide).
const OPENAI: &str = "openai";

/// The way that a request for `model` takes past Converse; `None` where it takes none.
///
/// The client's option decides. Without it only models that nothing else serves go to bedrock-mantle, and not when the
/// client has a base URL of its own, which is not to be left unasked.
pub(super) fn way(client: &Client, model: &str) -> Option<(Route, Target)> {
    let account = client.connection().account();
    let target = catalog::resolve(model).unwrap_or_else(|_| Target::opaque(model));
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
        method: "POST",
        path: &path,
        headers: &[("content-type", JSON)],
        // A value that was parsed: serialization has nothing to fail on.
        body: Bytes::from(serde_json::to_vec(&body).unwrap_or_default()),
        patience: client.patience(),
    };
    let RawAnswer { status, headers, mut answer } = client.connection().send_raw(call).await?;
    let request_id = ["x-request-id", "x-amzn-requestid"]
        .iter()
        .find_map(|name| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()));
    if !(200..300).contains(&status) {
        let refusal = answer.whole().await?;
        return Err(refused(status, &refusal).answered(Some(status), request_id));
    }
    let told = Told { request_id, ..Told::of(target, client.connection().account().region.as_deref()) };
    if streamed {
        let through = Through { answer, events: ServerSent::default(), done: false };
        return Ok(Answer::streamed(Stream::through(through, form).await?, told));
    }
    let completion = String::from_utf8(answer.whole().await?)
        .map_err(|_| Error::new(Kind::BrokenStream, "The answer of the service is not UTF-8."))?;
    Ok(Answer::whole(completion, told))
}

/// OpenAI's own error body, or AWS's.
fn refused(status: u16, body: &[u8]) -> Error {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let message = ["/error/message", "/message", "/Message"].iter().find_map(|pointer| text(pointer));
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
    let without = || format!("The service answered with HTTP status {status} and no message.");
    let error = Error::new(kind, message.unwrap_or_else(without));
    match text("/error/param").or_else(|| text("/param")) {
        Some(param) => error.at(param),
        None => error,
    }
}

/// A stream of another server, of which nothing is changed.
pub(super) struct Through {
    answer: crate::transport::Answer,
    events: ServerSent,
    /// Whether its end has come.
    done: bool,
}

impl Through {
    /// The chunks that are ready, not always some; `None` at the end. A stream without an end was cut.
    pub(super) async fn next(&mut self, form: Form) -> Result<Option<Vec<String>>> {
        if self.done {
            return Ok(None);
        }
        let Some(bytes) = self.answer.chunk().await? else {
            let message = "The stream ended before [DONE] came, so the answer may be incomplete. Try again.";
            return Err(Error::new(Kind::BrokenStream, message));
        };
        let mut events = Vec::new();
        self.events.push(&bytes, &mut events)?;
        let mut pieces = Vec::with_capacity(events.len());
        for data in events {
            if data == DONE {
                self.done = true;
                break;
            }
            if data.contains("\"error\"")
                && let Some(failure) = failure(&data)
            {
                return Err(failure);
            }
            pieces.push(match form {
                Form::Items => format!("\0{data}"),
                Form::ServerSentEvents => format!("data: {data}\n\n"),
            });
        }
        Ok(Some(pieces))
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
    fn a_refusal_keeps_what_the_server_said() {
        let body = br#"{"error":{"message":"No such model.","type":"not_found_error","param":"model","code":null}}"#;
        let error = refused(404, body);
        assert_eq!((error.kind, error.param.as_deref()), (Kind::ResourceNotFound, Some("model")));
        assert_eq!(error.message, "No such model.");
        assert_eq!(refused(403, br#"{"Message":"No."}"#).message, "No.");
        assert_eq!(refused(502, b"<html>").kind, Kind::Service);
        assert_eq!(failure(r#"{"choices":[],"error":null}"#).map(|error| error.kind), None);
        assert_eq!(failure(r#"{"error":{"message":"late"}}"#).unwrap().message, "late");
    }
}
