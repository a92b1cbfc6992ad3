//! OpenAI's Chat Completions and Responses, which bedrock-mantle and bedrock-runtime have themselves: bodies, answers and
//! events pass as they are.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::passing::{Form, Passing, pass};
use super::{Answer, Call, sent};
use crate::catalog::Id;
use crate::client::Client;
use crate::config::Route;
use crate::dialect::chat::error::ApiError;
use crate::error::{Error, Kind, Result};
use crate::transport::api_root;

/// What passes, and in whose words.
const PATHS: &[(&str, Form)] = &[("/chat/completions", Form::ChatCompletions), ("/responses", Form::Responses)];

/// What `@ai-sdk/openai` asks for with a web search, and `@ai-sdk/amazon-bedrock` 5.0.101 does not at bedrock-mantle.
const WEB_SOURCES: &str = "web_search_call.action.sources";

/// What of a body says where it goes.
#[derive(Deserialize)]
struct Named {
    model: String,
}

/// Sends a body of OpenAI's as it is and answers with what comes.
pub(super) async fn answer(client: &Client, call: Call) -> Result<Answer> {
    let Some((operation, form)) = PATHS.iter().find(|(path, _)| call.path.ends_with(path)) else {
        let known: Vec<&str> = PATHS.iter().map(|(path, _)| *path).collect();
        let message = format!("Bedrock has no {} of OpenAI's API. Served are {}.", call.path, known.join(", "));
        return Err(Error::new(Kind::UnknownUrl, message));
    };
    let (model, body) = call.payload.read(read).await?;
    let route = route(client, &model);
    let endpoints = &client.connection().account().endpoints;
    let path = format!("{}{operation}", api_root(endpoints, route, &model));
    let headers = sent(&call.headers, &[]);
    pass(client, Passing { form: *form, route, path: &path, headers: &headers, body }).await
}

/// The body of an answer that is an error.
pub(super) fn error_body(error: &Error) -> String {
    ApiError::of(error).body()
}

/// The model that a body names, and the body.
fn read(json: String) -> Result<(String, Bytes)> {
    let named: Named = serde_json::from_str(&json).map_err(|error| {
        let message = format!("The request body is no JSON object with a model: {error}.");
        Error::new(Kind::InvalidRequest, message).at("model")
    })?;
    let body = if json.contains(WEB_SOURCES) { without_web_sources(&json) } else { json };
    Ok((named.model, Bytes::from(body)))
}

/// Without what bedrock-mantle does not know among the things that an answer is to include.
fn without_web_sources(json: &str) -> String {
    let Ok(mut body) = serde_json::from_str::<Value>(json) else { return json.to_owned() };
    if let Some(include) = body.get_mut("include").and_then(Value::as_array_mut) {
        include.retain(|wanted| wanted != WEB_SOURCES);
    }
    body.to_string()
}

/// Where the settings say; else inference profiles to bedrock-runtime, which alone has them, and models to bedrock-mantle.
fn route(client: &Client, model: &str) -> Route {
    let account = client.connection().account();
    let is_profile = || Id::parse(model).is_some_and(|id| id.geography.is_some());
    match account.route {
        Some(Route::RuntimeOpenAi) => Route::RuntimeOpenAi,
        None if is_profile() => Route::RuntimeOpenAi,
        _ => Route::Mantle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn client(options: Value) -> Client {
        Client::new(&options, &|_| None, None).unwrap()
    }

    #[test]
    fn settings_say_where_a_body_goes_and_else_its_model() {
        let usual = client(json!({"region": "us-east-1", "apiKey": "k"}));
        assert_eq!(route(&usual, "openai.gpt-oss-120b"), Route::Mantle);
        assert_eq!(route(&usual, "us.openai.gpt-5.6-sol"), Route::RuntimeOpenAi);
        let runtime = client(json!({"region": "us-east-1", "apiKey": "k", "endpoint": "runtime"}));
        assert_eq!(route(&runtime, "openai.gpt-oss-120b"), Route::RuntimeOpenAi);
        let mantle = client(json!({"region": "us-east-1", "apiKey": "k", "endpoint": "mantle"}));
        assert_eq!(route(&mantle, "us.openai.gpt-5.6-sol"), Route::Mantle);
    }

    #[test]
    fn a_body_is_not_changed() {
        let json = r#"{ "stream": true, "model":"m", "x":1.0e2 }"#;
        let (model, body) = read(json.to_owned()).unwrap();
        assert_eq!((model.as_str(), body.as_ref()), ("m", json.as_bytes()));
        let (_, body) = read(r#"{"model":"m","include":["a","web_search_call.action.sources"]}"#.to_owned()).unwrap();
        assert_eq!(body.as_ref(), br#"{"model":"m","include":["a"]}"#);
        assert_eq!(read("{}".to_owned()).unwrap_err().param.as_deref(), Some("model"));
    }
}
