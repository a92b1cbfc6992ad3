//! Bedrock API keys. Long-term keys are known beforehand; a short-term key is a presigned request of an access key's,
//! good for up to twelve hours (AWS's `aws-bedrock-token-generator`).

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, Method};

use super::authorization::Authorization;
use super::canonical::Signed;
use super::sigv4;
use crate::simulator::account::Account;
use crate::simulator::exception::Exception;
use crate::simulator::state::State;
use crate::simulator::wording::{KEY_EXPIRED, KEY_FORM, KEY_UNKNOWN, Wording};

const LONG_TERM: &str = "ABSK";
const SHORT_TERM: &str = "bedrock-api-key-";
/// Whom a short-term key is presigned for.
const HOST: &str = "bedrock.amazonaws.com";
/// Longest life of a short-term key, in seconds.
const LONGEST: u64 = 12 * 3600;

/// Whose key it is; `now` in seconds since 1970.
pub(super) fn check(state: &State, key: &str, now: u64) -> Result<Arc<Account>, Exception> {
    if let Some(known) = state.options().bearer_keys.iter().find(|known| known.key == key) {
        return match known.expiration {
            Some(expiration) if expiration <= now => Err(refused(&KEY_EXPIRED)),
            _ => Ok(Arc::clone(state.account())),
        };
    }
    match key.strip_prefix(SHORT_TERM) {
        Some(encoded) => short_term(state, encoded, now),
        None if key.starts_with(LONG_TERM) => Err(refused(&KEY_UNKNOWN)),
        None => Err(refused(&KEY_FORM)),
    }
}

fn short_term(state: &State, encoded: &str, now: u64) -> Result<Arc<Account>, Exception> {
    let unknown = || refused(&KEY_UNKNOWN);
    let decoded = BASE64_STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let url = decoded.ok_or_else(unknown)?;
    let query = url.strip_prefix(HOST).and_then(|rest| rest.strip_prefix("/?")).ok_or_else(unknown)?;
    // The generator adds the version after signing.
    let query = query.strip_suffix("&Version=1").unwrap_or(query);
    if !query.split('&').any(|pair| pair == "Action=CallWithBearerToken") {
        return Err(unknown());
    }
    let given = Authorization::from_query(query).map_err(|_| unknown())?;
    given.check_service("/").map_err(|_| unknown())?;
    let (headers, method) = (HeaderMap::new(), Method::POST);
    let request = Signed { method: &method, path: "/", query, headers: &headers, authority: HOST, body: b"" };
    let account = state.account_of(given.access_key_id()).ok_or_else(unknown)?;
    if given.session_token.as_deref() != account.credentials().session_token.as_deref() {
        return Err(unknown());
    }
    let life = given.expires.filter(|seconds| *seconds <= LONGEST).ok_or_else(unknown)?;
    sigv4::matches(&request, &given, &account, &state.options().region).map_err(|_| unknown())?;
    let date = given.date().and_then(sigv4::parse_date).map_err(|_| unknown())?;
    match date.saturating_add(life) <= now {
        true => Err(refused(&KEY_EXPIRED)),
        false => Ok(account),
    }
}

fn refused(wording: &Wording) -> Exception {
    Exception::bearer(&wording.text())
}
