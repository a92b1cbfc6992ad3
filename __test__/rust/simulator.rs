//! The simulator over real sockets: with AWS's own client for what AWS promises, and with bare TCP for what it does not.

use std::time::Duration;

use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use aws_sdk_bedrockruntime::error::ProvideErrorMetadata;
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ContentBlockDelta, ConversationRole, ConverseStreamOutput, InferenceConfiguration, Message,
    ResponseStream,
};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use bedrock_wrapper::simulator::{Action, Auth, Fault, Options, Physics, Running, Simulator};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const HAIKU: &str = "anthropic.claude-3-haiku-20240307-v1:0";
const NOVA: &str = "us.amazon.nova-lite-v1:0";

async fn start(options: Options) -> Running {
    Simulator::start(options).await.unwrap()
}

fn client(bedrock: &Running) -> Client {
    let keys = &bedrock.state().options().credentials;
    client_with(bedrock, &keys.access_key_id, &keys.secret_access_key, keys.session_token.clone())
}

fn client_with(bedrock: &Running, key: &str, secret: &str, token: Option<String>) -> Client {
    let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let config = aws_sdk_bedrockruntime::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(bedrock.state().options().region.clone()))
        .endpoint_url(bedrock.url())
        .credentials_provider(Credentials::new(key, secret, token, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(http)
        .build();
    Client::from_conf(config)
}

fn user(text: &str) -> Message {
    Message::builder().role(ConversationRole::User).content(ContentBlock::Text(text.into())).build().unwrap()
}

async fn converse(client: &Client, model: &str, text: &str) -> Result<String, (String, String)> {
    match client.converse().model_id(model).messages(user(text)).send().await {
        Ok(answer) => {
            let message = answer.output().unwrap().as_message().unwrap().clone();
            Ok(message.content().iter().filter_map(|block| block.as_text().ok()).cloned().collect())
        }
        Err(error) => Err((error.code().unwrap_or("none").into(), error.message().unwrap_or_default().into())),
    }
}

/// The text of a stream, and the error that ended it if one did.
async fn converse_stream(client: &Client, text: &str) -> (String, Option<String>) {
    let answer = client.converse_stream().model_id(NOVA).messages(user(text)).send().await.unwrap();
    let (mut stream, mut told) = (answer.stream, String::new());
    loop {
        match stream.recv().await {
            Ok(Some(ConverseStreamOutput::ContentBlockDelta(event))) => {
                if let Some(ContentBlockDelta::Text(piece)) = event.delta() {
                    told.push_str(piece);
                }
            }
            Ok(Some(_)) => {}
            Ok(None) => return (told, None),
            Err(error) => return (told, Some(format!("{error:?}"))),
        }
    }
}

fn claude(text: &str) -> Blob {
    let messages = json!([{"role": "user", "content": text}]);
    let body = json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "messages": messages});
    Blob::new(body.to_string())
}

#[tokio::test]
async fn the_four_operations_answer_awss_own_client() {
    let bedrock = start(Options::default()).await;
    let client = client(&bedrock);
    assert_eq!(converse(&client, NOVA, "Count from 1 to 3").await, Ok("1, 2, 3".into()));
    assert_eq!(converse_stream(&client, "Count from 1 to 3").await, ("1, 2, 3".into(), None));

    let answer = client.invoke_model().model_id(HAIKU).body(claude("What is 1+1?")).send().await.unwrap();
    let body: Value = serde_json::from_slice(answer.body().as_ref()).unwrap();
    assert_eq!((body["content"][0]["text"].as_str(), answer.content_type()), (Some("1 + 1 = 2"), "application/json"));

    let answer = client.invoke_model_with_response_stream().model_id(HAIKU).body(claude("What is 1+1?"));
    let mut stream = answer.send().await.unwrap().body;
    let mut told = String::new();
    while let Some(ResponseStream::Chunk(chunk)) = stream.recv().await.unwrap() {
        let chunk: Value = serde_json::from_slice(chunk.bytes().unwrap().as_ref()).unwrap();
        told.push_str(chunk["delta"]["text"].as_str().unwrap_or_default());
    }
    assert_eq!(told, "1 + 1 = 2");
    let journal = bedrock.state().journal();
    let names: Vec<_> =
        journal["requests"].as_array().unwrap().iter().map(|entry| entry["operation"].clone()).collect();
    assert_eq!(names, ["Converse", "ConverseStream", "InvokeModel", "InvokeModelWithResponseStream"]);
    assert_eq!((&journal["connections"], &journal["disconnectedEarly"]), (&json!(1), &json!(0)));
    bedrock.close().await;
}

