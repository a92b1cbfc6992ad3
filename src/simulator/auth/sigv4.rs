//! AWS Signature Version 4, verified as Bedrock does: in the order in which AWS's services look, with their texts. A
//! signature that does not match is answered with the strings that should have been signed.

use std::sync::{Arc, Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use http::request;
use sha2::{Digest, Sha256};

use super::authorization::{Authorization, SERVICE, Scope};
use super::canonical::Signed;
use crate::simulator::account::Account;
use crate::simulator::exception::Exception;
use crate::simulator::identity::hex;
use crate::simulator::options::Credentials;
use crate::simulator::state::State;
use crate::simulator::timestamp;
use crate::simulator::wording::{
    ALGORITHM_UNKNOWN, DATE_FORM, HOST_UNSIGNED, SCOPE_DATE, SCOPE_REGION, SCOPE_SERVICE, SCOPE_TERMINATOR,
    SIGNATURE_EARLY, SIGNATURE_EXPIRED, SIGNATURE_WRONG, TOKEN_EXPIRED, TOKEN_INVALID,
};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const TERMINATOR: &str = "aws4_request";
/// Seconds that a client's clock may be off.
const SKEW: u64 = 300;

/// Whose signature it is; `now` in seconds since 1970.
pub(super) fn check(
    state: &State,
    given: &Authorization,
    head: &request::Parts,
    body: &[u8],
    now: u64,
) -> Result<Arc<Account>, Exception> {
    check_date(given, now)?;
    if !given.signed_headers.split(';').any(|name| matches!(name, "host" | ":authority")) {
        return Err(invalid(HOST_UNSIGNED.text()));
    }
    let region = &state.options().region;
    check_scope(given, region, head.uri.path())?;
    let unknown = || Exception::new("UnrecognizedClientException", TOKEN_INVALID.text());
    let account = state.account_of(given.access_key_id()).ok_or_else(unknown)?;
    let keys = account.credentials();
    if given.session_token.as_deref() != keys.session_token.as_deref() {
        return Err(unknown());
    }
    matches(&Signed::new(head, body), given, &account, region)?;
    match keys.expiration {
        Some(expiration) if expiration <= now => Err(Exception::new("ExpiredTokenException", TOKEN_EXPIRED.text())),
        _ => Ok(account),
    }
}

/// Seconds since 1970 of a date in AWS's spelling.
pub(super) fn parse_date(date: &str) -> Result<u64, Exception> {
    let refused = || Exception::new("IncompleteSignatureException", DATE_FORM.fill(&[&date]));
    timestamp::parse(date).ok_or_else(refused)
}

fn check_date(given: &Authorization, now: u64) -> Result<(), Exception> {
    let date = &given.date()?;
    let signed = parse_date(date)?;
    let life = given.expires.unwrap_or(SKEW).max(SKEW);
    let shown = timestamp::format;
    if signed.saturating_add(life) < now {
        let since = now.saturating_sub(life);
        return Err(invalid(SIGNATURE_EXPIRED.fill(&[date, &shown(since), &shown(now), &(life / 60)])));
    }
    if signed > now + SKEW {
        return Err(invalid(SIGNATURE_EARLY.fill(&[date, &shown(now + SKEW), &shown(now), &(SKEW / 60)])));
    }
    Ok(())
}

/// Whatever is wrong with the scope is told at once.
fn check_scope(given: &Authorization, region: &str, path: &str) -> Result<(), Exception> {
    if given.algorithm != ALGORITHM {
        let text = ALGORITHM_UNKNOWN.fill(&[&given.algorithm, &ALGORITHM]);
        return Err(Exception::new("IncompleteSignatureException", text));
    }
    let scope = given.scope()?;
    let mut told = String::new();
    if scope.region != region {
        told += &SCOPE_REGION.fill(&[&scope.region]);
    }
    if !scope.is_for(path) {
        told += &SCOPE_SERVICE.fill(&[&SERVICE]);
    }
    if scope.terminator != TERMINATOR {
        told += &SCOPE_TERMINATOR.fill(&[&TERMINATOR, &scope.terminator]);
    }
    let date = given.date()?;
    let day = date.get(..8).unwrap_or_default();
    if scope.date != day {
        told += &SCOPE_DATE.fill(&[&scope.date, &day, &date]);
    }
    if told.is_empty() { Ok(()) } else { Err(invalid(told)) }
}

/// Refuses a signature that is not this account's for this request.
pub(super) fn matches(
    request: &Signed,
    given: &Authorization,
    account: &Account,
    region: &str,
) -> Result<(), Exception> {
    let scope = given.scope()?;
    let canonical = request.canonical(&given.signed_headers);
    let (date, day) = (given.date()?, scope.date);
    let hash = hex(&Sha256::digest(&canonical));
    let service = scope.service;
    let to_sign = format!("{ALGORITHM}\n{date}\n{day}/{region}/{service}/{TERMINATOR}\n{hash}");
    let keys = account.credentials();
    let key = account.signing_key().of(&keys.secret_access_key, &scope);
    if given.signature == hex(&mac(&key, to_sign.as_bytes())) {
        return Ok(());
    }
    let shown = match &keys.session_token {
        Some(token) => canonical.replace(token, "(session token)"),
        None => canonical,
    };
    Err(invalid(SIGNATURE_WRONG.fill(&[&shown, &to_sign])))
}

/// The `Authorization` header of a request whose `x-amz-date` is `date`. All its headers are signed.
pub(in crate::simulator) fn authorize(
    head: &request::Parts,
    body: &[u8],
    keys: &Credentials,
    region: &str,
    date: &str,
) -> String {
    let mut names: Vec<&str> = head.headers.keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    let (names, day) = (names.join(";"), date.get(..8).unwrap_or_default());
    let access_key_id = keys.access_key_id.as_str();
    let scope = Scope { access_key_id, date: day, region, service: SERVICE, terminator: TERMINATOR };
    let within = format!("{day}/{region}/{SERVICE}/{TERMINATOR}");
    let hash = hex(&Sha256::digest(Signed::new(head, body).canonical(&names)));
    let to_sign = format!("{ALGORITHM}\n{date}\n{within}\n{hash}");
    let signature = hex(&mac(&derive(&keys.secret_access_key, &scope), to_sign.as_bytes()));
    format!("{ALGORITHM} Credential={access_key_id}/{within}, SignedHeaders={names}, Signature={signature}")
}

fn invalid(text: String) -> Exception {
    Exception::new("InvalidSignatureException", text)
}

/// The key of a day, a region and a service, which an account derives anew when one of them changes.
#[derive(Default)]
pub(in crate::simulator) struct SigningKey(Mutex<Option<(String, [u8; 32])>>);

impl SigningKey {
    fn of(&self, secret: &str, scope: &Scope) -> [u8; 32] {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = [scope.date, scope.region, scope.service];
        if let Some((made_for, key)) = cached.as_ref()
            && made_for.split('/').eq(wanted)
        {
            return *key;
        }
        let key = derive(secret, scope);
        *cached = Some((wanted.join("/"), key));
        key
    }
}

fn derive(secret: &str, scope: &Scope) -> [u8; 32] {
    let day = mac(format!("AWS4{secret}").as_bytes(), scope.date.as_bytes());
    let region = mac(&day, scope.region.as_bytes());
    let service = mac(&region, scope.service.as_bytes());
    mac(&service, scope.terminator.as_bytes())
}

fn mac(key: &[u8], text: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length; without a key there is no signature, and nothing matches.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(text);
    mac.finalize().into_bytes().into()
}
