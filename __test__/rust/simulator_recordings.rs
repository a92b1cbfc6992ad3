//! The simulator against requests that AWS has answered: what AWS accepted is accepted, what AWS refused for what the
//! request says is refused in the same words.

use std::path::{Path, PathBuf};

use axum::body::Body;
use bedrock_wrapper::simulator::{Auth, Options, State, app};
use http::Request;
use http_body_util::BodyExt;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use serde_json::Value;

const OPERATIONS: [&str; 4] = ["Converse", "ConverseStream", "InvokeModel", "InvokeModelWithResponseStream"];

/// Refusals that depend on account, time or load, or on more than the recording holds.
const ELSEWHERE: &[&str] = &[
    "The security token included in the request",
    "Signature expired",
    "You don't have access to the model",
    "Too many requests",
    "The system encountered an unexpected error",
    "Service capacity limit",
    "Model is getting throttled",
    // The recorder replaced the long text by a short one.
    "too many total text bytes",
    "The model returned the following errors: too many total text bytes",
    // It names a range where the recorded schema has one number.
    "The model returned the following errors: tools.0.custom: For 'array' type, 'minItems' values other than 0 or 1",
];

/// Ids that were refused where, or when, they were not offered.
const NOT_OFFERED: &[&str] = &[
    "ai21.j2-mid-v1",
    "anthropic.claude-3-sonnet-20240229-v1:0",
    "anthropic.claude-v2:1",
    "cohere.command-text-v14",
    "meta.llama2-13b-chat-v1",
];

fn is_elsewhere(model: &str, message: &str) -> bool {
    ELSEWHERE.iter().any(|text| message.starts_with(text))
        || (message == "The provided model identifier is invalid." && NOT_OFFERED.contains(&model))
}

async fn answer(path: &str, body: &Value, refused: &str) -> (u16, String) {
    let options = Options {
        auth: Auth::Off,
        require_profiles: refused.contains("with on-demand throughput"),
        end_of_life: refused.contains("end of its life"),
        ..Options::default()
    };
    let request = Request::post(path).body(Body::from(body.to_string())).unwrap();
    let response = TowerToHyperService::new(app(State::new(options))).call(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let message =
        serde_json::from_slice(&body).map(|body: Value| body["message"].as_str().unwrap_or_default().to_owned());
    (status, message.unwrap_or_default())
}

fn recordings(shared: &Path) -> impl Iterator<Item = (PathBuf, Value)> {
    let families = std::fs::read_dir(shared).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files = families.flat_map(|family| std::fs::read_dir(family).unwrap().map(|entry| entry.unwrap().path()));
    files.map(|path| (path.clone(), serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap()))
}

/// Guardrails must be made before they are named: see `simulator_guardrails`.
fn names_guardrail(request: &Value) -> bool {
    let mut headers = request["headers"].as_object().into_iter().flatten();
    request["body"]["guardrailConfig"].is_object()
        || headers.any(|(name, _)| name.eq_ignore_ascii_case("x-amzn-bedrock-guardrailidentifier"))
}

/// The recordings stand beside the checkout, or where `BEDROCK_WRAPPER_SHARED` says; without them there is nothing to do.
#[tokio::test]
async fn accepts_and_refuses_what_aws_does() {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("BEDROCK_WRAPPER_SHARED").map_or_else(beside, PathBuf::from).join("recordings");
    if !shared.is_dir() {
        println!("skipped: no recordings at {}", shared.display());
        return;
    }
    let (mut accepted, mut refused, mut wrong) = (0, 0, Vec::new());
    for (path, recording) in recordings(&shared) {
        let (request, response) = (&recording["request"], &recording["response"]);
        let served = OPERATIONS.iter().any(|name| recording["operation"] == *name);
        if !served || names_guardrail(request) || request["body"].is_null() {
            continue;
        }
        let uri = request["path"].as_str().unwrap();
        let message = response["body"]["message"].as_str().unwrap_or_default();
        if response["status"] == 200 {
            accepted += 1;
            let (status, said) = answer(uri, &request["body"], "").await;
            if status != 200 {
                wrong.push(format!("{}: refused with {said}", path.display()));
            }
        } else if !is_elsewhere(recording["model_id"].as_str().unwrap_or_default(), message) {
            refused += 1;
            let ours = answer(uri, &request["body"], message).await;
            if ours != (response["status"].as_u64().unwrap() as u16, message.to_owned()) {
                wrong.push(format!("{}: AWS said {message}, we {ours:?}", path.display()));
            }
        }
    }
    println!("{accepted} requests that AWS accepted, {refused} that it refused");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), accepted + refused, wrong.join("\n"));
    assert!(accepted > 500 && refused > 60);
}
