//! The one error of this crate, and the one table of what each kind of it means to a caller.
//!
//! [`Error`] crosses every boundary as data: to JavaScript as a `BedrockWrapperError` with the same fields, to HTTP as
//! a status and an OpenAI error body. Nothing here formats for a particular boundary.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

/// What went wrong, as a caller must be able to tell it apart. [`Kind::row`] says what each becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An argument or request field has the wrong type, is missing, or cannot be carried out.
    InvalidRequest,
    /// The model is not in the catalog and does not have the shape of a model id. Named `Error` in JavaScript, as in
    /// bedrock-wrapper 2.12.0; the code tells it apart.
    UnknownModel,
    /// No region, no credentials, or settings that contradict each other.
    Configuration,
    /// An image could not be read, decoded, fetched or made to fit.
    InvalidImage,
    /// A stream was iterated a second time.
    AlreadyConsumed,
    /// The caller cancelled.
    Aborted,
    /// No connection: refused, DNS, TLS, or reset before an answer.
    Connection,
    /// Nothing arrived for longer than the idle limit.
    Timeout,
    /// The answer broke off or broke the protocol: cut stream, bad checksum, oversize frame, invalid JSON.
    BrokenStream,
    /// The path names no operation of OpenAI's API that is served.
    UnknownUrl,
    /// The path is served, but with another method.
    MethodNotAllowed,
    /// AWS `AccessDeniedException`.
    AccessDenied,
    /// AWS `ConflictException`.
    Conflict,
    /// AWS `InternalServerException`.
    InternalServer,
    /// AWS `ModelErrorException`.
    ModelError,
    /// AWS `ModelNotReadyException`.
    ModelNotReady,
    /// AWS `ModelStreamErrorException`.
    ModelStreamError,
    /// AWS `ModelTimeoutException`.
    ModelTimeout,
    /// AWS `ResourceNotFoundException`.
    ResourceNotFound,
    /// AWS `ServiceQuotaExceededException`.
    ServiceQuotaExceeded,
    /// AWS `ServiceUnavailableException`.
    ServiceUnavailable,
    /// AWS `ThrottlingException`.
    Throttling,
    /// AWS `ValidationException`.
    Validation,
    /// The signature, key or token was refused (AWS's authentication layer).
    Authentication,
    /// An error of the service that is not modelled; its own name is kept.
    Service,
    /// A defect of this package.
    Internal,
}

/// One line of the table: what a [`Kind`] is called, and what it means to a caller.
#[derive(Debug)]
pub struct Row {
    /// The kind this line describes.
    pub kind: Kind,
    /// `name` of the JavaScript error; AWS's exception name where there is one.
    pub name: &'static str,
    /// Stable machine-readable code, in OpenAI's spelling.
    pub code: &'static str,
    /// HTTP status when no answer gave one; `None` where no HTTP exchange is involved.
    pub status: Option<u16>,
    /// Whether the same call may succeed when it is made again.
    pub retryable: bool,
}

const fn row(kind: Kind, name: &'static str, code: &'static str, status: u16, retryable: bool) -> Row {
    Row { kind, name, code, status: if status == 0 { None } else { Some(status) }, retryable }
}

