//! `/_simulator/…`: the page, faults and journal over HTTP, for clients on this machine only.
//!
//! - `GET /_simulator/`: the page.
//! - `POST /_simulator/faults` with a fault or a list of them, see [`Fault`]; `GET` lists them, `DELETE` removes them.
//!   `?account=` names the account (12 digits); else they meet the requests of all accounts.
//! - `POST /_simulator/outage` with `{"for": milliseconds}`: no connections for a time.
//! - `GET /_simulator/backend`: the services that answer, and how they do; `PUT` with a model map in TOML, or with the
//!   option as JSON, puts others in their place, `DELETE` the built-in model.
//! - `GET /_simulator/journal`: requests and counters; `?since=` a number, `?account=`, `?frames=true`. `DELETE` forgets
//!   them, with `?account=` those of one account.
//! - `GET /_simulator/journal/{id}`: one request, with its frames.
//! - Rules and sessions: [`super::admin_rules`].

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, extract};
use serde_json::{Value, json};

use super::account::Account;
use super::admin_rules;
use super::connection::Connection;
use super::faults::Fault;
use super::journal_view::{self, Selection};
use super::llm::Backend;
use super::page;
use super::state::State;
use crate::config::process_environment;

/// Most faults that an account can be given here.
const MOST_FAULTS: usize = 10_000;

pub(super) type Answer = Result<Json<Value>, Refusal>;
pub(super) type Query = extract::Query<HashMap<String, String>>;

/// A request that the simulator's own routes do not carry out.
pub(super) struct Refusal(pub(super) StatusCode, pub(super) String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}

/// The routes below `/_simulator`.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/", get(index))
        .route("/page/{name}", get(page_file))
        .route("/faults", post(add_faults).get(list_faults).delete(clear_faults))
        .route("/outage", post(go_down))
        .route("/backend", get(backend).put(set_backend).delete(remove_backend))
        .route("/journal", get(journal).delete(clear_journal))
        .route("/journal/{id}", get(journal_entry))
        .merge(admin_rules::routes())
        .fallback(|| async { Refusal(StatusCode::NOT_FOUND, "the simulator has no such route".into()) })
        .layer(middleware::from_fn(only_from_here))
}

/// Lets clients on this machine through, and pages of other origins not: a browser on this machine runs those too.
async fn only_from_here(request: extract::Request, next: Next) -> Response {
    match permit(&request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn permit(request: &extract::Request) -> Result<(), Refusal> {
    let forbidden = |text: &str| Err(Refusal(StatusCode::FORBIDDEN, text.into()));
    if request.extensions().get::<Connection>().is_some_and(|connection| !connection.is_loopback()) {
        return forbidden("/_simulator is for clients on the simulator's own machine");
    }
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let authority = request.uri().authority().map(|authority| authority.as_str()).or_else(|| header(header::HOST));
    if !authority.is_some_and(is_local_name) {
        return forbidden("call /_simulator by an address or as localhost");
    }
    let origin =
        header(header::ORIGIN).map(|origin| origin.split_once("://").map_or(origin, |(_, authority)| authority));
    if origin.is_some_and(|origin| Some(origin) != authority) {
        return forbidden("/_simulator answers no pages of other origins");
    }
    Ok(())
}

/// Whether a name cannot be one that somebody else's DNS points here.
fn is_local_name(authority: &str) -> bool {
    let host = authority.rsplit_once(':').map_or(authority, |(host, port)| match port.parse::<u16>() {
        Ok(_) => host,
        Err(_) => authority,
    });
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok()
}

async fn index() -> Result<Response, Refusal> {
    file_of_page("")
}

async fn page_file(extract::Path(name): extract::Path<String>) -> Result<Response, Refusal> {
    file_of_page(&format!("page/{name}"))
}

fn file_of_page(name: &str) -> Result<Response, Refusal> {
    page::file(name).ok_or_else(|| Refusal(StatusCode::NOT_FOUND, "the page has no such file".into()))
}

async fn add_faults(extract::State(state): extract::State<State>, query: Query, body: Bytes) -> Answer {
    let account = account(&state, &query)?;
    let faults = parse(&body).map_err(|problem| Refusal(StatusCode::BAD_REQUEST, problem))?;
    let added = faults.len();
    if account.faults().len() + added > MOST_FAULTS {
        return Err(Refusal(StatusCode::BAD_REQUEST, format!("an account has at most {MOST_FAULTS} faults")));
    }
    faults.into_iter().for_each(|fault| account.add_fault(fault));
    Ok(Json(json!({ "added": added })))
}

async fn list_faults(extract::State(state): extract::State<State>, query: Query) -> Answer {
    Ok(Json(json!({ "faults": account(&state, &query)?.faults() })))
}

async fn clear_faults(extract::State(state): extract::State<State>, query: Query) -> Answer {
    account(&state, &query)?.clear_faults();
    Ok(Json(json!({})))
}

async fn go_down(extract::State(state): extract::State<State>, body: Bytes) -> Answer {
    let outage: Value = serde_json::from_slice(&body).unwrap_or_default();
    let time = outage["for"].as_u64().ok_or_else(|| {
        Refusal(StatusCode::BAD_REQUEST, "an outage is {\"for\": milliseconds}, a whole number".into())
    })?;
    // The answer should leave before its connection is cut.
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(20)).await;
        state.go_down(Duration::from_millis(time));
    });
    Ok(Json(json!({})))
}

