//! Errors as JavaScript receives them: data, of which `js/errors.js` makes the class.

use napi_derive::napi;

use crate::error::{Error, TABLE};

/// The fields of a `BedrockWrapperError`.
#[napi(object)]
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
            retry_after: error.retry_after.map(|wait| wait.as_secs_f64() * 1000.0),
            param: error.param.clone(),
            host_call: error.host_call,
        }
    }
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
