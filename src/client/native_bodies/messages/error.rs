//! Errors in the words of Anthropic's API ("Errors" in its documentation), by the status that AWS's have.

use serde_json::{Value, json};

use crate::error::Error;

/// Status → `error.type`. What is not here is the caller's fault below 500, and the API's from there on.
const TYPES: &[(u16, &str)] = &[
    (401, "authentication_error"),
    (403, "permission_error"),
    (404, "not_found_error"),
    (408, "timeout_error"),
    (413, "request_too_large"),
    (424, "api_error"),
    (429, "rate_limit_error"),
    (503, "overloaded_error"),
    (504, "timeout_error"),
    (529, "overloaded_error"),
];

/// The body of an answer that is an error.
pub(in crate::client::native_bodies) fn body(error: &Error) -> String {
    of(error).to_string()
}

/// The event that an error is in a stream.
pub(in crate::client::native_bodies) fn event(error: &Error) -> String {
    format!("event: error\ndata: {}\n\n", of(error))
}

/// `code` is AWS's name of the exception; `statusCode` and `isRetryable` are what clients go by that know more statuses than
/// types.
fn of(error: &Error) -> Value {
    let status = error.status;
    let mut body = json!({
        "type": "error",
        "error": {
            "type": kind(status),
            "message": error.message,
            "code": error.exception().unwrap_or(error.code()),
            "isRetryable": error.retryable(),
        },
    });
    if let Some(status) = status {
        body["error"]["statusCode"] = status.into();
    }
    if let Some(id) = &error.request_id {
        body["request_id"] = id.as_str().into();
    }
    body
}

/// A failure without a status is one of the way there: the API's.
fn kind(status: Option<u16>) -> &'static str {
    let known = TYPES.iter().find(|(known, _)| Some(*known) == status);
    known.map_or_else(
        || if status.is_some_and(|status| status < 500) { "invalid_request_error" } else { "api_error" },
        |row| row.1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn the_table_is_sorted() {
        assert!(TYPES.is_sorted_by_key(|(status, _)| *status));
    }

    #[test]
    fn every_error_has_a_type_of_anthropics() {
        for (error, expected) in [
            (Error::service("validationException", "x"), "invalid_request_error"),
            (Error::service("AccessDeniedException", "x"), "permission_error"),
            (Error::service("ResourceNotFoundException", "x"), "not_found_error"),
            (Error::service("throttlingException", "x"), "rate_limit_error"),
            (Error::service("modelTimeoutException", "x"), "timeout_error"),
            (Error::service("modelStreamErrorException", "x"), "api_error"),
            (Error::service("internalServerException", "x"), "api_error"),
            (Error::service("serviceUnavailableException", "x"), "overloaded_error"),
            (Error::service("someFutureException", "x"), "api_error"),
            (Error::new(Kind::BrokenStream, "x"), "api_error"),
        ] {
            assert_eq!(of(&error)["error"]["type"], expected, "{error:?}");
        }
    }

    #[test]
    fn awss_name_and_request_id_are_told() {
        let error = Error::service("throttlingException", "Slow down.").answered(Some(429), Some("r-1".to_owned()));
        let expected = json!({
            "type": "error",
            "error": {
                "type": "rate_limit_error",
                "message": "Slow down.",
                "code": "ThrottlingException",
                "isRetryable": true,
                "statusCode": 429,
            },
            "request_id": "r-1",
        });
        assert_eq!(of(&error), expected);
    }
}