async fn backend(extract::State(state): extract::State<State>) -> Answer {
    let service = state.service().map_err(|problem| Refusal(StatusCode::SERVICE_UNAVAILABLE, problem.message))?;
    let none = || Refusal(StatusCode::NOT_FOUND, "the built-in model answers; there is no backend".into());
    Ok(Json(service.ok_or_else(none)?.report().await))
}

async fn set_backend(extract::State(state): extract::State<State>, body: String) -> Answer {
    let wrong = |problem: String| Refusal(StatusCode::BAD_REQUEST, problem);
    let backend = match serde_json::from_str::<Value>(&body) {
        Ok(json) => serde_json::from_value(json).map_err(|error| wrong(error.to_string()))?,
        Err(_) => Backend::parse(&body, &process_environment).map_err(|error| wrong(error.to_string()))?,
    };
    state.set_backend(Some(backend));
    Ok(Json(json!({})))
}

async fn remove_backend(extract::State(state): extract::State<State>) -> Answer {
    state.set_backend(None);
    Ok(Json(json!({})))
}

async fn journal(extract::State(state): extract::State<State>, query: Query) -> Answer {
    let since = match query.get("since").map(|number| number.parse()) {
        None => 0,
        Some(Ok(number)) => number,
        Some(Err(_)) => return Err(Refusal(StatusCode::BAD_REQUEST, "since is the number of a request".into())),
    };
    let frames = query.get("frames").is_some_and(|value| value == "true");
    let selection = Selection { since, account: query.get("account").cloned(), frames };
    Ok(Json(journal_view::journal(state.recorder(), &selection)))
}

async fn journal_entry(extract::State(state): extract::State<State>, extract::Path(id): extract::Path<u64>) -> Answer {
    let missing = || Refusal(StatusCode::NOT_FOUND, format!("the journal has no request {id} (any more)"));
    state.recorder().entry(id).map(|entry| Json(journal_view::entry(&entry))).ok_or_else(missing)
}

async fn clear_journal(extract::State(state): extract::State<State>, query: Query) -> Answer {
    state.forget_requests(query.get("account").map(String::as_str));
    Ok(Json(json!({})))
}

/// The account that a query names, else the main one.
pub(super) fn account(state: &State, query: &Query) -> Result<Arc<Account>, Refusal> {
    let Some(id) = query.get("account") else { return Ok(Arc::clone(state.account())) };
    let missing = || Refusal(StatusCode::NOT_FOUND, format!("there is no account {id}"));
    state.account_with_id(id).ok_or_else(missing)
}

fn parse(body: &[u8]) -> Result<Vec<Fault>, String> {
    let value: Value = serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
    Fault::parse(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_dns_could_point_here_are_not_local() {
        for local in ["localhost", "localhost:4010", "127.0.0.1:80", "[::1]:80", "192.168.1.5"] {
            assert!(is_local_name(local), "{local}");
        }
        for other in ["example.com", "example.com:4010", "localhost.example.com", "127.0.0.1.example.com", ""] {
            assert!(!is_local_name(other), "{other}");
        }
    }
}
