//! Bodies of the models' own APIs, for programs that write them already: Claude's Messages over InvokeModel, OpenAI's Chat
//! Completions and Responses over bedrock-mantle or bedrock-runtime. What comes back is what those APIs answer with, errors
//! and streams included.

mod messages;
mod open_ai;
mod passing;
mod pieces;

pub use pieces::Pieces;

use super::Client;
use super::openai::Payload;
use crate::error::{Error, Result};
use crate::transport::RawAnswer;

/// Whose API a request is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Anthropic's Messages.
    Messages,
    /// OpenAI's Chat Completions and Responses.
    OpenAi,
}

/// A `POST` as clients of that API make it.
#[derive(Clone, Debug)]
pub struct Call {
    /// Whose API it is written for.
    pub api: Api,
    /// The path of the URL, below any base.
    pub path: String,
    /// Headers; names are compared without regard to case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub payload: Payload,
}

/// An answer whose status is known.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

/// The body of an [`Answer`].
pub enum Body {
    /// All of it.
    Whole(String),
    /// Piece by piece.
    Streamed(Box<Pieces>),
}

const JSON: &str = "application/json";

/// Headers of a request that are not the model's business: keys for somebody else's API, and what is said of a connection
/// or a signature that is not made yet.
const NOT_SENT: &[&str] = &[
    "accept",
    "accept-encoding",
    "anthropic-beta",
    "anthropic-version",
    "api-key",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "transfer-encoding",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-api-key",
];

/// Headers of an answer that are true of AWS's body or connection only.
const NOT_TOLD: &[&str] = &["connection", "content-length", "content-type", "keep-alive", "transfer-encoding"];

/// Answers a call with whatever comes: an error that has a status is an answer as well.
pub async fn answer(client: &Client, call: Call) -> Result<Answer> {
    let api = call.api;
    let answered = match api {
        Api::Messages => messages::answer(client, call).await,
        Api::OpenAi => open_ai::answer(client, call).await,
    };
    match answered {
        Err(error) if error.status.is_some() => Ok(Answer::refusal(api, &error)),
        other => other,
    }
}

impl Answer {
    /// What `error` is as an answer of `api`.
    fn refusal(api: Api, error: &Error) -> Answer {
        let body = match api {
            Api::Messages => messages::error_body(error),
            Api::OpenAi => open_ai::error_body(error),
        };
        let mut headers = vec![("content-type".to_owned(), JSON.to_owned())];
        let mut tell = |name: &str, value: Option<String>| headers.extend(value.map(|value| (name.to_owned(), value)));
        tell("x-amzn-errortype", error.exception().map(str::to_owned));
        tell("x-amzn-requestid", error.request_id.clone());
        tell("retry-after-ms", error.retry_after.map(|wait| wait.as_millis().to_string()));
        Answer { status: error.status.unwrap_or(500), headers, body: Body::Whole(body) }
    }
}

/// The headers that go along to AWS, those of `kept` too, with the type of the body.
fn sent<'a>(headers: &'a [(String, String)], kept: &[&str]) -> Vec<(&'a str, &'a str)> {
    let others = headers.iter().filter(|(name, _)| !is_among(NOT_SENT, name) || is_among(kept, name));
    let others = others.map(|(name, value)| (name.as_str(), value.as_str()));
    [("content-type", JSON)].into_iter().chain(others).collect()
}

/// The headers of AWS's answer, with the type that the body has here.
fn told(raw: &RawAnswer, content_type: Option<&str>) -> Vec<(String, String)> {
    let own = raw.headers.iter().find(|(name, _)| name == "content-type").map(|(_, kind)| kind.as_str());
    let content_type = content_type.or(own).map(|kind| ("content-type".to_owned(), kind.to_owned()));
    let others = raw.headers.iter().filter(|(name, _)| !is_among(NOT_TOLD, name)).cloned();
    content_type.into_iter().chain(others).collect()
}

fn is_among(list: &[&str], name: &str) -> bool {
    list.iter().any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn keys_for_others_and_signatures_stay_here() {
        let given = [("X-Api-Key", "unused"), ("Authorization", "Bearer x"), ("traceparent", "00-1"), ("Host", "a")];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(sent(&given, &[]), [("content-type", JSON), ("traceparent", "00-1")]);
    }

    #[test]
    fn an_error_with_a_status_is_an_answer_in_the_words_of_the_api() {
        let error = Error::service("ExpiredTokenException", "It has expired.").answered(Some(403), Some("r-1".into()));
        let answer = Answer::refusal(Api::Messages, &error);
        assert_eq!(answer.status, 403);
        assert!(answer.headers.contains(&("x-amzn-errortype".into(), "ExpiredTokenException".into())));
        assert!(answer.headers.contains(&("x-amzn-requestid".into(), "r-1".into())));
        let Body::Whole(body) = answer.body else { unreachable!() };
        assert!(body.contains(r#""type":"permission_error""#), "{body}");
        assert_eq!(Error::new(Kind::Connection, "no").status, None, "this one is thrown");
    }

    #[test]
    fn lists_of_headers_are_sorted_and_in_lower_case() {
        for list in [NOT_SENT, NOT_TOLD] {
            assert!(list.is_sorted());
            assert!(list.iter().all(|name| *name == name.to_ascii_lowercase()));
        }
    }
}
