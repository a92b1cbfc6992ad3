//! Answers as stream parts and as results.

#[path = "../../../../../__test__/rust/recordings/ai_sdk/order.rs"]
mod order;
mod specials;
mod splits;

use serde_json::{Value, json};

use super::finish::End;
use super::*;
use crate::conversation::{Event, StopReason, Usage};

fn settings(specification: Specification) -> Settings {
    Settings { specification, generated_id: "made".to_owned(), ..Settings::default() }
}

fn streamed_with(settings: &Settings, events: Vec<Event>, end: End) -> Vec<Value> {
    let (mut parts, mut items) = (Parts::new(settings.clone()), Vec::new());
    events.into_iter().for_each(|event| parts.step(event, &mut items));
    match end {
        End::Whole => parts.finish(&mut items),
        End::CutOff | End::Failed => parts.fail(end == End::CutOff, &mut items),
    }
    let parts = order::parts(&items);
    order::check(&parts);
    parts
}

fn streamed(events: Vec<Event>) -> Vec<Value> {
    streamed_with(&settings(Specification::V4), events, End::Whole)
}

fn whole(events: Vec<Event>) -> Value {
    result(events, &settings(Specification::V4)).unwrap()
}

fn text(index: u32, text: &str) -> Event {
    Event::Text { index, text: text.to_owned() }
}

fn reasoning(index: u32, text: &str) -> Event {
    Event::Reasoning { index, text: text.to_owned() }
}

fn call(index: u32, id: &str) -> Event {
    Event::ToolUse { index, id: id.to_owned(), name: "weather".to_owned() }
}

fn input(index: u32, json: &str) -> Event {
    Event::ToolInput { index, json: json.to_owned() }
}

fn end(index: u32) -> Event {
    Event::BlockStop { index }
}

fn finish(unified: &str, raw: &str) -> Value {
    json!({"type": "finish", "finishReason": {"unified": unified, "raw": raw}, "usage": {"inputTokens": {}, "outputTokens": {}}})
}

#[test]
fn text_comes_in_a_block_of_its_own() {
    assert_eq!(
        streamed(vec![text(0, "Hello"), text(0, ""), text(0, " you"), end(0), Event::Stop(StopReason::EndTurn)]),
        [
            json!({"type": "text-start", "id": "0"}),
            json!({"type": "text-delta", "id": "0", "delta": "Hello"}),
            json!({"type": "text-delta", "id": "0", "delta": " you"}),
            json!({"type": "text-end", "id": "0"}),
            finish("stop", "end_turn"),
        ]
    );
    let expected = json!({
        "content": [{"type": "text", "text": "Hello you"}],
        "finishReason": {"unified": "stop", "raw": "end_turn"},
        "usage": {"inputTokens": {}, "outputTokens": {}},
    });
    assert_eq!(whole(vec![text(0, "Hello you"), end(0), Event::Stop(StopReason::EndTurn)]), expected);
}

#[test]
fn a_text_is_one_item_as_it_came() {
    let (mut parts, mut items) = (Parts::new(Settings::default()), Vec::new());
    let given = "Hello".to_owned();
    let place = given.as_ptr();
    parts.step(text(0, "Well. "), &mut items);
    parts.step(Event::Text { index: 0, text: given }, &mut items);
    assert_eq!(items[1..], ["Well. ", "Hello"]);
    assert_eq!(items[2].as_ptr(), place, "it is not copied");
}

#[test]
fn text_that_looks_like_a_mark_is_text() {
    for mark in ["\0", "\u{1}", "\u{2}"] {
        let said = format!("{mark}{{}}");
        let parts = streamed(vec![text(3, &said), Event::Stop(StopReason::EndTurn)]);
        assert_eq!(parts[1], json!({"type": "text-delta", "id": "3", "delta": said}));
    }
}