/// Every kind, once, in the order of [`Kind`]. AWS's statuses: the service model of bedrock-runtime 2023-09-30.
pub const TABLE: &[Row] = &[
    row(Kind::InvalidRequest, "InvalidRequestError", "invalid_request", 400, false),
    row(Kind::UnknownModel, "Error", "model_not_found", 404, false),
    row(Kind::Configuration, "ConfigurationError", "invalid_configuration", 0, false),
    row(Kind::InvalidImage, "InvalidImageError", "invalid_image", 400, false),
    row(Kind::AlreadyConsumed, "AlreadyConsumedError", "already_consumed", 0, false),
    row(Kind::Aborted, "AbortError", "aborted", 0, false),
    row(Kind::Connection, "ConnectionError", "connection_error", 0, true),
    row(Kind::Timeout, "TimeoutError", "timeout", 0, true),
    row(Kind::BrokenStream, "BrokenStreamError", "broken_stream", 0, true),
    row(Kind::UnknownUrl, "UnknownUrlError", "unknown_url", 404, false),
    row(Kind::MethodNotAllowed, "MethodNotAllowedError", "method_not_supported", 405, false),
    row(Kind::AccessDenied, "AccessDeniedException", "access_denied", 403, false),
    row(Kind::Conflict, "ConflictException", "conflict", 400, false),
    row(Kind::InternalServer, "InternalServerException", "internal_server_error", 500, true),
    row(Kind::ModelError, "ModelErrorException", "model_error", 424, false),
    row(Kind::ModelNotReady, "ModelNotReadyException", "model_not_ready", 429, true),
    row(Kind::ModelStreamError, "ModelStreamErrorException", "model_stream_error", 424, true),
    row(Kind::ModelTimeout, "ModelTimeoutException", "model_timeout", 408, true),
    row(Kind::ResourceNotFound, "ResourceNotFoundException", "not_found", 404, false),
    row(Kind::ServiceQuotaExceeded, "ServiceQuotaExceededException", "insufficient_quota", 400, false),
    row(Kind::ServiceUnavailable, "ServiceUnavailableException", "service_unavailable", 503, true),
    row(Kind::Throttling, "ThrottlingException", "rate_limit_exceeded", 429, true),
    row(Kind::Validation, "ValidationException", "validation_error", 400, false),
    row(Kind::Authentication, "UnrecognizedClientException", "authentication_error", 403, false),
    row(Kind::Service, "ServiceError", "service_error", 0, false),
    row(Kind::Internal, "InternalError", "internal_error", 0, false),
];

/// Names of AWS's authentication layer that mean "your key, token or signature was refused".
const AUTHENTICATION_NAMES: &[&str] = &[
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "UnrecognizedClientException",
];

/// What follows when AWS refuses a signature: the headers of the request, a session token among them.
const QUOTED_REQUEST: &str = "The Canonical String for this request should have been";

/// What the service says, without the headers of the request that it quotes.
pub fn without_quoted_request(mut text: String) -> String {
    if let Some(quoted) = text.find(QUOTED_REQUEST) {
        text.truncate(quoted);
        text.truncate(text.trim_end().len());
    }
    text
}

impl Kind {
    /// The line of [`TABLE`] for this kind.
    pub fn row(self) -> &'static Row {
        // A test holds the table to the order of the enum, so the index is in range.
        &TABLE[self as usize]
    }

    /// The kind of an AWS error code, in any of its spellings: `ThrottlingException`, `throttlingException` (the member
    /// name in an exception frame), `ThrottlingException:http://internal.amazon.com/…` (the `x-amzn-ErrorType` header).
    pub fn of_service_error(code: &str) -> Kind {
        let code = service_error_name(code);
        if let Some(row) = TABLE.iter().find(|row| is_aws(row.kind) && row.name == code) {
            return row.kind;
        }
        if AUTHENTICATION_NAMES.contains(&code.as_str()) { Kind::Authentication } else { Kind::Service }
    }
}

fn is_aws(kind: Kind) -> bool {
    kind as usize >= Kind::AccessDenied as usize && kind as usize <= Kind::Validation as usize
}

/// AWS's exception name without namespace, URL or the lower-case initial of an event-stream member.
fn service_error_name(code: &str) -> String {
    let code = code.rsplit('#').next().unwrap_or(code);
    let code = code.split(':').next().unwrap_or(code);
    let mut letters = code.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// What is wrong with a request field, in the words of OpenAI's API (`error.code`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApiCode {
    /// A field that must be there is not.
    MissingRequiredParameter,
    /// The field holds another type than it takes.
    InvalidType,
    /// The field holds a value that it does not take.
    InvalidValue,
    /// The field asks for what cannot be done.
    UnsupportedParameter,
    /// This value of the field asks for what cannot be done.
    UnsupportedValue,
    /// The text is too long.
    StringAboveMaxLength,
    /// The prompt, or what was made of it, was refused for its content.
    ContentPolicyViolation,
}

