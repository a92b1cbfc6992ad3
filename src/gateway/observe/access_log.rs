//! The access log: one line of JSON for each exchange. No keys, no headers, and no word of what was said unless the
//! settings want it.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::net::IpAddr;
use std::time::Duration;

use serde::Serialize;

use super::timestamp::rfc3339;
use crate::error::{Error, Kind, Result};
use crate::gateway::exchange::Exchange;
use crate::gateway::settings::AccessLog;

/// The most of a path, a model's name or a message that is logged, in bytes.
const MOST: usize = 512;

/// Where lines go.
pub(super) struct Log {
    sink: Box<dyn Write + Send>,
}

impl Log {
    /// Opens it; `None` where none is wanted.
    pub(super) fn open(log: &AccessLog) -> Result<Option<Log>> {
        let sink: Box<dyn Write + Send> = match log {
            AccessLog::Off => return Ok(None),
            AccessLog::Stdout => Box::new(io::stdout()),
            AccessLog::Stderr => Box::new(io::stderr()),
            AccessLog::File(path) => {
                Box::new(OpenOptions::new().create(true).append(true).open(path).map_err(|error| {
                    let message = format!("The access log {} cannot be opened: {error}.", path.display());
                    Error::new(Kind::Configuration, message).at("access_log")
                })?)
            }
        };
        Ok(Some(Log { sink }))
    }

    /// Writes whole lines at once.
    pub(super) fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.sink.write_all(lines)?;
        self.sink.flush()
    }
}

/// One line, with the names that it is documented by in docs/gateway-watching.md.
#[derive(Serialize)]
struct Line<'a> {
    time: String,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bedrock_request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<&'a str>,
    client: IpAddr,
    method: &'a str,
    path: &'a str,
    status: u16,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    attempts: u32,
    streamed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_read_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_write_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_usd: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stop_reasons: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_content_ms: Option<f64>,
    duration_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    overhead_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<usize>,
    trace_id: String,
    span_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

#[derive(Serialize)]
struct Failure<'a> {
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

/// Adds the line of `exchange`.
pub(super) fn push_line(exchange: &Exchange, lines: &mut Vec<u8>) {
    let (told, usage) = (&exchange.told, &exchange.tally.usage);
    let error = exchange.outcome.refusal();
    let upstream_id = error.and_then(|refusal| refusal.upstream_request_id.as_deref());
    let content = exchange.content.as_deref();
    let line = Line {
        time: rfc3339(exchange.at),
        request_id: &exchange.request_id,
        bedrock_request_id: told.request_id.as_deref().or(upstream_id),
        key_id: exchange.key.as_deref(),
        client: exchange.client.ip(),
        method: &exchange.method,
        path: cut(&exchange.path),
        status: exchange.status,
        outcome: exchange.outcome.word(),
        route: exchange.operation.map(|operation| operation.name()),
        model: cut(&exchange.model),
        model_id: told.model_id.as_deref(),
        region: told.region.as_deref(),
        target: exchange.target.as_deref(),
        attempts: exchange.attempts,
        streamed: exchange.streamed,
        input_tokens: usage.input_tokens,
        output_tokens: usage.output_tokens,
        cache_read_tokens: usage.cache_read_input_tokens,
        cache_write_tokens: usage.cache_write_input_tokens,
        cost_usd: exchange.dollars(),
        stop_reasons: exchange.tally.stop_reasons.iter().map(|reason| reason.as_str()).collect(),
        first_content_ms: exchange.first_content.map(milliseconds),
        duration_ms: milliseconds(exchange.duration),
        overhead_ms: exchange.overhead().map(milliseconds),
        error: error.map(|refusal| Failure {
            code: refusal.code,
            exception: refusal.exception.as_deref(),
            param: refusal.param.as_deref().map(cut),
            message: exchange.full_reason().map(cut),
        }),
        warnings: Some(told.losses.len()).filter(|warnings| *warnings > 0),
        trace_id: format!("{:032x}", exchange.trace.id),
        span_id: format!("{:016x}", exchange.trace.span),
        request: content.map(|content| content.request()),
        answer: content.map(|content| content.answer()),
    };
    // Numbers and strings only: there is nothing to fail.
    if serde_json::to_writer(&mut *lines, &line).is_ok() {
        lines.push(b'\n');
    }
}

