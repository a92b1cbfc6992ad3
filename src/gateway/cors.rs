//! Which web pages may call: CORS, as the Fetch Standard has it. Without `allowed_origins` none is told that it may.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN, VARY,
};
use http::{HeaderMap, Method, Response, StatusCode};

use super::body::AnswerBody;

/// What a page may read of an answer's head, beside what every page may.
const EXPOSED: &str = "x-request-id, retry-after, retry-after-ms, x-should-retry, x-amzn-requestid, x-bedrock-model-id, \
                       x-bedrock-region, x-bedrock-warnings, x-ratelimit-limit-requests, x-ratelimit-limit-tokens, \
                       x-ratelimit-remaining-requests, x-ratelimit-remaining-tokens, x-ratelimit-reset-requests, \
                       x-ratelimit-reset-tokens";

/// Headers that pages may send where they do not say which.
const USUAL: &str = "authorization, content-type, x-request-id";

/// For how long a browser may remember that it may: two hours, the most that Chromium does.
const REMEMBERED: &str = "7200";

/// Whether a request asks if it might be made.
pub(super) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS && headers.contains_key(ORIGIN) && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to such a request; whether the page may is in the header that [`dress`] adds.
pub(super) fn preflight(asked: &HeaderMap, allowed: &[String]) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::whole(""));
    *response.status_mut() = StatusCode::NO_CONTENT;
    if origin(asked, allowed).is_some() {
        let wanted = asked.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST, OPTIONS"));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.unwrap_or(HeaderValue::from_static(USUAL)));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(REMEMBERED));
    }
    response
}

/// Adds to an answer what a browser wants to see before its page may read it. There is nothing for credentials: keys come
/// in a header that the page itself sets.
pub(super) fn dress(answer: &mut HeaderMap, asked: Option<&HeaderValue>, allowed: &[String]) {
    if allowed.is_empty() {
        return;
    }
    if !allowed.iter().any(|allowed| allowed == "*") {
        // What is kept for one origin is not to be given to another.
        answer.append(VARY, HeaderValue::from_static("origin"));
    }
    if let Some(origin) = asked.and_then(|asked| permitted(asked, allowed)) {
        answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        answer.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}

fn origin(asked: &HeaderMap, allowed: &[String]) -> Option<HeaderValue> {
    permitted(asked.get(ORIGIN)?, allowed)
}

fn permitted(asked: &HeaderValue, allowed: &[String]) -> Option<HeaderValue> {
    if allowed.iter().any(|allowed| allowed == "*") {
        return Some(HeaderValue::from_static("*"));
    }
    let text = asked.to_str().ok()?;
    allowed.iter().any(|allowed| allowed.trim_end_matches('/').eq_ignore_ascii_case(text)).then(|| asked.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dressed(origin: &str, allowed: &[&str]) -> HeaderMap {
        let allowed: Vec<String> = allowed.iter().map(|&allowed| allowed.to_owned()).collect();
        let mut answer = HeaderMap::new();
        dress(&mut answer, Some(&origin.parse().unwrap()), &allowed);
        assert!(!answer.contains_key("access-control-allow-credentials"));
        answer
    }

    #[test]
    fn only_pages_that_may_are_told_so() {
        assert!(dressed("https://a.example", &[]).is_empty());
        assert_eq!(dressed("https://a.example", &["*"])[ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        let own = dressed("https://a.example", &["https://b.example", "https://A.example/"]);
        assert_eq!(
            (&own[ACCESS_CONTROL_ALLOW_ORIGIN], &own[VARY]),
            (&"https://a.example".parse().unwrap(), &"origin".parse().unwrap())
        );
        let other = dressed("https://a.example.evil", &["https://a.example"]);
        assert!(!other.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) && other.contains_key(VARY));
    }

    #[test]
    fn a_preflight_is_told_what_it_asks_for() {
        let asked = HeaderMap::from_iter([
            (ORIGIN, "https://a.example".parse().unwrap()),
            (ACCESS_CONTROL_REQUEST_METHOD, "POST".parse().unwrap()),
            (ACCESS_CONTROL_REQUEST_HEADERS, "authorization, x-stainless-os".parse().unwrap()),
        ]);
        assert!(is_preflight(&Method::OPTIONS, &asked) && !is_preflight(&Method::POST, &asked));
        let answer = preflight(&asked, &["https://a.example".to_owned()]);
        assert_eq!(answer.headers()[ACCESS_CONTROL_ALLOW_HEADERS], "authorization, x-stainless-os");
        assert!(preflight(&asked, &["https://b.example".to_owned()]).headers().is_empty());
    }
}
