//! The SDK's failures as ours: what the service said, in its own words, or why nobody answered.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::ConnectorError;
use serde_json::Value;
use url::Url;

use super::elapsed::Elapsed;
use super::retry;
use super::routes::headers_of;
use crate::config::Account;
use crate::error::{Error, ErrorResponse, Kind, without_quoted_request};

/// How much of an answer that is no JSON goes into a message, in characters.
const QUOTED: usize = 300;

const PROXY_AUTHENTICATION_REQUIRED: u16 = 407;

/// What the HTTP stack wraps around a cause without adding to it.
const WRAPPERS: &[&str] = &[
    "dispatch failure",
    "connector error",
    "user error",
    "io error",
    "client error (Connect)",
    "client error (SendRequest)",
];

/// Any failure of a call of `account`.
pub(super) fn error<E>(error: &SdkError<E, HttpResponse>, account: &Account) -> Error
where
    E: StdError + ProvideErrorMetadata + 'static,
{
    if let Some(response) = error.raw_response() {
        return refused(response, error.code(), error.message());
    }
    if let Some(own) = own(error) {
        return own;
    }
    if let Some(credentials) = caused_by::<CredentialsError>(error) {
        return account.credentials_missing(&causes(credentials));
    }
    match error {
        SdkError::TimeoutError(_) => unreachable(Kind::Timeout, "did not answer in time", error, account),
        SdkError::ConstructionFailure(_) => {
            Error::new(Kind::Configuration, format!("The request could not be made: {}.", causes(error)))
        }
        SdkError::DispatchFailure(failure) if failure.is_user() => {
            Error::new(Kind::Configuration, format!("The request could not be sent: {}.", causes(error)))
        }
        _ if timed_out(error) => unreachable(Kind::Timeout, "could not be reached in time", error, account),
        _ => unreachable(Kind::Connection, "could not be reached", error, account),
    }
}

/// Why one attempt had no answer, without advice.
pub(super) fn of_attempt<E: StdError + 'static>(error: &OrchestratorError<E>) -> Error {
    let timed_out = error.as_connector_error().is_some_and(ConnectorError::is_timeout);
    let kind = if timed_out || error.is_timeout_error() { Kind::Timeout } else { Kind::Connection };
    own(error).unwrap_or_else(|| Error::new(kind, causes(error)))
}

/// What this crate itself has said.
fn own(error: &(dyn StdError + 'static)) -> Option<Error> {
    let elapsed = caused_by::<Elapsed>(error).map(|elapsed| Error::from(*elapsed));
    elapsed.or_else(|| caused_by::<Error>(error).cloned())
}

/// The connection broke while a body was being read.
pub(super) fn broken_body(error: &(dyn StdError + 'static)) -> Error {
    if let Some(own) = own(error) {
        return own;
    }
    let message = format!("The connection broke before the answer was complete: {}. Try again.", causes(error));
    Error::new(Kind::BrokenStream, message)
}

/// What the service said, where the SDK may have found code and message.
pub(super) fn refused(response: &HttpResponse, code: Option<&str>, message: Option<&str>) -> Error {
    let status = response.status().as_u16();
    let header = |name: &str| response.headers().get(name).map(str::to_owned);
    let named = header("x-amzn-errortype").or_else(|| code.map(str::to_owned));
    let body = response.body().bytes().unwrap_or_default();
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = message.or_else(|| message_in(&said)).map_or_else(|| quote(status, body), str::to_owned);
    let mut error = match named {
        Some(code) => Error::service(&code, text),
        None => Error::new(Kind::Service, text),
    };
    error.param = param_in(&said).map(str::to_owned);
    error.retry_after = retry::retry_after(response.headers());
    error.answered(Some(status), header("x-amzn-requestid")).said_by(ErrorResponse {
        headers: headers_of(response),
        body: without_quoted_request(String::from_utf8_lossy(body).into_owned()),
    })
}

/// The authentication layer spells it `Message`; OpenAI's own endpoints have it in `error`.
fn message_in(body: &Value) -> Option<&str> {
    ["/message", "/Message", "/error/message"].iter().find_map(|place| body.pointer(place)?.as_str())
}

/// The field at fault, which OpenAI's own endpoints name.
fn param_in(body: &Value) -> Option<&str> {
    ["/error/param", "/param"].iter().find_map(|place| body.pointer(place)?.as_str())
}

fn quote(status: u16, body: &[u8]) -> String {
    if status == PROXY_AUTHENTICATION_REQUIRED {
        return "The proxy asks for a user and a password (HTTP status 407). Put them into its URL in the environment \
                variable, as http://user:password@host:port."
            .to_owned();
    }
    let text = String::from_utf8_lossy(body);
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(QUOTED).collect();
    if text.is_empty() {
        return format!("The service answered with HTTP status {status} and no message.");
    }
    format!("The service, or something between, answered with HTTP status {status}: {text}")
}

fn timed_out<E, R>(error: &SdkError<E, R>) -> bool {
    matches!(error, SdkError::DispatchFailure(failure) if failure.is_timeout())
}

fn unreachable(kind: Kind, what: &str, error: &(dyn StdError + 'static), account: &Account) -> Error {
    let advice = format!("Check the network, {}, then try again.", account.where_to_look());
    Error::new(kind, format!("{} {what}: {}. {advice}", host(account), causes(error)))
}

/// Where the call went, without anything else that a URL can hold.
fn host(account: &Account) -> String {
    let url = account.endpoints.runtime.as_deref().and_then(|endpoint| Url::parse(endpoint).ok());
    let named = url.as_ref().and_then(|url| Some((url.host_str()?, url.port())));
    match (named, &account.region) {
        (Some((host, Some(port))), _) => format!("{host}:{port}"),
        (Some((host, None)), _) => host.to_owned(),
        (None, Some(region)) => format!("Amazon Bedrock in {region}"),
        (None, None) => "Amazon Bedrock".to_owned(),
    }
}

fn caused_by<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    chain(error).find_map(|cause| cause.downcast_ref())
}

/// The chain of causes, outermost first, without repetitions and wrappers.
fn causes(error: &(dyn StdError + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    for cause in chain(error) {
        let text = cause.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        if !texts.contains(&text) && !WRAPPERS.contains(&text.as_str()) {
            texts.push(text);
        }
    }
    let words = if texts.is_empty() { error.to_string() } else { texts.join(": ") };
    words.trim_end_matches('.').to_owned()
}

fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_spelling_of_a_refusal_is_read() {
        let openai =
            json!({"error": {"message": "No such model.", "type": "not_found_error", "param": "model", "code": null}});
        assert_eq!((message_in(&openai), param_in(&openai)), (Some("No such model."), Some("model")));
        assert_eq!(message_in(&json!({"Message": "No."})), Some("No."));
        assert_eq!(message_in(&json!({"message": "No."})), Some("No."));
        assert_eq!((message_in(&Value::Null), param_in(&json!({"error": "no"}))), (None, None));
    }
}
