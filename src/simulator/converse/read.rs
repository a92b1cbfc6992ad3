//! A Converse request as a question.

use serde_json::Value;

use crate::simulator::native::Body;
use crate::simulator::native::body::{count, decode, role, strings};
use crate::simulator::question::{Question, Turn};

/// The question in a Converse body that has passed validation.
pub(in crate::simulator) fn read(body: &Body) -> Question {
    let mut question = Question {
        max_tokens: count(body.at("/inferenceConfig/maxTokens")),
        stop: strings(body.at("/inferenceConfig/stopSequences")),
        thinking: asks_for_thinking(body.get("additionalModelRequestFields")),
        ..Question::default()
    };
    for block in body.get("system").as_array().into_iter().flatten() {
        question.add_system(text_of(block).unwrap_or_default());
    }
    question.turns = body.get("messages").as_array().into_iter().flatten().map(turn).collect();
    question
}

/// The ways in which models are asked to think: Claude, Qwen and DeepSeek, Nova 2.
fn asks_for_thinking(fields: &Value) -> bool {
    let config = |key: &str| match &fields[key] {
        Value::String(effort) => !matches!(effort.as_str(), "" | "none" | "disabled"),
        config => matches!(config["type"].as_str(), Some("enabled" | "adaptive")),
    };
    ["thinking", "reasoning_config", "reasoningConfig", "reasoning_effort"].into_iter().any(config)
}

fn turn(message: &Value) -> Turn {
    let mut turn = Turn::new(role(message), "");
    message["content"].as_array().into_iter().flatten().for_each(|block| read_block(&mut turn, block));
    turn
}

fn read_block(turn: &mut Turn, block: &Value) {
    if let Some(text) = text_of(block) {
        turn.add_text(text);
    }
    if block["image"].is_object() {
        turn.add_image(decode(block["image"]["source"]["bytes"].as_str().unwrap_or_default()));
    }
    if block["document"].is_object() {
        let bytes = decode(block["document"]["source"]["bytes"].as_str().unwrap_or_default());
        turn.add_text(String::from_utf8_lossy(&bytes));
    }
    for inner in block["toolResult"]["content"].as_array().into_iter().flatten() {
        match &inner["json"] {
            Value::Null => read_block(turn, inner),
            json => turn.add_text(json.to_string()),
        }
    }
}

fn text_of(block: &Value) -> Option<&str> {
    block["text"].as_str().or_else(|| block["guardContent"]["text"]["text"].as_str())
}
