//! CountTokens, asynchronous invocations and OpenAI's chat completions, over the simulator's router.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use base64_simd::STANDARD;
use bedrock_wrapper::simulator::{Auth, Options, State, app};
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};

struct Bedrock {
    state: State,
    seconds: Arc<AtomicU64>,
}

impl Bedrock {
    fn new(s3_directory: Option<PathBuf>) -> Bedrock {
        let seconds = Arc::new(AtomicU64::new(1_700_000_000));
        let read = Arc::clone(&seconds);
        let clock = Arc::new(move || SystemTime::UNIX_EPOCH + Duration::from_secs(read.load(Ordering::Relaxed)));
        let job_duration = Duration::from_secs(60);
        let options = Options { auth: Auth::Off, seed: 3, clock, job_duration, s3_directory, ..Options::default() };
        Bedrock { state: State::new(options), seconds }
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> (u16, HeaderMap, String) {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let request = Request::builder().method(method).uri(path).body(body).unwrap();
        let response = TowerToHyperService::new(app(self.state.clone())).call(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (head.status.as_u16(), head.headers, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let (status, _, body) = self.send(method, path, &body).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.call("POST", path, body).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }
}

const CLAUDE: &str = "anthropic.claude-sonnet-4-20250514-v1:0";

#[tokio::test]
async fn tokens_are_counted_as_usage_counts_them() {
    let bedrock = Bedrock::new(None);
    let converse = json!({
        "messages": [{"role": "user", "content": [{"text": "What is the weather in Paris?"}]}],
        "system": [{"text": "Be brief."}],
        "toolConfig": {"tools": [{"toolSpec": {"name": "weather", "inputSchema": {"json": {"type": "object"}}}}]},
    });
    let path = |operation: &str| format!("/model/{CLAUDE}/{operation}");
    let used = bedrock.post(&path("converse"), converse.clone()).await["usage"]["inputTokens"].clone();
    let counted = bedrock.post(&path("count-tokens"), json!({"input": {"converse": converse}})).await;
    assert_eq!(counted, json!({ "inputTokens": used }));

    let invoke = json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi there"}]});
    let used = bedrock.post(&path("invoke"), invoke.clone()).await["usage"]["input_tokens"].clone();
    let encoded = STANDARD.encode_to_string(invoke.to_string());
    let counted = bedrock.post(&path("count-tokens"), json!({"input": {"invokeModel": {"body": encoded}}})).await;
    assert_eq!(counted, json!({ "inputTokens": used }));
}

#[tokio::test]
async fn only_models_that_count_count() {
    let bedrock = Bedrock::new(None);
    let input = json!({"input": {"converse": {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}}});
    let cases = [
        (format!("us.{CLAUDE}"), "The provided model doesn't support counting tokens."),
        ("amazon.nova-lite-v1:0".to_owned(), "The provided model doesn't support counting tokens."),
        ("does-not-exist-model-v1:0".to_owned(), "The provided model identifier is invalid."),
    ];
    for (id, message) in cases {
        let refused = bedrock.call("POST", &format!("/model/{id}/count-tokens"), input.clone()).await;
        assert_eq!(refused, (400, json!({ "message": message })), "{id}");
    }
}

/// A folder of this test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn reel(token: &str) -> Value {
    json!({
        "clientRequestToken": token,
        "modelId": "amazon.nova-reel-v1:1",
        "modelInput": {
            "taskType": "TEXT_VIDEO",
            "textToVideoParams": {"text": "A cat on a mat"},
            "videoGenerationConfig": {"durationSeconds": 6, "fps": 24, "dimension": "1280x720", "seed": 7},
        },
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://films/cats/"}},
    })
}

#[tokio::test]
async fn a_film_is_made_in_its_time_and_lies_in_the_folder() {
    let folder = Folder::new("simulator-films");
    let bedrock = Bedrock::new(Some(folder.0.clone()));
    let arn = bedrock.post("/async-invoke", reel("one")).await["invocationArn"].as_str().unwrap().to_owned();
    assert_eq!(bedrock.post("/async-invoke", reel("one")).await["invocationArn"], arn.as_str());
    let path = format!("/async-invoke/{}", arn.replace(':', "%3A").replace('/', "%2F"));
    let (_, at_work) = bedrock.call("GET", &path, Value::Null).await;
    assert_eq!((&at_work["status"], &at_work["endTime"]), (&json!("InProgress"), &Value::Null));

    bedrock.seconds.fetch_add(60, Ordering::Relaxed);
    let (_, done) = bedrock.call("GET", &path, Value::Null).await;
    assert_eq!((&done["status"], &done["endTime"]), (&json!("Completed"), &json!("2023-11-14T22:14:20.000Z")));
    assert_eq!(done["modelArn"], "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-reel-v1:1");
    let uri = done["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"].as_str().unwrap();
    assert_eq!(uri, format!("s3://films/cats/{}", arn.rsplit('/').next().unwrap()));
    let output = folder.0.join(uri.strip_prefix("s3://").unwrap());
    assert_eq!(&std::fs::read(output.join("output.mp4")).unwrap()[4..8], b"ftyp");
    for name in ["manifest.json", "video-generation-status.json"] {
        let text = std::fs::read_to_string(output.join(name)).unwrap();
        assert!(serde_json::from_str::<Value>(&text).unwrap().is_object(), "{name}");
    }
}

#[tokio::test]
async fn invocations_are_listed_by_status_and_in_pages() {
    let bedrock = Bedrock::new(None);
    let embedding = json!({
        "modelId": "amazon.nova-2-multimodal-embeddings-v1:0",
        "modelInput": {"taskType": "SEGMENTED_EMBEDDING", "segmentedEmbeddingParams": {"embeddingPurpose": "GENERIC_INDEX", "embeddingDimension": 256, "text": {"truncationMode": "END", "value": "x"}}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://vectors"}},
    });
    bedrock.post("/async-invoke", embedding).await;
    bedrock.seconds.fetch_add(60, Ordering::Relaxed);
    bedrock.post("/async-invoke", reel("two")).await;
    bedrock.post("/async-invoke", reel("three")).await;
    let list = async |query: &str| {
        let (status, list) = bedrock.call("GET", &format!("/async-invoke?{query}"), Value::Null).await;
        assert_eq!(status, 200, "{list}");
        (list["asyncInvokeSummaries"].as_array().unwrap().len(), list["nextToken"].as_str().map(str::to_owned))
    };
    assert_eq!(list("statusEquals=InProgress").await.0, 2);
    assert_eq!(list("statusEquals=Completed").await.0, 1);
    let (first, token) = list("maxResults=2").await;
    assert_eq!((first, list(&format!("maxResults=2&nextToken={}", token.unwrap())).await), (2, (1, None)));
}

#[tokio::test]
async fn what_cannot_be_invoked_so_is_refused() {
    let bedrock = Bedrock::new(None);
    let mut other = reel("x");
    other["modelId"] = "amazon.nova-lite-v1:0".into();
    let (status, refused) = bedrock.call("POST", "/async-invoke", other).await;
    assert_eq!(status, 400);
    assert_eq!(refused["message"], "The provided model doesn't support asynchronous invocation.");
    let mut away = reel("y");
    away["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"] = "s3://films/../../etc".into();
    let folder = Folder::new("simulator-away");
    let with_folder = Bedrock::new(Some(folder.0.clone()));
    assert_eq!(with_folder.call("POST", "/async-invoke", away).await.0, 400);
    let body = json!({"taskType": "TEXT_VIDEO"});
    let (status, refused) = bedrock.call("POST", "/model/amazon.nova-reel-v1:0/invoke", body).await;
    assert_eq!((status, refused["message"].as_str().unwrap().contains("synchronous")), (400, true));
    let path = "/model/amazon.nova-2-sonic-v1:0/invoke-with-bidirectional-stream";
    let (status, refused) = bedrock.call("POST", path, Value::Null).await;
    assert_eq!((status, refused["message"].as_str().unwrap().contains("does not simulate")), (400, true));
}

fn chat(model: &str, stream: bool) -> Value {
    let options = if stream { json!({"include_usage": true}) } else { Value::Null };
    json!({"model": model, "stream": stream, "stream_options": options, "messages": [{"role": "user", "content": "What is 1+1?"}]})
}

#[tokio::test]
async fn chat_completions_put_reasoning_where_the_model_does() {
    let bedrock = Bedrock::new(None);
    let tagged = bedrock.post("/openai/v1/chat/completions", chat("openai.gpt-oss-20b-1:0", false)).await;
    let message = &tagged["choices"][0]["message"];
    assert!(message["content"].as_str().unwrap().starts_with("<reasoning>") && message.get("reasoning").is_none());
    let own = bedrock.post("/v1/chat/completions", chat("openai.gpt-oss-120b", false)).await;
    let message = &own["choices"][0]["message"];
    assert_eq!((&message["content"], message["reasoning"].is_string()), (&json!("1 + 1 = 2"), true));
    let keys: Vec<&str> = own.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["choices", "created", "id", "model", "object", "service_tier", "usage"]);
}

#[tokio::test]
async fn chat_completions_stream_as_server_sent_events() {
    let bedrock = Bedrock::new(None);
    let request = chat("mistral.voxtral-mini-3b-2507", true);
    let (status, headers, body) = bedrock.send("POST", "/v1/chat/completions", &request).await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "text/event-stream"));
    let events: Vec<&str> = body.split("\n\n").filter_map(|event| event.strip_prefix("data: ")).collect();
    assert_eq!(events.last(), Some(&"[DONE]"));
    let chunks: Vec<Value> =
        events[..events.len() - 1].iter().map(|data| serde_json::from_str(data).unwrap()).collect();
    let text: String = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect();
    assert_eq!(text, "1 + 1 = 2");
    let last = &chunks[chunks.len() - 1];
    assert!(last["usage"]["total_tokens"].as_u64() > Some(0) && last.get("amazon-bedrock-invocationMetrics").is_none());
}

#[tokio::test]
async fn chat_completions_meet_faults_and_refuse_as_openai_does() {
    let bedrock = Bedrock::new(None);
    for model in ["anthropic.claude-3-haiku-20240307-v1:0", "nobody.knows"] {
        let (status, refused) = bedrock.call("POST", "/v1/chat/completions", chat(model, false)).await;
        assert_eq!((status, &refused["error"]["type"]), (400, &json!("invalid_request_error")), "{refused}");
    }
    let (status, refused) = bedrock.call("POST", "/v1/chat/completions", json!("x")).await;
    assert_eq!((status, refused["error"]["code"].as_str()), (400, Some("validation_error")));
    let fault = json!({"fault": "exception", "code": "ThrottlingException", "frame": 2});
    bedrock.state.account().add_fault(serde_json::from_value(fault).unwrap());
    let (_, _, body) = bedrock.send("POST", "/v1/chat/completions", &chat("openai.gpt-oss-120b", true)).await;
    let events: Vec<&str> = body.split("\n\n").filter_map(|event| event.strip_prefix("data: ")).collect();
    assert_eq!(events.len(), 3);
    assert!(events[2].contains("\"type\":\"rate_limit_error\""), "{}", events[2]);
}
