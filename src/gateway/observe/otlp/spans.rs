//! An exchange as two spans: that of the HTTP server, which continues the caller's trace, and below it that of asking
//! Bedrock, as the semantic conventions for generative AI want it.

use serde::Serialize;

use super::json::{Any, Attribute, Decimal, Resource, SCOPE, Scope, nanoseconds, present};
use super::semantics::{PROVIDER, http_route, operation};
use crate::gateway::exchange::{Exchange, Outcome};
use crate::gateway::observe::timestamp::since_1970;

/// `SpanKind`
const SERVER: u8 = 2;
const CLIENT: u8 = 3;
/// `StatusCode`
const ERROR: u8 = 2;
/// The most of a text that callers write, in bytes.
const MOST: usize = 512;

/// `Span`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Span<'a> {
    trace_id: String,
    span_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_state: Option<&'a str>,
    name: String,
    kind: u8,
    start_time_unix_nano: Decimal,
    end_time_unix_nano: Decimal,
    attributes: Vec<Attribute<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    events: Vec<Event<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    time_unix_nano: Decimal,
    name: &'static str,
    attributes: Vec<Attribute<'a>>,
}

#[derive(Serialize)]
struct Status<'a> {
    code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

/// The spans of an exchange as JSON, separated by commas, and how many they are.
pub(super) fn of_exchange(exchange: &Exchange) -> (String, u64) {
    let spans = [Some(server(exchange)), client(exchange)];
    // Numbers and strings: there is nothing to fail.
    let texts: Vec<String> = spans.iter().flatten().filter_map(|span| serde_json::to_string(span).ok()).collect();
    (texts.join(","), texts.len() as u64)
}

/// The body of a request with `spans`, which are separated by commas.
pub(super) fn request(resource: &Resource, spans: &[String]) -> String {
    let spans = spans.join(",");
    let text = |scope: &Scope| serde_json::to_string(scope).unwrap_or_default();
    let resource = serde_json::to_string(resource).unwrap_or_default();
    let scope = text(&SCOPE);
    format!(r#"{{"resourceSpans":[{{"resource":{resource},"scopeSpans":[{{"scope":{scope},"spans":[{spans}]}}]}}]}}"#)
}

fn server(exchange: &Exchange) -> Span<'_> {
    let route = exchange.operation.map(|operation| http_route(operation, &exchange.path));
    let name = match &route {
        Some(route) => format!("{} {route}", exchange.method),
        None => exchange.method.clone(),
    };
    let mut attributes = vec![
        Attribute::new("http.request.method", exchange.method.as_str()),
        Attribute::new("url.path", cut(&exchange.path)),
        Attribute::new("url.scheme", "http"),
        Attribute::new("client.address", exchange.client.ip().to_string()),
        Attribute::new("http.response.status_code", u64::from(exchange.status)),
        Attribute::new("gateway.request_id", exchange.request_id.as_str()),
        Attribute::new("gateway.outcome", exchange.outcome.word()),
    ];
    attributes.extend(present([("http.route", route)]));
    attributes.extend(present([("gateway.key_id", exchange.key.as_deref())]));
    let is_error = exchange.status >= 500 || matches!(exchange.outcome, Outcome::Broken(_));
    let failure = exchange.outcome.refusal().filter(|_| is_error);
    attributes.extend(present([("error.type", failure.map(|refusal| refusal.code))]));
    let status = failure.map(|_| Status { code: ERROR, message: exchange.full_reason().map(cut) });
    let start = since_1970(exchange.at);
    Span {
        trace_id: trace_id(exchange),
        span_id: span_id(exchange.trace.span),
        parent_span_id: exchange.trace.parent.map(span_id),
        trace_state: exchange.trace.state.as_deref(),
        name,
        kind: SERVER,
        start_time_unix_nano: nanoseconds(start),
        end_time_unix_nano: nanoseconds(start + exchange.duration),
        attributes,
        events: Vec::new(),
        status,
    }
}

