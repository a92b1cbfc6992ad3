//! The `messages` that OpenAI-style bodies share.

use serde_json::Value;

use super::body::{Body, count, decode_data_url, role, strings};
use crate::simulator::question::{Question, Turn};

/// The question in an OpenAI chat body.
pub(super) fn read(body: &Body) -> Question {
    let mut question = Question {
        max_tokens: count(body.get("max_completion_tokens")).or_else(|| count(body.get("max_tokens"))),
        stop: strings(body.get("stop")),
        thinking: asks_for_thinking(body),
        ..Question::default()
    };
    for message in body.get("messages").as_array().into_iter().flatten() {
        match message["role"].as_str() {
            Some("system" | "developer") => question.add_system(&turn(message).text()),
            _ => question.turns.push(turn(message)),
        }
    }
    question
}

fn asks_for_thinking(body: &Body) -> bool {
    let effort = body.get("reasoning_effort").as_str();
    effort.is_some_and(|effort| effort != "none") || matches!(body.at("/thinking/type").as_str(), Some("enabled"))
}

fn turn(message: &Value) -> Turn {
    let mut turn = Turn::new(role(message), message["content"].as_str().unwrap_or_default());
    for part in message["content"].as_array().into_iter().flatten() {
        if let Some(text) = part["text"].as_str() {
            turn.add_text(text);
        }
        if let Some(url) = part["image_url"]["url"].as_str().or_else(|| part["image_url"].as_str()) {
            turn.add_image(decode_data_url(url));
        }
    }
    turn
}
