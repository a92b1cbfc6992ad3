//! `/_simulator/rules` and `/_simulator/sessions`: rules, and accounts for tests that run side by side, from any
//! language.
//!
//! - `POST /_simulator/rules` with a rule or a list of them, see [`Rule`]: `{"added": [numbers]}`. `GET` lists them with
//!   how many requests each has answered, `DELETE` removes them; `DELETE /_simulator/rules/{number}` removes one.
//!   `?account=` names the account (12 digits); else they meet the requests of all accounts.
//! - `POST /_simulator/sessions` opens an account: `{"account", "env"}` with its keys. `DELETE
//!   /_simulator/sessions/{account}` closes it.

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::{delete, post};
use axum::{Json, Router, extract};
use serde_json::{Value, json};

use super::admin::{Answer, Query, Refusal, account};
use super::sources::Rule;
use super::state::State;
use crate::misfit::read;

/// Most rules that an account can be given here.
const MOST_RULES: usize = 10_000;
/// Most accounts that can be open.
const MOST_SESSIONS: usize = 10_000;

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/rules", post(add).get(list).delete(clear))
        .route("/rules/{id}", delete(remove))
        .route("/sessions", post(open))
        .route("/sessions/{account}", delete(close))
}

async fn add(extract::State(state): extract::State<State>, query: Query, body: Bytes) -> Answer {
    let account = account(&state, &query)?;
    let rules = parse(&body).map_err(|problem| Refusal(StatusCode::BAD_REQUEST, problem))?;
    if account.rulebook().list().len() + rules.len() > MOST_RULES {
        return Err(Refusal(StatusCode::BAD_REQUEST, format!("an account has at most {MOST_RULES} rules")));
    }
    let added: Vec<u32> = rules.into_iter().map(|rule| account.add_rule(rule)).collect();
    Ok(Json(json!({ "added": added })))
}

fn parse(body: &[u8]) -> Result<Vec<Rule>, String> {
    let value: Value = serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
    let list = if value.is_array() { value } else { json!([value]) };
    read(list).map_err(|misfit| format!("not a rule: {misfit}"))
}

async fn list(extract::State(state): extract::State<State>, query: Query) -> Answer {
    let rules = account(&state, &query)?.rulebook().list();
    let shown = rules.iter().map(|active| json!({"id": active.id, "calls": active.calls(), "rule": active.rule}));
    Ok(Json(json!({ "rules": shown.collect::<Vec<_>>() })))
}

async fn clear(extract::State(state): extract::State<State>, query: Query) -> Answer {
    account(&state, &query)?.clear_rules();
    Ok(Json(json!({})))
}

async fn remove(
    extract::State(state): extract::State<State>,
    extract::Path(id): extract::Path<u32>,
    query: Query,
) -> Answer {
    match account(&state, &query)?.remove_rule(id) {
        true => Ok(Json(json!({}))),
        false => Err(Refusal(StatusCode::NOT_FOUND, format!("there is no rule {id}"))),
    }
}

async fn open(extract::State(state): extract::State<State>) -> Answer {
    if state.open_accounts() >= MOST_SESSIONS {
        return Err(Refusal(StatusCode::BAD_REQUEST, format!("at most {MOST_SESSIONS} sessions are open")));
    }
    let account = state.open_account();
    let keys = account.credentials();
    let env = json!({"AWS_ACCESS_KEY_ID": keys.access_key_id, "AWS_SECRET_ACCESS_KEY": keys.secret_access_key});
    Ok(Json(json!({"account": account.id(), "env": env})))
}

async fn close(extract::State(state): extract::State<State>, extract::Path(id): extract::Path<String>) -> Answer {
    let account = state.account_with_id(&id).filter(|account| account.id() != state.account().id());
    let missing = || Refusal(StatusCode::NOT_FOUND, format!("there is no session {id}"));
    account.map(|account| state.close_account(&account)).ok_or_else(missing)?;
    Ok(Json(json!({})))
}
