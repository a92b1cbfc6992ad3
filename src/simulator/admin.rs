//! `/_simulator/…`: faults and journal over HTTP, for clients on this machine only.
//!
//! - `POST /_simulator/faults` with a fault or a list of them, see [`Fault`]; `GET` lists them, `DELETE` removes them.
//! - `GET /_simulator/journal`: requests and counters; `DELETE` forgets them.

use axum::Json;
use axum::body::Bytes;
use axum::extract;
use axum::http::{Extensions, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::connection::Connection;
use super::faults::Fault;
use super::state::State;

type Answer = Result<Json<Value>, Refusal>;

/// A request that the simulator's own routes do not carry out.
pub(super) struct Refusal(StatusCode, String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}

pub(super) async fn add_faults(
    extract::State(state): extract::State<State>,
    extensions: Extensions,
    body: Bytes,
) -> Answer {
    only_local(&extensions)?;
    let faults = parse(&body).map_err(|problem| Refusal(StatusCode::BAD_REQUEST, problem))?;
    let added = faults.len();
    faults.into_iter().for_each(|fault| state.account().add_fault(fault));
    Ok(Json(json!({ "added": added })))
}

pub(super) async fn list_faults(extract::State(state): extract::State<State>, extensions: Extensions) -> Answer {
    only_local(&extensions)?;
    Ok(Json(json!({ "faults": state.account().faults() })))
}

pub(super) async fn clear_faults(extract::State(state): extract::State<State>, extensions: Extensions) -> Answer {
    only_local(&extensions)?;
    state.account().clear_faults();
    Ok(Json(json!({})))
}

pub(super) async fn journal(extract::State(state): extract::State<State>, extensions: Extensions) -> Answer {
    only_local(&extensions)?;
    Ok(Json(state.journal()))
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

fn parse(body: &[u8]) -> Result<Vec<Fault>, String> {
    let value: Value = serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
    let list = if value.is_array() { value } else { json!([value]) };
    let faults: Vec<Fault> = serde_json::from_value(list).map_err(|error| format!("not a fault: {error}"))?;
    faults.iter().try_for_each(Fault::check)?;
    Ok(faults)
}
