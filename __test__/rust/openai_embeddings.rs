//! OpenAI's embeddings against the simulator: every family of embedding models, and what becomes of failures.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bedrock_wrapper::client::{Client, Told, embeddings};
use bedrock_wrapper::conversation::Loss;
use bedrock_wrapper::error::{Error, Kind};
use bedrock_wrapper::simulator::{Action, Fault, Options, Physics, Simulator};
use serde_json::{Value, json};

use crate::openai_client::{client, json, pair, requests};

const TITAN: &str = "amazon.titan-embed-text-v2:0";
const PIXEL: &str = "data:image/png;base64,\
    iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async fn asked(client: &Client, body: Value) -> Result<(Value, Vec<Loss>), Error> {
    let mut told = Told::default();
    let (answer, _) = embeddings(client, body, &mut told).await?;
    assert!(told.request_id.is_some() && told.model_id.is_some() && told.region.is_some());
    Ok((json(&answer), told.losses))
}

async fn answer(client: &Client, body: Value) -> Value {
    asked(client, body).await.unwrap().0
}

#[tokio::test]
async fn every_family_embeds_texts_in_their_order() {
    let (bedrock, client) = pair().await;
    for (model, length) in [
        ("amazon.titan-embed-text-v1", 1536),
        (TITAN, 1024),
        ("amazon.titan-embed-image-v1", 1024),
        ("cohere.embed-english-v3", 1024),
        ("cohere.embed-multilingual-v3", 1024),
        ("cohere.embed-v4:0", 1536),
        ("us.cohere.embed-v4:0", 1536),
        ("amazon.nova-2-multimodal-embeddings-v1:0", 3072),
        ("us.twelvelabs.marengo-embed-2-7-v1:0", 1024),
        ("us.twelvelabs.marengo-embed-3-0-v1:0", 512),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0", 1024),
    ] {
        let both = answer(&client, json!({"model": model, "input": ["red apple", "blue whale"]})).await;
        let one = answer(&client, json!({"model": model, "input": "blue whale"})).await;
        assert_eq!((&both["object"], &both["model"]), (&json!("list"), &json!(model)));
        for (index, item) in both["data"].as_array().unwrap().iter().enumerate() {
            assert_eq!((&item["object"], &item["index"]), (&json!("embedding"), &json!(index)), "{model}");
            assert_eq!(item["embedding"].as_array().unwrap().len(), length, "{model}");
        }
        assert_eq!(both["data"][1]["embedding"], one["data"][0]["embedding"], "{model}: order");
        assert_ne!(both["data"][0]["embedding"], both["data"][1]["embedding"], "{model}");
        let usage = &both["usage"];
        assert!(usage["prompt_tokens"].is_u64() && usage["prompt_tokens"] == usage["total_tokens"], "{model}: {usage}");
        if !model.contains("marengo") {
            assert!(usage["prompt_tokens"].as_u64() > one["usage"]["prompt_tokens"].as_u64(), "{model}: {usage}");
        }
    }
    bedrock.close().await;
}

#[tokio::test]
async fn pictures_have_vectors_too() {
    let (bedrock, client) = pair().await;
    for (model, together) in [
        ("amazon.titan-embed-image-v1", true),
        ("cohere.embed-english-v3", false),
        ("cohere.embed-v4:0", true),
        ("amazon.nova-2-multimodal-embeddings-v1:0", false),
        ("us.twelvelabs.marengo-embed-2-7-v1:0", false),
        ("us.twelvelabs.marengo-embed-3-0-v1:0", true),
    ] {
        let input = json!(["a text", {"image_url": PIXEL}, {"type": "image_url", "image_url": {"url": PIXEL}}]);
        let vectors = answer(&client, json!({"model": model, "input": input})).await;
        assert_eq!(vectors["data"][1]["embedding"], vectors["data"][2]["embedding"], "{model}");
        assert_ne!(vectors["data"][0]["embedding"], vectors["data"][1]["embedding"], "{model}");
        let both = asked(&client, json!({"model": model, "input": {"text": "a text", "image_url": PIXEL}})).await;
        assert_eq!(both.is_ok(), together, "{model}");
    }
    let refused = asked(&client, json!({"model": TITAN, "input": [{"image_url": PIXEL}]})).await.unwrap_err();
    assert_eq!(refused.param.as_deref(), Some("input[0]"));
    bedrock.close().await;
}