#[test]
fn reasoning_has_its_signature_under_both_names() {
    let events = || {
        vec![
            reasoning(0, "Well"),
            reasoning(0, "."),
            Event::Signature { index: 0, signature: "ab".to_owned() },
            Event::Signature { index: 0, signature: "c".to_owned() },
            end(0),
            text(1, "Yes"),
            end(1),
            Event::Stop(StopReason::EndTurn),
        ]
    };
    let signed =
        |signature: &str| json!({"amazonBedrock": {"signature": signature}, "bedrock": {"signature": signature}});
    let delta = |text: &str| json!({"type": "reasoning-delta", "id": "0", "delta": text});
    let signed_delta = |signature: &str| json!({"type": "reasoning-delta", "id": "0", "delta": "", "providerMetadata": signed(signature)});
    assert_eq!(
        streamed(events())[..6],
        [
            json!({"type": "reasoning-start", "id": "0"}),
            delta("Well"),
            delta("."),
            signed_delta("ab"),
            signed_delta("abc"),
            json!({"type": "reasoning-end", "id": "0"}),
        ]
    );
    assert_eq!(
        whole(events())["content"],
        json!([{"type": "reasoning", "text": "Well.", "providerMetadata": signed("abc")}, {"type": "text", "text": "Yes"}])
    );
}

#[test]
fn hidden_reasoning_comes_with_the_end_of_its_block() {
    let hidden = |data: &str| Event::Redacted { index: 0, data: data.to_owned() };
    let events = || vec![hidden("aGk="), hidden("aGk="), end(0), Event::Stop(StopReason::EndTurn)];
    let metadata = json!({"redactedContent": "aGloaQ=="});
    let metadata = json!({"amazonBedrock": metadata, "bedrock": metadata});
    assert_eq!(
        streamed(events())[..2],
        [
            json!({"type": "reasoning-start", "id": "0"}),
            json!({"type": "reasoning-end", "id": "0", "providerMetadata": metadata}),
        ]
    );
    assert_eq!(whole(events())["content"], json!([{"type": "reasoning", "text": "", "providerMetadata": metadata}]));
}

#[test]
fn a_call_follows_its_input() {
    let events = || {
        vec![
            text(0, "Let me see."),
            end(0),
            call(1, "tooluse_1"),
            input(1, ""),
            input(1, "{\"a\""),
            input(1, ":1}"),
            end(1),
            call(2, "tooluse_2"),
            end(2),
            Event::Stop(StopReason::ToolUse),
        ]
    };
    assert_eq!(
        streamed(events())[3..],
        [
            json!({"type": "tool-input-start", "id": "tooluse_1", "toolName": "weather"}),
            json!({"type": "tool-input-delta", "id": "tooluse_1", "delta": "{\"a\""}),
            json!({"type": "tool-input-delta", "id": "tooluse_1", "delta": ":1}"}),
            json!({"type": "tool-input-end", "id": "tooluse_1"}),
            json!({"type": "tool-call", "toolCallId": "tooluse_1", "toolName": "weather", "input": "{\"a\":1}"}),
            json!({"type": "tool-input-start", "id": "tooluse_2", "toolName": "weather"}),
            json!({"type": "tool-input-end", "id": "tooluse_2"}),
            json!({"type": "tool-call", "toolCallId": "tooluse_2", "toolName": "weather", "input": "{}"}),
            finish("tool-calls", "tool_use"),
        ]
    );
    assert_eq!(
        whole(events())["content"],
        json!([
            {"type": "text", "text": "Let me see."},
            {"type": "tool-call", "toolCallId": "tooluse_1", "toolName": "weather", "input": "{\"a\":1}"},
            {"type": "tool-call", "toolCallId": "tooluse_2", "toolName": "weather", "input": "{}"},
        ])
    );
}

#[test]
fn calls_without_an_id_get_one_and_no_two_have_the_same() {
    let events = vec![call(0, ""), call(1, "a"), call(2, ""), call(3, "a"), Event::Stop(StopReason::ToolUse)];
    let content = whole(events);
    let ids: Vec<&str> =
        content["content"].as_array().unwrap().iter().map(|call| call["toolCallId"].as_str().unwrap()).collect();
    assert_eq!(ids, ["made", "a", "made-2", "a-2"]);
}

