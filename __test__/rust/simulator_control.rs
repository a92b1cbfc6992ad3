//! The management API of the simulator, over its router: what it lists, what it leaves in the journal, and what it writes
//! to the folder that stands for S3.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use bedrock_wrapper::simulator::{Auth, Options, State, app};
use http::Request;
use http_body_util::BodyExt;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};

struct Bedrock(State);

impl Bedrock {
    fn new() -> Bedrock {
        Bedrock(State::new(Options { auth: Auth::Off, ..Options::default() }))
    }

    /// One with a folder for S3, whose jobs are done at once.
    fn with_folder(folder: &Path) -> Bedrock {
        let clock = Arc::new(|| SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123));
        let (s3_directory, job_duration) = (Some(folder.to_owned()), Duration::ZERO);
        Bedrock(State::new(Options { auth: Auth::Off, clock, s3_directory, job_duration, ..Options::default() }))
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let request = Request::builder().method(method).uri(path).body(body).unwrap();
        let response = TowerToHyperService::new(app(self.0.clone())).call(request).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call("GET", path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
}

fn ids(list: &Value) -> Vec<&str> {
    list["modelSummaries"].as_array().unwrap().iter().map(|model| model["modelId"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn foundation_models_are_filtered_as_asked() {
    let bedrock = Bedrock::new();
    let all = bedrock.get("/foundation-models").await;
    assert!(ids(&all).len() > 200);
    let embedding = bedrock.get("/foundation-models?byOutputModality=EMBEDDING&byProvider=cohere").await;
    assert!(ids(&embedding).contains(&"cohere.embed-v4:0"));
    assert!(ids(&embedding).iter().all(|id| id.starts_with("cohere.embed-")));
    let tuned = bedrock.get("/foundation-models?byCustomizationType=DISTILLATION&byInferenceType=PROVISIONED").await;
    assert_eq!(ids(&tuned).len(), 3);
    let (status, refusal) = bedrock.call("GET", "/foundation-models?byInferenceType=SOMETIMES", Value::Null).await;
    let message = refusal["message"].as_str().unwrap();
    assert_eq!(
        (status, message.contains("at 'byInferenceType' failed to satisfy constraint")),
        (400, true),
        "{message}"
    );
}

/// The recordings stand beside the checkout, or where `BEDROCK_WRAPPER_SHARED` says; without them there is nothing to do.
#[tokio::test]
async fn foundation_models_are_those_of_the_recording() {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("BEDROCK_WRAPPER_SHARED").map_or_else(beside, PathBuf::from);
    let file = shared.join("recordings/control-plane/list-foundation-models-text-01.json");
    let Ok(recorded) = std::fs::read(&file) else {
        println!("skipped: no recording at {}", file.display());
        return;
    };
    let recorded: Value = serde_json::from_slice(&recorded).unwrap();
    let (_, given) = Bedrock::new().call("GET", "/foundation-models", Value::Null).await;
    let models = given["modelSummaries"].as_array().unwrap();
    let mut expected = recorded["response"]["body"].clone();
    for model in expected["modelSummaries"].as_array_mut().unwrap() {
        let ours = models.iter().find(|ours| ours["modelId"] == model["modelId"]).unwrap();
        // Long texts of the providers, which the simulator leaves out.
        model["description"] = Value::Null;
        assert_eq!(ours.to_string(), model.to_string());
    }
    expected["modelSummaries"] = given["modelSummaries"].clone();
    assert_eq!(given.to_string(), expected.to_string());
}

#[tokio::test]
async fn management_is_in_the_journal_and_can_be_made_to_fail() {
    let bedrock = Bedrock::new();
    let fault = r#"{"fault": "error", "code": "ThrottlingException", "operation": "ListFoundationModels"}"#;
    bedrock.0.account().add_fault(serde_json::from_str(fault).unwrap());
    assert_eq!(bedrock.call("GET", "/foundation-models", Value::Null).await.0, 429);
    assert_eq!(bedrock.call("GET", "/foundation-models", Value::Null).await.0, 200);
    let journal = bedrock.0.journal();
    let entry = &journal["requests"][0];
    assert_eq!((entry["operation"].as_str(), entry["status"].as_u64()), (Some("ListFoundationModels"), Some(429)));
}

#[tokio::test]
async fn what_is_not_simulated_is_an_unknown_operation() {
    let bedrock = Bedrock::new();
    for (method, path) in [("GET", "/evaluation-jobs"), ("GET", "/nothing"), ("POST", "/foundation-models")] {
        assert_eq!(bedrock.call(method, path, Value::Null).await.0, 404, "{method} {path}");
    }
}

/// A fresh folder for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Every file below a folder, by its path in it.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned()),
            }
        }
    }
    found.sort();
    found
}

