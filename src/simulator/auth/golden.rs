//! Requests that AWS's own clients have signed, and what becomes of them when a little is changed.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{Request, request};
use proptest::prelude::*;
use serde_json::Value;

use super::check;
use crate::simulator::options::{BearerKey, Credentials, Options};
use crate::simulator::state::State;

/// `{name, by, method, path, headers, body, sessionToken}`, all signed at [`SIGNED_AT`].
const VALID: &str = include_str!("../../../__test__/fixtures/signatures/valid.json");
const SIGNED_AT: u64 = 1_754_658_385; // 2025-08-08T13:06:25Z
const TOKEN: &str = "session/token+example==";

fn fixtures() -> Vec<Value> {
    serde_json::from_str(VALID).unwrap()
}

fn fixture(name: &str) -> Value {
    fixtures().into_iter().find(|fixture| fixture["name"] == name).unwrap()
}

fn state(session_token: bool, now: u64, change: impl FnOnce(&mut Options)) -> State {
    let mut options = Options {
        credentials: Credentials {
            access_key_id: "AKIDEXAMPLE".into(),
            secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
            session_token: session_token.then(|| TOKEN.to_owned()),
            expiration: None,
        },
        clock: Arc::new(move || SystemTime::UNIX_EPOCH + Duration::from_secs(now)),
        ..Options::default()
    };
    change(&mut options);
    State::new(options)
}

fn head(fixture: &Value) -> request::Parts {
    let mut uri = fixture["path"].as_str().unwrap().to_owned();
    let body = fixture["body"].as_str().unwrap();
    let mut request =
        Request::builder().method(fixture["method"].as_str().unwrap()).header("content-length", body.len());
    for header in fixture["headers"].as_array().unwrap() {
        match (header[0].as_str().unwrap(), header[1].as_str().unwrap()) {
            // HTTP/2 carries it outside of the headers.
            (":authority", value) => uri = format!("http://{value}{uri}"),
            (name, value) => request = request.header(name, value),
        }
    }
    request.uri(uri).body(()).unwrap().into_parts().0
}

fn outcome(state: &State, fixture: &Value) -> Result<(), String> {
    let body = fixture["body"].as_str().unwrap().as_bytes();
    let outcome = check(state, &head(fixture), body).map(drop);
    outcome.map_err(|refusal| format!("{} {}: {}", refusal.status, refusal.code, refusal.message))
}

fn at(fixture: &Value, now: u64) -> Result<(), String> {
    outcome(&state(fixture["sessionToken"] == true, now, |_| {}), fixture)
}

fn replaced(fixture: &Value, old: &str, new: &str) -> Value {
    let text = fixture.to_string();
    assert!(text.contains(old), "{old} is not in {text}");
    serde_json::from_str(&text.replace(old, new)).unwrap()
}

#[test]
fn what_awss_clients_sign_is_accepted() {
    for fixture in fixtures() {
        assert_eq!(at(&fixture, SIGNED_AT), Ok(()), "{} by {}", fixture["name"], fixture["by"]);
    }
}

#[test]
fn a_changed_body_is_refused() {
    // Neither a presigned request without a body nor a key is bound to one.
    for mut fixture in fixtures().into_iter().filter(|fixture| !fixture["name"].as_str().unwrap().contains("key")) {
        fixture["body"] = format!("{} ", fixture["body"].as_str().unwrap()).into();
        let refusal = at(&fixture, SIGNED_AT).unwrap_err();
        assert!(refusal.starts_with("403 InvalidSignatureException: The request signature we calculated"), "{refusal}");
        assert!(refusal.contains("\n\nThe Canonical String for this request should have been\n'"));
        assert!(refusal.contains("'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20250808T130625Z\n"));
        assert!(!refusal.contains(TOKEN), "a session token is not repeated");
    }
}

