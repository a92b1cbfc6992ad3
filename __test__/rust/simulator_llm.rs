//! The simulator in front of an OpenAI-compatible service: what that is asked, what becomes of its answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use bedrock_wrapper::simulator::frames::Reader;
use bedrock_wrapper::simulator::{Auth, Backend, Options, Running, Simulator};
use futures::StreamExt as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::http;

const NOVA: &str = "us.amazon.nova-lite-v1:0";
const HAIKU: &str = "anthropic.claude-3-haiku-20240307-v1:0";

/// A service that answers as it is told and remembers what it was asked.
#[derive(Clone, Default)]
struct Script {
    /// Status and body of each answer; the last one again and again.
    answers: Arc<Mutex<Vec<(u16, String)>>>,
    asked: Arc<Mutex<Vec<Value>>>,
    /// Streams whose client left.
    left: Arc<Mutex<usize>>,
}

impl Script {
    fn answering(answers: &[(u16, String)]) -> Script {
        Script { answers: Arc::new(Mutex::new(answers.to_vec())), ..Script::default() }
    }

    async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let models = || async { Json(json!({"data": [{"id": "nomic-embed-text"}, {"id": "qwen3:4b"}]})) };
        let router = Router::new()
            .route("/v1/models", get(models))
            .route("/v1/chat/completions", post(answer))
            .route("/v1/embeddings", post(answer))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn asked(&self, at: usize) -> Value {
        self.asked.lock().unwrap()[at].clone()
    }
}

async fn answer(State(script): State<Script>, body: Bytes) -> Response {
    script.asked.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
    let mut answers = script.answers.lock().unwrap();
    let (status, text) = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
    let body = if text == "endless" { endless(script.left.clone()) } else { Body::from(text) };
    Response::builder().status(status).body(body).unwrap()
}

/// A stream that goes on until nobody listens.
fn endless(left: Arc<Mutex<usize>>) -> Body {
    struct Leaving(Arc<Mutex<usize>>);
    impl Drop for Leaving {
        fn drop(&mut self) {
            *self.0.lock().unwrap() += 1;
        }
    }
    let leaving = Leaving(left);
    Body::from_stream(futures::stream::unfold(leaving, |leaving| async move {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Some((Ok::<_, std::io::Error>(sse(&[json!({"choices": [{"delta": {"content": "on "}}]})])), leaving))
    }))
}

fn sse(chunks: &[Value]) -> String {
    chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect()
}

fn completion(message: Value, reason: &str) -> String {
    let usage = json!({"prompt_tokens": 11, "completion_tokens": 7});
    json!({"choices": [{"index": 0, "message": message, "finish_reason": reason}], "usage": usage}).to_string()
}

async fn start(backend: Backend) -> Running {
    Simulator::start(Options { auth: Auth::Off, backend: Some(backend), ..Options::default() }).await.unwrap()
}

async fn ask(bedrock: &Running, path: &str, body: &Value) -> (u16, Value) {
    let answer = http::post(&bedrock.url(), path, &[], &body.to_string()).await;
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

fn question(text: &str) -> Value {
    json!({"messages": [{"role": "user", "content": [{"text": text}]}], "inferenceConfig": {"maxTokens": 50, "temperature": 0.5}})
}

#[tokio::test]
async fn a_whole_answer_with_tools_in_bedrocks_and_in_claudes_shape() {
    let call = json!({"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{\"city\":\"Oslo\"}"}});
    let message = json!({"role": "assistant", "content": "I look.", "tool_calls": [call]});
    let script = Script::answering(&[(200, completion(message, "tool_calls"))]);
    let bedrock = start(Backend::at(&script.serve().await, None).unwrap()).await;
    let mut body = question("The weather in Oslo?");
    body["toolConfig"] =
        json!({"tools": [{"toolSpec": {"name": "weather", "inputSchema": {"json": {"type": "object"}}}}]});
    let (status, answer) = ask(&bedrock, &format!("/model/{NOVA}/converse"), &body).await;
    assert_eq!(status, 200, "{answer}");
    let content = answer["output"]["message"]["content"].as_array().unwrap();
    assert_eq!(content[0], json!({"text": "I look."}));
    assert_eq!(
        (&content[1]["toolUse"]["name"], &content[1]["toolUse"]["input"]),
        (&json!("weather"), &json!({"city": "Oslo"}))
    );
    assert_eq!((&answer["stopReason"], &answer["usage"]["totalTokens"]), (&json!("tool_use"), &json!(18)));
    let asked = script.asked(0);
    assert_eq!(
        (&asked["model"], &asked["max_tokens"], &asked["temperature"]),
        (&json!("qwen3:4b"), &json!(50), &json!(0.5))
    );
    assert_eq!(asked["tools"][0]["function"]["name"], "weather");

    let claude = json!({
        "anthropic_version": "bedrock-2023-05-31", "max_tokens": 50,
        "messages": [{"role": "user", "content": "The weather in Oslo?"}],
        "tools": [{"name": "weather", "input_schema": {"type": "object"}}],
    });
    let (_, answer) = ask(&bedrock, &format!("/model/{HAIKU}/invoke"), &claude).await;
    assert_eq!((&answer["content"][1]["type"], &answer["stop_reason"]), (&json!("tool_use"), &json!("tool_use")));
    let journal = bedrock.state().journal();
    assert_eq!(journal["requests"][1]["answeredBy"], "backend qwen3:4b");
}