fn unzipped(path: &Path) -> Value {
    let mut text = String::new();
    flate2::read::GzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

const HOUR: &str = "logs/here/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/2023/11/14/22";

/// The records of a folder, in the order of their operations.
fn records(folder: &Path) -> Vec<Value> {
    let is_record = |path: &String| path.starts_with(&format!("{HOUR}/2")) && path.ends_with(".json.gz");
    let mut records: Vec<Value> =
        files(folder).iter().filter(|path| is_record(path)).map(|path| unzipped(&folder.join(path))).collect();
    records.sort_by_key(|record| (record["operation"].to_string(), record["errorCode"].is_string()));
    records
}

fn question(text: &str) -> Value {
    json!({"messages": [{"role": "user", "content": [{"text": text}]}], "requestMetadata": {"team": "a"}})
}

#[tokio::test]
async fn every_invocation_is_logged_as_configured() {
    let folder = folder("invocation-logs");
    let bedrock = Bedrock::with_folder(&folder);
    assert_eq!(bedrock.get("/logging/modelinvocations").await, json!({}));
    let config = json!({"s3Config": {"bucketName": "logs", "keyPrefix": "here"}, "textDataDeliveryEnabled": true});
    let put = bedrock.call("PUT", "/logging/modelinvocations", json!({"loggingConfig": config})).await;
    assert_eq!(put, (200, json!({})));
    assert_eq!(bedrock.get("/logging/modelinvocations").await, json!({"loggingConfig": config}));
    let marker = "logs/here/AWSLogs/123456789012/BedrockModelInvocationLogs/amazon-bedrock-logs-permission-check";
    assert_eq!(files(&folder), [marker]);

    let nova = "/model/us.amazon.nova-lite-v1:0";
    let (_, whole) = bedrock.call("POST", &format!("{nova}/converse"), question("What is 1+1?")).await;
    bedrock.call("POST", &format!("{nova}/converse-stream"), question("What is 1+1?")).await;
    bedrock.call("POST", &format!("{nova}/converse"), json!({"messages": []})).await;
    let native = json!({"prompt": "What is 1+1?"});
    bedrock.call("POST", "/model/meta.llama3-8b-instruct-v1:0/invoke", native.clone()).await;
    let path = "/model/meta.llama3-8b-instruct-v1:0/invoke-with-response-stream";
    bedrock.call("POST", path, native.clone()).await;

    let records = records(&folder);
    let operations: Vec<_> = records.iter().map(|record| record["operation"].as_str().unwrap()).collect();
    let expected = ["Converse", "Converse", "ConverseStream", "InvokeModel", "InvokeModelWithResponseStream"];
    assert_eq!(operations, expected);
    let [converse, refused, streamed, invoke, chunks] = records.as_slice() else { unreachable!() };
    let members: Vec<_> = converse.as_object().unwrap().keys().map(String::as_str).collect();
    let published =
        "schemaType schemaVersion timestamp accountId identity region requestId operation modelId input output";
    assert_eq!(members.join(" "), format!("{published} inferenceRegion requestMetadata"));
    assert_eq!(converse["timestamp"], "2023-11-14T22:13:20Z");
    assert_eq!(converse["modelId"], "us.amazon.nova-lite-v1:0");
    assert_eq!(converse["requestMetadata"], json!({"team": "a"}));
    assert_eq!(converse["input"]["inputBodyJson"], question("What is 1+1?"));
    assert_eq!(converse["output"]["outputBodyJson"], whole);
    assert_eq!(converse["output"]["outputTokenCount"], whole["usage"]["outputTokens"]);

    assert_eq!((refused["errorCode"].as_str(), &refused["output"]), (Some("ValidationException"), &Value::Null));
    let body = |record: &Value| record["output"]["outputBodyJson"].clone();
    for member in ["output", "stopReason", "usage"] {
        assert_eq!(body(streamed)[member], whole[member], "a stream is told as Converse would have answered");
    }
    assert_eq!(streamed["input"]["inputTokenCount"], whole["usage"]["inputTokens"]);
    assert_eq!(invoke["input"]["inputTokenCount"], body(invoke)["prompt_token_count"]);
    assert_eq!(invoke["inferenceRegion"], Value::Null);
    let told: String =
        body(chunks).as_array().unwrap().iter().filter_map(|chunk| chunk["generation"].as_str()).collect();
    assert_eq!(Value::from(told), body(invoke)["generation"]);
    assert_eq!(chunks["output"]["outputTokenCount"], invoke["output"]["outputTokenCount"]);

    bedrock.call("DELETE", "/logging/modelinvocations", Value::Null).await;
    bedrock.call("POST", &format!("{nova}/converse"), question("What is 1+1?")).await;
    assert_eq!(self::records(&folder).len(), 5);
}

#[tokio::test]
async fn streamed_calls_and_thoughts_are_logged_whole() {
    let folder = folder("streamed-logs");
    let bedrock = Bedrock::with_folder(&folder);
    let config = json!({"s3Config": {"bucketName": "logs", "keyPrefix": "here"}});
    bedrock.call("PUT", "/logging/modelinvocations", json!({"loggingConfig": config})).await;
    let schema = json!({"json": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}});
    let tools = json!([{"toolSpec": {"name": "weather", "description": "Weather of a city", "inputSchema": schema}}]);
    let mut call = question("What is the weather in Paris?");
    call["toolConfig"] = json!({"tools": tools, "toolChoice": {"any": {}}});
    let mut thought = question("What is 1+1?");
    thought["inferenceConfig"] = json!({"maxTokens": 4000});
    thought["additionalModelRequestFields"] = json!({"thinking": {"type": "enabled", "budget_tokens": 2000}});
    let model = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    for (asked, kind) in [(call, "toolUse"), (thought, "reasoningContent")] {
        let _ = fs::remove_dir_all(folder.join("logs"));
        let (status, whole) = bedrock.call("POST", &format!("{model}/converse"), asked.clone()).await;
        assert_eq!(status, 200, "{whole}");
        bedrock.call("POST", &format!("{model}/converse-stream"), asked).await;
        let told = records(&folder).iter().find(|record| record["operation"] == "ConverseStream").cloned().unwrap();
        let told = &told["output"]["outputBodyJson"];
        assert_eq!(told["stopReason"], whole["stopReason"]);
        assert_eq!(told["usage"]["totalTokens"], whole["usage"]["totalTokens"]);
        // Ids and signatures are new in each answer; a whole call has a type, as recorded.
        let plain = |answer: &Value| -> Vec<Value> {
            let blocks = answer["output"]["message"]["content"].as_array().unwrap().iter();
            blocks
                .map(|block| {
                    let (call, thought) = (&block["toolUse"], &block["reasoningContent"]["reasoningText"]);
                    json!([call["name"], call["input"], thought["text"], block["text"]])
                })
                .collect()
        };
        assert_eq!(plain(told), plain(&whole));
        let content = told["output"]["message"]["content"].as_array().unwrap();
        assert!(content.iter().any(|block| !block[kind].is_null()), "{told}");
    }
}

