//! What every family streams beside what it gives whole.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::{Body, Opening, Timing, codec, finish};
use crate::simulator::answer::Event;
use crate::simulator::frames::Reader;
use crate::simulator::identity::Identity;
use crate::simulator::models::{Model, Thinking};
use crate::simulator::{backend, events};

fn chunks_in(bytes: &[u8]) -> Vec<Value> {
    let mut reader = Reader::default();
    reader.push(bytes);
    let frames = std::iter::from_fn(|| reader.frame().unwrap());
    frames
        .map(|frame| {
            let payload: Value = serde_json::from_slice(frame.payload()).unwrap();
            let chunk = BASE64_STANDARD.decode(payload["bytes"].as_str().unwrap()).unwrap();
            serde_json::from_slice(&chunk).unwrap()
        })
        .collect()
}

/// The chunks that we stream for a request.
fn ours(id: &str, request: &Value) -> Vec<Value> {
    let model = Model::find(id).unwrap();
    let body = Body::parse(request.to_string().as_bytes()).unwrap();
    let question = codec(&model, &body).read(&body).unwrap();
    let identity = Identity::new(&mut fastrand::Rng::with_seed(1), 1_700_000_000);
    let input = backend::input_tokens(&question);
    let opening = Opening { question: &question, model: &model, identity: &identity, input, cache: None, body: &body };
    let mut writer = codec(&model, &body).stream(&opening).unwrap();
    let thinks = model.series.thinking == Thinking::Always || question.thinking;
    let mut bytes = Vec::new();
    for event in backend::answer(&question, thinks).events(1) {
        let chunks = match event {
            Event::Stop(stop, usage) => finish(writer.as_mut(), stop, usage, Timing { latency: 2, first_byte: 1 }),
            event => writer.step(event),
        };
        bytes.extend(chunks.iter().flat_map(|chunk| events::chunk(chunk, None).encode()));
    }
    chunks_in(&bytes)
}

fn chat(extra: Value) -> Value {
    let mut body = json!({"messages": [{"role": "user", "content": "What is the capital of France?"}]});
    extra.as_object().unwrap().iter().for_each(|(key, value)| body[key] = value.clone());
    body
}

#[test]
fn every_family_streams_the_text_it_gives_whole() {
    let cases = [
        (
            "anthropic.claude-3-haiku-20240307-v1:0",
            chat(json!({"anthropic_version": "x", "max_tokens": 90})),
            "/delta/text",
        ),
        (
            "anthropic.claude-v2",
            json!({"prompt": "\n\nHuman: Capital of France?\n\nAssistant:", "max_tokens_to_sample": 90}),
            "/completion",
        ),
        (
            "us.amazon.nova-pro-v1:0",
            json!({"messages": [{"role": "user", "content": [{"text": "capital of France"}]}]}),
            "/contentBlockDelta/delta/text",
        ),
        ("amazon.titan-text-express-v1", json!({"inputText": "User: capital of France\nBot:"}), "/outputText"),
        ("meta.llama3-8b-instruct-v1:0", json!({"prompt": "capital of France"}), "/generation"),
        (
            "mistral.mistral-7b-instruct-v0:2",
            json!({"prompt": "<s>[INST] capital of France [/INST]"}),
            "/outputs/0/text",
        ),
        ("mistral.mistral-large-2402-v1:0", chat(json!({})), "/choices/0/message/content"),
        ("us.mistral.pixtral-large-2502-v1:0", chat(json!({})), "/choices/0/message/content"),
        (
            "deepseek.r1-v1:0",
            json!({"prompt": "<｜User｜>capital of France<｜Assistant｜><think>\n"}),
            "/choices/0/text",
        ),
        ("cohere.command-r-v1:0", json!({"message": "capital of France"}), "/text"),
        ("cohere.command-text-v14", json!({"prompt": "capital of France", "stream": true}), "/text"),
        ("ai21.jamba-1-5-mini-v1:0", chat(json!({})), "/choices/0/delta/content"),
        ("us.writer.palmyra-x5-v1:0", chat(json!({})), "/choices/0/delta/content"),
        ("us.writer.palmyra-x5-v1:0", json!({"prompt": "capital of France"}), "/choices/0/text"),
        ("moonshot.kimi-k2-thinking", chat(json!({})), "/choices/0/delta/content"),
        ("qwen.qwen3-32b-v1:0", chat(json!({})), "/choices/0/delta/content"),
        (
            "arn:aws:sagemaker:us-east-1:123456789012:endpoint/e",
            json!({"prompt": "capital of France"}),
            "/choices/0/text",
        ),
    ];
    for (id, request, pointer) in cases {
        let chunks = ours(id, &request);
        let text: String = chunks.iter().filter_map(|chunk| chunk.pointer(pointer)?.as_str()).collect();
        assert!(text.trim().ends_with("The capital of France is Paris."), "{id}: {text}");
        let metrics = chunks.iter().rev().find_map(|chunk| chunk.get("amazon-bedrock-invocationMetrics"));
        assert!(metrics.is_some_and(|metrics| metrics["outputTokenCount"].as_u64() > Some(0)), "{id}: {chunks:?}");
    }
}

#[test]
fn palmyra_says_done() {
    assert_eq!(ours("us.writer.palmyra-x4-v1:0", &chat(json!({}))).last(), Some(&json!("[DONE]")));
}
