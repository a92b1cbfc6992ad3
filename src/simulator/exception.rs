//! The errors of the service, as AWS words and shapes them: one table of code, status and layer.

use axum::body::Body;
use http::{HeaderValue, Response, header};
use serde_json::{Value, json};

use super::events;
use super::frames::Frame;

/// Suffix of `x-amzn-ErrorType` for errors of the service itself (every recording).
const SERVICE: &str = "http://internal.amazon.com/coral/com.amazon.bedrock/";
/// Suffix for errors of the layer before it: authentication and routing.
const CORAL: &str = "http://internal.amazon.com/coral/com.amazon.coral.service/";

/// Code, HTTP status, and whether the service itself answers (else the layer before it).
const TABLE: &[(&str, u16, bool)] = &[
    ("AccessDeniedException", 403, true),
    ("ConflictException", 400, true),
    ("ExpiredTokenException", 403, false),
    ("IncompleteSignatureException", 400, false),
    ("InternalServerException", 500, true),
    ("InvalidSignatureException", 403, false),
    ("MissingAuthenticationTokenException", 403, false),
    ("ModelErrorException", 424, true),
    ("ModelNotReadyException", 429, true),
    ("ModelStreamErrorException", 424, true),
    ("ModelTimeoutException", 408, true),
    ("RequestTimeoutException", 408, false),
    ("ResourceNotFoundException", 404, true),
    ("SerializationException", 400, false),
    ("ServiceQuotaExceededException", 400, true),
    ("ServiceUnavailableException", 503, true),
    ("ThrottlingException", 429, true),
    ("TooManyTagsException", 400, true),
    ("UnknownOperationException", 404, false),
    ("UnrecognizedClientException", 403, false),
    ("ValidationException", 400, true),
];

/// An error answer: what goes into the status line, `x-amzn-ErrorType` and the body.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Exception {
    pub(super) code: String,
    pub(super) status: u16,
    pub(super) message: String,
    /// Seconds in `Retry-After`.
    pub(super) retry_after: Option<u64>,
    /// Further members of the body, such as `originalStatusCode`.
    pub(super) extra: Vec<(String, Value)>,
    /// The bearer layer spells the member `Message`.
    capital: bool,
    service: bool,
}

impl Exception {
    /// An exception of the table; a code that is not in it answers 400 as an error of the service.
    pub(super) fn new(code: &str, message: impl Into<String>) -> Exception {
        let row = TABLE.binary_search_by_key(&code, |row| row.0).ok().and_then(|at| TABLE.get(at));
        let (status, service) = row.map_or((400, true), |row| (row.1, row.2));
        Exception {
            code: code.to_owned(),
            status,
            message: message.into(),
            retry_after: None,
            extra: Vec::new(),
            capital: false,
            service,
        }
    }

    /// The commonest one.
    pub(super) fn validation(message: impl Into<String>) -> Exception {
        Exception::new("ValidationException", message)
    }

    /// A refusal by the bearer layer, which spells its body differently.
    pub(super) fn bearer(message: &str) -> Exception {
        let mut refusal = Exception::new("AccessDeniedException", message);
        (refusal.capital, refusal.service) = (true, false);
        refusal
    }

    /// Whether AWS models this code, so that a fault may name it.
    pub(super) fn known(code: &str) -> bool {
        TABLE.binary_search_by_key(&code, |row| row.0).is_ok()
    }

    /// The exception in a stream that has begun.
    pub(super) fn into_frame(self) -> Frame {
        events::exception(&self.code, &self.message, &self.extra)
    }

    /// The body of the answer.
    pub(super) fn body(&self) -> String {
        let mut body = json!({ if self.capital { "Message" } else { "message" }: self.message });
        for (key, value) in &self.extra {
            body[key.as_str()] = value.clone();
        }
        body.sort_all_objects();
        body.to_string()
    }

    /// The HTTP answer, without a request id.
    pub(super) fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body()));
        *response.status_mut() = http::StatusCode::from_u16(self.status).unwrap_or(http::StatusCode::BAD_REQUEST);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let layer = if self.service { SERVICE } else { CORAL };
        if let Ok(kind) = HeaderValue::from_str(&format!("{}:{layer}", self.code)) {
            headers.insert("x-amzn-errortype", kind);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_unique() {
        assert!(TABLE.is_sorted_by(|left, right| left.0 < right.0), "keep TABLE in alphabetical order");
    }

    #[test]
    fn spells_the_error_type_as_recorded() {
        let response = Exception::validation("The provided model identifier is invalid.").response();
        assert_eq!(response.status(), 400);
        assert_eq!(
            response.headers()["x-amzn-errortype"],
            "ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/"
        );
        let auth = Exception::new("UnrecognizedClientException", "x").response();
        assert_eq!(
            auth.headers()["x-amzn-errortype"],
            "UnrecognizedClientException:http://internal.amazon.com/coral/com.amazon.coral.service/"
        );
    }
}
