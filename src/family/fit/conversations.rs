//! Any conversation becomes one that Bedrock takes.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::catalog::resolve;
use crate::conversation::{Block, Content, Function, Message, Role, Tool, ToolResult, ToolUse};
use crate::family::encode;

fn block() -> impl Strategy<Value = Block> {
    let id = || prop::sample::select(vec!["a", "b", "call 1", ""]);
    prop_oneof![
        prop::sample::select(vec!["", " ", "word", "end \n"]).prop_map(|text| Block::Text(text.to_owned())),
        id().prop_map(|id| Block::ToolUse(ToolUse {
            param: "messages[1].tool_calls[0]".to_owned(),
            id: id.to_owned(),
            name: "a.b".to_owned(),
            input: json!({}),
        })),
        (id(), any::<bool>()).prop_map(|(id, is_error)| Block::ToolResult(ToolResult {
            param: "messages[2]".to_owned(),
            id: id.to_owned(),
            content: vec![Block::Text(String::new())],
            is_error,
        })),
    ]
}

/// Calls are the assistant's, results the user's.
fn message() -> impl Strategy<Value = Message> {
    (any::<bool>(), prop::collection::vec(block(), 0..4)).prop_map(|(by_user, mut blocks)| {
        blocks.retain(|block| match block {
            Block::ToolUse(_) => !by_user,
            Block::ToolResult(_) => by_user,
            _ => true,
        });
        let role = if by_user { Role::User } else { Role::Assistant };
        Message { role, content: Content::Blocks(blocks), name: None }
    })
}

fn ids<'a>(message: &'a Value, kind: &str, member: &str) -> Vec<&'a str> {
    let blocks = message["content"].as_array().unwrap();
    blocks.iter().filter_map(|block| block[kind][member].as_str()).collect()
}

fn check(body: &Value) {
    let messages = body["messages"].as_array().unwrap();
    let mut known = HashSet::new();
    for (at, message) in messages.iter().enumerate() {
        let role = if at.is_multiple_of(2) { "user" } else { "assistant" };
        assert_eq!(message["role"], role, "turns alternate");
        let blocks = message["content"].as_array().unwrap();
        assert!(!blocks.is_empty());
        assert!(blocks.iter().all(|block| block["text"].as_str().is_none_or(|text| !text.trim().is_empty())));
        let results = ids(message, "toolResult", "toolUseId");
        assert!(blocks.iter().take(results.len()).all(|block| block["toolResult"].is_object()), "results first");
        let before = at.checked_sub(1).and_then(|before| messages.get(before));
        let calls = before.map(|message| ids(message, "toolUse", "toolUseId")).unwrap_or_default();
        assert!(calls.iter().all(|id| known.insert((*id).to_owned())), "ids are unique");
        let (mut calls, mut results) = (calls, results);
        calls.sort_unstable();
        results.sort_unstable();
        assert_eq!(calls, results, "each call has its result");
    }
    assert_eq!(body["toolConfig"].is_object(), body.to_string().contains("toolUse\""), "tools with calls");
}

proptest! {
    #[test]
    fn every_conversation_is_mended(messages in prop::collection::vec(message(), 0..8)) {
        for id in ["us.anthropic.claude-opus-4-8", "us.amazon.nova-pro-v1:0", "mistral.mistral-large-2407-v1:0", "amazon.titan-text-express-v1"] {
            let target = resolve(id).unwrap();
            let mut request = Request { messages: messages.clone(), ..Request::default() };
            let Ok(plan) = fit(&mut request, &target, Api::Converse, &mut Vec::new()) else { continue };
            let body: Value = serde_json::from_slice(&encode(Api::Converse, &request, target.model)).unwrap();
            check(&body);
            prop_assert!(plan.tool_names.get("a_b").is_none_or(|name| name == "a.b"));
            let mut again = Vec::new();
            fit(&mut request, &target, Api::Converse, &mut again).unwrap();
            let second: Value = serde_json::from_slice(&encode(Api::Converse, &request, target.model)).unwrap();
            prop_assert_eq!(&second["messages"], &body["messages"], "what is mended stays");
        }
    }
}

#[test]
fn a_thousand_tools_and_ten_thousand_turns_are_fitted() {
    let tool = |number: usize| {
        Tool::Function(Function {
            param: format!("tools[{number}]"),
            name: format!("tool.{}{}", number / 2, if number.is_multiple_of(2) { "." } else { "/" }),
            description: None,
            schema: json!({"type": "object"}),
            strict: false,
        })
    };
    let turn = |number: usize| {
        let call = ToolUse { param: String::new(), id: "same".to_owned(), name: "gone".to_owned(), input: json!({}) };
        let role = if number.is_multiple_of(2) { Role::User } else { Role::Assistant };
        let said = if number.is_multiple_of(2) { Block::Text("x".to_owned()) } else { Block::ToolUse(call) };
        Message { role, content: Content::Blocks(vec![said]), name: None }
    };
    let mut request = Request {
        tools: (0..1_000).map(tool).collect(),
        messages: (0..10_000).map(turn).collect(),
        ..Request::default()
    };
    let target = resolve("us.amazon.nova-pro-v1:0").unwrap();
    let plan = fit(&mut request, &target, Api::Converse, &mut Vec::new()).unwrap();
    assert_eq!((plan.tool_names.len(), request.messages.len()), (1_000, 10_001));
}
