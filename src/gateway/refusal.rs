//! What the gateway itself refuses, and failures of Bedrock, as OpenAI's error bodies.
//!
//! Source: OpenAI API reference, "Errors"; the classes and retries of openai 7.55 are made of status, `x-should-retry` and
//! `retry-after`.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};

use crate::dialect::chat::error::ApiError;
use crate::error::{Error, Kind};

const INVALID: &str = "invalid_request_error";
const SERVER: &str = "server_error";
/// How Bedrock says that it does not know a Bedrock API key, with AccessDeniedException as for everything else that is not
/// allowed.
const BAD_API_KEY: &str = "Authentication failed";

const NO_HTTP: (u16, &str, &str) = (400, "invalid_http", "The request is not valid HTTP.");

/// Requests that are no HTTP, or too much of it: status, code, message.
const MALFORMED: [(u16, &str, &str); 3] = [
    NO_HTTP,
    (414, "url_too_long", "The URL of the request is too long."),
    (431, "headers_too_large", "The headers of the request are too large or too many."),
];

/// Headers and body where hyper refuses on its own account.
pub(super) fn words(status: u16) -> (String, String) {
    (format!("x-request-id: req_{:032x}\r\n", fastrand::u128(..)), Refusal::malformed(status).body())
}

/// What callers are told of failures that are the operator's affair: nothing of the machines and settings behind.
fn for_callers(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Authentication => {
            Some("AWS refused the gateway's credentials. Whoever runs the gateway finds the reason in its log.")
        }
        Kind::Configuration => {
            Some("The gateway is not set up for this call. Whoever runs it finds the reason in its log.")
        }
        Kind::Connection => Some(
            "Bedrock could not be reached. Try again; should it go on, whoever runs the gateway finds the reason in its log.",
        ),
        _ => None,
    }
}

/// A request that is not answered as it wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    /// `type` of OpenAI's error object.
    pub(super) kind: &'static str,
    /// `code` of OpenAI's error object.
    pub(super) code: &'static str,
    /// The field that is wrong.
    pub(super) param: Option<String>,
    pub(super) message: String,
    /// What only the log is told, where that is more.
    pub(super) detail: Option<String>,
    /// Whether clients should try again; `None`: as they do for the status.
    pub(super) should_retry: Option<bool>,
    /// When they should.
    pub(super) retry_after: Option<Duration>,
    /// More headers.
    pub(super) headers: Vec<(&'static str, String)>,
    /// AWS's name for the failure, where it is Bedrock's.
    pub(super) exception: Option<String>,
    /// `x-amzn-RequestId`, where Bedrock has answered.
    pub(super) upstream_request_id: Option<String>,
}