#[test]
fn blocks_that_are_said_at_once_keep_apart() {
    let events = || {
        vec![
            text(0, "a"),
            text(1, "b"),
            call(2, "c"),
            call(3, "d"),
            text(0, "A"),
            input(2, "{}"),
            text(1, "B"),
            end(1),
            end(3),
            text(0, "α"),
            Event::Stop(StopReason::EndTurn),
        ]
    };
    // The order is checked; every piece is in its own block.
    streamed(events());
    let content = &whole(events())["content"];
    assert_eq!(content[0], json!({"type": "text", "text": "aAα"}));
    assert_eq!(content[1], json!({"type": "text", "text": "bB"}));
    assert_eq!(content[3]["input"], "{}");
}

#[test]
fn reasoning_between_tags_has_blocks_of_its_own() {
    let events = || vec![reasoning(0, "Hm"), text(0, "Yes"), reasoning(0, "Or"), text(0, "No"), end(0)];
    let ids: Vec<Value> = streamed(events()).iter().map(|part| part["id"].clone()).collect();
    assert_eq!(ids[..3], ["0", "0", "0"]);
    assert_eq!(
        whole(events())["content"],
        json!([
            {"type": "reasoning", "text": "Hm"},
            {"type": "text", "text": "Yes"},
            {"type": "reasoning", "text": "Or"},
            {"type": "text", "text": "No"},
        ])
    );
}

#[test]
fn an_answer_that_breaks_off_ends_what_is_open_and_calls_nothing() {
    let failed = |end, specification| {
        let events = vec![
            text(0, "Wait"),
            call(1, "a"),
            input(1, "{\"a"),
            Event::Usage(Usage { input_tokens: Some(3), ..Usage::default() }),
        ];
        let parts = streamed_with(&settings(specification), events, end);
        assert!(parts.iter().all(|part| part["type"] != "tool-call"), "{parts:?}");
        let last = parts.last().unwrap();
        assert_eq!(last["usage"]["inputTokens"]["total"], 3);
        last["finishReason"].clone()
    };
    assert_eq!(failed(End::CutOff, Specification::V4), json!({"unified": "interrupted"}));
    assert_eq!(failed(End::CutOff, Specification::V3), json!({"unified": "error"}));
    assert_eq!(failed(End::Failed, Specification::V4), json!({"unified": "error"}));
    assert_eq!(failed(End::Failed, Specification::V3), json!({"unified": "error"}));
}

#[test]
fn an_answer_that_breaks_off_before_it_began_is_a_finish() {
    let parts = streamed_with(&settings(Specification::V4), Vec::new(), End::Failed);
    assert_eq!(parts.len(), 1);
}

#[test]
fn every_reason_ends_as_the_ai_sdk_says_it() {
    let ended = |stop: Option<&str>, calls: bool| {
        let mut events: Vec<Event> = calls.then(|| call(0, "a")).into_iter().collect();
        events.extend(stop.map(|word| Event::Stop(StopReason::parse(word))));
        let parts = streamed(events);
        parts.last().unwrap()["finishReason"]["unified"].as_str().unwrap().to_owned()
    };
    for (word, plain, with_calls) in [
        ("end_turn", "stop", "tool-calls"),
        ("stop_sequence", "stop", "stop"),
        ("max_tokens", "length", "length"),
        ("model_context_window_exceeded", "length", "length"),
        ("content_filtered", "content-filter", "content-filter"),
        ("guardrail_intervened", "content-filter", "content-filter"),
        ("refusal", "content-filter", "content-filter"),
        ("tool_use", "tool-calls", "tool-calls"),
        ("malformed_tool_use", "other", "other"),
        ("malformed_model_output", "other", "other"),
        ("a_word_of_tomorrow", "other", "other"),
    ] {
        assert_eq!(
            (ended(Some(word), false).as_str(), ended(Some(word), true).as_str()),
            (plain, with_calls),
            "{word}"
        );
    }
    assert_eq!(ended(None, false), "other");
}
