//! OpenAI's list of models against the simulator's control plane.

use bedrock_wrapper::client::{Client, Told, embeddings, model, models};
use bedrock_wrapper::config::{Patience, Route};
use bedrock_wrapper::conversation::Loss;
use bedrock_wrapper::error::Kind;
use bedrock_wrapper::simulator::{Action, Fault, Running};
use bedrock_wrapper::transport::RawCall;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::openai_client::{json, pair, requests};

async fn listed(client: &Client) -> (Vec<Value>, Vec<Loss>) {
    let mut losses = Vec::new();
    let answer = json(&models(client, &mut losses).await.unwrap());
    assert_eq!(answer["object"], "list");
    (answer["data"].as_array().unwrap().clone(), losses)
}

fn find<'m>(models: &'m [Value], id: &str) -> Option<&'m Value> {
    models.iter().find(|model| model["id"] == id)
}

/// The ARN of a new application inference profile of a model.
pub(crate) async fn profile(client: &Client, of: &str) -> String {
    let source = json!({"copyFrom": format!("arn:aws:bedrock:us-east-1::foundation-model/{of}")});
    let body = json!({"inferenceProfileName": "mine", "modelSource": source});
    let call = RawCall {
        region: None,
        route: Route::ControlPlane,
        method: "POST",
        path: "/inference-profiles",
        headers: &[("content-type", "application/json")],
        body: Bytes::from(body.to_string()),
        patience: Patience::default(),
    };
    let mut raw = client.connection().send_raw(call).await.unwrap();
    let answer: Value = serde_json::from_slice(&raw.answer.whole().await.unwrap()).unwrap();
    answer["inferenceProfileArn"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn refuse(bedrock: &Running, operation: &str) {
    let code = "AccessDeniedException".to_owned();
    let action = Action::Error { code, message: None, retry_after: None, details: Default::default() };
    let fault = Fault { action, model: None, operation: Some(operation.to_owned()), times: Some(0), probability: None };
    bedrock.state().account().add_fault(fault);
}

#[tokio::test]
async fn the_list_holds_models_profiles_and_the_accounts_own() {
    let (bedrock, client) = pair().await;
    let own = profile(&client, "amazon.nova-lite-v1:0").await;
    let (all, losses) = listed(&client).await;
    for (id, owner) in [
        ("amazon.nova-lite-v1:0", "amazon"),
        ("us.amazon.nova-lite-v1:0", "amazon"),
        ("amazon.titan-embed-text-v2:0", "amazon"),
        ("cohere.rerank-v3-5:0", "cohere"),
        ("stability.stable-image-core-v1:1", "stability"),
        (own.as_str(), "amazon"),
    ] {
        let model = find(&all, id).unwrap_or_else(|| panic!("{id} is not listed"));
        assert_eq!((&model["object"], &model["owned_by"]), (&json!("model"), &json!(owner)), "{id}");
        assert!(model["created"].is_u64(), "{id}");
    }
    assert!(find(&all, &own).unwrap()["created"].as_u64() > Some(1_700_000_000));
    assert!(find(&all, "amazon.titan-embed-text-v1:2:8k").is_none(), "provisioned throughput only");
    let mut ids: Vec<&str> = all.iter().filter_map(|model| model["id"].as_str()).collect();
    ids.dedup();
    assert_eq!((ids.len(), losses), (all.len(), vec![]));
    bedrock.close().await;
}

#[tokio::test]
async fn it_is_read_once() {
    let (bedrock, client) = pair().await;
    let (first, _) = listed(&client).await;
    let asked = requests(&bedrock).len();
    let clone = client.clone();
    let (second, third) = tokio::join!(listed(&client), listed(&clone));
    assert_eq!((&second.0, &third.0), (&first, &first));
    assert_eq!((asked, requests(&bedrock).len()), (3, 3));
    bedrock.close().await;
}

#[tokio::test]
async fn what_one_permission_lacks_does_not_empty_the_list() {
    for (operation, times, missing) in [("ListFoundationModels", 1, false), ("ListInferenceProfiles", 2, true)] {
        let (bedrock, client) = pair().await;
        let own = profile(&client, "amazon.nova-lite-v1:0").await;
        refuse(&bedrock, operation);
        let (all, losses) = listed(&client).await;
        for id in ["amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0", "amazon.titan-embed-text-v2:0"] {
            assert!(find(&all, id).is_some(), "{id} is not listed without {operation}");
        }
        assert_eq!(find(&all, &own).is_none(), missing);
        assert_eq!(losses.len(), times, "{losses:?}");
        assert!(losses[0].message.starts_with(&format!("{operation} failed (AccessDeniedException: ")), "{losses:?}");
        bedrock.close().await;
    }
}

#[tokio::test]
async fn a_model_is_found_by_id_name_and_arn() {
    let (bedrock, client) = pair().await;
    let own = profile(&client, "amazon.nova-lite-v1:0").await;
    for (id, owner) in [
        ("us.amazon.nova-lite-v1:0", "amazon"),
        ("eu.amazon.nova-lite-v1:0", "amazon"),
        ("Claude-4-5-Sonnet", "anthropic"),
        ("arn:aws:bedrock:us-east-1::foundation-model/cohere.embed-v4:0", "cohere"),
        ("arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdef123456", "bedrock"),
        (own.as_str(), "amazon"),
    ] {
        let answer = json(&model(&client, id, &mut Vec::new()).await.unwrap_or_else(|error| panic!("{error}")));
        assert_eq!((&answer["id"], &answer["owned_by"]), (&json!(id), &json!(owner)));
    }
    for id in
        ["gpt-4o", "", "anthropic.claude-99", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/x"]
    {
        let error = model(&client, id, &mut Vec::new()).await.unwrap_err();
        assert_eq!(
            (error.kind, error.param.as_deref(), error.code()),
            (Kind::UnknownModel, Some("model"), "model_not_found")
        );
    }
    bedrock.close().await;
}

#[tokio::test]
async fn the_model_behind_an_own_profile_is_asked_for_once() {
    let (bedrock, client) = pair().await;
    let own = profile(&client, "amazon.titan-embed-text-v2:0").await;
    for _ in 0..2 {
        let body = json!({"model": own, "input": ["a", "b"], "dimensions": 256});
        let answer = json(&embeddings(&client, body, &mut Told::default()).await.unwrap().0);
        assert_eq!(answer["data"][1]["embedding"].as_array().unwrap().len(), 256);
    }
    let operations: Vec<Value> =
        requests(&bedrock).into_iter().map(|mut request| request["operation"].take()).collect();
    assert_eq!(operations.iter().filter(|operation| *operation == "GetInferenceProfile").count(), 1, "{operations:?}");
    bedrock.close().await;
}
