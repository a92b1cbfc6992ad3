//! Who may ask: signatures and bearer keys, in the three modes of [`Auth`].

mod authorization;
mod bearer;
mod canonical;
#[cfg(test)]
mod golden;
mod sigv4;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{header, request};

use super::account::Account;
use super::exception::Exception;
use super::options::Auth;
use super::state::State;
use super::wording::{ACCESS_TWICE, NO_ACCESS};
use authorization::Authorization;
pub(super) use sigv4::{SigningKey, authorize};

/// What a request shows for itself.
enum Shown<'a> {
    Nothing,
    Bearer(&'a str),
    Signature(Authorization<'a>),
}

/// Whose request it is; or a refusal, as AWS words it.
pub(super) fn check(state: &State, head: &request::Parts, body: &[u8]) -> Result<Arc<Account>, Exception> {
    let main = || Arc::clone(state.account());
    let shown = shown(head);
    match (state.options().auth, shown) {
        // Keys still tell accounts apart.
        (Auth::Off, Ok(Shown::Signature(given))) => Ok(state.account_of(given.access_key_id()).unwrap_or_else(main)),
        (Auth::Off, _) => Ok(main()),
        (_, Err(refusal)) => Err(refusal),
        (_, Ok(Shown::Nothing)) => Err(Exception::new("MissingAuthenticationTokenException", NO_ACCESS.text())),
        (Auth::Lenient, Ok(Shown::Bearer(_))) => Ok(main()),
        (Auth::Lenient, Ok(Shown::Signature(given))) => {
            given.check_service(head.uri.path())?;
            Ok(state.account_of(given.access_key_id()).unwrap_or_else(main))
        }
        (Auth::Strict, Ok(Shown::Bearer(key))) => bearer::check(state, key, now(state)),
        (Auth::Strict, Ok(Shown::Signature(given))) => sigv4::check(state, &given, head, body, now(state)),
    }
}

/// The region that a request says it is signed for.
pub(super) fn region(head: &request::Parts) -> Option<String> {
    match shown(head) {
        Ok(Shown::Signature(given)) => given.scope().ok().map(|scope| scope.region.to_owned()),
        _ => None,
    }
}

/// Seconds since 1970, by the clock of the options.
fn now(state: &State) -> u64 {
    state.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

fn shown(head: &request::Parts) -> Result<Shown<'_>, Exception> {
    let query = head.uri.query().filter(|query| query.contains("X-Amz-"));
    let header = head.headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default().trim());
    match (header, query) {
        (Some(_), Some(query)) if query.contains("X-Amz-Algorithm") => {
            Err(Exception::new("InvalidSignatureException", ACCESS_TWICE.text()))
        }
        (None, Some(query)) => Authorization::from_query(query).map(Shown::Signature),
        (None, None) => Ok(Shown::Nothing),
        (Some(given), _) => match given.strip_prefix("Bearer ") {
            Some(key) => Ok(Shown::Bearer(key.trim())),
            None if given.starts_with("AWS4-") => {
                Authorization::from_header(given, &head.headers).map(Shown::Signature)
            }
            None => Ok(Shown::Nothing),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::options::{BearerKey, Options};
    use http::Request;

    const SIGNED: &str =
        "AWS4-HMAC-SHA256 Credential=A/20250101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0";

    fn outcome(auth: Auth, uri: &str, authorization: Option<&str>) -> Result<String, String> {
        let mut request = Request::post(uri).header("x-amz-date", "20250101T000000Z");
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let bearer_keys = vec![BearerKey { key: "ABSKgood".into(), expiration: None }];
        let clock: crate::simulator::Clock = Arc::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_735_689_600));
        let state = State::new(Options { auth, bearer_keys, clock, ..Options::default() });
        check(&state, &head, b"{}").map(|account| account.id().to_owned()).map_err(|refusal| refusal.message)
    }

    #[test]
    fn each_mode_asks_for_more() {
        let uri = "http://localhost/model/a/converse";
        assert!(outcome(Auth::Off, uri, None).is_ok());
        assert!(outcome(Auth::Off, uri, Some("AWS4-nonsense")).is_ok());
        for auth in [Auth::Lenient, Auth::Strict] {
            assert_eq!(outcome(auth, uri, None).unwrap_err(), "Missing Authentication Token");
            assert_eq!(outcome(auth, uri, Some("Basic abc")).unwrap_err(), "Missing Authentication Token");
            let scope = outcome(auth, uri, Some(&SIGNED.replace("bedrock", "s3"))).unwrap_err();
            assert_eq!(scope, "Credential should be scoped to correct service: 'bedrock'. ");
        }
        assert!(outcome(Auth::Lenient, uri, Some(SIGNED)).is_ok());
        assert!(outcome(Auth::Lenient, uri, Some("Bearer anything")).is_ok());
        assert!(outcome(Auth::Strict, uri, Some(SIGNED)).unwrap_err().starts_with("The security token"));
        assert!(outcome(Auth::Strict, uri, Some("Bearer ABSKgood")).is_ok());
        assert!(outcome(Auth::Strict, uri, Some("Bearer anything")).is_err());
    }

    #[test]
    fn one_way_to_show_access_is_enough() {
        let twice = outcome(Auth::Lenient, "http://localhost/a?X-Amz-Algorithm=x", Some(SIGNED)).unwrap_err();
        assert_eq!(twice, "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
        let half = outcome(Auth::Lenient, "http://localhost/a?X-Amz-Date=x", None).unwrap_err();
        assert!(half.starts_with("AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string"));
    }
}
