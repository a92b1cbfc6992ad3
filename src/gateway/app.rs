//! One request, from its head to its answer.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures::FutureExt as _;
use http::header::{ACCEPT_ENCODING, ALLOW, CONNECTION, HeaderName, HeaderValue, ORIGIN, SERVER};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use serde_json::{Value, json};

use super::answer::{of_openai, of_refusal, stopping, text};
use super::ask::Ask;
use super::body::AnswerBody;
use super::compress::compressed;
use super::cors;
use super::exchange::{Exchange, Going};
use super::keys::listing;
use super::observe::{Content, METRICS, Trace};
use super::openapi;
use super::page;
use super::receive::{Bounds, receive};
use super::refusal::Refusal;
use super::route::{Operation, Route, Unserved, route};
use super::routing::{Routed, TargetHealth};
use super::state::{Live, State};
use crate::client::openai::Payload;

const JSON: &str = "application/json";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id of a caller's own that is taken over.
const LONGEST_ID: usize = 128;

/// The longest path with its query; ids of models are the longest parts of paths, and have at most 2,048 characters.
const LONGEST_URL: usize = 8 * 1024;
/// Most bytes of the headers of a request. hyper bounds what it reads, but takes all that comes at once.
const MOST_HEADERS: usize = 64 * 1024;
/// The longest path that is told to who keeps account.
const LONGEST_TOLD_PATH: usize = 512;

