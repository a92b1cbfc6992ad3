//! Errors as JavaScript receives them: data, of which `js/errors.js` makes the class.

use std::collections::HashMap;
use std::time::Duration;

use napi_derive::napi;
use serde::Serialize;
use serde_json::Value;

use crate::dialect::chat::error::ApiError;
use crate::error::{ApiCode, Error, TABLE};

/// The fields of a `BedrockWrapperError`.
#[napi(object)]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorData {
    /// AWS's exception name, or the name of the kind.
    pub name: String,
    /// Stable machine-readable code.
    pub code: String,
    /// What happened and what to do next.
    pub message: String,
    /// HTTP status, where there is one.
    pub status: Option<u16>,
    /// `x-amzn-RequestId`, where there is one.
    pub request_id: Option<String>,
    /// Whether the same call may succeed when it is made again.
    pub retryable: bool,
    /// Milliseconds the service asked to wait before the next try.
    pub retry_after: Option<f64>,
    /// Path of the request field at fault.
    pub param: Option<String>,
    /// The number of the call of a JavaScript function whose failure this is: `js/host.js` has what it threw.
    pub host_call: Option<u32>,
}

impl From<&Error> for ErrorData {
    fn from(error: &Error) -> Self {
        ErrorData {
            name: error.name().to_owned(),
            code: error.code().to_owned(),
            message: error.message.clone(),
            status: error.status,
            request_id: error.request_id.clone(),
            retryable: error.retryable(),
            retry_after: error.retry_after.map(milliseconds),
            param: error.param.clone(),
            host_call: error.host_call,
        }
    }
}

/// What the AI SDK's error classes are made of.
pub(super) fn call_error(error: &Error) -> Value {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct CallError<'a> {
        #[serde(flatten)]
        data: ErrorData,
        api_code: Option<&'static str>,
        url: Option<&'a str>,
        response_headers: Option<HashMap<&'a str, &'a str>>,
        response_body: Option<&'a str>,
    }
    let response = error.response.as_deref();
    let told = CallError {
        data: ErrorData::from(error),
        api_code: error.api_code.map(ApiCode::as_str),
        url: error.url.as_deref(),
        response_headers: response
            .map(|response| response.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()),
        response_body: response.map(|response| response.body.as_str()),
    };
    // Strings and numbers: serialization has nothing to fail on.
    serde_json::to_value(told).unwrap_or_default()
}

/// The fields of an `APIError`: what an error is to a caller of OpenAI's API.
#[napi(object)]
pub struct ApiErrorData {
    /// AWS's exception name, or the name of the kind.
    pub name: String,
    /// AWS's exception name, where it was AWS that refused.
    pub exception: Option<String>,
    /// HTTP status that OpenAI's API would answer with.
    pub status: u16,
    /// Headers of that answer.
    pub headers: HashMap<String, String>,
    /// `error.message` of that answer.
    pub message: String,
    /// `error.type`
    pub r#type: String,
    /// `error.param`
    pub param: Option<String>,
    /// `error.code`
    pub code: String,
    /// `x-amzn-RequestId`, where there is one.
    pub request_id: Option<String>,
    /// Whether the same call may succeed when it is made again.
    pub retryable: bool,
    /// Milliseconds to wait before the next try, where that is known.
    pub retry_after: Option<f64>,
    /// The number of the call of a JavaScript function whose failure this is: `js/host.js` has what it threw.
    pub host_call: Option<u32>,
}

impl From<&Error> for ApiErrorData {
    fn from(error: &Error) -> Self {
        let told = ApiError::of(error);
        let request_id = error.request_id.clone().map(|id| ("x-request-id", id));
        let headers = told.headers().into_iter().chain(request_id);
        ApiErrorData {
            name: error.name().to_owned(),
            exception: error.exception().map(str::to_owned),
            status: told.status,
            headers: headers.map(|(name, value)| (name.to_owned(), value)).collect(),
            message: told.message.to_owned(),
            r#type: told.r#type.to_owned(),
            param: told.param.map(str::to_owned),
            code: told.code.to_owned(),
            request_id: error.request_id.clone(),
            retryable: told.should_retry.unwrap_or_else(|| error.retryable()),
            retry_after: told.retry_after.map(milliseconds),
            host_call: error.host_call,
        }
    }
}

fn milliseconds(wait: Duration) -> f64 {
    wait.as_secs_f64() * 1000.0
}

/// One line of the table of error kinds.
#[napi(object)]
pub struct ErrorKind {
    /// `name` of the JavaScript error.
    pub name: String,
    /// Stable machine-readable code.
    pub code: String,
    /// HTTP status when no answer gave one.
    pub status: Option<u16>,
    /// Whether the same call may succeed when it is made again.
    pub retryable: bool,
}

/// The table of error kinds, for the errors that the shell itself raises.
#[napi(catch_unwind)]
pub fn error_kinds() -> Vec<ErrorKind> {
    TABLE
        .iter()
        .map(|row| ErrorKind {
            name: row.name.to_owned(),
            code: row.code.to_owned(),
            status: row.status,
            retryable: row.retryable,
        })
        .collect()
}
