//! VCR's YAML, as vcrpy and pytest-recording write it: `interactions`, each a `request` (`method`, `uri`, `body`) and a
//! `response` (`status.code`, `headers` as lists, `body.string` or `body.base64_string`).

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::interaction::{Interaction, Request, Response, text_or_json};
use super::yaml::{self, BINARY};

/// The interactions of a file.
pub(super) fn read(text: &str) -> Result<Vec<Interaction>, String> {
    let file = yaml::parse(text)?;
    let interactions = file["interactions"].as_array().ok_or("`interactions` is missing")?;
    let numbered = interactions.iter().enumerate();
    numbered.map(|(at, one)| read_one(one).map_err(|problem| format!("interaction {}: {problem}", at + 1))).collect()
}

fn read_one(interaction: &Value) -> Result<Interaction, String> {
    let (request, response) = (&interaction["request"], &interaction["response"]);
    let uri = request["uri"].as_str().ok_or("`request.uri` is missing")?;
    let status = response["status"]["code"].as_u64().and_then(|code| u16::try_from(code).ok());
    let body = bytes(&response["body"])?;
    let (method, path) = (request["method"].as_str().unwrap_or("POST").to_owned(), path_of(uri)?);
    let request = Request { method, path, headers: Default::default(), body: text_or_json(&bytes(&request["body"])?) };
    let status = status.ok_or("`response.status.code` is missing")?;
    let headers = headers(&response["headers"]);
    Ok(Interaction { request, response: Response::of(status, &headers, Duration::ZERO, &[(Duration::ZERO, body)]) })
}

/// Path and query as they were sent.
fn path_of(uri: &str) -> Result<String, String> {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    rest.find('/').and_then(|at| rest.get(at..)).map(str::to_owned).ok_or_else(|| format!("{uri:?} has no path"))
}

fn bytes(body: &Value) -> Result<Bytes, String> {
    let decoded =
        |text: &str| BASE64_STANDARD.decode(text).map(Bytes::from).map_err(|error| format!("base64: {error}"));
    match body {
        Value::Null => Ok(Bytes::new()),
        Value::String(text) => Ok(Bytes::from(text.clone())),
        Value::Object(members) => match (members.get(BINARY), members.get("string"), members.get("base64_string")) {
            (Some(Value::String(text)), ..) => decoded(text),
            (_, Some(string), _) => bytes(string),
            (_, _, Some(Value::String(text))) => decoded(&text.split_whitespace().collect::<String>()),
            _ => Err("a body is a text, or has `string` or `base64_string`".into()),
        },
        other => Ok(Bytes::from(other.to_string())),
    }
}

fn headers(given: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, values) in given.as_object().into_iter().flatten() {
        let values = values.as_array().map_or(std::slice::from_ref(values), Vec::as_slice);
        for value in values.iter().filter_map(Value::as_str) {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
                headers.append(name, value);
            }
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::frames::Frame;
    use serde_json::json;

    #[test]
    fn texts_and_streams_are_read() {
        let frame = Frame::event("messageStart", r#"{"role":"assistant"}"#).encode();
        let stream = BASE64_STANDARD.encode(frame);
        let text = format!(
            "interactions:
- request:
    body: '{{\"messages\": []}}'
    headers: {{}}
    method: POST
    uri: https://bedrock-runtime.us-east-1.amazonaws.com/model/a.b-v1%3A0/converse
  response:
    body: {{string: '{{\"stopReason\":\"end_turn\"}}'}}
    headers: {{Content-Type: [application/json], Set-Cookie: [x]}}
    status: {{code: 200, message: OK}}
- request: {{body: null, method: POST, uri: 'https://h/model/a.b/converse-stream'}}
  response:
    body:
      base64_string: {stream}
    headers:
      Content-Type:
      - application/vnd.amazon.eventstream
    status:
      code: 200
"
        );
        let read = read(&text).unwrap();
        assert_eq!(
            serde_json::to_value(&read).unwrap(),
            json!([
                {
                    "request": {"method": "POST", "path": "/model/a.b-v1%3A0/converse", "body": "{\"messages\": []}"},
                    "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": {"stopReason": "end_turn"}},
                },
                {
                    "request": {"method": "POST", "path": "/model/a.b/converse-stream"},
                    "response": {
                        "status": 200,
                        "headers": {"content-type": "application/vnd.amazon.eventstream"},
                        "frames": [{"event": "messageStart", "payload": {"role": "assistant"}}],
                    },
                },
            ])
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        for (text, problem) in [
            ("[]", "`interactions` is missing"),
            ("interactions: [{}]", "interaction 1: `request.uri` is missing"),
            ("interactions: [{request: {uri: 'http://h/a'}}]", "interaction 1: `response.status.code` is missing"),
        ] {
            assert_eq!(read(text).unwrap_err(), problem);
        }
    }
}
