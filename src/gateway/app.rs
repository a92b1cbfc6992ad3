//! One request, from its head to its answer.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use futures::FutureExt as _;
use http::header::{ALLOW, CONTENT_LENGTH, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;

use super::answer::{AnswerBody, of_openai, of_refusal, text};
use super::ask::Ask;
use super::exchange::{Exchange, Going};
use super::keys::listing;
use super::observe::{Content, Trace};
use super::refusal::Refusal;
use super::route::{Operation, Route, Unserved, route};
use super::routing::Routed;
use super::state::{Live, State};
use crate::client::openai::Payload;

const JSON: &str = "application/json";
/// Prometheus' text format (Prometheus documentation, "Exposition formats").
const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id of a caller's own that is taken over.
const LONGEST_ID: usize = 128;

/// Answers a request, whatever it is. A defect costs it an answer, and nobody else anything.
pub(super) async fn respond(state: Arc<State>, client: SocketAddr, request: Request<Incoming>) -> Response<AnswerBody> {
    let id = request_id(request.headers());
    let answered = AssertUnwindSafe(answer(state, client, request, &id)).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|_| {
        let message = "The gateway has a defect: it panicked. Please report it with the text on stderr.";
        Refusal::unavailable(500, "internal_error", message).response().map(BodyExt::boxed_unsync)
    });
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

async fn answer(state: Arc<State>, client: SocketAddr, request: Request<Incoming>, id: &str) -> Response<AnswerBody> {
    let live = state.live();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let routed = route(&method, &path, &live.settings.path_prefixes);
    let own = match routed {
        Ok((Route::Health, _)) => Some(text(StatusCode::OK, JSON, r#"{"status":"OK"}"#)),
        Ok((Route::Ready, _)) => Some(ready(&state)),
        Ok((Route::Metrics, _)) => Some(text(StatusCode::OK, METRICS, state.observer.metrics(state.in_flight()))),
        _ => None,
    };
    if let Some(own) = own {
        return own;
    }
    let operation = routed.as_ref().ok().and_then(|(route, _)| match route {
        Route::Api(operation) => Some(*operation),
        _ => None,
    });
    let exchange = begun(id, client, &request, operation);
    let mut going = Going::begin(state.clone(), exchange);
    match (routed, operation) {
        (Ok((_, below)), Some(operation)) => {
            let below = below.to_owned();
            match api(&state, &live, operation, &below, request, &mut going).await {
                Ok(answer) => of_openai(answer, going, live.settings.ping_seconds.unless_zero()),
                Err(refusal) => of_refusal(refusal, going),
            }
        }
        (Err(Unserved::Method(allowed)), _) => {
            let message = format!("{method} is not allowed for {path}; use {allowed}.");
            let mut response = of_refusal(Refusal::invalid(405, "method_not_supported", message), going);
            if let Ok(allowed) = HeaderValue::try_from(allowed.as_str()) {
                response.headers_mut().insert(ALLOW, allowed);
            }
            response
        }
        _ => of_refusal(Refusal::invalid(404, "unknown_url", unknown(&method, &path, &live)), going),
    }
}

/// An operation of OpenAI's API: who, what, whether, and then Bedrock.
async fn api(
    state: &State,
    live: &Live,
    operation: Operation,
    path: &str,
    request: Request<Incoming>,
    going: &mut Going,
) -> Result<crate::client::openai::Answer, Refusal> {
    let (head, body) = request.into_parts();
    let caller = live.keys.identify(&head.headers, SystemTime::now())?;
    going.own_credentials = caller.own.is_none();
    going.exchange.key = caller.key.as_ref().map(|key| key.id.clone());
    if state.is_draining() {
        let message = "The gateway is shutting down. Try again.";
        return Err(Refusal::unavailable(503, "overloaded", message));
    }
    if state.in_flight() > live.settings.max_in_flight {
        let message = "The gateway has as many requests as it takes at once. Try again in a moment.";
        return Err(Refusal::unavailable(503, "overloaded", message).after(std::time::Duration::from_secs(1)));
    }
    let (ask, payload) = if operation.asks_a_model() {
        let before = going.elapsed();
        let json = collected(&head.headers, body, live.settings.max_body_bytes).await?;
        going.exchange.receiving = going.elapsed().saturating_sub(before);
        going.exchange.content = live.settings.log_content.then(|| Box::new(Content::asked(&json)));
        let size = json.len();
        let body = Payload::of(json).parse().await.map_err(|error| Refusal::of(&error, true))?;
        (Ask::of(operation, &head.headers, &body, size), Payload::Parsed(body))
    } else {
        (Ask::without_body(operation, &head.headers), Payload::of(String::new()))
    };
    going.exchange.model.clone_from(&ask.model);
    going.exchange.streamed = ask.streamed;
    going.exchange.parameters = ask.parameters.clone();
    listing::check(&caller, &ask, path)?;
    caller.may_ask(&ask)?;
    going.lease = state.limits.admit(&caller, &ask).await?;

    let asked = going.elapsed();
    going.exchange.asked = Some(asked);
    let Routed { target, attempts, failed, answer } =
        live.routing.answer(&caller, &ask, head.method.as_str(), path, payload).await;
    going.exchange.upstream = going.elapsed().saturating_sub(asked);
    going.exchange.target = target.map(|target| target.name.clone());
    going.exchange.attempts = attempts;
    going.exchange.failed = failed;
    let mut answer = answer.map_err(|error| Refusal::of(&error, going.own_credentials))?;
    listing::narrow(&caller, &ask, &mut answer.body);
    answer.headers.extend(going.lease.iter().flat_map(|lease| lease.headers()));
    Ok(answer)
}

/// The body as text, or why it is none.
async fn collected(headers: &HeaderMap, body: Incoming, most: usize) -> Result<String, Refusal> {
    let too_large = || {
        let message = format!("The request body has more than {most} bytes. Send less at once.");
        Refusal::invalid(413, "request_too_large", message)
    };
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|announced| announced > most) {
        return Err(too_large());
    }
    let bytes: Bytes = match Limited::new(body, most).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Err(too_large()),
        Err(_) => return Err(Refusal::invalid(400, "invalid_body", "The request body ended before it was whole.")),
    };
    String::from_utf8(Vec::from(bytes)).map_err(|_| {
        let message = "We could not parse the JSON body of your request: it is not UTF-8.";
        Refusal::invalid(400, "invalid_value", message)
    })
}

fn ready(state: &State) -> Response<AnswerBody> {
    if state.is_draining() {
        return text(StatusCode::SERVICE_UNAVAILABLE, JSON, r#"{"status":"draining"}"#);
    }
    text(StatusCode::OK, JSON, r#"{"status":"ready"}"#)
}

fn unknown(method: &Method, path: &str, live: &Live) -> String {
    let prefixes = live.settings.path_prefixes.join(" and ");
    format!("Unknown request URL: {method} {path}. OpenAI's API is served under {prefixes}.")
}

/// The caller's id where it is one, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let given =
        given.filter(|id| !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(|byte| byte.is_ascii_graphic()));
    given.map_or_else(|| format!("req_{:032x}", fastrand::u128(..)), str::to_owned)
}

fn begun(id: &str, client: SocketAddr, request: &Request<Incoming>, operation: Option<Operation>) -> Exchange {
    Exchange {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        operation,
        trace: Trace::of(request.headers()),
        ..Exchange::begun(id.to_owned(), client)
    }
}
