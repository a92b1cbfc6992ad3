//! However a text is split into events, it is the same answer.

use proptest::prelude::*;

use super::*;

/// A step of an answer: which block, and what happens in it.
fn event() -> impl Strategy<Value = Event> {
    let piece = || "[a\u{0}\u{1}\u{2}é\"]{0,3}";
    (0u32..3, 0u8..7, piece()).prop_map(|(index, kind, piece)| match kind {
        0 => Event::Text { index, text: piece },
        1 => Event::Reasoning { index, text: piece },
        2 => Event::ToolUse { index, id: piece, name: "weather".to_owned() },
        3 => Event::ToolInput { index, json: piece },
        4 => Event::Signature { index, signature: piece },
        5 => Event::Citation { index, citation: json!({"title": piece}) },
        _ => Event::BlockStop { index },
    })
}

/// The texts of a stream as a whole answer has them.
fn joined(parts: &[Value]) -> Vec<(String, String)> {
    let mut content: Vec<(String, String)> = Vec::new();
    let mut places = std::collections::BTreeMap::new();
    for part in parts {
        let kind = part["type"].as_str().unwrap();
        if kind == "text-start" || kind == "reasoning-start" {
            places.insert(part["id"].to_string(), content.len());
            content.push((kind.trim_end_matches("-start").to_owned(), String::new()));
        } else if kind == "text-delta" || kind == "reasoning-delta" {
            content[places[&part["id"].to_string()]].1 += part["delta"].as_str().unwrap();
        } else if kind == "tool-call" {
            content.push((kind.to_owned(), part["input"].as_str().unwrap().to_owned()));
        } else if kind == "source" {
            content.push((kind.to_owned(), String::new()));
        }
    }
    content
}

fn of_whole(whole: &Value) -> Vec<(String, String)> {
    let text =
        |part: &Value| part.get("text").or(part.get("input")).and_then(Value::as_str).unwrap_or_default().to_owned();
    let content = whole["content"].as_array().unwrap();
    content.iter().map(|part| (part["type"].as_str().unwrap().to_owned(), text(part))).collect()
}

proptest! {
    #[test]
    fn any_events_come_in_order_and_a_stream_is_what_the_whole_is(events in prop::collection::vec(event(), 0..24)) {
        // The order is checked in there.
        prop_assert_eq!(joined(&streamed(events.clone())), of_whole(&whole(events)));
    }

    #[test]
    fn any_events_break_off_in_order(events in prop::collection::vec(event(), 0..24)) {
        streamed_with(&settings(Specification::V3), events, End::Failed);
    }
}
