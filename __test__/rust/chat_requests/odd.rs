//! Requests that nobody sends on purpose: odd values everywhere, and as many and as deep as a body can be.

use std::time::{Duration, Instant};

use bedrock_wrapper::conversation::Loss;
use bedrock_wrapper::dialect::chat::{self, ChatCall};
use bedrock_wrapper::error::Result;
use serde_json::{Value, json};

const MODEL: &str = "anthropic.claude-sonnet-4-5-20250929-v1:0";

fn parse(request: Value) -> (Result<ChatCall>, Vec<Loss>) {
    let mut losses = Vec::new();
    let parsed = chat::parse(request, &|_| None, false, &mut losses);
    (parsed, losses)
}

fn odd_values() -> Vec<Value> {
    vec![
        json!(true),
        json!(-1),
        json!(0),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("\u{0}é\u{202e}"),
        json!([]),
        json!([null, 1, "a", [], {}]),
        json!({}),
        json!({"type": 7}),
        json!({"type": "function", "name": 7}),
        json!({"": {"": ""}}),
    ]
}

/// A request with something in every place that is read.
fn full() -> Value {
    json!({
        "model": MODEL,
        "messages": [
            {"role": "system", "content": [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]},
            {"role": "user", "name": "n", "content": [
                {"type": "text", "text": "a", "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "30m"}},
                {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}},
                {"type": "image_url", "image_url": {"url": "s3://a/b", "bucketOwner": "123456789012", "format": "png"}},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}},
                {"type": "file", "file": {"file_data": "AA==", "filename": "a.pdf", "citations": {"enabled": true}, "context": "c"}},
                {"type": "document", "source": {"type": "text", "data": "a"}, "title": "t", "context": "c", "citations": {}},
                {"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}},
                {"type": "video_url", "video_url": {"url": "https://example.com/a.mp4"}},
                {"guardContent": {"text": {"text": "a"}}},
                {"cachePoint": {"type": "default", "ttl": "5m"}},
            ]},
            {"role": "assistant", "content": "a", "refusal": "b", "reasoning_content": "c", "reasoning_signature": "d",
                "thinking_blocks": [{"type": "thinking", "thinking": "a", "signature": "b"}, {"type": "redacted_thinking", "data": "AA=="}],
                "reasoning_details": [{"type": "reasoning.text", "text": "a", "signature": "b"}],
                "tool_calls": [
                    {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}},
                    {"id": "b", "type": "custom", "custom": {"name": "c", "input": "x"}},
                ]},
            {"role": "tool", "tool_call_id": "a", "content": [{"json": {"a": 1}}], "is_error": true},
            {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}},
            {"role": "function", "name": "f", "content": "x"},
        ],
        "tools": [
            {"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}, "strict": true}, "cache_control": {"type": "ephemeral"}},
            {"type": "custom", "custom": {"name": "c", "format": {"type": "grammar", "grammar": {"syntax": "lark", "definition": "d"}}}},
            {"systemTool": {"name": "s"}},
        ],
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "f"}}]}},
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "description": "d", "schema": {}, "strict": true}},
        "reasoning": {"effort": "low", "max_tokens": 5, "enabled": true, "exclude": true},
        "thinking": {"type": "enabled", "budget_tokens": 2000},
        "stream_options": {"include_usage": true, "include_obfuscation": true},
        "prompt_cache_options": {"mode": "implicit", "ttl": "30m"},
        "prompt_caching": {"system": true, "messages": true, "tools": true, "ttl": "5m"},
        "metadata": {"a": "b"},
        "requestMetadata": {"c": "d"},
        "stop": ["a"],
        "fallbacks": ["a", {"model": "b"}],
        "serviceTier": {"type": "flex"},
        "web_search_options": {"search_context_size": "low", "user_location": {}},
        "extra_body": {"top_k": 5, "x": 1},
    })
}

/// The pointer of every place in `value`, as JSON has it and as OpenAI writes it.
fn places(value: &Value, pointer: &str, path: &str, out: &mut Vec<(String, String)>) {
    out.push((pointer.to_owned(), path.to_owned()));
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{pointer}/{index}"), &format!("{path}[{index}]"), out);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                places(member, &format!("{pointer}/{name}"), &path, out);
            }
        }
        _ => {}
    }
}

