//! The operations beside Chat Completions as OpenAI's REST API has them: paths, statuses, headers, bodies.

use bedrock_wrapper::client::Client;
use bedrock_wrapper::client::openai::{Body, Call, Form, Payload, respond};
use serde_json::{Value, json};

use crate::openai_client::pair;

struct Told {
    status: u16,
    warnings: Value,
    body: Value,
}

async fn told(client: &Client, method: &str, path: &str, body: Value) -> Told {
    let json = if body.is_null() { String::new() } else { body.to_string() };
    let call = Call {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: Vec::new(),
        payload: Payload::of(json),
        form: Form::Items,
    };
    let answer = respond(client, call).await;
    let warnings = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-bedrock-warnings"));
    let Body::Whole(body) = answer.body else { panic!("{path} streams") };
    Told {
        status: answer.status,
        warnings: warnings.map_or(Value::Null, |(_, json)| serde_json::from_str(json).unwrap()),
        body: serde_json::from_str(&body).unwrap(),
    }
}

#[tokio::test]
async fn every_operation_has_its_path() {
    let (bedrock, client) = pair().await;
    for (method, path, body, member) in [
        ("POST", "/v1/embeddings", json!({"model": "cohere.embed-v4:0", "input": "Hi"}), "/data/0/embedding/0"),
        (
            "POST",
            "/v1/images/generations",
            json!({"model": "amazon.nova-canvas-v1:0", "prompt": "A cat", "size": "320x320"}),
            "/data/0/b64_json",
        ),
        (
            "POST",
            "/v1/rerank",
            json!({"model": "cohere.rerank-v3-5:0", "query": "a", "documents": ["a", "b"]}),
            "/results/0/relevance_score",
        ),
        ("GET", "/v1/models", Value::Null, "/data/0/id"),
        ("GET", "/v1/models/us.amazon.nova-lite-v1%3A0", Value::Null, "/owned_by"),
        (
            "GET",
            "/v1/models/arn:aws:bedrock:us-east-1::foundation-model%2Famazon.nova-lite-v1:0",
            Value::Null,
            "/owned_by",
        ),
    ] {
        let told = told(&client, method, path, body).await;
        assert_eq!((told.status, &told.warnings), (200, &Value::Null), "{path}: {}", told.body);
        assert!(told.body.pointer(member).is_some_and(|found| !found.is_null()), "{path}: {}", told.body);
    }
    bedrock.close().await;
}

#[tokio::test]
async fn what_is_wrong_has_openais_status_and_names_the_field() {
    let (bedrock, client) = pair().await;
    let titan = "amazon.titan-embed-text-v2:0";
    for (method, path, body, status, param, code) in [
        (
            "POST",
            "/embeddings",
            json!({"model": "text-embedding-3-small", "input": "Hi"}),
            404,
            "model",
            "model_not_found",
        ),
        ("POST", "/embeddings", json!({"model": titan}), 400, "input", "missing_required_parameter"),
        ("POST", "/embeddings", json!({"model": titan, "input": ["a", 7]}), 400, "input[1]", "invalid_type"),
        (
            "POST",
            "/embeddings",
            json!({"model": titan, "input": "a", "dimensions": 7}),
            400,
            "dimensions",
            "unsupported_value",
        ),
        (
            "POST",
            "/images/generations",
            json!({"model": "dall-e-3", "prompt": "A cat"}),
            404,
            "model",
            "model_not_found",
        ),
        (
            "POST",
            "/images/generations",
            json!({"model": "amazon.nova-canvas-v1:0", "prompt": "A cat", "stream": true}),
            400,
            "stream",
            "unsupported_parameter",
        ),
        (
            "POST",
            "/rerank",
            json!({"model": "cohere.rerank-v3-5:0", "query": "a"}),
            400,
            "documents",
            "missing_required_parameter",
        ),
        ("GET", "/models/gpt-4o", Value::Null, 404, "model", "model_not_found"),
    ] {
        let told = told(&client, method, path, body).await;
        let error = &told.body["error"];
        assert_eq!(
            (told.status, &error["param"], &error["code"]),
            (status, &json!(param), &json!(code)),
            "{path}: {error}"
        );
        assert!(error["message"].is_string() && error["type"] == "invalid_request_error", "{path}: {error}");
    }
    bedrock.close().await;
}

#[tokio::test]
async fn what_is_left_out_is_a_warning_or_with_strict_params_an_error() {
    let (bedrock, client) = pair().await;
    let body = || json!({"model": "amazon.titan-embed-text-v2:0", "input": "Hi", "user": "u-1"});
    let lax = told(&client, "POST", "/embeddings", body()).await;
    assert_eq!((lax.status, &lax.warnings[0]["param"]), (200, &json!("user")));
    let client = client.with(&json!({"strictParams": true}), "options").unwrap();
    let strict = told(&client, "POST", "/embeddings", body()).await;
    assert_eq!((strict.status, &strict.body["error"]["param"]), (400, &json!("user")));
    bedrock.close().await;
}