#[tokio::test]
async fn usage_and_stop_reason_follow_the_request() {
    let bedrock = start(Options::default()).await;
    let limits = InferenceConfiguration::builder().max_tokens(3).stop_sequences("9").build();
    let request = client(&bedrock).converse().model_id(NOVA).messages(user("Count from 1 to 9"));
    let answer = request.inference_config(limits).send().await.unwrap();
    assert_eq!(answer.stop_reason().as_str(), "max_tokens");
    assert_eq!(answer.usage().unwrap().output_tokens(), 3);
}

#[tokio::test]
async fn strict_signatures_with_and_without_a_session_token() {
    let mut options = Options::default();
    options.credentials.session_token = Some("a-session-token".into());
    let bedrock = start(options).await;
    assert!(converse(&client(&bedrock), NOVA, "Hello").await.is_ok());
    let keys = bedrock.state().options().credentials.clone();
    let token = keys.session_token.clone();
    let cases = [
        (client_with(&bedrock, "AKIAOTHER", &keys.secret_access_key, token.clone()), "UnrecognizedClientException"),
        (client_with(&bedrock, &keys.access_key_id, "wrong", token), "InvalidSignatureException"),
        (client_with(&bedrock, &keys.access_key_id, &keys.secret_access_key, None), "UnrecognizedClientException"),
    ];
    for (client, expected) in cases {
        assert_eq!(converse(&client, NOVA, "Hello").await.unwrap_err().0, expected);
    }
}

#[tokio::test]
async fn ids_and_arns_of_every_kind() {
    let bedrock = start(Options::default()).await;
    let client = client(&bedrock);
    let account = "arn:aws:bedrock:us-east-1:123456789012";
    for id in [
        HAIKU.to_owned(),
        format!("{account}:inference-profile/us.anthropic.claude-sonnet-4-6"),
        format!("{account}:application-inference-profile/1arbu5hu2sjr"),
        format!("{account}:imported-model/abcdefghijkl"),
        "arn:aws:sagemaker:us-east-1:123456789012:endpoint/quick-start".to_owned(),
    ] {
        assert_eq!(converse(&client, &id, "What is 2+2?").await, Ok("2 + 2 = 4".into()), "{id}");
    }
    let unknown = converse(&client, "us.amazon.nova-micro-v1:O", "x").await.unwrap_err();
    assert_eq!(unknown, ("ValidationException".into(), "The provided model identifier is invalid.".into()));
}

#[tokio::test]
async fn errors_before_the_answer() {
    let bedrock = start(Options::default()).await;
    let client = client(&bedrock);
    let error =
        Action::Error { code: "ThrottlingException".into(), message: None, retry_after: Some(1), details: Map::new() };
    bedrock.state().account().add_fault(Fault::times(error, 2));
    for _ in 0..2 {
        let refusal = converse(&client, NOVA, "Hello").await.unwrap_err();
        assert_eq!(refusal.0, "ThrottlingException");
        assert_eq!(refusal.1, "Too many requests, please wait before trying again.");
    }
    assert!(converse(&client, NOVA, "Hello").await.is_ok());
    bedrock.state().account().add_fault(Fault::once(Action::Reset { frame: 0 }));
    assert_eq!(converse(&client, NOVA, "Hello").await.unwrap_err().0, "none");
    bedrock.state().account().add_fault(Fault::once(Action::Truncate { frame: 0 }));
    assert_eq!(converse(&client, NOVA, "Hello").await.unwrap_err().0, "none");
    assert!(converse(&client, NOVA, "Hello").await.is_ok());
}