/// Answers a request, whatever it is. A defect costs it an answer, and nobody else anything.
pub(super) async fn respond(state: Arc<State>, client: SocketAddr, request: Request<Incoming>) -> Response<AnswerBody> {
    let live = state.live();
    let id = request_id(request.headers());
    let origin = request.headers().get(ORIGIN).cloned();
    let accepted = request.headers().get(ACCEPT_ENCODING).cloned();
    let answered = AssertUnwindSafe(answer(state, &live, client, request, &id)).catch_unwind().await;
    let response = answered.unwrap_or_else(|_| {
        let message = "The gateway has a defect: it panicked. Please report it with the text on stderr.";
        Refusal::unavailable(500, "internal_error", message).response().map(AnswerBody::whole)
    });
    let mut response = compressed(response, accepted.as_ref(), live.settings.compress_bytes).await;
    let headers = response.headers_mut();
    cors::dress(headers, origin.as_ref(), &live.settings.allowed_origins);
    headers.insert(SERVER, HeaderValue::from_static("bedrock-wrapper"));
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

async fn answer(
    state: Arc<State>,
    live: &Live,
    client: SocketAddr,
    request: Request<Incoming>,
    id: &str,
) -> Response<AnswerBody> {
    if size_of(request.headers()) > MOST_HEADERS {
        let headers = vec![(CONNECTION.as_str(), "close".to_owned())];
        return Refusal { headers, ..Refusal::malformed(431) }.response().map(AnswerBody::whole);
    }
    if cors::is_preflight(request.method(), request.headers()) {
        return cors::preflight(request.headers(), &live.settings.allowed_origins);
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let routed = route(&method, &path, &live.settings.path_prefixes);
    if let Err(Unserved::Method(allowed)) = &routed
        && method == Method::OPTIONS
    {
        return options(allowed);
    }
    if let Some(own) = own(&state, live, &routed, request.headers()) {
        return own;
    }
    let operation = routed.as_ref().ok().and_then(|(route, _)| match route {
        Route::Api(operation) => Some(*operation),
        _ => None,
    });
    let mut going = Going::begin(state.clone(), begun(id, client, &request, operation));
    let long = request.uri().path_and_query().is_some_and(|path| path.as_str().len() > LONGEST_URL);
    match (routed, operation) {
        _ if long => of_refusal(Refusal::malformed(414), going),
        (Ok((_, below)), Some(operation)) => {
            let answered = tokio::select! {
                biased;
                answered = api(&state, live, operation, below, request, &mut going) => answered,
                () = state.ending() => Err(stopping()),
            };
            match answered {
                Ok(answer) => of_openai(answer, going, live.settings.ping_seconds.unless_zero()),
                Err(refusal) => of_refusal(refusal, going),
            }
        }
        (Err(Unserved::Method(allowed)), _) => {
            let message = format!("{method} is not allowed for {}; use {allowed}.", shown(&path));
            let refusal = Refusal::invalid(405, "method_not_supported", message);
            of_refusal(Refusal { headers: vec![(ALLOW.as_str(), allow(&allowed))], ..refusal }, going)
        }
        (Err(Unserved::Absent(instead)), _) => {
            let message = format!("Unknown request URL: {method} {}. {instead}", shown(&path));
            of_refusal(Refusal::invalid(404, "unknown_url", message), going)
        }
        _ => of_refusal(Refusal::invalid(404, "unknown_url", unknown(&method, &path, live)), going),
    }
}

/// What the gateway itself answers, without counting it among its requests.
fn own(
    state: &State,
    live: &Live,
    routed: &Result<(Route, &str), Unserved>,
    headers: &HeaderMap,
) -> Option<Response<AnswerBody>> {
    let (route, below) = routed.as_ref().ok()?;
    match route {
        Route::Health => Some(text(StatusCode::OK, JSON, r#"{"status":"OK"}"#)),
        Route::Ready => Some(ready(state, live)),
        Route::Metrics if live.settings.metrics_port.is_none() => Some(text(StatusCode::OK, METRICS, state.metrics())),
        Route::OpenApi => Some(text(StatusCode::OK, JSON, openapi::document())),
        Route::Root => Some(page::root(headers, &live.settings)),
        Route::File => page::file(below).filter(|_| live.settings.page),
        Route::Stats if live.settings.page => Some(match live.keys.identify(headers, SystemTime::now()) {
            Ok(_) => text(StatusCode::OK, JSON, state.stats(live).to_string()),
            Err(refusal) => refusal.response().map(AnswerBody::whole),
        }),
        _ => None,
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
    if state.in_flight() > live.settings.max_in_flight {
        let message = "The gateway has as many requests as it takes at once. Try again in a moment.";
        return Err(Refusal::unavailable(503, "overloaded", message).after(Duration::from_secs(1)));
    }
    let (mut ask, payload) = if operation.asks_a_model() {
        let before = going.elapsed();
        let settings = &live.settings;
        let bounds = Bounds { bytes: settings.max_body_bytes, time: settings.body_seconds.or_longest() };
        let json = receive(&head.headers, body, bounds).await?;
        going.exchange.receiving = going.elapsed().saturating_sub(before);
        going.exchange.content = settings.log_content.then(|| Box::new(Content::asked(&json)));
        let size = json.len();
        let body = Payload::of(json).parse().await.map_err(|error| Refusal::of(&error, true))?;
        (Ask::of(operation, &head.headers, &body, size), Payload::Parsed(body))
    } else {
        (Ask::without_body(operation, &head.headers), Payload::of(String::new()))
    };
    ask.guarded_by(live.settings.guardrail.as_deref());
    going.exchange.model.clone_from(&ask.model);
    going.exchange.streamed = ask.streamed;
    going.exchange.parameters = ask.parameters.clone();
    listing::check(&caller, &ask, path)?;
    if caller.looks_behind() {
        ask.behind = live.routing.behind(&ask);
    }
    caller.may_ask(&ask)?;
    going.lease = state.limits.admit(&caller, &ask).await?;

    // What HEAD asks is what GET answers.
    let method = if head.method == Method::HEAD { Method::GET } else { head.method };
    let asked = going.elapsed();
    going.exchange.asked = Some(asked);
    let Routed { target, attempts, failed, slot, answer } =
        live.routing.answer(&caller, &ask, method.as_str(), path, payload).await;
    going.exchange.upstream = going.elapsed().saturating_sub(asked);
    going.exchange.target = target.map(|target| target.name.clone());
    going.exchange.attempts = attempts;
    going.exchange.failed = failed;
    going.slot = slot;
    let limits = || going.lease.iter().flat_map(|lease| lease.headers());
    let mut answer = answer.map_err(|refusal| refusal.with(limits()))?;
    listing::narrow(&caller, &ask, &mut answer.body);
    answer.headers.extend(limits());
    Ok(answer)
}

/// Whether it takes requests, and how its targets do. That one of them fails is no reason to send requests elsewhere: for
/// other replicas it is the same.
fn ready(state: &State, live: &Live) -> Response<AnswerBody> {
    if state.is_draining() {
        return text(StatusCode::SERVICE_UNAVAILABLE, JSON, r#"{"status":"draining"}"#);
    }
    let target = |target: TargetHealth| json!({"name": &*target.name, "state": target.position.name()});
    let targets: Vec<Value> = live.routing.report().into_iter().map(target).collect();
    text(StatusCode::OK, JSON, json!({"status": "ready", "targets": targets}).to_string())
}

/// What may be done, to who asks.
fn options(allowed: &Method) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::whole(""));
    *response.status_mut() = StatusCode::NO_CONTENT;
    if let Ok(allowed) = HeaderValue::try_from(allow(allowed)) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

fn allow(method: &Method) -> String {
    if *method == Method::GET { "GET, HEAD, OPTIONS".to_owned() } else { format!("{method}, OPTIONS") }
}

fn unknown(method: &Method, path: &str, live: &Live) -> String {
    let prefixes = live.settings.path_prefixes.join(" and ");
    format!("Unknown request URL: {method} {}. OpenAI's API is served under {prefixes}.", shown(path))
}

fn size_of(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}

/// As much of a path as is told. A path of hyper's is ASCII.
fn shown(path: &str) -> &str {
    path.get(..LONGEST_TOLD_PATH).unwrap_or(path)
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
        path: shown(request.uri().path()).to_owned(),
        operation,
        trace: Trace::of(request.headers()),
        ..Exchange::begun(id.to_owned(), client)
    }
}
