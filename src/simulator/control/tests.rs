//! The management API as a client sees it, with a clock that the tests turn. Every answer is held against the shape of
//! its operation's output in the service model.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use axum::extract;
use http::Request;
use http_body_util::BodyExt as _;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::simulator::options::{Auth, Options};
use crate::simulator::runtime;
use crate::simulator::state::State;

const ROLE: &str = "arn:aws:iam::123456789012:role/Bedrock";
const NOVA: &str = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
const ANSWER: &str = "1 + 1 = 2";

/// What recorded answers say although the service model has no room for it: modalities and ways of inference that are
/// not in the lists of values, names with full stops and descriptions with commas, names longer than 20 characters.
const WIDER_THAN_THE_MODEL: [&str; 4] =
    ["GetFoundationModel", "GetInferenceProfile", "ListFoundationModels", "ListInferenceProfiles"];

/// Operations of the other services.
const OF_THE_RUNTIME: [&str; 7] = [
    "ApplyGuardrail",
    "CountTokens",
    "GetAsyncInvoke",
    "InvokeGuardrailChecks",
    "ListAsyncInvokes",
    "Rerank",
    "StartAsyncInvoke",
];

struct Bedrock {
    state: State,
    seconds: Arc<AtomicU64>,
}

impl Bedrock {
    fn new() -> Bedrock {
        let seconds = Arc::new(AtomicU64::new(1_700_000_000));
        let read = Arc::clone(&seconds);
        let clock = Arc::new(move || SystemTime::UNIX_EPOCH + Duration::from_secs(read.load(Ordering::Relaxed)));
        let options =
            Options { auth: Auth::Off, seed: 3, clock, job_duration: Duration::from_secs(60), ..Options::default() };
        Bedrock { state: State::new(options), seconds }
    }

    fn pass(&self, seconds: u64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let body_text = if body.is_null() { String::new() } else { body.to_string() };
        let request = Request::builder().method(method).uri(path).body(Body::from(body_text)).unwrap();
        let response = runtime::handle(extract::State(self.state.clone()), request).await;
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        let method = http::Method::from_bytes(method.as_bytes()).unwrap();
        let target = shapes::route(&method, path.split('?').next().unwrap());
        if let Some(route) =
            target.filter(|route| status < 300 && HANDLERS.iter().any(|(name, _)| *name == route.operation.name))
        {
            assert_eq!(status, route.operation.status, "{}", route.operation.name);
            if !WIDER_THAN_THE_MODEL.contains(&route.operation.name.as_str()) {
                let outcome = shapes::check_answer(&route.operation.name, &answer);
                assert!(outcome.is_ok(), "{}: {answer}\n{}", route.operation.name, outcome.unwrap_err().message);
            }
        }
        (status, answer)
    }

    async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.call("GET", path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(method, path, body).await;
        assert!(status < 300, "{method} {path}: {status} {answer}");
        answer
    }

    /// Status and code of a refusal.
    async fn refusal(&self, method: &str, path: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.call(method, path, body).await;
        assert!(status >= 400, "{method} {path}: {answer}");
        (status, answer["message"].as_str().unwrap().to_owned())
    }

    async fn converse(&self, model: &str) -> (u16, Value) {
        let question = json!({"messages": [{"role": "user", "content": [{"text": "What is 1+1?"}]}]});
        let (status, answer) = self.call("POST", &format!("/model/{}/converse", encoded(model)), question).await;
        (status, answer.pointer("/output/message/content/0/text").unwrap_or(&answer["message"]).clone())
    }
}