impl ApiCode {
    /// OpenAI's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            ApiCode::MissingRequiredParameter => "missing_required_parameter",
            ApiCode::InvalidType => "invalid_type",
            ApiCode::InvalidValue => "invalid_value",
            ApiCode::UnsupportedParameter => "unsupported_parameter",
            ApiCode::UnsupportedValue => "unsupported_value",
            ApiCode::StringAboveMaxLength => "string_above_max_length",
            ApiCode::ContentPolicyViolation => "content_policy_violation",
        }
    }
}

/// An answer that is an error, as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorResponse {
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; where the service quotes the request in it, only up to there.
    pub body: String,
}

/// An error as a caller sees it. Never holds a secret: messages are made of field names, model ids and service texts.
#[derive(Clone)]
pub struct Error {
    /// What went wrong.
    pub kind: Kind,
    /// One or two sentences: what happened and what to do next; for service errors the service's own text.
    pub message: String,
    /// Path of the request field at fault, e.g. `messages[2].content[0].image_url.url`.
    pub param: Option<String>,
    /// What is wrong with that field, more finely than [`code`](Self::code) says it.
    pub api_code: Option<ApiCode>,
    /// HTTP status of the answer, where there was one.
    pub status: Option<u16>,
    /// `x-amzn-RequestId` of the answer, where there was one.
    pub request_id: Option<String>,
    /// How long the service asked to wait before the next try.
    pub retry_after: Option<Duration>,
    /// The number of the call of a program's function whose failure this is: the program gets what it threw, not this.
    pub host_call: Option<u32>,
    /// Where the request went, where the call wanted to know.
    pub url: Option<Box<str>>,
    /// What the HTTP answer was that said so, where it was one.
    pub response: Option<Arc<ErrorResponse>>,
    /// The service's own exception name where [`Kind`] does not have it.
    service_name: Option<Box<str>>,
}

