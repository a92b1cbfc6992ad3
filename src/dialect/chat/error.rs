//! Errors in the form of OpenAI's API: `{"error": {"message", "type", "param", "code"}}`, a status and headers, from
//! which the `openai` package makes its classes and decides on its own retries (`shouldRetry` of openai 7.55).
//!
//! Bedrock's exceptions: the service model of bedrock-runtime 2023-09-30, and the texts of recorded refusals.

use std::time::Duration;

use serde::Serialize;

use crate::error::{Error, Kind};

/// An error as OpenAI's API would answer it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError<'a> {
    /// HTTP status.
    pub status: u16,
    /// `error.type`
    pub r#type: &'static str,
    /// `error.code`
    pub code: &'static str,
    /// `error.param`: the field at fault.
    pub param: Option<&'a str>,
    /// `error.message`
    pub message: &'a str,
    /// `x-should-retry`, where the status alone would mislead the caller.
    pub should_retry: Option<bool>,
    /// `retry-after`
    pub retry_after: Option<Duration>,
}

/// What a [`Kind`] of error is to a caller of OpenAI's API.
struct Row {
    kind: Kind,
    status: u16,
    r#type: &'static str,
    code: &'static str,
    param: Option<&'static str>,
    should_retry: Option<bool>,
}

const fn row(kind: Kind, status: u16, r#type: &'static str, code: &'static str) -> Row {
    Row { kind, status, r#type, code, param: None, should_retry: None }
}

impl Row {
    /// The status says "again", the cause says "not before something has changed".
    const fn final_(self) -> Row {
        Row { should_retry: Some(false), ..self }
    }

    const fn at(self, param: &'static str) -> Row {
        Row { param: Some(param), ..self }
    }
}

const INVALID: &str = "invalid_request_error";
const SERVER: &str = "server_error";

const INTERNAL: Row = row(Kind::Internal, 500, SERVER, "internal_error");

/// Every kind, once, in the order of [`Kind`].
const TABLE: &[Row] = &[
    row(Kind::InvalidRequest, 400, INVALID, "invalid_value"),
    row(Kind::UnknownModel, 404, INVALID, "model_not_found").at("model"),
    row(Kind::Configuration, 400, INVALID, "invalid_configuration"),
    row(Kind::InvalidImage, 400, INVALID, "invalid_image"),
    row(Kind::AlreadyConsumed, 400, INVALID, "already_consumed"),
    row(Kind::Aborted, 499, INVALID, "aborted"),
    row(Kind::Connection, 502, SERVER, "connection_error"),
    row(Kind::Timeout, 504, SERVER, "upstream_timeout"),
    row(Kind::BrokenStream, 502, SERVER, "upstream_stream_truncated"),
    row(Kind::UnknownUrl, 404, INVALID, "unknown_url"),
    row(Kind::MethodNotAllowed, 405, INVALID, "method_not_supported"),
    row(Kind::AccessDenied, 403, "permission_error", "access_denied").final_(),
    row(Kind::Conflict, 409, INVALID, "conflict"),
    row(Kind::InternalServer, 500, SERVER, "internal_server_error"),
    row(Kind::ModelError, 502, SERVER, "model_error"),
    row(Kind::ModelNotReady, 503, SERVER, "model_not_ready"),
    row(Kind::ModelStreamError, 502, SERVER, "model_stream_error"),
    row(Kind::ModelTimeout, 504, SERVER, "model_timeout"),
    row(Kind::ResourceNotFound, 404, INVALID, "model_not_found").at("model"),
    row(Kind::ServiceQuotaExceeded, 429, "insufficient_quota", "insufficient_quota").final_(),
    row(Kind::ServiceUnavailable, 503, SERVER, "service_unavailable"),
    row(Kind::Throttling, 429, "requests", "rate_limit_exceeded"),
    row(Kind::Validation, 400, INVALID, "validation_error"),
    row(Kind::Authentication, 401, INVALID, "invalid_api_key"),
    row(Kind::Service, 502, SERVER, "service_error"),
    INTERNAL,
];

/// What an answer is by its status alone, where it has no name that we know: a proxy's, or an exception of tomorrow.
const BY_STATUS: &[(u16, Kind)] = &[
    (400, Kind::Validation),
    (401, Kind::Authentication),
    (403, Kind::AccessDenied),
    (404, Kind::ResourceNotFound),
    (408, Kind::ModelTimeout),
    (429, Kind::Throttling),
    (500, Kind::InternalServer),
    (503, Kind::ServiceUnavailable),
];

fn kind_of(error: &Error) -> Kind {
    let by_status = BY_STATUS.iter().find(|(status, _)| Some(*status) == error.status);
    by_status.map(|(_, kind)| *kind).filter(|_| error.kind == Kind::Service).unwrap_or(error.kind)
}

/// How long a model that is being loaded takes to be asked again, where the service does not say.
const LOADING: Duration = Duration::from_secs(10);

/// What the text of a `ValidationException`, or of a model that is not found, says more finely. The first that fits
/// counts; texts are compared in lower case, without backticks and with straight apostrophes.
struct Finding {
    texts: &'static [&'static str],
    status: u16,
    r#type: &'static str,
    code: &'static str,
    param: &'static str,
}