#[tokio::test]
async fn errors_in_the_stream_come_after_what_was_sent() {
    let bedrock = start(Options::default()).await;
    let client = client(&bedrock);
    let frame = 3;
    let cases = [
        (
            Action::Exception { code: "ModelStreamErrorException".into(), message: None, details: Map::new(), frame },
            "ModelStreamErrorException",
        ),
        (Action::ErrorFrame { code: "InternalFailure".into(), message: "x".into(), frame }, "unrecognized"),
        (Action::Truncate { frame }, ""),
        (Action::BadChecksum { frame }, "ChecksumMismatch"),
        (Action::BadPrelude { frame }, "ChecksumMismatch"),
        (Action::Oversize { frame }, ""),
        (Action::Reset { frame }, ""),
    ];
    for (action, expected) in cases {
        bedrock.state().account().add_fault(Fault::once(action.clone()));
        let (told, error) = converse_stream(&client, "Count from 1 to 9").await;
        let error = error.unwrap_or_else(|| panic!("{action:?} went unnoticed"));
        assert!(error.contains(expected), "{action:?}: {error}");
        assert_eq!(told, "1,", "{action:?}");
    }
    assert_eq!(converse_stream(&client, "Count from 1 to 3").await, ("1, 2, 3".into(), None));
}

fn tokens_per_second(tokens_per_second: f64) -> Physics {
    Physics { tokens_per_second, ..Physics::default() }
}

