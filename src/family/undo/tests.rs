//! Answers before and after, in every split.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn text(text: &str) -> Event {
    Event::Text { index: 0, text: text.to_owned() }
}

fn call(index: u32, name: &str) -> Event {
    Event::ToolUse { index, id: format!("c{index}"), name: name.to_owned() }
}

fn input(index: u32, json: &str) -> Event {
    Event::ToolInput { index, json: json.to_owned() }
}

fn undone(plan: &Plan, events: Vec<Event>) -> Vec<Event> {
    let (mut undo, mut out) = (Undo::new(plan), Vec::new());
    events.into_iter().for_each(|event| undo.step(event, &mut out));
    undo.finish(&mut out);
    out
}

fn joined(events: &[Event]) -> String {
    events
        .iter()
        .filter_map(|event| if let Event::Text { text, .. } = event { Some(text.as_str()) } else { None })
        .collect()
}

fn instructed() -> Plan {
    Plan { json_instructed: true, schema: Some(json!({"type": "object"})), ..Plan::default() }
}

#[test]
fn tools_have_the_callers_names_and_calls_are_the_reason_to_stop() {
    let plan = Plan { tool_names: [("a_b".to_owned(), "a.b".to_owned())].into(), ..Plan::default() };
    let events = vec![call(0, "a_b"), input(0, "{}"), call(1, "c"), Event::Stop(StopReason::EndTurn)];
    let stop = [Event::StopAsWritten(StopReason::EndTurn), Event::Stop(StopReason::ToolUse)];
    let expected = [vec![call(0, "a.b"), input(0, "{}"), call(1, "c")], stop.to_vec()].concat();
    assert_eq!(undone(&plan, events), expected);
}

#[test]
fn the_tool_that_stands_for_the_answer_is_the_answer() {
    let plan = Plan { json_tool: Some("json_output".into()), ..Plan::default() };
    let answer = || {
        vec![call(1, "json_output"), input(1, ""), input(1, "{\"a\""), input(1, ":1}"), Event::BlockStop { index: 1 }]
    };
    let mut events = vec![text("Here it is:"), Event::BlockStop { index: 0 }];
    events.extend(answer());
    events.extend([call(2, "json_output"), input(2, "{}"), Event::Stop(StopReason::ToolUse)]);
    let out = undone(&plan, events);
    assert_eq!(joined(&out), "{\"a\":1}");
    assert_eq!(out.iter().filter(|event| **event == Event::JsonTool).count(), 1);
    assert_eq!(out.last(), Some(&Event::Stop(StopReason::EndTurn)));

    let mut events = answer();
    events.extend([call(2, "weather"), input(2, "{}"), Event::Stop(StopReason::ToolUse)]);
    let out = undone(&plan, events);
    assert!(out.contains(&call(2, "weather")));
    assert_eq!(out.last(), Some(&Event::Stop(StopReason::ToolUse)), "the caller's tool was called as well");

    let out = undone(&plan, vec![text("No."), Event::Stop(StopReason::EndTurn)]);
    assert_eq!(out, [text("No."), Event::Stop(StopReason::EndTurn)]);
    let out = undone(&plan, vec![call(0, "json_output"), input(0, "{\"a"), Event::Stop(StopReason::MaxTokens)]);
    assert_eq!((joined(&out).as_str(), out.last()), ("{\"a", Some(&Event::Stop(StopReason::MaxTokens))));
}

#[test]
fn words_around_json_are_taken_off_and_words_alone_are_kept() {
    for (said, kept) in [
        ("```json\n{\"a\": \"}{\\\"\"}\n```", "{\"a\": \"}{\\\"\"}"),
        ("Sure!\n\n{\"a\": [1, {}]}\nAnything else?", "{\"a\": [1, {}]}"),
        ("I cannot do that.", "I cannot do that."),
        ("{\"cut\": [", "{\"cut\": ["),
        ("", ""),
    ] {
        assert_eq!(joined(&undone(&instructed(), vec![text(said), Event::Stop(StopReason::EndTurn)])), kept);
    }
    let number = Plan { json_instructed: true, schema: Some(json!({"type": "number"})), ..Plan::default() };
    assert_eq!(joined(&undone(&number, vec![text("42")])), "42");
    let list = Plan { json_instructed: true, schema: Some(json!({"type": "array"})), ..Plan::default() };
    assert_eq!(joined(&undone(&list, vec![text("List: [{}] done")])), "[{}]");
}

proptest! {
    #[test]
    fn any_split_of_a_text_gives_the_same(said in "[a`]{0,3}(\\{|\"|\\\\|\\}|\\[|\\]|é|,){0,12}", cut in 0usize..40) {
        let whole = joined(&undone(&instructed(), vec![text(&said)]));
        let cut = (0..=cut.min(said.len())).rev().find(|&at| said.is_char_boundary(at)).unwrap_or_default();
        let (left, right) = said.split_at(cut);
        prop_assert_eq!(joined(&undone(&instructed(), vec![text(left), text(right)])), whole);
    }
}