const fn finding(texts: &'static [&'static str], code: &'static str, param: &'static str) -> Finding {
    Finding { texts, status: 400, r#type: INVALID, code, param }
}

const FINDINGS: &[Finding] = &[
    finding(
        &[
            "input is too long",
            "prompt is too long",
            "exceed context limit",
            "too many total text bytes",
            "context length",
            "too many input tokens",
        ],
        "context_length_exceeded",
        "messages",
    ),
    Finding { status: 404, ..finding(&["model identifier is invalid", "end of its life"], "model_not_found", "model") },
    Finding {
        status: 403,
        r#type: "permission_error",
        ..finding(&["use case details have not been submitted"], "model_access_not_granted", "model")
    },
    finding(&["with on-demand throughput isn't supported"], "unsupported_value", "model"),
    finding(
        &["temperature and top_p cannot both", "top_p is deprecated", "top_p is not supported"],
        "unsupported_parameter",
        "top_p",
    ),
    finding(&["temperature is deprecated", "temperature is not supported"], "unsupported_parameter", "temperature"),
    finding(&["maximum tokens you requested exceeds"], "invalid_value", "max_tokens"),
    finding(&["toolconfig.toolchoice"], "unsupported_value", "tool_choice"),
    finding(&["doesn't support tool use"], "unsupported_value", "tools"),
    finding(&["toolconfig field must be defined", "errors: tools."], "invalid_value", "tools"),
    finding(&["outputconfig", "output_config"], "unsupported_value", "response_format"),
    finding(
        &["doesn't support system messages", "content block that you provided", "doesn't support the s3uri field"],
        "unsupported_value",
        "messages",
    ),
    finding(
        &[
            "a text block must be included when using documents",
            "in thinking block",
            "expected thinking",
            "does not match the expected type",
            "assistant message in the final position",
        ],
        "invalid_value",
        "messages",
    ),
];

impl<'a> ApiError<'a> {
    /// What `error` is to a caller of OpenAI's API.
    pub fn of(error: &'a Error) -> ApiError<'a> {
        let kind = kind_of(error);
        let row = TABLE.iter().find(|row| row.kind == kind).unwrap_or(&INTERNAL);
        let mut told = ApiError {
            status: row.status,
            r#type: row.r#type,
            code: error.api_code.map_or(row.code, |code| code.as_str()),
            param: error.param.as_deref().or(row.param),
            message: &error.message,
            should_retry: row.should_retry,
            retry_after: error.retry_after,
        };
        match kind {
            Kind::Validation | Kind::ResourceNotFound => told.read_text(),
            Kind::Throttling => told.read_limit(),
            Kind::ModelNotReady => told.retry_after = told.retry_after.or(Some(LOADING)),
            Kind::Service => told.take_status(error.status),
            _ => {}
        }
        told
    }

    /// The body of the answer.
    pub fn body(&self) -> String {
        #[derive(Serialize)]
        struct Body<'a> {
            error: Inner<'a>,
        }
        #[derive(Serialize)]
        struct Inner<'a> {
            message: &'a str,
            r#type: &'a str,
            param: Option<&'a str>,
            code: &'a str,
        }
        let error = Inner { message: self.message, r#type: self.r#type, param: self.param, code: self.code };
        // Texts: serialization has nothing to fail on.
        serde_json::to_string(&Body { error }).unwrap_or_default()
    }

    /// The last event of a stream that fails after its head is out. No `[DONE]` follows.
    pub fn event(&self) -> String {
        format!("data: {}\n\n", self.body())
    }

    /// The headers of the answer that depend on the error.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let seconds = |wait: Duration| wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let should_retry = self.should_retry.map(|retry| ("x-should-retry", retry.to_string()));
        let retry_after = self.retry_after.map(|wait| ("retry-after", seconds(wait).to_string()));
        should_retry.into_iter().chain(retry_after).collect()
    }

    fn read_text(&mut self) {
        let text = self.message.to_lowercase().replace('`', "").replace('\u{2019}', "'");
        let Some(found) = FINDINGS.iter().find(|found| found.texts.iter().any(|part| text.contains(part))) else {
            return;
        };
        (self.status, self.r#type, self.code, self.param) = (found.status, found.r#type, found.code, Some(found.param));
    }

    /// Which limit was met; the day's is not worth waiting for.
    fn read_limit(&mut self) {
        let text = self.message.to_lowercase();
        if text.contains("token") {
            self.r#type = "tokens";
        }
        if text.contains("per day") {
            self.should_retry = Some(false);
        }
    }

    /// The status of an exception that is not modelled.
    fn take_status(&mut self, status: Option<u16>) {
        let Some(status @ 400..=599) = status else { return };
        self.status = status;
        if status < 500 {
            self.r#type = INVALID;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ApiCode;
    use serde_json::{Value, json};

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.kind as usize, index, "{:?} must stand where its Kind does", row.kind);
        }
        assert_eq!(TABLE.len(), crate::error::TABLE.len());
    }

    #[test]
    fn bodies_have_openais_shape() {
        let error = Error::invalid("messages[1].role", "must be one of user, assistant.").coded(ApiCode::InvalidValue);
        let body: Value = serde_json::from_str(&ApiError::of(&error).body()).unwrap();
        assert_eq!(
            body,
            json!({"error": {"message": error.message, "type": "invalid_request_error", "param": "messages[1].role",
                "code": "invalid_value"}})
        );
        assert_eq!(ApiError::of(&error).event(), format!("data: {}\n\n", ApiError::of(&error).body()));
        let bare = Error::new(Kind::Internal, "x");
        assert!(ApiError::of(&bare).body().contains("\"param\":null"));
    }

    /// Recorded texts, and those of AWS's and Anthropic's documents.
    #[test]
    fn texts_of_the_service_are_told_more_finely() {
        for (text, status, code, param) in [
            ("Input is too long for requested model.", 400, "context_length_exceeded", "messages"),
            ("prompt is too long: 213462 tokens > 200000 maximum", 400, "context_length_exceeded", "messages"),
            (
                "input length and `max_tokens` exceed context limit: 1 + 2 > 2",
                400,
                "context_length_exceeded",
                "messages",
            ),
            ("too many total text bytes: 10000002 > 9000000", 400, "context_length_exceeded", "messages"),
            ("The provided model identifier is invalid.", 404, "model_not_found", "model"),
            ("This model version has reached the end of its life.", 404, "model_not_found", "model"),
            (
                "Invocation of model ID x with on-demand throughput isn\u{2019}t supported. Retry your request …",
                400,
                "unsupported_value",
                "model",
            ),
            (
                "Model use case details have not been submitted for this account.",
                403,
                "model_access_not_granted",
                "model",
            ),
            (
                "The model returned the following errors: `temperature` and `top_p` cannot both be specified for this model.",
                400,
                "unsupported_parameter",
                "top_p",
            ),
            ("`temperature` is deprecated for this model.", 400, "unsupported_parameter", "temperature"),
            ("The maximum tokens you requested exceeds the model limit of 4096.", 400, "invalid_value", "max_tokens"),
            ("This model doesn't support tool use in streaming mode.", 400, "unsupported_value", "tools"),
            (
                "This model doesn't support the toolConfig.toolChoice.any field. Remove it and try again.",
                400,
                "unsupported_value",
                "tool_choice",
            ),
            (
                "The model returned the following errors: tools.0.custom: For 'array' type, property 'maxItems' is not supported",
                400,
                "invalid_value",
                "tools",
            ),
            (
                "The model returned the following errors: output_config.format.schema: For 'integer' type, …",
                400,
                "unsupported_value",
                "response_format",
            ),
            (
                "This model doesn't support the video content block that you provided. Update the content block …",
                400,
                "unsupported_value",
                "messages",
            ),
            ("***.***.content.0: Invalid `signature` in `thinking` block", 400, "invalid_value", "messages"),
        ] {
            let error = Error::service("ValidationException", text);
            let told = ApiError::of(&error);
            assert_eq!((told.status, told.code, told.param), (status, code, Some(param)), "{text}");
        }
        let other = Error::service("ValidationException", "Malformed input request: #: extraneous key");
        assert_eq!((ApiError::of(&other).code, ApiError::of(&other).param), ("validation_error", None));
    }

    #[test]
    fn limits_tell_whether_waiting_helps() {
        let headers = |text: &str, wait| {
            let mut error = Error::service("ThrottlingException", text);
            error.retry_after = wait;
            (ApiError::of(&error).r#type, ApiError::of(&error).headers())
        };
        let wait = Some(Duration::from_millis(1_500));
        assert_eq!(headers("Too many requests", wait), ("requests", vec![("retry-after", "2".to_owned())]));
        assert_eq!(headers("Too many tokens, please wait", None), ("tokens", vec![]));
        let never = vec![("x-should-retry", "false".to_owned())];
        assert_eq!(headers("Too many tokens per day", None), ("tokens", never.clone()));
        let quota = Error::service("ServiceQuotaExceededException", "x");
        assert_eq!((ApiError::of(&quota).status, ApiError::of(&quota).headers()), (429, never));
        let loading = Error::service("ModelNotReadyException", "x");
        assert_eq!(ApiError::of(&loading).headers(), [("retry-after", "10".to_owned())]);
    }

    #[test]
    fn an_exception_of_tomorrow_keeps_its_status() {
        let told = |status| {
            let error = Error::service("SomeFutureException", "x").answered(status, None);
            (ApiError::of(&error).status, ApiError::of(&error).r#type)
        };
        assert_eq!(told(Some(418)), (418, INVALID));
        assert_eq!(told(Some(503)), (503, SERVER));
        assert_eq!(told(Some(507)), (507, SERVER));
        assert_eq!(told(None), (502, SERVER));
    }

    #[test]
    fn an_answer_without_a_name_is_what_its_status_says() {
        let told = |status| {
            let error = Error::service("", "The provided model identifier is invalid.").answered(Some(status), None);
            (ApiError::of(&error).status, ApiError::of(&error).code)
        };
        assert_eq!(told(400), (404, "model_not_found"));
        assert_eq!(told(429), (429, "rate_limit_exceeded"));
        assert_eq!(told(413), (413, "service_error"));
    }
}