#[tokio::test]
async fn a_client_that_leaves_is_noticed_while_the_answer_is_told() {
    let bedrock = start(Options { physics: tokens_per_second(200.0), ..Options::default() }).await;
    let request = client(&bedrock).converse_stream().model_id(NOVA).messages(user("Count from 1 to 9999"));
    let mut answer = request.send().await.unwrap();
    answer.stream.recv().await.unwrap();
    drop(answer);
    for _ in 0..200 {
        if bedrock.state().journal()["disconnectedEarly"] == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the simulator went on talking: {}", bedrock.state().journal());
}

#[tokio::test]
async fn delays_are_kept() {
    let wait = Duration::from_millis(30);
    let physics =
        Physics { time_to_first_token: 60, tokens_per_second: 1.0 / wait.as_secs_f64(), ..Physics::default() };
    let bedrock = start(Options { physics, ..Options::default() }).await;
    let started = std::time::Instant::now();
    converse_stream(&client(&bedrock), "Count from 1 to 2").await;
    // "1", "," and " 2": two waits between three pieces.
    assert!(started.elapsed() >= wait * 4, "{:?}", started.elapsed());
}

#[tokio::test]
async fn any_split_of_the_bytes_is_the_same_answer() {
    for bytes_per_write in [1, 7, 100] {
        let physics = Physics { bytes_per_write, ..Physics::default() };
        let bedrock = start(Options { physics, ..Options::default() }).await;
        assert_eq!(converse_stream(&client(&bedrock), "Count from 1 to 4").await, ("1, 2, 3, 4".into(), None));
    }
}

#[tokio::test]
async fn an_outage_refuses_connections_and_ends() {
    let bedrock = start(Options { auth: Auth::Off, ..Options::default() }).await;
    let address = bedrock.url().trim_start_matches("http://").to_owned();
    let told = raw(&bedrock, &post("/_simulator/outage", r#"{"for":300}"#)).await;
    assert!(told.starts_with("HTTP/1.1 200"), "{told}");
    tokio::time::sleep(Duration::from_millis(120)).await;
    assert_eq!(TcpStream::connect(&address).await.unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(raw(&bedrock, &post("/somewhere", "{}")).await.starts_with("HTTP/1.1 404"));
    assert!(raw(&bedrock, &post("/_simulator/outage", "soon")).await.starts_with("HTTP/1.1 400"));
    bedrock.state().go_down(Duration::from_secs(3600));
    tokio::time::timeout(Duration::from_secs(5), bedrock.close()).await.expect("close() hangs");
}

/// Sends bytes over a fresh connection and returns all that comes back until the server closes.
async fn raw(bedrock: &Running, request: &str) -> String {
    let mut socket = TcpStream::connect(bedrock.url().trim_start_matches("http://")).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn post(path: &str, body: &str) -> String {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
}

#[tokio::test]
async fn plain_http_gets_awss_errors() {
    let bedrock = start(Options { auth: Auth::Off, ..Options::default() }).await;
    let unknown = raw(&bedrock, &post("/model/nope/converse", "")).await;
    assert!(unknown.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    assert!(
        unknown.contains("x-amzn-errortype: ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/")
    );
    assert!(unknown.ends_with("{\"message\":\"The provided model identifier is invalid.\"}"));
    assert!(unknown.contains("x-amzn-requestid: "));
    let operation = raw(&bedrock, &post("/somewhere", "{}")).await;
    assert!(operation.starts_with("HTTP/1.1 404") && operation.contains("UnknownOperationException"));
    let malformed = raw(&bedrock, &post("/model/us.amazon.nova-lite-v1:0/invoke", "{nope")).await;
    assert!(
        malformed.ends_with("{\"message\":\"Malformed input request, please reformat your input and try again.\"}")
    );
}

#[tokio::test]
async fn chunked_requests_and_raw_slashes_in_arns() {
    let bedrock = start(Options { auth: Auth::Off, ..Options::default() }).await;
    let arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0";
    let body = r#"{"messages":[{"role":"user","content":[{"text":"What is 1+1?"}]}]}"#;
    let (first, second) = body.split_at(20);
    let request = format!(
        "POST /model/{arn}/converse HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    let answer = raw(&bedrock, &request).await;
    assert!(answer.contains(
        r#""output":{"message":{"content":[{"text":"1 + 1 = 2"}],"role":"assistant"}},"stopReason":"end_turn""#
    ));
}

#[tokio::test]
async fn faults_and_journal_over_http() {
    let bedrock = start(Options { auth: Auth::Off, ..Options::default() }).await;
    let added =
        raw(&bedrock, &post("/_simulator/faults", r#"{"fault":"error","code":"ModelNotReadyException"}"#)).await;
    assert!(added.ends_with(r#"{"added":1}"#), "{added}");
    let wrong = raw(&bedrock, &post("/_simulator/faults", r#"{"fault":"error","code":"Nope"}"#)).await;
    assert!(wrong.starts_with("HTTP/1.1 400") && wrong.contains("ThrottlingException"), "{wrong}");
    let body = r#"{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}"#;
    let request =
        post("/model/us.amazon.nova-lite-v1%3A0/converse", body).replace("Host:", "Authorization: secret\r\nHost:");
    let refused = raw(&bedrock, &request).await;
    assert!(refused.starts_with("HTTP/1.1 429"), "{refused}");
    let journal =
        raw(&bedrock, "GET /_simulator/journal HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    let journal: Value = serde_json::from_str(journal.split_once("\r\n\r\n").unwrap().1).unwrap();
    let entry = &journal["requests"][0];
    assert_eq!((&entry["status"], &entry["model"]), (&json!(429), &json!(NOVA)));
    assert_eq!(entry["body"]["messages"][0]["content"][0]["text"], "Hi");
    assert!(!journal.to_string().contains("secret"));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let bedrock = start(Options { auth: Auth::Off, ..Options::default() }).await;
    let text = "x".repeat(25_000_000);
    let answer = raw(&bedrock, &post("/model/us.amazon.nova-lite-v1:0/invoke", &format!("{{\"a\":\"{text}\"}}"))).await;
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("less than or equal to 25000000"), "{answer}");
}

#[tokio::test]
async fn closing_ends_open_streams() {
    let bedrock = start(Options { physics: tokens_per_second(0.001), ..Options::default() }).await;
    let request = client(&bedrock).converse_stream().model_id(NOVA).messages(user("Count from 1 to 9"));
    let mut answer = request.send().await.unwrap();
    answer.stream.recv().await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), bedrock.close()).await.expect("close() hangs");
    while let Ok(Some(_)) = answer.stream.recv().await {}
}