impl Error {
    /// An error of `kind` that says `message`.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error {
            kind,
            message: message.into(),
            param: None,
            api_code: None,
            status: kind.row().status,
            request_id: None,
            retry_after: None,
            host_call: None,
            url: None,
            response: None,
            service_name: None,
        }
    }

    /// A request field at `param` that cannot be accepted.
    pub fn invalid(param: impl Into<String>, message: impl fmt::Display) -> Self {
        let param = param.into();
        let message = format!("{param}: {message}");
        let api_code = Some(ApiCode::InvalidValue);
        Error { param: Some(param), api_code, ..Error::new(Kind::InvalidRequest, message) }
    }

    /// A request field at `param` that has to be there; `advice` says what to give.
    pub fn missing(param: impl Into<String>, advice: &str) -> Self {
        Error::invalid(param, format!("is missing; {advice}.")).coded(ApiCode::MissingRequiredParameter)
    }

    /// A request field at `param` that holds `got` where `wanted` belongs.
    pub fn wrong_type(param: impl Into<String>, wanted: &str, got: &Value) -> Self {
        let got = match got {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "this number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        Error::invalid(param, format!("must be {wanted}, not {got}.")).coded(ApiCode::InvalidType)
    }

    /// An error answer of the service; `code` in any spelling that [`Kind::of_service_error`] reads.
    pub fn service(code: &str, message: impl Into<String>) -> Self {
        let message = without_quoted_request(message.into());
        let kind = Kind::of_service_error(code);
        let name = service_error_name(code);
        let service_name = (!name.is_empty() && name != kind.row().name).then(|| name.into_boxed_str());
        Error { service_name, ..Error::new(kind, message) }
    }

    /// The same error with OpenAI's code for what is wrong with the field.
    #[must_use]
    pub fn coded(self, code: ApiCode) -> Self {
        Error { api_code: Some(code), ..self }
    }

    /// The same error as one of another kind.
    #[must_use]
    pub fn of_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self.status = kind.row().status;
        self
    }

    /// The same error with the path of the field at fault.
    #[must_use]
    pub fn at(mut self, param: impl Into<String>) -> Self {
        self.param = Some(param.into());
        self
    }

    /// The same error of the field at `param`, whose path then begins the message.
    #[must_use]
    pub fn in_field(mut self, param: &str) -> Self {
        self.message = format!("{param}: {}", self.message);
        self.at(param)
    }

    /// The same error with what the HTTP answer told.
    #[must_use]
    pub fn answered(mut self, status: Option<u16>, request_id: Option<String>) -> Self {
        self.status = status.or(self.status);
        self.request_id = request_id.or(self.request_id);
        self
    }

    /// The same error of a request to `url`.
    #[must_use]
    pub fn from_url(self, url: Option<&str>) -> Self {
        Error { url: url.map(Box::from), ..self }
    }

    /// The same error with the answer that it was.
    #[must_use]
    pub fn said_by(self, response: ErrorResponse) -> Self {
        Error { response: Some(Arc::new(response)), ..self }
    }

    /// The same error as the failure of a call of a program's function.
    #[must_use]
    pub fn of_host_call(mut self, call: u32) -> Self {
        self.host_call = Some(call);
        self
    }

    /// AWS's exception name, or the name of the kind.
    pub fn name(&self) -> &str {
        self.service_name.as_deref().unwrap_or(self.kind.row().name)
    }

    /// AWS's exception name, where it was AWS that refused.
    pub fn exception(&self) -> Option<&str> {
        let is_aws = is_aws(self.kind) || self.kind == Kind::Authentication || self.service_name.is_some();
        is_aws.then(|| self.name())
    }

    /// Stable machine-readable code.
    pub fn code(&self) -> &'static str {
        self.kind.row().code
    }

    /// Whether credentials were refused because they have run out: `ExpiredTokenException`, `ExpiredToken` of STS.
    pub fn has_expired_credentials(&self) -> bool {
        self.name().starts_with("ExpiredToken")
    }

    /// Whether the same call may succeed when it is made again.
    pub fn retryable(&self) -> bool {
        match self.kind {
            Kind::Service => matches!(self.status, Some(408 | 429 | 500..=599)),
            kind => kind.row().retryable,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("name", &self.name())
            .field("message", &self.message)
            .field("param", &self.param)
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {}

/// The result of anything here that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum_and_its_codes_are_unique() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.kind as usize, index, "{} must stand where its Kind does", row.name);
        }
        assert_eq!(TABLE.len(), Kind::Internal as usize + 1, "every Kind has a line");
        let mut codes: Vec<_> = TABLE.iter().map(|row| row.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), TABLE.len(), "a code names one kind");
    }

    #[test]
    fn service_errors_are_known_in_every_spelling() {
        for code in [
            "ThrottlingException",
            "throttlingException",
            "com.amazon.bedrock#ThrottlingException",
            "ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/",
        ] {
            assert_eq!(Error::service(code, "slow down").kind, Kind::Throttling);
        }
        let expired = Error::service("ExpiredTokenException", "The security token included in the request is expired");
        assert_eq!((expired.kind, expired.name()), (Kind::Authentication, "ExpiredTokenException"));
        let quoted = "It does not match.\n\nThe Canonical String for this request should have been\n'POST\ntoken";
        assert_eq!(Error::service("InvalidSignatureException", quoted).message, "It does not match.");
        let future = Error::service("SomeFutureException", "x").answered(Some(503), None);
        assert_eq!((future.kind, future.name(), future.retryable()), (Kind::Service, "SomeFutureException", true));
    }
}