/// `None` where no model was asked.
fn client(exchange: &Exchange) -> Option<Span<'_>> {
    let operation = operation(exchange.operation?.name())?;
    let asked = since_1970(exchange.at) + exchange.asked?;
    let model = cut(&exchange.model);
    let failure = exchange.outcome.refusal();
    let (told, usage, wanted) = (&exchange.told, &exchange.tally.usage, &exchange.parameters);
    let mut attributes = vec![
        Attribute::new("gen_ai.operation.name", operation),
        Attribute::new("gen_ai.provider.name", PROVIDER),
        Attribute::new("gen_ai.request.model", model),
        Attribute::new("gateway.attempts", u64::from(exchange.attempts)),
        Attribute::new("gateway.streamed", exchange.streamed),
    ];
    attributes.extend(present([
        ("gen_ai.request.temperature", wanted.temperature),
        ("gen_ai.request.top_p", wanted.top_p),
        ("gateway.cost_usd", exchange.dollars()),
        (
            "gen_ai.server.time_to_first_token",
            exchange.first_content.filter(|_| exchange.streamed).map(|d| d.as_secs_f64()),
        ),
    ]));
    attributes.extend(present([
        ("gen_ai.request.max_tokens", wanted.max_tokens),
        ("gen_ai.usage.input_tokens", exchange.input_tokens()),
        ("gen_ai.usage.output_tokens", usage.output_tokens),
        ("gen_ai.usage.cache_read.input_tokens", usage.cache_read_input_tokens),
        ("gen_ai.usage.cache_creation.input_tokens", usage.cache_write_input_tokens),
    ]));
    let upstream_id = failure.and_then(|refusal| refusal.upstream_request_id.as_deref());
    attributes.extend(present([
        ("gen_ai.response.model", told.model_id.as_deref()),
        ("gen_ai.response.id", told.answer_id.as_deref()),
        ("aws.request_id", told.request_id.as_deref().or(upstream_id)),
        ("cloud.region", told.region.as_deref()),
        ("gateway.target", exchange.target.as_deref()),
        ("error.type", failure.map(|refusal| refusal.exception.as_deref().unwrap_or(refusal.code))),
        ("gateway.request.body", exchange.content.as_deref().map(|content| content.request())),
    ]));
    attributes
        .extend(present([("gateway.response.text", exchange.content.as_deref().map(|content| content.answer()))]));
    let reasons: Vec<&str> = exchange.tally.stop_reasons.iter().map(|reason| reason.as_str()).collect();
    if !reasons.is_empty() {
        attributes.push(Attribute::new("gen_ai.response.finish_reasons", Any::from(reasons)));
    }
    let events = exchange.failed.iter().map(|failed| Event {
        time_unix_nano: nanoseconds(asked + failed.after),
        name: "gateway.failover",
        attributes: vec![
            Attribute::new("gateway.target", &*failed.target),
            Attribute::new("error.type", failed.error.as_str()),
        ],
    });
    Some(Span {
        trace_id: trace_id(exchange),
        // Derived, so that logs need to hold one id only; never 0, since the server's is not all ones.
        span_id: span_id(exchange.trace.span.rotate_left(32) | 1),
        parent_span_id: Some(span_id(exchange.trace.span)),
        trace_state: exchange.trace.state.as_deref(),
        name: if model.is_empty() { operation.to_owned() } else { format!("{operation} {model}") },
        kind: CLIENT,
        start_time_unix_nano: nanoseconds(asked),
        end_time_unix_nano: nanoseconds(since_1970(exchange.at) + exchange.duration),
        attributes,
        events: events.collect(),
        status: failure.map(|_| Status { code: ERROR, message: exchange.full_reason().map(cut) }),
    })
}

fn trace_id(exchange: &Exchange) -> String {
    format!("{:032x}", exchange.trace.id)
}