#[test]
fn an_odd_value_anywhere_is_read_or_an_error_near_it() {
    let (parsed, _) = parse(full());
    parsed.unwrap();
    let mut all = Vec::new();
    places(&full(), "", "", &mut all);
    assert!(all.len() > 150, "{} places", all.len());
    for (pointer, path) in all {
        for odd in odd_values() {
            let mut request = full();
            *request.pointer_mut(&pointer).unwrap() = odd.clone();
            let (Err(error), _) = parse(request) else { continue };
            let param = error.param.clone().unwrap();
            assert!(error.api_code.is_some() && error.message.starts_with(&param), "{path} = {odd}: {error}");
            // A tool that lost its name, or a member of `extra_body`, is missed elsewhere.
            let elsewhere = path.starts_with("tools") || path.starts_with("extra_body") || path.is_empty();
            let holder = path.rsplit_once(['.', '[']).map_or("", |(holder, _)| holder);
            assert!(elsewhere || param.starts_with(holder), "{path} = {odd}: {error}");
        }
    }
}

/// Generous: the machine may be busy, and tests are not optimised. What grows with the square takes minutes.
fn in_time(request: Value) -> (Result<ChatCall>, Vec<Loss>) {
    let start = Instant::now();
    let parsed = parse(request);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    parsed
}

#[test]
fn many_messages_are_read_in_time() {
    let turn = |index: usize| match index % 3 {
        0 => json!({"role": "user", "content": "Hi", "n": index}),
        1 => {
            json!({"role": "assistant", "tool_calls": [{"id": format!("c{index}"), "type": "function", "function": {"name": "f", "arguments": "{"}}]})
        }
        _ => {
            json!({"role": "tool", "tool_call_id": format!("c{}", index - 1), "content": [{"type": "text", "text": "x"}]})
        }
    };
    let messages: Vec<Value> = (0..30_000).map(turn).collect();
    let (parsed, losses) = in_time(json!({"model": MODEL, "messages": messages}));
    assert_eq!(parsed.unwrap().request.messages.len(), 30_000);
    let told: Vec<&str> = losses.iter().map(|loss| loss.message.as_str()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|message| message.ends_with("(10000 times)")), "{told:?}");
}

#[test]
fn many_tools_are_read_in_time() {
    let tool = |index: usize| json!({"type": "function", "function": {"name": format!("f{index}"), "parameters": {"properties": {}}}});
    let tools: Vec<Value> = (0..10_000).map(tool).collect();
    let allowed: Vec<Value> =
        (0..10_000).map(|index| json!({"type": "function", "function": {"name": format!("f{index}")}})).collect();
    let choice = json!({"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": allowed}});
    let messages = json!([{"role": "user", "content": "Hi"}]);
    let (parsed, _) = in_time(json!({"model": MODEL, "messages": messages, "tools": tools, "tool_choice": choice}));
    assert_eq!(parsed.unwrap().request.tools.len(), 10_000);
}

#[test]
fn many_fields_and_long_texts_are_read_in_time() {
    let mut request = json!({"model": MODEL, "messages": [{"role": "user", "content": "x".repeat(20_000_000)}]});
    for index in 0..50_000 {
        request[format!("field{index}")] = json!(index);
        request["extra_body"][format!("other{index}")] = json!(index);
        request["requestMetadata"][format!("key{index}")] = json!("v");
    }
    let (parsed, losses) = in_time(request);
    let request = parsed.unwrap().request;
    assert_eq!((request.extras.metadata.len(), request.extras.additional_fields.len()), (16, 50_000));
    assert_eq!(losses.len(), 101);
}

#[test]
fn deep_arguments_are_kept_as_text() {
    let deep = "[".repeat(100_000);
    let call = json!({"id": "a", "type": "function", "function": {"name": "f", "arguments": deep}});
    let messages = json!([{"role": "user", "content": "Hi"}, {"role": "assistant", "tool_calls": [call]}]);
    let (parsed, losses) = in_time(json!({"model": MODEL, "messages": messages}));
    parsed.unwrap();
    assert_eq!(losses.len(), 1);
}
