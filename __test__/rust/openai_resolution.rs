//! What callers may write for a model, and the id that Bedrock is called with, against a simulator that wants inference
//! profiles where AWS does.

use bedrock_wrapper::client::Client;
use bedrock_wrapper::client::openai::{Answer, Call, Form, Payload, answer};
use bedrock_wrapper::dialect::chat::error::ApiError;
use bedrock_wrapper::error::Result;
use bedrock_wrapper::simulator::{Action, Fault, Options, Running, Simulator};
use serde_json::{Value, json};

use crate::openai_client::{client_with, pair, requests};
use crate::openai_models::profile;

async fn strict() -> (Running, Client) {
    let bedrock = Simulator::start(Options { require_profiles: true, ..Options::default() }).await.unwrap();
    let client = client_with(&bedrock, json!({})).for_any_model();
    (bedrock, client)
}

async fn ask(client: &Client, path: &str, body: Value) -> Result<Answer> {
    let payload = Payload::Parsed(body);
    let call =
        Call { method: "POST".to_owned(), path: path.to_owned(), headers: Vec::new(), payload, form: Form::Items };
    answer(client, call).await
}

async fn chat(client: &Client, model: &str) -> Result<Answer> {
    ask(client, "/chat/completions", json!({"model": model, "messages": [{"role": "user", "content": "Hi"}]})).await
}

/// The ids of the calls of models, in order.
fn called(bedrock: &Running) -> Vec<String> {
    let all = requests(bedrock);
    all.iter().filter_map(|request| request["model"].as_str()).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_model_is_called_through_the_profile_of_the_region() {
    let (bedrock, client) = strict().await;
    let haiku = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
    for (model, id) in [
        ("anthropic.claude-haiku-4-5-20251001-v1:0", haiku),
        ("claude-haiku-4-5", haiku),
        ("bedrock/converse/anthropic.claude-haiku-4-5-20251001-v1:0", haiku),
        ("bedrock/us.amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0"),
        ("global.anthropic.claude-haiku-4-5-20251001-v1:0", "global.anthropic.claude-haiku-4-5-20251001-v1:0"),
    ] {
        let answer = chat(&client, model).await.unwrap_or_else(|error| panic!("{model}: {error}"));
        assert_eq!(answer.told.model_id.as_deref(), Some(id), "{model}");
    }
    assert_eq!(called(&bedrock).len(), 5, "each was asked once");
    bedrock.close().await;
}

fn refuse_on_demand(bedrock: &Running, model: &str) {
    let message = "Invocation of model ID x with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.";
    let action = Action::Error {
        code: "ValidationException".to_owned(),
        message: Some(message.to_owned()),
        retry_after: None,
        details: Default::default(),
    };
    let fault = Fault { model: Some(model.to_owned()), times: Some(1), ..Fault::once(action) };
    bedrock.state().account().add_fault(fault);
}

#[tokio::test]
async fn a_refusal_for_want_of_a_profile_is_learnt_from_by_every_operation() {
    let (bedrock, client) = pair().await;
    let embed = json!({"model": "cohere.embed-v4:0", "input": "Hi"});
    let rerank = json!({"model": "cohere.rerank-v3-5:0", "query": "a", "documents": ["a"]});
    let chat = json!({"model": "amazon.nova-lite-v1:0", "messages": [{"role": "user", "content": "Hi"}]});
    for (path, body) in [("/embeddings", embed), ("/chat/completions", chat), ("/rerank", rerank)] {
        let bare = body["model"].as_str().unwrap().to_owned();
        refuse_on_demand(&bedrock, &bare);
        let before = called(&bedrock).len();
        let first = ask(&client, path, body.clone()).await;
        let second = ask(&client, path, body).await;
        let profile = format!("us.{bare}");
        if path != "/rerank" {
            let (first, second) = (first.unwrap(), second.unwrap());
            assert_eq!(first.told.model_id.as_ref(), Some(&profile));
            assert_eq!(second.told.model_id.as_ref(), Some(&profile), "remembered");
            assert_eq!(second.told.losses.len(), 1, "{:?}", second.told.losses);
        }
        assert_eq!(called(&bedrock)[before..], [bare, profile.clone(), profile], "{path}");
    }
    bedrock.close().await;
}

#[tokio::test]
async fn profiles_can_be_forbidden() {
    let (bedrock, _) = strict().await;
    let client = client_with(&bedrock, json!({"crossRegionInference": false}));
    let error = chat(&client, "claude-haiku-4-5").await.err().unwrap();
    assert!(error.message.contains("on-demand throughput"), "{error}");
    assert_eq!(called(&bedrock), ["anthropic.claude-haiku-4-5-20251001-v1:0"]);
    bedrock.close().await;
}

#[tokio::test]
async fn an_application_profile_is_called_by_its_name_as_the_model_behind_it() {
    let (bedrock, client) = pair().await;
    let own = profile(&client, "amazon.titan-embed-text-v2:0").await;
    let open = client.for_any_model();
    let answer = ask(&open, "/embeddings", json!({"model": "mine", "input": "Hi"})).await.unwrap();
    assert_eq!(answer.told.model_id.as_ref(), Some(&own));
    let before = requests(&bedrock).len();
    ask(&open, "/embeddings", json!({"model": "mine", "input": "Hi"})).await.unwrap();
    assert_eq!(requests(&bedrock).len(), before + 1, "the lists are read once");
    assert!(ask(&client, "/embeddings", json!({"model": "mine", "input": "Hi"})).await.is_err(), "not asked to look");
    bedrock.close().await;
}

#[tokio::test]
async fn what_nobody_knows_is_the_services_to_judge() {
    let (bedrock, client) = strict().await;
    let error = chat(&client, "nobody-knows-this").await.err().unwrap();
    assert!(error.message.contains("model identifier is invalid"), "{error}");
    assert_eq!(called(&bedrock), ["nobody-knows-this"]);
    let plain = client_with(&bedrock, json!({}));
    assert!(chat(&plain, "Claude-4-5-Sonet").await.err().unwrap().message.contains("Claude-4-5-Sonnet"));
    bedrock.close().await;
}

#[tokio::test]
async fn a_name_that_cannot_be_an_id_is_of_no_model() {
    let (bedrock, client) = pair().await;
    let client = client.for_any_model();
    let arn = format!("arn:aws:bedrock:us-east-1:123456789012:imported-model/{}", "a".repeat(70_000));
    for model in [String::new(), "é".repeat(70_000), arn] {
        for path in ["/chat/completions", "/embeddings"] {
            let body = json!({"model": model, "messages": [{"role": "user", "content": "Hi"}], "input": "Hi"});
            let Err(error) = ask(&client, path, body).await else { panic!("{path} was answered") };
            assert!([404, 400].contains(&ApiError::of(&error).status), "{path}: {error}");
        }
    }
    assert_eq!(called(&bedrock), Vec::<String>::new());
    bedrock.close().await;
}
