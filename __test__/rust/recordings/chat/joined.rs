//! Chunks, joined as the `openai` package joins them, are the whole answer, however the bytes came.

use bedrock_wrapper::family;
use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

use super::{Recording, Streamed, all, answered, render};
use crate::recordings::{Api, Case};

#[test]
fn joined_chunks_are_the_whole_answer() {
    let (mut checked, mut failed) = (0, 0);
    for recording in all().iter().filter(|recording| answered(recording)) {
        let case = Case::of(recording);
        let events = match recording.stream() {
            Some(bytes) => case.stream_events([bytes.as_slice()]),
            None => family::decode(Api::Converse, case.model, &recording.body()),
        };
        let Ok(events) = events else {
            failed += 1;
            continue;
        };
        let whole: Value = serde_json::from_str(&render(recording).completion(vec![events.clone()]).unwrap()).unwrap();
        let streamed = Streamed::of_events(recording, events);
        assert!(streamed.failure.is_none(), "{}", recording.name);
        assert_eq!(join(&streamed.chunks()), told_in_chunks(whole), "{}", recording.name);
        checked += 1;
    }
    println!("{checked} answers, {failed} streams with an exception");
    assert!(checked > 80);
}

#[test]
fn any_split_of_the_bytes_gives_the_same_chunks() {
    let mut checked = 0;
    for recording in all() {
        let Some(bytes) = recording.stream() else { continue };
        let whole = Streamed::of(&recording, [bytes.as_slice()]).sse();
        for size in [1, 2, 7, 64, 1_000] {
            assert_eq!(Streamed::of(&recording, bytes.chunks(size)).sse(), whole, "{} by {size}", recording.name);
        }
        any_split(&recording, &bytes, &whole);
        checked += 1;
    }
    println!("{checked} streams");
    assert!(checked > 20);
}

fn any_split(recording: &Recording, bytes: &[u8], whole: &str) {
    let points: Vec<usize> = (0..=bytes.len()).collect();
    let most = points.len().min(20);
    TestRunner::new(Config { cases: 4, failure_persistence: None, ..Config::default() })
        .run(&subsequence(points, 0..=most), |points| {
            let ends = points.iter().copied().chain([bytes.len()]);
            let starts = std::iter::once(0).chain(points.iter().copied());
            let pieces = starts.zip(ends).map(|(start, end)| &bytes[start..end]);
            prop_assert_eq!(Streamed::of(recording, pieces).sse(), whole);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{}: {failure}", recording.name));
}

/// What a stream cannot tell apart: that there is no content, where calls are all there is, is an empty content there.
pub(super) fn told_in_chunks(mut whole: Value) -> Value {
    for choice in whole["choices"].as_array_mut().unwrap() {
        if choice["message"]["content"].is_null() {
            choice["message"]["content"] = json!("");
        }
    }
    whole
}

/// Joins chunks as `ChatCompletionStream` of openai 7.55 does. It knows no `reasoning_content` and no `thinking_blocks`,
/// of which it keeps the last piece; here they are joined as their inventors do.
pub(super) fn join(chunks: &[Value]) -> Value {
    let (mut completion, mut choices) = (Map::new(), Vec::<Value>::new());
    for chunk in chunks {
        for (name, value) in chunk.as_object().unwrap().iter().filter(|(name, _)| *name != "choices") {
            completion.insert(name.clone(), value.clone());
        }
        for delta in chunk["choices"].as_array().unwrap() {
            let index = usize::try_from(delta["index"].as_u64().unwrap()).unwrap();
            if choices.len() <= index {
                let empty =
                    json!({"index": index, "message": {"refusal": null}, "logprobs": null, "finish_reason": null});
                choices.resize(index + 1, empty);
            }
            add(&mut choices[index], delta);
        }
    }
    completion.insert("object".into(), json!("chat.completion"));
    completion.insert("choices".into(), Value::Array(choices));
    Value::Object(completion)
}

fn add(choice: &mut Value, chunk: &Value) {
    assert!(choice["finish_reason"].is_null(), "nothing follows a finish reason");
    choice["finish_reason"] = chunk["finish_reason"].clone();
    let message = choice["message"].as_object_mut().unwrap();
    for (name, piece) in chunk["delta"].as_object().unwrap() {
        match (name.as_str(), piece) {
            ("content" | "refusal" | "reasoning_content", Value::String(text)) => append(message, name, text),
            ("refusal", Value::Null) => {}
            ("thinking_blocks", Value::Array(blocks)) => {
                let all = message.entry("thinking_blocks").or_insert_with(|| json!([]));
                all.as_array_mut().unwrap().extend(blocks.iter().cloned());
            }
            ("tool_calls", Value::Array(calls)) => calls.iter().for_each(|call| add_call(message, call)),
            _ => {
                let before = message.insert(name.clone(), piece.clone());
                assert!(before.is_none(), "{name} came twice, and the first is lost");
            }
        }
    }
}

fn add_call(message: &mut Map<String, Value>, delta: &Value) {
    let calls = message.entry("tool_calls").or_insert_with(|| json!([])).as_array_mut().unwrap();
    let index = usize::try_from(delta["index"].as_u64().unwrap()).unwrap();
    assert!(index <= calls.len(), "calls are counted without gaps");
    if index == calls.len() {
        let mut call = delta.clone();
        call.as_object_mut().unwrap().shift_remove("index");
        return calls.push(call);
    }
    let function = calls[index]["function"].as_object_mut().unwrap();
    append(function, "arguments", delta["function"]["arguments"].as_str().unwrap());
}

fn append(members: &mut Map<String, Value>, name: &str, text: &str) {
    let before = members.get(name).and_then(Value::as_str).unwrap_or_default();
    let joined = format!("{before}{text}");
    members.insert(name.to_owned(), Value::String(joined));
}
