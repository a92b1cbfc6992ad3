//! Reranking against the simulator.

use bedrock_wrapper::client::{Told, rerank};
use bedrock_wrapper::error::Kind;
use serde_json::json;

use crate::openai_client::{json, pair, requests};

#[tokio::test]
async fn both_models_put_documents_in_order() {
    let (bedrock, client) = pair().await;
    let documents = json!(["Trees are green.", {"text": "Paris is the capital of France."}, "France is in Europe."]);
    for model in ["cohere.rerank-v3-5:0", "amazon.rerank-v1:0"] {
        let body = json!({
            "model": model,
            "query": "What is the capital of France?",
            "documents": documents,
            "top_n": 2,
            "return_documents": true,
        });
        let answer = json(&rerank(&client, body, &mut Told::default()).await.unwrap().0);
        let results = answer["results"].as_array().unwrap();
        assert_eq!((results.len(), &answer["model"]), (2, &json!(model)));
        assert_eq!((&results[0]["index"], &results[1]["index"]), (&json!(1), &json!(2)), "{model}");
        assert_eq!(results[1]["document"], json!({"text": "France is in Europe."}));
        assert!(results[0]["relevance_score"].as_f64() > results[1]["relevance_score"].as_f64());
        assert!(answer["id"].is_string());
    }
    bedrock.close().await;
}

#[tokio::test]
async fn another_kind_of_model_is_refused_before_anything_is_sent() {
    let (bedrock, client) = pair().await;
    let body = json!({"model": "amazon.titan-embed-text-v2:0", "query": "q", "documents": ["a"]});
    let error = rerank(&client, body, &mut Told::default()).await.unwrap_err();
    assert_eq!((error.kind, error.param.as_deref()), (Kind::InvalidRequest, Some("model")));
    assert!(error.message.contains("cohere.rerank-v3-5:0"), "{error}");
    assert!(requests(&bedrock).is_empty());
    bedrock.close().await;
}