fn encoded(label: &str) -> String {
    percent_encoding::utf8_percent_encode(label, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn count(list: &Value, member: &str) -> usize {
    list[member].as_array().unwrap().len()
}

#[test]
fn every_handler_is_of_an_operation_of_the_service_and_stands_once() {
    assert!(HANDLERS.is_sorted_by(|left, right| left.0 < right.0), "keep HANDLERS in alphabetical order");
    for (name, _) in HANDLERS {
        assert!(shapes::operation(name).is_some(), "{name}");
    }
}

fn rerank(model: &str, documents: Vec<Value>) -> Value {
    let sources = documents.into_iter().map(|document| json!({"type": "INLINE", "inlineDocumentSource": document}));
    json!({
        "queries": [{"type": "TEXT", "textQuery": {"text": "the capital of France"}}],
        "sources": sources.collect::<Vec<_>>(),
        "rerankingConfiguration": {"type": "BEDROCK_RERANKING_MODEL", "bedrockRerankingConfiguration": {
            "modelConfiguration": {"modelArn": model},
        }},
    })
}

#[tokio::test]
async fn texts_and_objects_are_ranked_together() {
    let bedrock = Bedrock::new();
    let documents = vec![
        json!({"type": "TEXT", "textDocument": {"text": "Trees are green."}}),
        json!({"type": "JSON", "jsonDocument": {"city": "Paris", "of": "the capital of France"}}),
    ];
    let model = "arn:aws:bedrock:us-east-1::foundation-model/cohere.rerank-v3-5:0";
    let mut request = rerank(model, documents);
    let answer = bedrock.send("POST", "/rerank", request.clone()).await;
    assert_eq!((count(&answer, "results"), &answer["results"][0]["index"]), (2, &json!(1)));
    request["rerankingConfiguration"]["bedrockRerankingConfiguration"]["numberOfResults"] = 1.into();
    assert_eq!(count(&bedrock.send("POST", "/rerank", request).await, "results"), 1);
}

#[tokio::test]
async fn more_results_than_an_answer_holds_are_behind_its_token() {
    let bedrock = Bedrock::new();
    let document = json!({"type": "TEXT", "textDocument": {"text": "Paris"}});
    let model = "arn:aws:bedrock:us-east-1::foundation-model/amazon.rerank-v1:0";
    let mut request = rerank(model, vec![document; 501]);
    let first = bedrock.send("POST", "/rerank", request.clone()).await;
    request["nextToken"] = first["nextToken"].clone();
    let second = bedrock.send("POST", "/rerank", request).await;
    assert_eq!((count(&first, "results"), count(&second, "results")), (500, 1));
    assert!(second["nextToken"].is_null());
}

#[tokio::test]
async fn only_a_model_of_the_place_reranks() {
    let bedrock = Bedrock::new();
    let document = json!({"type": "TEXT", "textDocument": {"text": "Paris"}});
    for (model, document) in [
        ("arn:aws:bedrock:eu-west-1::foundation-model/amazon.rerank-v1:0", &document),
        ("arn:aws-cn:bedrock:us-east-1::foundation-model/amazon.rerank-v1:0", &document),
        (NOVA, &document),
        ("amazon.rerank-v1:0", &document),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.rerank-v1:0", &json!({"type": "JSON"})),
    ] {
        let (status, _) = bedrock.refusal("POST", "/rerank", rerank(model, vec![document.clone()])).await;
        assert_eq!(status, 400, "{model} {document}");
    }
}

#[test]
fn the_documentation_says_what_is_served() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/simulator-management.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (served, rest) = text.split_once("## Not served").unwrap();
    let told = |part: &str| -> Vec<String> {
        let cells = part.lines().filter(|line| line.starts_with("| ")).filter_map(|line| line.split('|').nth(2));
        let names = cells.flat_map(|cell| cell.split(", ")).map(|name| name.trim().to_owned());
        let mut names: Vec<String> = names.filter(|name| name.starts_with(char::is_uppercase)).collect();
        names.sort();
        names
    };
    let handled = HANDLERS.iter().filter(|(name, _)| !OF_THE_RUNTIME.contains(name));
    assert_eq!(told(served), handled.map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>(), "correct {path}");
    let not_served = told(rest);
    assert!(not_served.iter().all(|name| !HANDLERS.iter().any(|(handled, _)| handled == name)), "correct {path}");
    assert_eq!(told(served).len() + not_served.len(), 108, "operations of the service");
}

#[test]
fn the_judge_of_answers_sees_what_is_missing_or_misspelt() {
    let tag = |key: Value| json!({"tags": [{"key": key, "value": ""}]});
    assert!(shapes::check_answer("ListTagsForResource", &tag("k".into())).is_ok());
    for wrong in [tag(Value::Null), tag("*".into())] {
        assert!(shapes::check_answer("ListTagsForResource", &wrong).is_err(), "{wrong}");
    }
    assert!(shapes::check_answer("GetInferenceProfile", &json!({})).is_err());
}

#[tokio::test]
async fn foundation_models_are_found_by_id_and_arn() {
    let bedrock = Bedrock::new();
    for identifier in ["amazon.nova-lite-v1:0", NOVA] {
        let details = &bedrock.get(&format!("/foundation-models/{}", encoded(identifier))).await["modelDetails"];
        assert_eq!((text(&details["modelName"]), text(&details["modelArn"])), ("Nova Lite", NOVA));
    }
    let availability = bedrock.get("/foundation-model-availability/amazon.nova-lite-v1:0").await;
    assert_eq!(availability["authorizationStatus"], "AUTHORIZED");
    assert_eq!(bedrock.refusal("GET", "/foundation-models/amazon.nova-tiny-v1:0", Value::Null).await.0, 404);
}

#[tokio::test]
async fn profiles_of_aws_are_those_of_the_region() {
    let bedrock = Bedrock::new();
    let profile = bedrock.get("/inference-profiles/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0").await;
    assert_eq!(profile["inferenceProfileName"], "US Anthropic Claude Sonnet 4.5");
    let described = "Routes requests to Anthropic Claude Sonnet 4.5 in us-east-1, us-east-2 and us-west-2.";
    assert_eq!((text(&profile["description"]), count(&profile, "models")), (described, 3));
    let global = bedrock.get("/inference-profiles/global.anthropic.claude-haiku-4-5-20251001-v1:0").await;
    assert_eq!(
        global["models"],
        json!([
            {"modelArn": "arn:aws:bedrock:::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0"},
            {"modelArn": "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0"},
        ])
    );
    let eu = bedrock.refusal("GET", "/inference-profiles/eu.amazon.nova-lite-v1:0", Value::Null).await;
    assert_eq!(eu.0, 404, "a profile of another geography");
}

#[tokio::test]
async fn a_list_is_told_in_pages() {
    let bedrock = Bedrock::new();
    let all = bedrock.get("/inference-profiles?type=SYSTEM_DEFINED").await;
    let (mut told, mut path) = (Vec::new(), "/inference-profiles?type=SYSTEM_DEFINED&maxResults=7".to_owned());
    loop {
        let page = bedrock.get(&path).await;
        told.extend(page["inferenceProfileSummaries"].as_array().unwrap().clone());
        let Some(token) = page["nextToken"].as_str() else { break };
        path = format!("/inference-profiles?type=SYSTEM_DEFINED&maxResults=7&nextToken={token}");
    }
    assert!(told.len() > 50 && told.len() % 7 != 0);
    assert_eq!(Value::Array(told), all["inferenceProfileSummaries"]);
    for wrong in ["maxResults=0", "maxResults=1001", "nextToken=x"] {
        assert_eq!(
            bedrock.refusal("GET", &format!("/inference-profiles?{wrong}"), Value::Null).await.0,
            400,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn an_application_profile_answers_for_its_model() {
    let bedrock = Bedrock::new();
    let source = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0";
    let body = json!({
        "inferenceProfileName": "mine", "description": "for tests", "modelSource": {"copyFrom": source},
        "clientRequestToken": "once", "tags": [{"key": "team", "value": "a"}],
    });
    let made = bedrock.send("POST", "/inference-profiles", body.clone()).await;
    assert_eq!(bedrock.send("POST", "/inference-profiles", body.clone()).await, made, "the same token");
    let arn = text(&made["inferenceProfileArn"]).to_owned();
    let profile = bedrock.get(&format!("/inference-profiles/{}", encoded(&arn))).await;
    assert_eq!((count(&profile, "models"), text(&profile["createdAt"])), (3, "2023-11-14T22:13:20.000Z"));
    let keys: Vec<&str> = profile.as_object().unwrap().keys().map(String::as_str).collect();
    let recorded = "createdAt description inferenceProfileArn inferenceProfileId inferenceProfileName models status toolboxArn type updatedAt";
    assert_eq!(keys.join(" "), recorded);
    for id in [arn.as_str(), text(&profile["inferenceProfileId"])] {
        assert_eq!(bedrock.converse(id).await, (200, ANSWER.into()), "{id}");
    }
    let mine = bedrock.get("/inference-profiles?type=APPLICATION").await;
    assert_eq!(mine["inferenceProfileSummaries"], json!([profile]));

    let twice = json!({"inferenceProfileName": "mine", "modelSource": {"copyFrom": NOVA}});
    assert_eq!(bedrock.refusal("POST", "/inference-profiles", twice).await.1, "The name mine is already in use.");
    bedrock.send("DELETE", &format!("/inference-profiles/{arn}"), Value::Null).await;
    assert_eq!(bedrock.refusal("GET", &format!("/inference-profiles/{arn}"), Value::Null).await.0, 404);
    assert_eq!(bedrock.refusal("DELETE", "/inference-profiles/us.amazon.nova-lite-v1:0", Value::Null).await.0, 400);
}

#[tokio::test]
async fn a_job_whose_model_is_refused_is_not_there() {
    let bedrock = Bedrock::new();
    let tags: Vec<Value> = (0..51).map(|at| json!({"key": format!("k{at}"), "value": "v"})).collect();
    let mut job = customization("job", "tuned");
    job["customModelTags"] = tags.into();
    assert_eq!(bedrock.refusal("POST", "/model-customization-jobs", job).await.0, 400);
    assert_eq!(count(&bedrock.get("/model-customization-jobs").await, "modelCustomizationJobSummaries"), 0);
    bedrock.send("POST", "/model-customization-jobs", customization("job", "tuned")).await;
}

fn customization(job: &str, model: &str) -> Value {
    json!({
        "jobName": job, "customModelName": model, "roleArn": ROLE, "baseModelIdentifier": "amazon.nova-lite-v1:0",
        "hyperParameters": {"epochCount": "1"}, "customModelTags": [{"key": "k", "value": "v"}],
        "trainingDataConfig": {"s3Uri": "s3://bucket/train.jsonl"}, "outputDataConfig": {"s3Uri": "s3://bucket/out"},
    })
}

#[tokio::test]
async fn a_customization_job_makes_a_model_that_can_be_provisioned_deployed_and_copied() {
    let bedrock = Bedrock::new();
    let job = bedrock.send("POST", "/model-customization-jobs", customization("job", "tuned")).await;
    let job = format!("/model-customization-jobs/{}", encoded(text(&job["jobArn"])));
    assert_eq!(bedrock.get(&job).await["status"], "InProgress");
    assert_eq!(count(&bedrock.get("/custom-models").await, "modelSummaries"), 0);
    bedrock.pass(60);
    let done = bedrock.get(&job).await;
    assert_eq!((text(&done["status"]), text(&done["endTime"])), ("Completed", "2023-11-14T22:14:20.000Z"));
    let model = text(&done["outputModelArn"]).to_owned();
    let listed = bedrock.get("/custom-models?nameContains=une&isOwned=true").await;
    assert_eq!((text(&listed["modelSummaries"][0]["modelArn"]), count(&listed, "modelSummaries")), (model.as_str(), 1));
    assert_eq!(bedrock.get("/custom-models/tuned").await["modelStatus"], "Active");
    assert_eq!(bedrock.refusal("POST", "/model-customization-jobs", customization("job", "other")).await.0, 400);

    let units = json!({"provisionedModelName": "fast", "modelId": "tuned", "modelUnits": 1});
    let provisioned = bedrock.send("POST", "/provisioned-model-throughput", units).await;
    let provisioned = text(&provisioned["provisionedModelArn"]).to_owned();
    let path = format!("/provisioned-model-throughput/{}", encoded(&provisioned));
    assert_eq!(bedrock.converse(&provisioned).await.0, 429, "it is still being made");
    bedrock.pass(60);
    assert_eq!(bedrock.converse(&provisioned).await, (200, ANSWER.into()));
    let told = bedrock.get(&path).await;
    assert_eq!((text(&told["modelArn"]), text(&told["foundationModelArn"])), (model.as_str(), NOVA));
    let micro = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0";
    bedrock.send("PATCH", &path, json!({"desiredModelId": micro, "desiredProvisionedModelName": "faster"})).await;
    let told = bedrock.get("/provisioned-model-throughputs?statusEquals=Updating&nameContains=faster").await;
    let told = &told["provisionedModelSummaries"][0];
    assert_eq!((text(&told["modelArn"]), text(&told["desiredModelArn"])), (model.as_str(), micro));
    bedrock.pass(60);
    assert_eq!(bedrock.get(&path).await["modelArn"], micro);

    let deployment = json!({"modelDeploymentName": "live", "modelArn": model});
    let deployment = bedrock.send("POST", "/model-customization/custom-model-deployments", deployment).await;
    let deployment = text(&deployment["customModelDeploymentArn"]).to_owned();
    bedrock.pass(60);
    assert_eq!(bedrock.converse(&deployment).await, (200, ANSWER.into()));
    let path_of_deployment = format!("/model-customization/custom-model-deployments/{}", encoded(&deployment));
    assert_eq!(bedrock.get(&path_of_deployment).await["status"], "Active");
    bedrock.send("PATCH", &path_of_deployment, json!({"modelArn": model})).await;
    assert_eq!(bedrock.get(&path_of_deployment).await["updateDetails"]["updateStatus"], "Updating");
    assert_eq!(
        count(&bedrock.get("/model-customization/custom-model-deployments").await, "modelDeploymentSummaries"),
        1
    );

    let copy = json!({"sourceModelArn": model, "targetModelName": "copied"});
    let copy = bedrock.send("POST", "/model-copy-jobs", copy).await;
    bedrock.pass(60);
    let copy = bedrock.get(&format!("/model-copy-jobs/{}", encoded(text(&copy["jobArn"])))).await;
    assert_eq!((text(&copy["status"]), text(&copy["sourceModelName"])), ("Completed", "tuned"));
    assert_eq!(
        count(&bedrock.get("/model-copy-jobs?sourceAccountEquals=123456789012").await, "modelCopyJobSummaries"),
        1
    );
    assert_eq!(bedrock.get("/custom-models/copied").await["modelArn"], copy["targetModelArn"]);

    assert!(bedrock.refusal("DELETE", "/custom-models/tuned", Value::Null).await.1.contains("in use"));
    bedrock.send("DELETE", &path_of_deployment, Value::Null).await;
    bedrock.send("DELETE", &path, Value::Null).await;
    bedrock.send("DELETE", "/custom-models/tuned", Value::Null).await;
    let newest = bedrock.get("/custom-models?sortOrder=Descending").await;
    assert_eq!(newest["modelSummaries"][0]["modelName"], "copied");
}

#[tokio::test]
async fn a_job_that_is_stopped_makes_nothing() {
    let bedrock = Bedrock::new();
    let job = bedrock.send("POST", "/model-customization-jobs", customization("job", "tuned")).await;
    let path = format!("/model-customization-jobs/{}", text(&job["jobArn"]));
    bedrock.pass(30);
    bedrock.send("POST", &format!("{path}/stop"), Value::Null).await;
    assert_eq!(bedrock.get(&path).await["status"], "Stopping");
    bedrock.pass(60);
    assert_eq!(bedrock.get(&path).await["status"], "Stopped");
    let stopped = bedrock.get("/model-customization-jobs?statusEquals=Stopped").await;
    assert_eq!(count(&stopped, "modelCustomizationJobSummaries"), 1);
    assert_eq!(count(&bedrock.get("/custom-models").await, "modelSummaries"), 0);
    assert_eq!(bedrock.refusal("POST", &format!("{path}/stop"), Value::Null).await.0, 400);
}

#[tokio::test]
async fn lists_of_jobs_are_filtered_by_time_and_sorted() {
    let bedrock = Bedrock::new();
    for job in ["one", "two", "three"] {
        bedrock.send("POST", "/model-customization-jobs", customization(job, job)).await;
        bedrock.pass(3600);
    }
    let names = |list: &Value| -> Vec<String> {
        let jobs = list["modelCustomizationJobSummaries"].as_array().unwrap().iter();
        jobs.map(|job| text(&job["jobName"]).to_owned()).collect()
    };
    let path = "/model-customization-jobs";
    assert_eq!(names(&bedrock.get(path).await), ["three", "two", "one"]);
    let later = format!("{path}?creationTimeAfter=2023-11-14T22%3A30%3A00Z&sortBy=CreationTime&sortOrder=Ascending");
    assert_eq!(names(&bedrock.get(&later).await), ["two", "three"]);
    assert_eq!(names(&bedrock.get(&format!("{path}?creationTimeBefore=2023-11-14T22:30:00Z")).await), ["one"]);
}

#[tokio::test]
async fn models_are_imported_and_made_from_artefacts() {
    let bedrock = Bedrock::new();
    let source = json!({"s3DataSource": {"s3Uri": "s3://bucket/weights"}});
    let job = json!({"jobName": "in", "importedModelName": "mine", "roleArn": ROLE, "modelDataSource": source});
    let job = bedrock.send("POST", "/model-import-jobs", job).await;
    let path = format!("/model-import-jobs/{}", encoded(text(&job["jobArn"])));
    assert_eq!(bedrock.get(&path).await["status"], "InProgress");
    bedrock.pass(60);
    let arn = bedrock.get(&path).await["importedModelArn"].clone();
    assert_eq!(bedrock.get("/imported-models/mine").await["modelArn"], arn);
    assert_eq!(count(&bedrock.get("/imported-models").await, "modelSummaries"), 1);
    assert_eq!(count(&bedrock.get("/model-import-jobs").await, "modelImportJobSummaries"), 1);
    assert_eq!(bedrock.converse(text(&arn)).await.0, 200);
    bedrock.send("DELETE", "/imported-models/mine", Value::Null).await;
    assert_eq!(bedrock.refusal("GET", "/imported-models/mine", Value::Null).await.0, 404);

    let artefacts = json!({"modelName": "nova-of-mine", "modelSourceConfig": source, "roleArn": ROLE});
    bedrock.send("POST", "/custom-models/create-custom-model", artefacts).await;
    assert_eq!(bedrock.get("/custom-models/nova-of-mine").await["modelStatus"], "Creating");
    bedrock.pass(60);
    assert_eq!(count(&bedrock.get("/custom-models?modelStatus=Active").await, "modelSummaries"), 1);
}

#[tokio::test]
async fn prompt_routers_lead_to_their_first_model() {
    let bedrock = Bedrock::new();
    let target = |id: &str| json!({"modelArn": format!("arn:aws:bedrock:us-east-1::foundation-model/{id}")});
    let body = json!({
        "promptRouterName": "mine", "models": [target("amazon.nova-lite-v1:0"), target("amazon.nova-pro-v1:0")],
        "routingCriteria": {"responseQualityDifference": 10}, "fallbackModel": target("amazon.nova-pro-v1:0"),
    });
    let made = bedrock.send("POST", "/prompt-routers", body).await;
    let arn = text(&made["promptRouterArn"]);
    assert_eq!(bedrock.get(&format!("/prompt-routers/{}", encoded(arn))).await["type"], "custom");
    assert_eq!(bedrock.converse(arn).await, (200, ANSWER.into()));
    let defaults = bedrock.get("/prompt-routers?type=default").await;
    let first = text(&defaults["promptRouterSummaries"][0]["promptRouterArn"]);
    assert_eq!(bedrock.get(&format!("/prompt-routers/{first}")).await["type"], "default");
    assert_eq!(bedrock.converse(first).await.0, 200);
    bedrock.send("DELETE", &format!("/prompt-routers/{arn}"), Value::Null).await;
    assert_eq!(count(&bedrock.get("/prompt-routers").await, "promptRouterSummaries"), 3);
}

#[tokio::test]
async fn tags_are_kept_for_what_can_have_them() {
    let bedrock = Bedrock::new();
    bedrock.send("POST", "/model-customization-jobs", customization("job", "tuned")).await;
    bedrock.pass(60);
    let arn = bedrock.get("/custom-models/tuned").await["modelArn"].clone();
    let tags = |tags: Value| json!({"resourceARN": arn, "tags": tags});
    bedrock.send("POST", "/tagResource", tags(json!([{"key": "a", "value": "1"}, {"key": "k", "value": "2"}]))).await;
    let told = bedrock.send("POST", "/listTagsForResource", json!({"resourceARN": arn})).await;
    assert_eq!(told, json!({"tags": [{"key": "k", "value": "2"}, {"key": "a", "value": "1"}]}));
    bedrock.send("POST", "/untagResource", json!({"resourceARN": arn, "tagKeys": ["k", "unknown"]})).await;
    let told = bedrock.send("POST", "/listTagsForResource", json!({"resourceARN": arn})).await;
    assert_eq!(told, json!({"tags": [{"key": "a", "value": "1"}]}));

    let many: Vec<Value> = (0..60).map(|at| json!({"key": at.to_string(), "value": ""})).collect();
    let (status, refusal) = bedrock.call("POST", "/tagResource", tags(many.into())).await;
    assert_eq!((status, &refusal["resourceName"]), (400, &arn));
    let unknown = json!({"resourceARN": "arn:aws:bedrock:us-east-1:123456789012:guardrail/unknown"});
    assert_eq!(bedrock.refusal("POST", "/listTagsForResource", unknown).await.0, 404);
}

#[tokio::test]
async fn accounts_and_regions_do_not_see_each_other() {
    let bedrock = Bedrock::new();
    let other = bedrock.state.open_account();
    let list = async |key: &str, region: &str| {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={key}/20231114/{region}/bedrock/aws4_request, SignedHeaders=host, Signature=0"
        );
        let request = Request::get("/inference-profiles?type=APPLICATION").header("authorization", authorization);
        let response =
            runtime::handle(extract::State(bedrock.state.clone()), request.body(Body::empty()).unwrap()).await;
        let body: Value = serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap();
        count(&body, "inferenceProfileSummaries")
    };
    let body = json!({"inferenceProfileName": "mine", "modelSource": {"copyFrom": NOVA}});
    bedrock.send("POST", "/inference-profiles", body).await;
    let own = bedrock.state.account().credentials().access_key_id.clone();
    let others = other.credentials().access_key_id.clone();
    let seen = [list(&own, "us-east-1").await, list(&own, "eu-west-1").await, list(&others, "us-east-1").await];
    assert_eq!(seen, [1, 0, 0]);
}

#[tokio::test]
async fn the_memory_of_an_account_is_bounded() {
    let bedrock = Bedrock::new();
    let make = async |at: usize| {
        let body = json!({"inferenceProfileName": format!("profile-{at}"), "modelSource": {"copyFrom": NOVA}});
        bedrock.call("POST", "/inference-profiles", body).await
    };
    for at in 0..1000 {
        assert_eq!(make(at).await.0, 201);
    }
    let (status, refusal) = make(1000).await;
    assert_eq!((status, text(&refusal["message"]).contains("limit")), (400, true));
}

#[tokio::test]
async fn malformed_bodies_are_refused() {
    let bedrock = Bedrock::new();
    for body in ["[]", "{", "\"text\"", "null"] {
        let request = Request::post("/tagResource").body(Body::from(body)).unwrap();
        let response = runtime::handle(extract::State(bedrock.state.clone()), request).await;
        assert_eq!(response.status(), 400, "{body}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_request_breaks_it(at in 0..HANDLERS.len(), label in "[ -~]{0,20}", value in "[ -~]{0,20}", number in any::<i64>()) {
        let operation = shapes::operation(HANDLERS[at].0).unwrap();
        let path = operation.path_with(&encoded(&label));
        let body = json!({
            "resourceARN": value, "tags": [{"key": value, "value": value}, number], "tagKeys": [value], "modelId": value,
            "modelUnits": number, "modelSource": {"copyFrom": value}, "models": [{"modelArn": value}],
        });
        let query = format!("?maxResults={number}&nextToken={}&sortOrder={}", encoded(&value), encoded(&label));
        let bedrock = Bedrock::new();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (status, _) = runtime.block_on(bedrock.call(&operation.method, &format!("{path}{query}"), body));
        prop_assert!((200..500).contains(&status), "{}", status);
    }
}