#[tokio::test]
async fn long_bodies_lie_beside_their_record_and_unwanted_ones_nowhere() {
    let folder = folder("large-logs");
    let bedrock = Bedrock::with_folder(&folder);
    let mut config = json!({"s3Config": {"bucketName": "logs", "keyPrefix": "here/"}});
    bedrock.call("PUT", "/logging/modelinvocations", json!({"loggingConfig": config})).await;
    let long = question(&"word ".repeat(50_000));
    bedrock.call("POST", "/model/amazon.nova-lite-v1:0/converse", long.clone()).await;
    let record = &records(&folder)[0];
    let key = record["input"]["inputBodyS3Path"].as_str().unwrap().strip_prefix("s3://").unwrap();
    assert_eq!(key, format!("{HOUR}/data/{}_input.json.gz", record["requestId"].as_str().unwrap()));
    assert_eq!(unzipped(&folder.join(key)), long);
    assert_eq!(record["input"]["inputBodyJson"], Value::Null);

    config["textDataDeliveryEnabled"] = false.into();
    bedrock.call("PUT", "/logging/modelinvocations", json!({"loggingConfig": config})).await;
    bedrock.call("POST", "/model/amazon.nova-lite-v1:0/converse", question("Hello")).await;
    let bare = |record: &&Value| {
        record["input"].get("inputBodyJson").is_none() && record["input"].get("inputBodyS3Path").is_none()
    };
    assert_eq!(records(&folder).iter().filter(bare).count(), 1);
}