#[tokio::test]
async fn a_stream_comes_in_its_own_pieces_and_breaks_as_an_exception() {
    let chunk = |text: &str| json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]});
    let end = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    let good = sse(&[chunk("Hel"), chunk("lo"), end]) + "data: [DONE]\n\n";
    let cut = sse(&[chunk("Hel")]);
    let script = Script::answering(&[(200, good), (200, cut)]);
    let bedrock = start(Backend::at(&script.serve().await, None).unwrap()).await;
    let path = format!("/model/{NOVA}/converse-stream");
    let told = events(&http::post(&bedrock.url(), &path, &[], &question("Hi").to_string()).await.body);
    let texts: Vec<&str> = told.iter().filter_map(|(_, payload)| payload["delta"]["text"].as_str()).collect();
    assert_eq!(texts[..2], ["Hel", "lo"]);
    assert_eq!(told.iter().rev().nth(1).unwrap().1["stopReason"], "end_turn");
    assert_eq!(script.asked(0)["stream_options"], json!({"include_usage": true}));
    let broken = events(&http::post(&bedrock.url(), &path, &[], &question("Hi").to_string()).await.body);
    assert_eq!(broken.last().unwrap().0, "modelStreamErrorException", "{broken:?}");
}

fn events(bytes: &[u8]) -> Vec<(String, Value)> {
    let mut reader = Reader::default();
    reader.push(bytes);
    let frames = std::iter::from_fn(|| reader.frame().unwrap());
    frames
        .map(|frame| {
            let name = frame.header(":event-type").or(frame.header(":exception-type")).unwrap_or_default().to_owned();
            (name, serde_json::from_slice(frame.payload()).unwrap())
        })
        .collect()
}

#[tokio::test]
async fn the_next_target_is_asked_when_one_fails() {
    let busy = Script::answering(&[(503, json!({"error": {"message": "loading"}}).to_string())]);
    let good = Script::answering(&[(200, completion(json!({"content": "Here."}), "stop"))]);
    let busy_url = busy.serve().await;
    let map = format!(
        r#"
        [backends.gone]
        endpoint = "http://127.0.0.1:9/v1"
        [backends.busy]
        endpoint = "{}"
        [backends.good]
        endpoint = "{}"
        [aliases."amazon.nova-*"]
        targets = [{{ backend = "gone", tag = "a" }}, {{ backend = "busy", tag = "b" }}, {{ backend = "good", tag = "c" }}]
        [aliases."anthropic.*"]
        targets = [{{ backend = "busy", tag = "b" }}]
        "#,
        busy_url,
        good.serve().await,
    );
    let bedrock = start(Backend::parse(&map, &|_| None).unwrap()).await;
    let (status, answer) = ask(&bedrock, &format!("/model/{NOVA}/converse"), &question("Hi")).await;
    assert_eq!((status, &answer["output"]["message"]["content"][0]["text"]), (200, &json!("Here.")));
    assert_eq!((busy.asked(0)["model"].clone(), good.asked(0)["model"].clone()), (json!("b"), json!("c")));
    let claude = json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}]});
    let (status, refused) = ask(&bedrock, &format!("/model/{HAIKU}/invoke"), &claude).await;
    assert_eq!(
        (status, &refused["message"]),
        (503, &json!(format!("The backend at {busy_url} answered 503: loading")))
    );
}