#[tokio::test]
async fn tokens_dimensions_and_base64_are_understood() {
    let (bedrock, client) = pair().await;
    let text = answer(&client, json!({"model": TITAN, "input": "Hello, world!", "dimensions": 256})).await;
    let tokens = json!({"model": TITAN, "input": [9906, 11, 1917, 0], "dimensions": 256, "encoding_format": "base64"});
    let tokens = answer(&client, tokens).await;
    let floats: Vec<f32> = serde_json::from_value(text["data"][0]["embedding"].clone()).unwrap();
    let bytes = BASE64_STANDARD.decode(tokens["data"][0]["embedding"].as_str().unwrap()).unwrap();
    let decoded: Vec<f32> = bytes.chunks(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
    assert_eq!((floats.len(), &floats), (256, &decoded));
    let refused = asked(&client, json!({"model": TITAN, "input": "Hi", "dimensions": 1536})).await.unwrap_err();
    assert_eq!((refused.kind, refused.param.as_deref()), (Kind::InvalidRequest, Some("dimensions")));
    bedrock.close().await;
}

#[tokio::test]
async fn a_thousand_texts_take_few_calls_of_cohere_and_many_at_once_of_titan() {
    let wait = Duration::from_millis(50);
    let physics = Physics { time_to_first_token: 50, ..Physics::default() };
    let bedrock = Simulator::start(Options { physics, ..Options::default() }).await.unwrap();
    let client = client(&bedrock);
    let texts: Vec<String> = (0..1000).map(|at| format!("text number {at}")).collect();

    let all = answer(&client, json!({"model": "cohere.embed-english-v3", "input": texts})).await;
    assert_eq!(requests(&bedrock).len(), 11);
    let last = answer(&client, json!({"model": "cohere.embed-english-v3", "input": "text number 999"})).await;
    assert_eq!(all["data"].as_array().unwrap().len(), 1000);
    assert_eq!(all["data"][999]["embedding"], last["data"][0]["embedding"]);
    assert_eq!(all["usage"]["prompt_tokens"].as_u64(), Some(3000));

    let start = Instant::now();
    let all = answer(&client, json!({"model": TITAN, "input": texts, "dimensions": 256})).await;
    let (took, one_by_one) = (start.elapsed(), wait * 1000);
    assert_eq!(all["data"].as_array().unwrap().len(), 1000);
    assert!(took < one_by_one, "{took:?}: they were made one by one");
    bedrock.close().await;
}

#[tokio::test]
async fn the_first_failure_ends_the_others_and_names_its_input() {
    let (bedrock, client) = pair().await;
    let mut texts = vec!["short".to_owned(); 300];
    texts[7] = "long ".repeat(20_000);
    let error = asked(&client, json!({"model": TITAN, "input": texts})).await.unwrap_err();
    assert_eq!((error.kind, error.param.as_deref()), (Kind::Validation, Some("input[7]")));
    assert!(error.message.starts_with("input[7]: ") && error.request_id.is_some(), "{error}");
    assert!(requests(&bedrock).len() < 200, "{} calls", requests(&bedrock).len());

    texts[7] = "short".to_owned();
    texts[203] = "x".repeat(3000);
    let error = asked(&client, json!({"model": "cohere.embed-english-v3", "input": texts})).await.unwrap_err();
    assert_eq!((error.kind, error.param.as_deref()), (Kind::Validation, Some("input[203]")));
    bedrock.close().await;
}

#[tokio::test]
async fn many_calls_outlast_a_quota_and_few_or_impatient_ones_tell_of_it() {
    let (bedrock, client) = pair().await;
    let throttle = |times| {
        let code = "ThrottlingException".to_owned();
        let action = Action::Error { code, message: None, retry_after: None, details: Default::default() };
        bedrock.state().account().add_fault(Fault::times(action, times));
    };
    let body = |count| json!({"model": TITAN, "input": vec!["a"; count], "dimensions": 256});
    // More than the three attempts of the first 32.
    throttle(100);
    assert_eq!(answer(&client, body(40)).await["data"].as_array().unwrap().len(), 40);
    for (client, count) in [(client.with(&json!({"maxRetries": 0}), "options").unwrap(), 40), (client, 1)] {
        throttle(3);
        let error = asked(&client, body(count)).await.unwrap_err();
        assert_eq!((error.kind, error.status), (Kind::Throttling, Some(429)));
        bedrock.state().account().clear_faults();
    }
    bedrock.close().await;
}

#[tokio::test]
async fn a_model_that_makes_no_vectors_is_refused_before_anything_is_sent() {
    let (bedrock, client) = pair().await;
    for (model, kind) in [
        ("text-embedding-3-small", Kind::UnknownModel),
        ("us.amazon.nova-lite-v1:0", Kind::InvalidRequest),
        ("cohere.rerank-v3-5:0", Kind::InvalidRequest),
    ] {
        let error = asked(&client, json!({"model": model, "input": "Hi"})).await.unwrap_err();
        assert_eq!((error.kind, error.param.as_deref()), (kind, Some("model")));
        assert!(error.message.contains(model) && error.message.contains(TITAN), "{error}");
    }
    assert_eq!(requests(&bedrock).len(), 0);
    bedrock.close().await;
}

#[tokio::test]
async fn what_is_left_out_is_told() {
    let (bedrock, client) = pair().await;
    let body = json!({"model": TITAN, "input": "Hi", "user": "u", "input_type": "search_query", "truncate": "END"});
    let (_, losses) = asked(&client, body).await.unwrap();
    let params: Vec<_> = losses.iter().filter_map(|loss| loss.param.as_deref()).collect();
    assert_eq!(params, ["user", "input_type", "truncate"]);
    bedrock.close().await;
}
