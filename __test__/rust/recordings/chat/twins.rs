//! No answer was recorded both whole and streamed, so each gets a twin of the other kind, made by hand from what was
//! recorded: both must come to the same answer.

use std::collections::BTreeMap;

use bedrock_wrapper::conversation::Event;
use bedrock_wrapper::family;
use serde_json::{Map, Value, json};

use super::joined::{join, told_in_chunks};
use super::{Recording, Streamed, all, answered, render};
use crate::recordings::{Api, Case};

#[test]
fn a_stream_and_the_whole_answer_it_would_have_been_say_the_same() {
    let mut checked = 0;
    for recording in all().iter().filter(|recording| answered(recording)) {
        let Some(bytes) = recording.stream() else { continue };
        let streamed = Streamed::of(recording, [bytes.as_slice()]);
        if streamed.failure.is_none() {
            compare(recording, &whole_twin(recording.decoded()), &streamed);
            checked += 1;
        }
    }
    println!("{checked} streams");
    assert!(checked > 20);
}

#[test]
fn a_whole_answer_and_the_stream_it_would_have_been_say_the_same() {
    let mut checked = 0;
    for recording in all().iter().filter(|recording| answered(recording) && recording.stream().is_none()) {
        let body = &recording.value["response"]["body"];
        let (mut decoder, mut events) = (family::stream_decoder(Api::Converse), Vec::<Event>::new());
        for (event_type, payload) in stream_twin(body) {
            decoder.step(event_type, payload.to_string().as_bytes(), &mut events).unwrap();
        }
        decoder.finish().unwrap();
        compare(recording, body, &Streamed::of_events(recording, events));
        checked += 1;
    }
    println!("{checked} whole answers");
    assert!(checked > 50);
}

fn compare(recording: &Recording, whole: &Value, streamed: &Streamed) {
    let events = family::decode(Api::Converse, Case::of(recording).model, whole.to_string().as_bytes()).unwrap();
    let whole: Value = serde_json::from_str(&render(recording).completion(vec![events]).unwrap()).unwrap();
    assert_eq!(
        without_spelling(join(&streamed.chunks())),
        without_spelling(told_in_chunks(whole)),
        "{}",
        recording.name
    );
}

/// Arguments come as the model spelt them or as the service does; they are compared as JSON. The recorder's own decoder
/// wrote the numbers of traces anew (`1.0` as `1`).
fn without_spelling(mut answer: Value) -> Value {
    answer.pointer_mut("/bedrock/trace").map(Value::take);
    let calls = answer.pointer_mut("/choices/0/message/tool_calls").and_then(Value::as_array_mut);
    for call in calls.into_iter().flatten() {
        let arguments = call["function"]["arguments"].as_str().unwrap();
        let parsed: Value = serde_json::from_str(arguments).unwrap_or_else(|_| json!(arguments));
        call["function"]["arguments"] = parsed;
    }
    answer
}

/// The body of Converse that says what these events say.
fn whole_twin(events: &[Value]) -> Value {
    let (mut body, mut blocks) = (Map::new(), BTreeMap::<u64, Map<String, Value>>::new());
    for event in events {
        let payload = &event["payload"];
        let block = blocks.entry(payload["contentBlockIndex"].as_u64().unwrap_or(0));
        match event["event_type"].as_str().unwrap() {
            "contentBlockStart" => block.or_default().extend(payload["start"].as_object().unwrap().clone()),
            "contentBlockDelta" => say(block.or_default(), &payload["delta"]),
            "messageStop" => drop(body.insert("stopReason".into(), payload["stopReason"].clone())),
            "metadata" => body.extend(payload.as_object().unwrap().clone()),
            _ => {}
        }
    }
    let content: Vec<Value> = blocks.into_values().map(whole_block).collect();
    body.insert("output".into(), json!({"message": {"role": "assistant", "content": content}}));
    Value::Object(body)
}