fn span_id(id: u64) -> String {
    format!("{id:016x}")
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST)]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::gateway::exchange::Failed;
    use crate::gateway::observe::testing::{answered, refused};

    fn spans(exchange: &Exchange) -> Vec<Value> {
        let (text, count) = of_exchange(exchange);
        let spans: Vec<Value> = serde_json::from_str(&format!("[{text}]")).unwrap();
        assert_eq!(spans.len() as u64, count);
        spans
    }

    fn attribute(span: &Value, key: &str) -> Option<Value> {
        let found = span["attributes"].as_array().unwrap().iter().find(|attribute| attribute["key"] == key)?;
        found["value"].as_object().unwrap().values().next().cloned()
    }

    #[test]
    fn the_servers_span_continues_the_callers_and_holds_that_of_bedrock() {
        let mut exchange = answered("nova");
        exchange.trace.id = 7;
        exchange.trace.span = 8;
        exchange.trace.parent = Some(9);
        exchange.trace.state = Some("a=b".to_owned());
        exchange.parameters.temperature = Some(0.5);
        let [server, client] = &spans(&exchange)[..] else { panic!() };
        assert_eq!((&server["name"], &server["kind"]), (&json!("POST /v1/chat/completions"), &json!(2)));
        assert_eq!(server["parentSpanId"], format!("{:016x}", 9));
        assert_eq!((&client["name"], &client["kind"]), (&json!("chat nova"), &json!(3)));
        assert_eq!(client["parentSpanId"], server["spanId"]);
        assert_ne!(client["spanId"], server["spanId"]);
        for span in [server, client] {
            assert_eq!((&span["traceId"], &span["traceState"]), (&json!(format!("{:032x}", 7)), &json!("a=b")));
            assert!(span.get("status").is_none());
        }
        for (key, value) in [
            ("gen_ai.provider.name", json!("aws.bedrock")),
            ("gen_ai.request.temperature", json!(0.5)),
            ("gen_ai.response.model", json!("us.amazon.nova-lite-v1:0")),
            ("gen_ai.response.finish_reasons", json!([{"stringValue": "end_turn"}])),
            ("gen_ai.usage.input_tokens", json!("14")),
            ("gen_ai.usage.cache_read.input_tokens", json!("4")),
            ("aws.request_id", json!("bedrock-1")),
        ] {
            let found = attribute(client, key);
            let found = found.map(|found| found.get("values").cloned().unwrap_or(found));
            assert_eq!(found, Some(value), "{key}");
        }
        let time = |span: &Value, key: &str| span[key].as_str().unwrap().parse::<u64>().unwrap();
        assert_eq!(time(client, "startTimeUnixNano") - time(server, "startTimeUnixNano"), 2_000_000);
        assert_eq!(time(client, "endTimeUnixNano"), time(server, "endTimeUnixNano"));
    }

    #[test]
    fn failures_and_targets_that_failed_are_told() {
        let mut exchange = refused("nova", 503, "service_unavailable", Some("ServiceUnavailableException"));
        let after = std::time::Duration::from_millis(5);
        exchange.failed = vec![Failed { target: "east".into(), error: "ThrottlingException".to_owned(), after }];
        let [server, client] = &spans(&exchange)[..] else { panic!() };
        assert_eq!(attribute(client, "error.type"), Some(json!("ServiceUnavailableException")));
        assert_eq!(attribute(server, "error.type"), Some(json!("service_unavailable")));
        assert_eq!(client["status"], json!({"code": 2, "message": "It did not work."}));
        assert_eq!(client["events"][0]["name"], "gateway.failover");
        assert_eq!(attribute(&client["events"][0], "gateway.target"), Some(json!("east")));
    }

    #[test]
    fn a_mistake_of_the_caller_is_no_error_of_the_server() {
        let mut exchange = refused("nova", 401, "invalid_api_key", None);
        exchange.asked = None;
        let [server] = &spans(&exchange)[..] else { panic!() };
        assert!(server.get("status").is_none());
        assert_eq!(attribute(server, "http.response.status_code"), Some(json!("401")));
    }
}