#[tokio::test]
async fn services_that_take_texts_only_get_texts() {
    let refusal = json!({"error": {"message": "content must be a string"}}).to_string();
    let script = Script::answering(&[(400, refusal), (200, completion(json!({"content": "A dot."}), "stop"))]);
    let bedrock = start(Backend::at(&script.serve().await, None).unwrap()).await;
    let mut body = question("What is this?");
    let image = json!({"image": {"format": "png", "source": {"bytes": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}}});
    body["messages"][0]["content"].as_array_mut().unwrap().push(image);
    let (_, answer) = ask(&bedrock, &format!("/model/{NOVA}/converse"), &body).await;
    assert_eq!(answer["output"]["message"]["content"][0]["text"], "A dot.");
    assert_eq!(script.asked(0)["messages"][0]["content"][1]["type"], "image_url");
    assert_eq!(script.asked(1)["messages"][0]["content"], "What is this?\n\n[an image]");
}

#[tokio::test]
async fn who_leaves_a_stream_ends_it_at_the_service() {
    let script = Script::answering(&[(200, "endless".into())]);
    let bedrock = start(Backend::at(&script.serve().await, None).unwrap()).await;
    let url = format!("{}/model/{NOVA}/converse-stream", bedrock.url());
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
    let request =
        ::http::Request::post(url).body(http_body_util::Full::new(Bytes::from(question("Hi").to_string()))).unwrap();
    let mut body = http_body_util::BodyStream::new(client.request(request).await.unwrap().into_body());
    body.next().await.unwrap().unwrap();
    drop(body);
    for _ in 0..200 {
        if *script.left.lock().unwrap() == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the service goes on talking");
}

#[tokio::test]
async fn the_backend_is_told_of_and_exchanged_while_it_runs() {
    let first = Script::answering(&[(200, completion(json!({"content": "One."}), "stop"))]);
    let second = Script::answering(&[(200, completion(json!({"content": "Two."}), "stop"))]);
    let bedrock = start(Backend::at(&first.serve().await, Some("s3cret".into())).unwrap()).await;
    let converse = format!("/model/{NOVA}/converse");
    let said = |answer: Value| answer["output"]["message"]["content"][0]["text"].as_str().map(str::to_owned);
    assert_eq!(said(ask(&bedrock, &converse, &question("Hi")).await.1).as_deref(), Some("One."));
    let report = admin(&bedrock, "GET", "").await;
    let service = &report["services"][0];
    assert_eq!(
        (&service["requests"], &service["failures"], &service["reachable"]),
        (&json!(1), &json!(0), &json!(true))
    );
    assert_eq!(service["models"], json!(["nomic-embed-text", "qwen3:4b"]));
    assert!(service["p50"].is_number() && !report.to_string().contains("s3cret"), "{report}");
    let map = format!("[backends.other]\nendpoint = \"{}\"", second.serve().await);
    admin(&bedrock, "PUT", &map).await;
    assert_eq!(said(ask(&bedrock, &converse, &question("Hi")).await.1).as_deref(), Some("Two."));
    assert!(admin(&bedrock, "PUT", "[backends.x]").await["message"].as_str().unwrap().contains("needs an endpoint"));
    admin(&bedrock, "DELETE", "").await;
    assert_eq!(said(ask(&bedrock, &converse, &question("What is 1+1?")).await.1).as_deref(), Some("1 + 1 = 2"));
    assert!(admin(&bedrock, "GET", "").await["message"].as_str().unwrap().contains("no backend"));
}

async fn admin(bedrock: &Running, method: &str, body: &str) -> Value {
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
    let request = ::http::Request::builder().method(method).uri(format!("{}/_simulator/backend", bedrock.url()));
    let body = http_body_util::Full::new(Bytes::from(body.to_owned()));
    let answer = client.request(request.body(body).unwrap()).await.unwrap();
    let bytes = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn embeddings_fit_the_model_they_stand_for() {
    let vectors = json!({"data": [{"index": 0, "embedding": [3.0, 4.0]}]}).to_string();
    let script = Script::answering(&[(200, vectors)]);
    let bedrock = start(Backend::at(&script.serve().await, None).unwrap()).await;
    let body = json!({"inputText": "Hello", "dimensions": 256});
    let (status, answer) = ask(&bedrock, "/model/amazon.titan-embed-text-v2:0/invoke", &body).await;
    let embedding = answer["embedding"].as_array().unwrap();
    assert_eq!((status, embedding.len()), (200, 256));
    let numbers: Vec<f64> = embedding.iter().filter_map(Value::as_f64).take(3).collect();
    assert!(numbers.iter().zip([0.6, 0.8, 0.0]).all(|(given, wanted)| (given - wanted).abs() < 1e-6), "{numbers:?}");
    assert_eq!(script.asked(0), json!({"model": "nomic-embed-text", "input": ["Hello"]}));
    let (status, refused) =
        ask(&bedrock, "/model/amazon.titan-embed-text-v2:0/invoke", &json!({"inputText": ""})).await;
    assert_eq!(status, 400, "{refused}");
}