#[tokio::test]
async fn a_key_cannot_lead_out_of_its_bucket() {
    let bedrock = Bedrock::with_folder(&folder("log-escape"));
    let config = json!({"s3Config": {"bucketName": "logs", "keyPrefix": "../../up"}});
    let (status, refusal) = bedrock.call("PUT", "/logging/modelinvocations", json!({"loggingConfig": config})).await;
    assert_eq!(status, 400, "{refusal}");
    assert_eq!(bedrock.get("/logging/modelinvocations").await, json!({}));
}

#[tokio::test]
async fn a_batch_is_answered_from_and_to_the_folder() {
    let folder = folder("batch");
    let bedrock = Bedrock::with_folder(&folder);
    fs::create_dir_all(folder.join("inputs/records")).unwrap();
    let record = |id: &str, input: Value| json!({"recordId": id, "modelInput": input}).to_string();
    let lines = [record("one", question("What is 1+1?")), record("two", json!({"messages": 1})), String::new()];
    fs::write(folder.join("inputs/records/a.jsonl"), lines.join("\n")).unwrap();
    let body = json!({
        "jobName": "many", "roleArn": "arn:aws:iam::123456789012:role/Batch", "modelId": "amazon.nova-lite-v1:0",
        "modelInvocationType": "Converse",
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://inputs/records/"}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://outputs/answers/"}},
    });
    let (status, job) = bedrock.call("POST", "/model-invocation-job", body.clone()).await;
    assert_eq!(status, 200, "{job}");
    let id = job["jobArn"].as_str().unwrap().rsplit('/').next().unwrap();
    let path = format!("/model-invocation-job/{id}");
    let mut told = bedrock.get(&path).await;
    for _ in 0..500 {
        if told["status"] != "InProgress" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        told = bedrock.get(&path).await;
    }
    assert_eq!(told["status"], "PartiallyCompleted", "{told}");
    assert_eq!((&told["successRecordCount"], &told["errorRecordCount"]), (&json!(1), &json!(1)));
    let out = fs::read_to_string(folder.join(format!("outputs/answers/{id}/a.jsonl.out"))).unwrap();
    let out: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(out[0]["modelOutput"]["output"]["message"]["content"][0]["text"], "1 + 1 = 2");
    assert_eq!((&out[1]["recordId"], &out[1]["error"]["errorCode"]), (&json!("two"), &json!(400)));
    let manifest = fs::read(folder.join(format!("outputs/answers/{id}/manifest.json.out"))).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!((&manifest["totalRecordCount"], manifest["outputTokenCount"].as_u64() > Some(0)), (&json!(2), true));
    let list = bedrock.get("/model-invocation-jobs?statusEquals=PartiallyCompleted").await;
    assert_eq!(list["invocationJobSummaries"][0]["jobName"], "many");

    let mut missing = body;
    missing["jobName"] = "nothing".into();
    missing["inputDataConfig"]["s3InputDataConfig"]["s3Uri"] = "s3://inputs/elsewhere.jsonl".into();
    let (_, job) = bedrock.call("POST", "/model-invocation-job", missing).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let told = bedrock.get(&format!("/model-invocation-job/{}", job["jobArn"].as_str().unwrap())).await;
    assert_eq!(told["status"], "Failed");
}
