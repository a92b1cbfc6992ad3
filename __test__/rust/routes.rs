//! Requests past the four operations, and functions that give credentials, at a server that writes down what it gets.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use bedrock_wrapper::client::Client;
use bedrock_wrapper::config::{Patience, Route};
use bedrock_wrapper::error::{Error, Kind, Result};
use bedrock_wrapper::transport::{Call, Host, Operation, Particulars, RawAnswer, RawCall};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::yield_now;

/// One request as it came.
#[derive(Clone, Debug)]
struct Seen {
    line: String,
    authorization: String,
    content_type: Option<String>,
    session_token: Option<String>,
    body: String,
}

type Journal = Arc<Mutex<Vec<Seen>>>;
type Script = fn(usize) -> Response;

/// A server that answers its n-th request as `script` says.
async fn server(script: Script) -> (String, Journal) {
    let journal = Journal::default();
    let seen = journal.clone();
    let answer = move |request: Request| {
        let seen = seen.clone();
        async move {
            let (head, body) = request.into_parts();
            let header = |name: &str| head.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
            let request = Seen {
                line: format!("{} {}", head.method, head.uri),
                authorization: header("authorization").unwrap_or_default(),
                content_type: header("content-type"),
                session_token: header("x-amz-security-token"),
                body: String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap(),
            };
            let mut seen = seen.lock().unwrap();
            seen.push(request);
            script(seen.len())
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    (url, journal)
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Body::from(body.to_owned())).unwrap()
}

fn client(options: Value) -> Client {
    Client::new(&options, &|_| None, None).unwrap()
}

fn keys(url: &str) -> Value {
    json!({"region": "eu-west-1", "accessKeyId": "AKIDEXAMPLE", "secretAccessKey": "secret", "baseURL": url})
}

async fn raw(client: &Client, route: Route, method: &'static str, path: &str, body: &str) -> Result<RawAnswer> {
    let (body, patience) = (Bytes::from(body.to_owned()), Patience::default());
    client.connection().send_raw(RawCall { route, region: None, method, path, headers: &[], body, patience }).await
}

async fn converse(client: &Client) -> Result<()> {
    let call = Call {
        operation: Operation::Converse,
        model_id: "amazon.nova-micro-v1:0",
        region: None,
        body: Bytes::from_static(b"{}"),
        patience: Patience::default(),
        particulars: Particulars::default(),
    };
    client.connection().send(call).await.map(drop)
}

#[tokio::test]
async fn a_request_passes_as_it_is_and_its_answer_too() {
    let (url, journal) = server(|_| answer(201, &[("x-request-id", "req_1")], "data: [DONE]\n\n")).await;
    let client = client(keys(&url));
    let mut got = raw(&client, Route::Mantle, "POST", "/openai/v1/chat/completions", "{\"a\":1}").await.unwrap();
    assert_eq!(got.status, 201);
    assert!(got.headers.contains(&("x-request-id".to_owned(), "req_1".to_owned())));
    assert_eq!(got.answer.whole().await.unwrap(), b"data: [DONE]\n\n");
    let seen = journal.lock().unwrap()[0].clone();
    assert_eq!((seen.line.as_str(), seen.body.as_str()), ("POST /openai/v1/chat/completions", "{\"a\":1}"));
    assert!(seen.authorization.contains("/eu-west-1/bedrock-mantle/aws4_request"), "{}", seen.authorization);
}

#[tokio::test]
async fn the_control_plane_and_the_runtime_are_signed_for_bedrock() {
    let (url, journal) = server(|_| answer(200, &[], "{}")).await;
    let client = client(keys(&url));
    raw(&client, Route::ControlPlane, "GET", "/foundation-models?byProvider=Amazon", "").await.unwrap();
    raw(&client, Route::RuntimeOpenAi, "POST", "/openai/v1/chat/completions", "{}").await.unwrap();
    let [models, chat]: [Seen; 2] = journal.lock().unwrap().clone().try_into().unwrap();
    assert_eq!(models.line, "GET /foundation-models?byProvider=Amazon");
    assert_eq!(models.content_type, None);
    for Seen { authorization, .. } in [&models, &chat] {
        assert!(authorization.contains("/eu-west-1/bedrock/aws4_request"), "{authorization}");
    }
    assert_eq!(chat.content_type.as_deref(), Some("application/json"));
}

#[tokio::test]
async fn an_api_key_needs_no_region_and_signs_nothing() {
    let (url, journal) = server(|_| answer(200, &[], "{}")).await;
    let client = client(json!({"apiKey": "ABSKexample", "baseURL": url}));
    for route in [Route::Mantle, Route::RuntimeOpenAi, Route::ControlPlane] {
        raw(&client, route, "GET", "/models", "").await.unwrap();
    }
    converse(&client).await.unwrap();
    let seen = journal.lock().unwrap();
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|seen| seen.authorization == "Bearer ABSKexample"), "{seen:?}");
}

