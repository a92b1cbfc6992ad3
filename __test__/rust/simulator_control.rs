//! The management API of the simulator, over its router.

use std::path::{Path, PathBuf};

use axum::body::Body;
use bedrock_wrapper::simulator::{Auth, Options, State, app};
use http::Request;
use http_body_util::BodyExt;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use serde_json::Value;

struct Bedrock(State);

impl Bedrock {
    fn new() -> Bedrock {
        Bedrock(State::new(Options { auth: Auth::Off, ..Options::default() }))
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
