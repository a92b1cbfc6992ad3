//! Which of OpenAI's REST operations a path means. The part before it is the caller's base URL and may be anything.

use percent_encoding::percent_decode_str;

use crate::error::{Error, Kind, Result};

/// An operation of OpenAI's REST API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// `POST …/chat/completions`
    ChatCompletions,
    /// `POST …/embeddings`
    Embeddings,
    /// `POST …/images/generations`
    Images,
    /// `POST …/rerank`
    Rerank,
    /// `POST …/moderations`
    Moderations,
    /// `GET …/models`
    Models,
    /// `GET …/models/{model}`; the model is decoded, and may hold slashes.
    Model(String),
}

/// How a path ends, what it is asked with, and what it means.
const ENDINGS: &[(&str, &str, Route)] = &[
    ("/chat/completions", "POST", Route::ChatCompletions),
    ("/embeddings", "POST", Route::Embeddings),
    ("/images/generations", "POST", Route::Images),
    ("/models", "GET", Route::Models),
    ("/moderations", "POST", Route::Moderations),
    ("/rerank", "POST", Route::Rerank),
];

/// Finds the operation; `path` may hold a query, which says nothing here.
pub(super) fn route(method: &str, path: &str) -> Result<Route> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.strip_suffix('/').unwrap_or(path);
    if let Some((_, model)) = path.split_once("/models/") {
        let model = percent_decode_str(model).decode_utf8_lossy().into_owned();
        return allowed(method, "GET", path, Route::Model(model));
    }
    match ENDINGS.iter().find(|(ending, ..)| path.ends_with(ending)) {
        Some((_, wanted, route)) => allowed(method, wanted, path, route.clone()),
        None => {
            let known: Vec<&str> = ENDINGS.iter().map(|(ending, ..)| *ending).collect();
            let message = format!("Unknown request URL: {method} {path}. Served are {}.", known.join(", "));
            Err(Error::new(Kind::UnknownUrl, message))
        }
    }
}

fn allowed(method: &str, wanted: &str, path: &str, route: Route) -> Result<Route> {
    if method.eq_ignore_ascii_case(wanted) {
        return Ok(route);
    }
    let message = format!("{method} is not allowed for {path}; use {wanted}.");
    Err(Error::new(Kind::MethodNotAllowed, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_base_url_will_do_and_models_may_hold_slashes() {
        for base in ["", "/v1", "/openai/v1", "/api/v1"] {
            let of = |method: &str, path: &str| route(method, &format!("{base}{path}")).unwrap();
            assert_eq!(of("POST", "/chat/completions"), Route::ChatCompletions);
            assert_eq!(of("post", "/embeddings?api-version=1"), Route::Embeddings);
            assert_eq!(of("GET", "/models/"), Route::Models);
            let arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1";
            assert_eq!(of("GET", &format!("/models/{arn}")), Route::Model(arn.to_owned()));
            assert_eq!(of("GET", &format!("/models/{}", arn.replace('/', "%2F"))), Route::Model(arn.to_owned()));
        }
    }

    #[test]
    fn what_is_not_served_is_told() {
        assert_eq!(route("POST", "/v1/responses").unwrap_err().kind, Kind::UnknownUrl);
        assert_eq!(route("GET", "/v1/embeddings").unwrap_err().kind, Kind::MethodNotAllowed);
        assert_eq!(route("DELETE", "/v1/models/x").unwrap_err().kind, Kind::MethodNotAllowed);
    }
}