#[tokio::test]
async fn errors_of_openais_form_are_answers() {
    let body = r#"{"error":{"message":"No such model","type":"invalid_request_error"}}"#;
    let (url, _) =
        server(|_| answer(404, &[], r#"{"error":{"message":"No such model","type":"invalid_request_error"}}"#)).await;
    let mut got = raw(&client(keys(&url)), Route::Mantle, "POST", "/v1/chat/completions", "{}").await.unwrap();
    assert_eq!((got.status, got.answer.whole().await.unwrap()), (404, body.as_bytes().to_vec()));
}

#[tokio::test]
async fn redirects_are_never_followed() {
    let (url, journal) = server(|_| answer(307, &[("location", "/elsewhere")], "")).await;
    for options in [keys(&url), json!({"apiKey": "ABSKexample", "baseURL": url})] {
        let client = client(options);
        let error = raw(&client, Route::Mantle, "POST", "/v1/chat/completions", "{}").await.err().unwrap();
        assert_eq!(error.status, Some(307));
        assert_eq!(converse(&client).await.unwrap_err().status, Some(307));
    }
    assert!(journal.lock().unwrap().iter().all(|seen| !seen.line.contains("elsewhere")));
}

/// Functions of a program: gives keys or tokens with the number of the call, and never runs twice at once.
#[derive(Debug, Default)]
struct Program {
    function: &'static str,
    more: Value,
    calls: AtomicU32,
    running: Arc<AtomicU32>,
}

impl Host for Program {
    fn offers(&self, function: &str) -> bool {
        self.function == function
    }

    fn ask(&self, _function: &str, _argument: Value) -> BoxFuture<'static, Result<Value>> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        assert_eq!(self.running.fetch_add(1, Ordering::SeqCst), 0, "asked twice at once");
        let (running, more) = (self.running.clone(), self.more.clone());
        async move {
            for _ in 0..20 {
                yield_now().await;
            }
            running.fetch_sub(1, Ordering::SeqCst);
            let mut answer = json!({
                "token": format!("token-{call}"),
                "accessKeyId": format!("AKID{call}"),
                "secretAccessKey": "secret",
                "sessionToken": format!("session-{call}"),
            });
            if more == "fails" {
                return Err(Error::new(Kind::Configuration, "the function failed").of_host_call(call));
            }
            if !more.is_null() {
                answer["expiration"] = more;
            }
            Ok(answer)
        }
        .boxed()
    }
}

fn asking(url: &str, function: &'static str, more: Value) -> (Arc<Client>, Arc<Program>) {
    let program = Arc::new(Program { function, more, ..Program::default() });
    let options = json!({"region": "eu-west-1", "baseURL": url});
    (Arc::new(Client::new(&options, &|_| None, Some(program.clone())).unwrap()), program)
}

const LONG_AGO: u64 = 1_000;
const FAR_AHEAD: u64 = 4_000_000_000_000;

#[tokio::test]
async fn a_function_is_asked_again_when_what_it_gave_has_ended() {
    for (function, more, calls) in [
        ("credentialProvider", Value::Null, 1),
        ("credentialProvider", json!(FAR_AHEAD), 1),
        ("credentialProvider", json!(LONG_AGO), 2),
        ("tokenProvider", Value::Null, 2),
        ("apiKey", Value::Null, 2),
        ("tokenProvider", json!(FAR_AHEAD), 1),
        ("tokenProvider", json!(LONG_AGO), 2),
    ] {
        let (url, journal) = server(|_| answer(200, &[], "{}")).await;
        let (client, program) = asking(&url, function, more.clone());
        converse(&client).await.unwrap();
        converse(&client).await.unwrap();
        assert_eq!(program.calls.load(Ordering::SeqCst), calls, "{function} {more}");
        let last = journal.lock().unwrap()[1].clone();
        match function {
            "credentialProvider" => assert_eq!(last.session_token, Some(format!("session-{calls}"))),
            _ => assert_eq!(last.authorization, format!("Bearer token-{calls}")),
        }
    }
}

#[tokio::test]
async fn calls_that_come_together_ask_once() {
    for function in ["credentialProvider", "tokenProvider"] {
        let (url, journal) = server(|_| answer(200, &[], "{}")).await;
        let (client, program) = asking(&url, function, Value::Null);
        let calls = (0..20).map(|_| {
            let client = client.clone();
            tokio::spawn(async move { converse(&client).await })
        });
        for done in futures::future::join_all(calls).await {
            done.unwrap().unwrap();
        }
        assert_eq!(journal.lock().unwrap().len(), 20);
        assert!(program.calls.load(Ordering::SeqCst) <= 2, "{function}");
    }
}

#[tokio::test]
async fn every_attempt_has_a_token_of_its_own() {
    let (url, journal) = server(|call| answer(if call == 1 { 503 } else { 200 }, &[], "{}")).await;
    let (client, _) = asking(&url, "tokenProvider", Value::Null);
    converse(&client).await.unwrap();
    let tokens: Vec<String> = journal.lock().unwrap().iter().map(|seen| seen.authorization.clone()).collect();
    assert_eq!(tokens, ["Bearer token-1", "Bearer token-2"]);
}

fn expired() -> Response {
    answer(403, &[("x-amzn-errortype", "ExpiredTokenException")], r#"{"message":"The security token is expired"}"#)
}

#[tokio::test]
async fn credentials_that_have_run_out_are_got_anew_once() {
    let (url, journal) = server(|call| if call == 1 { expired() } else { answer(200, &[], "{}") }).await;
    let (client, _) = asking(&url, "credentialProvider", Value::Null);
    converse(&client).await.unwrap();
    let sessions: Vec<_> = journal.lock().unwrap().iter().map(|seen| seen.session_token.clone().unwrap()).collect();
    assert_eq!(sessions, ["session-1", "session-2"]);

    let (url, journal) = server(|_| expired()).await;
    let (client, _) = asking(&url, "credentialProvider", json!(FAR_AHEAD));
    assert!(converse(&client).await.unwrap_err().has_expired_credentials());
    assert!(raw(&client, Route::Mantle, "GET", "/v1/models", "").await.err().unwrap().has_expired_credentials());
    assert_eq!(journal.lock().unwrap().len(), 4);

    let (url, journal) = server(|_| expired()).await;
    assert!(converse(&self::client(keys(&url))).await.is_err());
    assert_eq!(journal.lock().unwrap().len(), 1, "keys that were given stay what they are");
}

#[tokio::test]
async fn what_a_function_fails_with_is_told_as_it_is() {
    for function in ["credentialProvider", "tokenProvider", "apiKey"] {
        let (url, journal) = server(|_| answer(200, &[], "{}")).await;
        let (client, program) = asking(&url, function, json!("fails"));
        let error = converse(&client).await.unwrap_err();
        assert_eq!((error.message.as_str(), error.host_call), ("the function failed", Some(1)), "{function}");
        assert_eq!(raw(&client, Route::Mantle, "GET", "/", "").await.err().unwrap().host_call, Some(2));
        assert_eq!((journal.lock().unwrap().len(), program.calls.load(Ordering::SeqCst)), (0, 2), "no attempt more");
    }
}
