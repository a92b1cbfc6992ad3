//! `/_simulator/…`: faults and journal over HTTP, for clients on this machine only.
//!
//! - `POST /_simulator/faults` with a fault or a list of them, see [`Fault`]; `GET` lists them, `DELETE` removes them.
//!   `?account=` names the account (12 digits); else they meet the requests of all accounts.
//! - `POST /_simulator/outage` with `{"for": milliseconds}`: no connections for a time.
//! - `GET /_simulator/journal`: requests and counters; `?since=` a number, `?account=`, `?frames=true`. `DELETE` forgets
//!   them.
//! - `GET /_simulator/journal/{id}`: one request, with its frames.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract;
use axum::http::{Extensions, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::account::Account;
use super::connection::Connection;
use super::faults::Fault;
use super::journal_view::{self, Selection};
use super::state::State;

type Answer = Result<Json<Value>, Refusal>;
type Query = extract::Query<HashMap<String, String>>;

/// A request that the simulator's own routes do not carry out.
pub(super) struct Refusal(StatusCode, String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}

pub(super) async fn add_faults(
    extract::State(state): extract::State<State>,
    query: Query,
    extensions: Extensions,
    body: Bytes,
) -> Answer {
    only_local(&extensions)?;
    let account = account(&state, &query)?;
    let faults = parse(&body).map_err(|problem| Refusal(StatusCode::BAD_REQUEST, problem))?;
    let added = faults.len();
    faults.into_iter().for_each(|fault| account.add_fault(fault));
    Ok(Json(json!({ "added": added })))
}

pub(super) async fn list_faults(
    extract::State(state): extract::State<State>,
    query: Query,
    extensions: Extensions,
) -> Answer {
    only_local(&extensions)?;
    Ok(Json(json!({ "faults": account(&state, &query)?.faults() })))
}

pub(super) async fn clear_faults(
    extract::State(state): extract::State<State>,
    query: Query,
    extensions: Extensions,
) -> Answer {
    only_local(&extensions)?;
    account(&state, &query)?.clear_faults();
    Ok(Json(json!({})))
}

pub(super) async fn go_down(
    extract::State(state): extract::State<State>,
    extensions: Extensions,
    body: Bytes,
) -> Answer {
    only_local(&extensions)?;
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

pub(super) async fn journal(
    extract::State(state): extract::State<State>,
    query: Query,
    extensions: Extensions,
) -> Answer {
    only_local(&extensions)?;
    let since = match query.get("since").map(|number| number.parse()) {
        None => 0,
        Some(Ok(number)) => number,
        Some(Err(_)) => return Err(Refusal(StatusCode::BAD_REQUEST, "since is the number of a request".into())),
    };
    let frames = query.get("frames").is_some_and(|value| value == "true");
    let selection = Selection { since, account: query.get("account").cloned(), frames };
    Ok(Json(journal_view::journal(state.recorder(), &selection)))
}

pub(super) async fn journal_entry(
    extract::State(state): extract::State<State>,
    extract::Path(id): extract::Path<u64>,
    extensions: Extensions,
) -> Answer {
    only_local(&extensions)?;
    let missing = || Refusal(StatusCode::NOT_FOUND, format!("the journal has no request {id} (any more)"));
    state.recorder().entry(id).map(|entry| Json(journal_view::entry(&entry))).ok_or_else(missing)
}

pub(super) async fn clear_journal(extract::State(state): extract::State<State>, extensions: Extensions) -> Answer {
    only_local(&extensions)?;
    state.recorder().clear();
    Ok(Json(json!({})))
}

fn only_local(extensions: &Extensions) -> Result<(), Refusal> {
    match extensions.get::<Connection>() {
        Some(connection) if !connection.is_loopback() => {
            Err(Refusal(StatusCode::FORBIDDEN, "/_simulator is for clients on the simulator's own machine".into()))
        }
        _ => Ok(()),
    }
}

fn account(state: &State, query: &Query) -> Result<Arc<Account>, Refusal> {
    let Some(id) = query.get("account") else { return Ok(Arc::clone(state.account())) };
    let missing = || Refusal(StatusCode::NOT_FOUND, format!("there is no account {id}"));
    state.account_with_id(id).ok_or_else(missing)
}

fn parse(body: &[u8]) -> Result<Vec<Fault>, String> {
    let value: Value = serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
    let list = if value.is_array() { value } else { json!([value]) };
    let faults: Vec<Fault> = serde_json::from_value(list).map_err(|error| format!("not a fault: {error}"))?;
    faults.iter().try_for_each(Fault::check)?;
    Ok(faults)
}