#[test]
fn each_mistake_is_told_in_awss_words() {
    let plain = fixture("boto3 converse");
    let cases = [
        (
            "bedrock/aws4",
            "bedrock-runtime/aws4",
            "403 InvalidSignatureException: Credential should be scoped to correct service: 'bedrock'. ",
        ),
        (
            "us-east-1/bedrock/aws4_request",
            "eu-west-1/s3/aws5_request",
            "403 InvalidSignatureException: Credential should be scoped to a valid region, not 'eu-west-1'. Credential should be scoped to correct service: 'bedrock'. Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. ",
        ),
        (
            "/20250808/",
            "/20250809/",
            "403 InvalidSignatureException: Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20250809' != '20250808', from '20250808T130625Z'.",
        ),
        (
            "AKIDEXAMPLE",
            "AKIDOTHER",
            "403 UnrecognizedClientException: The security token included in the request is invalid.",
        ),
        (
            "content-type;host;",
            "content-type;",
            "403 InvalidSignatureException: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        ),
        (
            "AWS4-HMAC-SHA256 ",
            "AWS4-HMAC-SHA512 ",
            "400 IncompleteSignatureException: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512' (only AWS4-HMAC-SHA256 for now). ",
        ),
        (
            "20250808T130625Z",
            "201",
            "400 IncompleteSignatureException: Date must be in ISO-8601 'basic format'. Got '201'. See http://en.wikipedia.org/wiki/ISO_8601",
        ),
        (
            "AKIDEXAMPLE/20250808",
            "AKIDEXAMPLE",
            "400 IncompleteSignatureException: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIDEXAMPLE/us-east-1/bedrock/aws4_request'",
        ),
    ];
    for (old, new, expected) in cases {
        assert_eq!(at(&replaced(&plain, old, new), SIGNED_AT).unwrap_err(), expected);
    }
}

#[test]
fn without_a_date_there_is_no_signature() {
    let undated = replaced(&fixture("boto3 converse"), "[\"x-amz-date\",", "[\"x-none\",");
    let refusal = at(&undated, SIGNED_AT).unwrap_err();
    let expected = "400 IncompleteSignatureException: Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with";
    assert!(refusal.starts_with(expected), "{refusal}");
}

#[test]
fn a_clock_may_be_off_by_five_minutes() {
    let plain = fixture("boto3 converse");
    for off in [-300i64, -1, 0, 300] {
        assert_eq!(at(&plain, SIGNED_AT.checked_add_signed(off).unwrap()), Ok(()), "{off}");
    }
    assert_eq!(
        at(&plain, SIGNED_AT + 301).unwrap_err(),
        "403 InvalidSignatureException: Signature expired: 20250808T130625Z is now earlier than 20250808T130626Z (20250808T131126Z - 5 min.)"
    );
    assert_eq!(
        at(&plain, SIGNED_AT - 301).unwrap_err(),
        "403 InvalidSignatureException: Signature not yet current: 20250808T130625Z is still later than 20250808T130624Z (20250808T130124Z + 5 min.)"
    );
}

#[test]
fn a_presigned_request_holds_as_long_as_it_says() {
    let presigned = fixture("presigned");
    assert_eq!(at(&presigned, SIGNED_AT + 3600), Ok(()));
    assert!(at(&presigned, SIGNED_AT + 3601).unwrap_err().ends_with("(20250808T140626Z - 60 min.)"));
    assert!(at(&replaced(&presigned, "a=x", "a=y"), SIGNED_AT).unwrap_err().contains("signature we calculated"));
    assert!(at(&replaced(&presigned, "Expires=3600", "Expires=9999"), SIGNED_AT).is_err());
}

#[test]
fn temporary_credentials_need_their_token_and_expire() {
    let invalid = "403 UnrecognizedClientException: The security token included in the request is invalid.";
    let signed = fixture("boto3 converse-stream to an ARN, session token");
    assert_eq!(outcome(&state(false, SIGNED_AT, |_| {}), &signed).unwrap_err(), invalid);
    assert_eq!(outcome(&state(true, SIGNED_AT, |_| {}), &fixture("boto3 converse")).unwrap_err(), invalid);
    assert_eq!(at(&replaced(&signed, TOKEN, "another"), SIGNED_AT).unwrap_err(), invalid);
    let until = |moment| state(true, SIGNED_AT, |options| options.credentials.expiration = Some(moment));
    assert_eq!(outcome(&until(SIGNED_AT + 1), &signed), Ok(()));
    assert_eq!(
        outcome(&until(SIGNED_AT), &signed).unwrap_err(),
        "403 ExpiredTokenException: The security token included in the request is expired"
    );
}

#[test]
fn bearer_keys_are_long_term_or_short_term() {
    let key = "403 AccessDeniedException: ";
    let short = fixture("short-term key");
    assert_eq!(at(&short, SIGNED_AT + 12 * 3600 - 1), Ok(()));
    assert_eq!(at(&short, SIGNED_AT + 12 * 3600).unwrap_err(), format!("{key}Bearer Token has expired"));
    let unknown = format!("{key}Authentication failed: Please make sure your API Key is valid.");
    let shown = |given: &str| {
        let mut fixture = short.clone();
        fixture["headers"][1][1] = format!("Bearer {given}").into();
        fixture
    };
    for other in ["ABSKother", "bedrock-api-key-", "bedrock-api-key-bm9uc2Vuc2U=", "bedrock-api-key-%"] {
        assert_eq!(at(&shown(other), SIGNED_AT).unwrap_err(), unknown, "{other}");
    }
    let form = format!("{key}Invalid API Key format: Must start with pre-defined prefix");
    assert_eq!(at(&shown("sk-abc"), SIGNED_AT).unwrap_err(), form);
    let known = state(false, SIGNED_AT, |options| {
        let key = |key: &str, expiration| BearerKey { key: key.into(), expiration };
        options.bearer_keys = vec![key("ABSKgood", None), key("ABSKold", Some(SIGNED_AT)), key("anything", None)];
    });
    assert_eq!(outcome(&known, &shown("ABSKgood")), Ok(()));
    assert_eq!(outcome(&known, &shown("anything")), Ok(()));
    assert_eq!(outcome(&known, &shown("ABSKold")).unwrap_err(), format!("{key}Bearer Token has expired"));
}

#[test]
fn a_key_is_derived_anew_for_another_day() {
    let shared = state(false, SIGNED_AT, |_| {});
    let plain = fixture("boto3 converse");
    assert_eq!(outcome(&shared, &plain), Ok(()));
    let tomorrow = replaced(&replaced(&plain, "20250808T13", "20250809T13"), "/20250808/", "/20250809/");
    let later = state(false, SIGNED_AT + 86_400, |_| {});
    assert!(outcome(&later, &tomorrow).unwrap_err().contains("signature we calculated"));
    assert_eq!(outcome(&shared, &plain), Ok(()));
}

proptest! {
    #[test]
    fn one_changed_digit_of_a_signature_is_noticed(which in 0..6usize, at_digit in 0..64usize) {
        let mut fixture = fixtures().swap_remove(which);
        let header = fixture["headers"].as_array_mut().unwrap().iter_mut().find(|header| header[0] == "authorization");
        let header = header.unwrap();
        let mut text = header[1].as_str().unwrap().to_owned();
        let place = text.len() - 64 + at_digit;
        let digit = if &text[place..=place] == "0" { "1" } else { "0" };
        text.replace_range(place..=place, digit);
        header[1] = text.into();
        prop_assert!(at(&fixture, SIGNED_AT).is_err());
    }

    #[test]
    fn no_header_and_no_query_breaks_it(header in "[ -~]{0,80}", query in "[a-zA-Z0-9%=&-]{0,80}") {
        let uri = format!("/model/a/converse?X-Amz-Algorithm=&{query}");
        for (uri, header) in [(uri.as_str(), None), ("/", Some(format!("AWS4-{header}"))), ("/", Some(format!("Bearer bedrock-api-key-{header}")))] {
            let mut request = Request::post(uri);
            if let Some(header) = header {
                request = request.header("authorization", header);
            }
            let head = request.body(()).unwrap().into_parts().0;
            let refused = check(&state(false, SIGNED_AT, |_| {}), &head, b"").is_err();
            prop_assert!(refused);
        }
    }
}
