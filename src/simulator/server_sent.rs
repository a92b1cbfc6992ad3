//! Server-sent events and errors, as the OpenAI-style path has them.

use axum::body::Body;
use http::{HeaderValue, Response, header};
use serde_json::{Value, json};

use super::exception::Exception;

/// Status → `type` of the error.
const TYPES: &[(u16, &str)] = &[
    (401, "authentication_error"),
    (403, "permission_denied_error"),
    (404, "not_found_error"),
    (429, "rate_limit_error"),
    (500, "server_error"),
    (503, "server_error"),
];

/// One event; a text is written as it is (`[DONE]`).
pub(super) fn event(data: &Value) -> Vec<u8> {
    let data = data.as_str().map_or_else(|| data.to_string(), str::to_owned);
    format!("data: {data}\n\n").into_bytes()
}

/// An error in a stream that has begun.
pub(super) fn failure(exception: &Exception) -> Vec<u8> {
    event(&body(exception))
}

/// The HTTP answer of an error, without a request id.
pub(super) fn refusal(exception: &Exception) -> Response<Body> {
    let mut response = exception.response();
    *response.body_mut() = Body::from(body(exception).to_string());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn body(exception: &Exception) -> Value {
    let kind =
        TYPES.iter().find(|(status, _)| *status == exception.status).map_or("invalid_request_error", |row| row.1);
    let code = match exception.code.as_str() {
        "ValidationException" => "validation_error".to_owned(),
        other => other.to_owned(),
    };
    json!({"error": {"code": code, "message": exception.message, "param": null, "type": kind}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_and_errors_are_openais() {
        assert_eq!(event(&json!({"a": 1})), b"data: {\"a\":1}\n\n");
        assert_eq!(event(&"[DONE]".into()), b"data: [DONE]\n\n");
        let said = String::from_utf8(failure(&Exception::new("ThrottlingException", "Slow down."))).unwrap();
        assert!(said.contains(r#""message":"Slow down.","param":null,"type":"rate_limit_error""#), "{said}");
    }
}
