//! Who may ask: signatures and bearer keys, in the three modes of [`Auth`].

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{header, request};

use super::account::Account;
use super::exception::Exception;
use super::options::Auth;
use super::sigv4::{self, Authorization, Signed};
use super::state::State;

/// Prefixes of long-term and short-term Bedrock API keys.
const KEY_PREFIXES: [&str; 2] = ["ABSK", "bedrock-api-key-"];

/// Whose request it is; or a refusal, as AWS words it.
pub(super) fn check(state: &State, head: &request::Parts, body: &[u8]) -> Result<Arc<Account>, Exception> {
    let signer = signer(state, head);
    let main = || Arc::clone(state.account());
    permit(state, signer.as_deref(), head, body).map(|()| signer.unwrap_or_else(main))
}

/// The account whose access key stands in the `Authorization` header.
fn signer(state: &State, head: &request::Parts) -> Option<Arc<Account>> {
    let given = head.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    state.account_of(Authorization::parse(given).ok()?.access_key_id)
}

fn permit(state: &State, signer: Option<&Account>, head: &request::Parts, body: &[u8]) -> Result<(), Exception> {
    let options = state.options();
    if options.auth == Auth::Off {
        return Ok(());
    }
    let Some(given) = head.headers.get(header::AUTHORIZATION) else {
        return Err(Exception::new("MissingAuthenticationTokenException", "Missing Authentication Token"));
    };
    let given = given.to_str().unwrap_or_default();
    let strict = options.auth == Auth::Strict;
    if let Some(key) = given.strip_prefix("Bearer ") {
        return if strict { bearer(key.trim(), &options.bearer_keys) } else { Ok(()) };
    }
    if !strict {
        return Authorization::parse(given)?.check_service();
    }
    let host = head.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let signed = Signed {
        method: &head.method,
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        headers: &head.headers,
        authority: head.uri.authority().map(|authority| authority.as_str()).or(host).unwrap_or_default(),
        body,
    };
    let now = state.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let keys = signer.unwrap_or(state.account()).credentials();
    sigv4::verify(&signed, given, keys, &options.region, now)
}

fn bearer(key: &str, known: &[String]) -> Result<(), Exception> {
    if known.iter().any(|accepted| accepted == key) {
        return Ok(());
    }
    Err(Exception::bearer(if KEY_PREFIXES.iter().any(|prefix| key.starts_with(prefix)) {
        "Authentication failed: Please make sure your API Key is valid."
    } else {
        "Invalid API Key format: Must start with pre-defined prefix"
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::options::Options;
    use http::Request;

    fn outcome(options: Options, authorization: Option<&str>) -> Result<(), String> {
        let mut request = Request::post("http://localhost/model/a/converse");
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        check(&State::new(options), &head, b"{}").map(drop).map_err(|refusal| refusal.message)
    }

    fn options(auth: Auth) -> Options {
        Options { auth, bearer_keys: vec!["ABSKgood".into()], ..Options::default() }
    }

    #[test]
    fn each_mode_asks_for_more() {
        let signed =
            "AWS4-HMAC-SHA256 Credential=A/20250101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0";
        assert_eq!(outcome(options(Auth::Off), None), Ok(()));
        assert_eq!(outcome(options(Auth::Lenient), None).unwrap_err(), "Missing Authentication Token");
        assert_eq!(outcome(options(Auth::Lenient), Some(signed)), Ok(()));
        assert!(outcome(options(Auth::Lenient), Some(&signed.replace("bedrock", "s3"))).is_err());
        assert!(outcome(options(Auth::Strict), Some(signed)).unwrap_err().starts_with("The security token"));
    }

    #[test]
    fn bearer_keys_must_be_known() {
        assert_eq!(outcome(options(Auth::Strict), Some("Bearer ABSKgood")), Ok(()));
        let wrong = outcome(options(Auth::Strict), Some("Bearer ABSKbad")).unwrap_err();
        assert_eq!(wrong, "Authentication failed: Please make sure your API Key is valid.");
        let shape = outcome(options(Auth::Strict), Some("Bearer nonsense")).unwrap_err();
        assert_eq!(shape, "Invalid API Key format: Must start with pre-defined prefix");
        assert_eq!(outcome(options(Auth::Lenient), Some("Bearer anything")), Ok(()));
    }
}
