//! A second reader of items, and the order that `@ai-sdk/provider` asks of stream parts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// The parts that JavaScript makes of items.
pub(super) fn parts(items: &[String]) -> Vec<Value> {
    let mut open: BTreeMap<&str, Value> = BTreeMap::new();
    let mut parts = Vec::new();
    for item in items {
        let delta = |open: &BTreeMap<&str, Value>, kind: &'static str, delta: &str| json!({"type": format!("{kind}-delta"), "id": open[kind], "delta": delta});
        parts.push(match item.chars().next() {
            Some('\0') => {
                let part: Value = serde_json::from_str(&item[1..]).unwrap();
                for kind in ["text", "reasoning", "tool-input"] {
                    if part["type"] == format!("{kind}-start") {
                        open.insert(kind, part["id"].clone());
                    }
                }
                part
            }
            Some('\u{1}') => delta(&open, "reasoning", &item[1..]),
            Some('\u{2}') => delta(&open, "tool-input", &item[1..]),
            _ => delta(&open, "text", item),
        });
    }
    parts
}

/// Panics where `parts` are not in order.
pub(super) fn check(parts: &[Value]) {
    let (mut open, mut used) = (BTreeMap::new(), BTreeSet::new());
    let mut inputs: BTreeMap<String, String> = BTreeMap::new();
    // The call that an input of a tool has to be followed by, at once.
    let mut awaited: Option<String> = None;
    for (place, part) in parts.iter().enumerate() {
        let kind = part["type"].as_str().expect("a type");
        let id = || part["id"].as_str().expect("an id").to_owned();
        if kind == "tool-call" {
            let id = part["toolCallId"].as_str().unwrap();
            assert_eq!(awaited.take().as_deref(), Some(id), "a call follows its input");
            let input = inputs.remove(id).unwrap();
            assert_eq!(part["input"], if input.is_empty() { "{}" } else { &input }, "the whole of its input");
            continue;
        }
        awaited = None;
        if let Some(block) = kind.strip_suffix("-start") {
            assert!(used.insert(id()), "{} stands twice", id());
            open.insert(id(), block.to_owned());
            inputs.insert(id(), String::new());
        } else if let Some(block) = kind.strip_suffix("-delta") {
            assert_eq!(open.get(&id()).map(String::as_str), Some(block), "{part} belongs to no open block");
            inputs.get_mut(&id()).unwrap().push_str(part["delta"].as_str().expect("a delta"));
        } else if let Some(block) = kind.strip_suffix("-end") {
            assert_eq!(open.remove(&id()).as_deref(), Some(block), "{part} ends nothing");
            awaited = (kind == "tool-input-end").then(id);
        } else if kind == "source" {
            assert!(used.insert(id()), "{} stands twice", id());
        }
        assert_eq!(kind == "finish", place + 1 == parts.len(), "finish is the last part");
    }
    assert!(open.is_empty(), "{open:?} have no end");
}