impl Refusal {
    fn new(status: u16, kind: &'static str, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal {
            status,
            kind,
            code,
            param: None,
            message: message.into(),
            detail: None,
            should_retry: None,
            retry_after: None,
            headers: Vec::new(),
            exception: None,
            upstream_request_id: None,
        }
    }

    /// A request that is wrong.
    pub(super) fn invalid(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal::new(status, INVALID, code, message)
    }

    /// A request that is refused with this status for what it is as HTTP.
    pub(super) fn malformed(status: u16) -> Refusal {
        let row = MALFORMED.iter().find(|(known, ..)| *known == status);
        let (status, code, message) = row.copied().unwrap_or(NO_HTTP);
        Refusal::invalid(status, code, message)
    }

    /// A request that somebody may not make.
    pub(super) fn forbidden(code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { should_retry: Some(false), ..Refusal::new(403, "permission_error", code, message) }
    }

    /// A caller who has had enough for now.
    pub(super) fn limited(kind: &'static str, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal::new(429, kind, code, message)
    }

    /// A gateway that cannot answer now.
    pub(super) fn unavailable(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal::new(status, SERVER, code, message)
    }

    /// The field that is wrong.
    #[must_use]
    pub(super) fn at(self, param: impl Into<String>) -> Refusal {
        Refusal { param: Some(param.into()), ..self }
    }

    /// When to try again.
    #[must_use]
    pub(super) fn after(self, wait: Duration) -> Refusal {
        Refusal { retry_after: Some(wait), ..self }
    }

    /// More headers.
    #[must_use]
    pub(super) fn with(mut self, headers: impl IntoIterator<Item = (&'static str, String)>) -> Refusal {
        self.headers.extend(headers);
        self
    }

    /// A failure on the way to Bedrock, or Bedrock's. That the gateway's own credentials are bad is no fault of the caller,
    /// whose key would seem wrong with 401; `own_credentials` says whose they were.
    pub(super) fn of(error: &Error, own_credentials: bool) -> Refusal {
        let api = ApiError::of(error);
        let (status, kind, code) = match error.kind {
            Kind::Authentication if own_credentials => (500, SERVER, "upstream_auth_error"),
            _ if !own_credentials && error.message.starts_with(BAD_API_KEY) => (401, INVALID, "invalid_api_key"),
            Kind::Configuration => (500, SERVER, "invalid_configuration"),
            _ => (api.status, api.r#type, api.code),
        };
        let public = for_callers(error.kind).filter(|_| own_credentials);
        Refusal {
            detail: public.map(|_| error.message.clone()),
            param: api.param.map(str::to_owned).filter(|_| public.is_none()),
            should_retry: if status == api.status { api.should_retry } else { Some(false) },
            retry_after: api.retry_after,
            exception: error.exception().map(str::to_owned),
            upstream_request_id: error.request_id.clone(),
            ..Refusal::new(status, kind, code, public.unwrap_or(api.message))
        }
    }

    /// `{"error": {"message", "type", "param", "code"}}`
    pub(super) fn body(&self) -> String {
        let api = ApiError {
            status: self.status,
            r#type: self.kind,
            code: self.code,
            param: self.param.as_deref(),
            message: &self.message,
            should_retry: self.should_retry,
            retry_after: self.retry_after,
        };
        api.body()
    }

    /// The answer.
    pub(super) fn response(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(self.body()));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(Ok(id)) = self.upstream_request_id.as_ref().map(HeaderValue::try_from) {
            headers.insert("x-amzn-requestid", id);
        }
        if let Some(retry) = self.should_retry {
            headers.insert("x-should-retry", HeaderValue::from_static(if retry { "true" } else { "false" }));
        }
        if let Some(wait) = self.retry_after {
            headers.insert("retry-after-ms", HeaderValue::from(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)));
            // Whole seconds, and not before.
            headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_millis().div_ceil(1000) as u64));
        }
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(*name), HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_learn_nothing_of_the_machines_behind() {
        let error = Error::new(Kind::Connection, "10.0.0.7:443 could not be reached").at("options.baseURL");
        let refusal = Refusal::of(&error, true);
        assert_eq!((refusal.status, refusal.code, refusal.param.as_deref()), (502, "connection_error", None));
        assert!(!refusal.body().contains("10.0.0.7"));
        assert_eq!(refusal.detail.as_deref(), Some("10.0.0.7:443 could not be reached"));
    }

    #[test]
    fn what_hyper_refuses_has_openais_shape() {
        for (status, code, text) in MALFORMED {
            let (headers, body) = words(status);
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!((&body["error"]["code"], &body["error"]["message"]), (&code.into(), &text.into()));
            assert!(headers.starts_with("x-request-id: req_") && headers.ends_with("\r\n"), "{headers}");
        }
    }

    #[test]
    fn wrong_credentials_are_the_callers_fault_only_where_they_were_the_callers() {
        let error = Error::service("UnrecognizedClientException", "The security token is invalid.");
        let refusal = Refusal::of(&error, true);
        assert_eq!((refusal.status, refusal.code), (500, "upstream_auth_error"));
        let refusal = Refusal::of(&error, false);
        assert_eq!((refusal.status, refusal.code), (401, "invalid_api_key"));
        assert!(refusal.message.contains("security token"));
    }
}