/// To the microsecond.
fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1000.0
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST)]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::gateway::exchange::Outcome;
    use crate::gateway::observe::Content;
    use crate::gateway::observe::testing::{answered, refused};

    fn line(exchange: &Exchange) -> Value {
        let mut lines = Vec::new();
        push_line(exchange, &mut lines);
        let text = String::from_utf8(lines).unwrap();
        assert_eq!(text.matches('\n').count(), 1);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn an_answer_is_told_with_what_it_cost() {
        let mut exchange = answered("nova");
        exchange.at = std::time::SystemTime::UNIX_EPOCH;
        exchange.trace.id = 1;
        exchange.trace.span = 2;
        exchange.cost = Some(1_500_000);
        let expected = json!({
            "time": "1970-01-01T00:00:00.000Z", "request_id": "req_1", "bedrock_request_id": "bedrock-1",
            "key_id": "team", "client": "127.0.0.1", "method": "POST", "path": "/v1/chat/completions", "status": 200,
            "outcome": "answered", "route": "chat.completions", "model": "nova", "model_id": "us.amazon.nova-lite-v1:0",
            "region": "us-east-1", "target": "default", "attempts": 1, "streamed": true, "input_tokens": 10,
            "output_tokens": 11, "cache_read_tokens": 4, "cost_usd": 0.0015, "stop_reasons": ["end_turn"], "first_content_ms": 300.0,
            "duration_ms": 1300.0, "overhead_ms": 1.0, "trace_id": format!("{:032x}", 1), "span_id": format!("{:016x}", 2),
        });
        assert_eq!(line(&exchange), expected);
    }

    #[test]
    fn a_failure_is_told_with_its_cause() {
        let found = line(&refused("nova", 429, "rate_limit_exceeded", Some("ThrottlingException")));
        assert_eq!((&found["outcome"], &found["status"]), (&json!("refused"), &json!(429)));
        let error = json!({
            "code": "rate_limit_exceeded", "exception": "ThrottlingException", "message": "It did not work."
        });
        assert_eq!(found["error"], error);
    }

    #[test]
    fn what_callers_are_not_told_is_here() {
        let mut exchange = refused("nova", 502, "connection_error", None);
        let Outcome::Refused(refusal) = &mut exchange.outcome else { unreachable!() };
        refusal.detail = Some("10.0.0.7:443 could not be reached.".to_owned());
        assert_eq!(line(&exchange)["error"]["message"], "10.0.0.7:443 could not be reached.");
        assert_eq!(exchange.reason(), Some("It did not work."), "the page is for callers too");
    }

    #[test]
    fn what_is_wrong_about_a_request_is_told_by_its_place() {
        let mut exchange = refused("nova", 400, "invalid_type", None);
        if let Outcome::Refused(refusal) = &mut exchange.outcome {
            refusal.param = Some("messages[0].content".to_owned());
            refusal.message = "Expected a text, got \"my secret\".".to_owned();
        }
        assert_eq!(line(&exchange)["error"], json!({"code": "invalid_type", "param": "messages[0].content"}));
        exchange.content = Some(Box::new(Content::asked("{}")));
        assert!(line(&exchange)["error"]["message"].as_str().unwrap().contains("my secret"));
    }

    #[test]
    fn what_callers_write_stays_in_one_line_of_bounded_length() {
        let mut exchange = answered(&"m\n\"".repeat(5000));
        exchange.path = "/é".repeat(5000);
        assert!(line(&exchange).to_string().len() < 6000);
    }

    #[test]
    fn content_is_there_only_where_it_was_kept() {
        let mut exchange = answered("nova");
        assert!(line(&exchange).get("request").is_none());
        let mut content = Content::asked(r#"{"messages":[]}"#);
        content.answered(r#"{"choices":[]}"#);
        exchange.content = Some(Box::new(content));
        assert_eq!(line(&exchange)["request"], json!(r#"{"messages":[]}"#));
        assert_eq!(line(&exchange)["answer"], json!(r#"{"choices":[]}"#));
    }
}