fn say(block: &mut Map<String, Value>, delta: &Value) {
    if let Some(text) = delta["text"].as_str() {
        append(block, "text", text);
    }
    if let Some(reasoning) = delta["reasoningContent"].as_object() {
        let told = block.entry("reasoningContent").or_insert_with(|| json!({"reasoningText": {"text": ""}}));
        let told = told["reasoningText"].as_object_mut().unwrap();
        reasoning.iter().for_each(|(name, piece)| append(told, name, piece.as_str().unwrap()));
    }
    if let Some(input) = delta["toolUse"]["input"].as_str() {
        append(block["toolUse"].as_object_mut().unwrap(), "input", input);
    }
    if let Some(citation) = delta.get("citation") {
        let citations = block.entry("citations").or_insert_with(|| json!([]));
        citations.as_array_mut().unwrap().push(citation.clone());
    }
}

fn whole_block(mut block: Map<String, Value>) -> Value {
    if let Some(call) = block.get_mut("toolUse") {
        let input = call["input"].as_str().filter(|input| !input.is_empty()).unwrap_or("{}");
        call["input"] = serde_json::from_str(input).unwrap_or_else(|_| json!(input));
    }
    match block.shift_remove("citations") {
        Some(citations) => json!({"citationsContent": {"content": [{"text": block["text"]}], "citations": citations}}),
        None => Value::Object(block),
    }
}

/// The events of ConverseStream that say what this body says.
fn stream_twin(body: &Value) -> Vec<(&'static str, Value)> {
    let mut events = vec![("messageStart", json!({"role": "assistant"}))];
    for (index, block) in body["output"]["message"]["content"].as_array().unwrap().iter().enumerate() {
        if let Some(call) = block.get("toolUse") {
            let mut start = call.as_object().unwrap().clone();
            start.shift_remove("input");
            events.push(("contentBlockStart", json!({"contentBlockIndex": index, "start": {"toolUse": start}})));
        }
        let delta = |delta: Value| ("contentBlockDelta", json!({"contentBlockIndex": index, "delta": delta}));
        events.extend(deltas(block).into_iter().map(delta));
        events.push(("contentBlockStop", json!({"contentBlockIndex": index})));
    }
    events.push(("messageStop", json!({"stopReason": body["stopReason"]})));
    let mut metadata = body.as_object().unwrap().clone();
    metadata.retain(|name, _| !["output", "stopReason"].contains(&name.as_str()));
    events.push(("metadata", Value::Object(metadata)));
    events
}

fn deltas(block: &Value) -> Vec<Value> {
    let cited = &block["citationsContent"];
    let cited_text: String =
        cited["content"].as_array().into_iter().flatten().filter_map(|part| part["text"].as_str()).collect();
    let text = block["text"].as_str().unwrap_or(&cited_text);
    let reasoning = &block["reasoningContent"];
    let thought = pieces(reasoning["reasoningText"]["text"].as_str().unwrap_or_default());
    let thought = thought.into_iter().map(|text| json!({"reasoningContent": {"text": text}}));
    let signature = reasoning["reasoningText"].get("signature");
    let signature = signature.map(|signature| json!({"reasoningContent": {"signature": signature}}));
    let redacted = reasoning.get("redactedContent").map(|data| json!({"reasoningContent": {"redactedContent": data}}));
    let texts = pieces(text).into_iter().map(|text| json!({"text": text}));
    let input = block.pointer("/toolUse/input").map(Value::to_string).unwrap_or_default();
    let input = pieces(&input).into_iter().map(|input| json!({"toolUse": {"input": input}}));
    let citations = cited["citations"].as_array().into_iter().flatten().map(|citation| json!({"citation": citation}));
    thought.chain(signature).chain(redacted).chain(texts).chain(input).chain(citations).collect()
}

/// A text in pieces of a few characters.
fn pieces(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(9).map(|piece| piece.iter().collect()).collect()
}

fn append(members: &mut Map<String, Value>, name: &str, text: &str) {
    let before = members.get(name).and_then(Value::as_str).unwrap_or_default();
    let joined = format!("{before}{text}");
    members.insert(name.to_owned(), Value::String(joined));
}
