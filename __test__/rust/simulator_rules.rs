//! Rules and scripts over real sockets: one answer in every operation's shape, failures, raw bodies and frames.

use bedrock_wrapper::simulator::frames::Reader;
use bedrock_wrapper::simulator::{Auth, Options, Running, Simulator};
use serde_json::{Value, json};

use crate::http;

const HAIKU: &str = "anthropic.claude-3-haiku-20240307-v1:0";
const NOVA: &str = "us.amazon.nova-lite-v1:0";

async fn start(options: Value) -> Running {
    let options: Options = serde_json::from_value(options).unwrap();
    Simulator::start(Options { auth: Auth::Off, ..options }).await.unwrap()
}

fn question(text: &str) -> Value {
    json!({"messages": [{"role": "user", "content": [{"text": text}]}]})
}

fn claude(text: &str) -> Value {
    let messages = json!([{"role": "user", "content": text}]);
    json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "messages": messages})
}

async fn post(bedrock: &Running, path: &str, headers: &[(&str, &str)], body: &Value) -> (u16, Vec<u8>) {
    let answer = http::post(&bedrock.url(), path, headers, &body.to_string()).await;
    (answer.status, answer.body.into())
}

async fn json_of(bedrock: &Running, path: &str, body: &Value) -> (u16, Value) {
    let (status, bytes) = post(bedrock, path, &[], body).await;
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

/// Event names and payloads.
fn events(bytes: &[u8]) -> Vec<(String, Value)> {
    let mut reader = Reader::default();
    reader.push(bytes);
    let frames = std::iter::from_fn(|| reader.frame().unwrap());
    let name = |frame: &bedrock_wrapper::simulator::frames::Frame| {
        frame.header(":event-type").or(frame.header(":exception-type")).unwrap_or("none").to_owned()
    };
    frames.map(|frame| (name(&frame), serde_json::from_slice(frame.payload()).unwrap())).collect()
}

#[tokio::test]
async fn one_answer_is_told_in_every_operations_shape() {
    let bedrock = start(json!({"rules": [{"match": {"text": "weather"}, "answer": {"text": ["Sun", "ny."]}}]})).await;
    let (_, whole) = json_of(&bedrock, &format!("/model/{NOVA}/converse"), &question("The weather?")).await;
    assert_eq!(whole["output"]["message"]["content"], json!([{"text": "Sunny."}]));
    let (_, native) = json_of(&bedrock, &format!("/model/{HAIKU}/invoke"), &claude("The weather?")).await;
    assert_eq!(native["content"], json!([{"type": "text", "text": "Sunny."}]));
    let (_, other) = json_of(&bedrock, &format!("/model/{NOVA}/converse"), &question("What is 1+1?")).await;
    assert_eq!(other["output"]["message"]["content"], json!([{"text": "1 + 1 = 2"}]), "the built-in model answers");

    let (_, bytes) = post(&bedrock, &format!("/model/{NOVA}/converse-stream"), &[], &question("The weather?")).await;
    let told = events(&bytes);
    let pieces: Vec<_> = told.iter().filter_map(|(_, payload)| payload["delta"]["text"].as_str()).collect();
    assert_eq!(pieces[..2], ["Sun", "ny."]);

    let journal = bedrock.state().journal();
    let answered_by = |at: usize| journal["requests"][at]["answeredBy"].as_str().map(str::to_owned);
    assert_eq!((answered_by(0), answered_by(2)), (Some("rule 1".into()), None));
    bedrock.close().await;
}

#[tokio::test]
async fn failures_before_and_within_an_answer() {
    let throttled = json!({"code": "ThrottlingException", "retryAfter": 7});
    let broken = json!({"code": "ModelStreamErrorException", "message": "It broke", "originalStatusCode": 500});
    let bedrock = start(json!({"rules": [
        {"match": {"text": "first"}, "answer": {"error": throttled}},
        {"answer": {"text": "On the", "error": broken}},
    ]}))
    .await;
    let path = format!("/model/{NOVA}/converse-stream");
    let (status, body) = json_of(&bedrock, &path, &question("first")).await;
    assert_eq!((status, &body["message"]), (429, &json!("Too many requests, please wait before trying again.")));
    let (status, bytes) = post(&bedrock, &path, &[], &question("second")).await;
    let told = events(&bytes);
    let last = ("modelStreamErrorException".to_owned(), json!({"message": "It broke", "originalStatusCode": 500}));
    assert_eq!((status, told.last()), (200, Some(&last)));
    assert!(told.iter().any(|(_, payload)| payload["delta"]["text"] == " the"));
    let (status, _) = json_of(&bedrock, &format!("/model/{NOVA}/converse"), &question("second")).await;
    assert_eq!(status, 424, "a whole answer that fails is an error");
    bedrock.close().await;
}

#[tokio::test]
async fn raw_answers_are_sent_as_they_are() {
    let frames = json!([
        {"event": "messageStart", "payload": {"role": "assistant"}},
        {"exception": "throttlingException", "payload": {"message": "m"}, "delay": 5},
    ]);
    let bedrock = start(json!({"rules": [
        {"match": {"operation": "Converse"}, "answer": {"raw": {"status": 503, "body": "{oops"}}},
        {"answer": {"frames": frames}},
    ]}))
    .await;
    let (status, body) = post(&bedrock, &format!("/model/{NOVA}/converse"), &[], &question("a")).await;
    assert_eq!((status, body.as_slice()), (503, b"{oops".as_slice()));
    let path = format!("/model/{NOVA}/converse-stream");
    let answer = http::post(&bedrock.url(), &path, &[], &question("a").to_string()).await;
    assert_eq!(answer.headers["content-type"], "application/vnd.amazon.eventstream");
    let expected = [
        ("messageStart".to_owned(), json!({"role": "assistant"})),
        ("throttlingException".to_owned(), json!({"message": "m"})),
    ];
    assert_eq!(events(&answer.body), expected);
    assert_eq!(bedrock.state().journal()["disconnectedEarly"], 0);
    bedrock.close().await;
}

#[tokio::test]
async fn a_request_chooses_its_script() {
    let bedrock = start(json!({"scripts": {"greet": ["Good day.", "And good night."]}})).await;
    let text = |body: &Value| body["output"]["message"]["content"][0]["text"].clone();
    let path = format!("/model/{NOVA}/converse");
    let (_, bytes) = post(&bedrock, &path, &[("x-simulator-script", "greet")], &question("Hello")).await;
    assert_eq!(text(&serde_json::from_slice(&bytes).unwrap()), "Good day.");
    let mut later = question("Hello");
    let turns = later["messages"].as_array_mut().unwrap();
    turns.push(json!({"role": "assistant", "content": [{"text": "Good day."}]}));
    turns.push(json!({"role": "user", "content": [{"text": "Bye"}]}));
    later["requestMetadata"] = json!({"simulator": "greet"});
    assert_eq!(text(&json_of(&bedrock, &path, &later).await.1), "And good night.");
    let (_, body) = json_of(&bedrock, &format!("/model/{NOVA}%23greet/converse"), &question("Hello")).await;
    assert_eq!(text(&body), "Good day.");
    let (status, body) = post(&bedrock, &path, &[("x-simulator-script", "none")], &question("Hello")).await;
    assert!(status == 400 && String::from_utf8(body).unwrap().contains("It has: greet."));
    bedrock.close().await;
}

#[tokio::test]
async fn accounts_have_rules_of_their_own() {
    let bedrock = start(json!({})).await;
    let state = bedrock.state();
    let (one, other) = (state.open_account(), state.open_account());
    one.add_rule(serde_json::from_value(json!({"answer": "one"})).unwrap());
    let id = other.add_rule(serde_json::from_value(json!({"answer": "other"})).unwrap());
    for (account, expected) in [(&one, "one"), (&other, "other")] {
        let credential = format!("{}/20250101/us-east-1/bedrock/aws4_request", account.credentials().access_key_id);
        let signed = format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0");
        let headers = [("authorization", signed.as_str())];
        let (_, bytes) = post(&bedrock, &format!("/model/{NOVA}/converse"), &headers, &question("Hello")).await;
        let body: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(body["output"]["message"]["content"], json!([{"text": expected}]));
    }
    assert_eq!(other.rule_calls(id), Some(1));
    bedrock.close().await;
}

#[tokio::test]
async fn rules_and_sessions_are_made_over_http() {
    let bedrock = start(json!({})).await;
    let (_, session) = json_of(&bedrock, "/_simulator/sessions", &json!({})).await;
    let account = session["account"].as_str().unwrap();
    assert_eq!(session["env"]["AWS_SECRET_ACCESS_KEY"].as_str().unwrap().len(), 40);
    let rules = json!([{"answer": "one", "times": 1}, {"match": {"text": {"regex": "^a"}}, "answer": "two"}]);
    let (status, added) = json_of(&bedrock, &format!("/_simulator/rules?account={account}"), &rules).await;
    assert_eq!((status, added), (200, json!({"added": [1, 2]})));
    let (status, refused) = json_of(&bedrock, "/_simulator/rules", &json!({"answer": 7})).await;
    assert_eq!(
        (status, &refused["message"]),
        (400, &json!("not a rule: [0].answer: an answer is a string or an object"))
    );
    assert_eq!(json_of(&bedrock, "/_simulator/rules?account=1", &rules).await.0, 404);

    let call = |method: &'static str, path: String| {
        let url = bedrock.url();
        async move {
            let answer = http::call(method, &url, &path, &[], "").await;
            (answer.status, serde_json::from_slice::<Value>(&answer.body).unwrap())
        }
    };
    let (_, listed) = call("GET", format!("/_simulator/rules?account={account}")).await;
    let second = json!({"id": 2, "calls": 0, "rule": {"match": {"text": {"regex": "^a"}}, "answer": {"text": "two"}}});
    assert_eq!(listed["rules"][1], second);
    assert_eq!(call("GET", "/_simulator/rules".into()).await.1, json!({"rules": []}));
    assert_eq!(call("DELETE", format!("/_simulator/rules/1?account={account}")).await.0, 200);
    assert_eq!(call("DELETE", format!("/_simulator/rules/1?account={account}")).await.0, 404);
    assert_eq!(call("DELETE", format!("/_simulator/sessions/{account}")).await.0, 200);
    assert_eq!(call("DELETE", "/_simulator/sessions/123456789012".into()).await.0, 404, "the main account stays");
    bedrock.close().await;
}

#[tokio::test]
async fn embedding_models_are_answered_raw_or_with_an_error() {
    let bedrock = start(json!({"rules": [
        {"match": {"body": {"/inputText": "raw"}}, "answer": {"raw": {"body": {"embedding": [1.0]}}}},
        {"match": {"body": {"/inputText": "error"}}, "answer": {"error": {"code": "ModelTimeoutException"}}},
        {"match": {"body": {"/inputText": "text"}}, "answer": "no vector"},
    ]}))
    .await;
    let path = "/model/amazon.titan-embed-text-v2:0/invoke";
    for (text, expected) in [("raw", 200), ("error", 408), ("text", 500), ("anything", 200)] {
        let (status, body) = json_of(&bedrock, path, &json!({ "inputText": text })).await;
        assert_eq!(status, expected, "{text}: {body}");
        assert!(text != "raw" || body == json!({"embedding": [1.0]}));
    }
    bedrock.close().await;
}
