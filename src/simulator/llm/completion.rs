//! A whole OpenAI chat completion as an answer.

use serde_json::Value;

use super::thoughts;
use crate::simulator::answer::{Answer, Block, Call, Stop, Usage};
use crate::simulator::backend::tokens;
use crate::simulator::exception::Exception;

/// The answer in a completion. `input` counts the question where the service does not.
pub(super) fn answer(completion: &Value, thinks: bool, input: u64) -> Result<Answer, Exception> {
    let choice = &completion["choices"][0];
    let message = &choice["message"];
    if !message.is_object() {
        return Err(Exception::new("ModelErrorException", "The backend's answer is not a chat completion."));
    }
    let (inline, text) = thoughts::split(message["content"].as_str().unwrap_or_default());
    let given = ["reasoning_content", "reasoning"].iter().find_map(|key| message[key].as_str());
    let reasoning = given.filter(|text| !text.is_empty()).map_or(inline, str::to_owned);
    let mut blocks = Vec::new();
    if thinks && !reasoning.is_empty() {
        blocks.push(Block::Reasoning { text: reasoning.clone().into(), signature: None });
    }
    let calls: Vec<Block> = message["tool_calls"].as_array().into_iter().flatten().map(call).collect();
    if !text.is_empty() || calls.is_empty() {
        blocks.push(Block::Text { text: text.clone().into(), citations: Vec::new() });
    }
    let stop = stop(choice, !calls.is_empty());
    blocks.extend(calls);
    let spoken = || tokens::count(&text) + tokens::count(&reasoning);
    Ok(Answer::new(blocks, stop, usage(&completion["usage"], input, spoken)))
}

fn call(call: &Value) -> Block {
    let function = &call["function"];
    let arguments = match &function["arguments"] {
        Value::String(text) if text.trim().is_empty() => "{}".to_owned(),
        Value::String(text) => text.clone(),
        Value::Null => "{}".to_owned(),
        // Ollama's own shape: an object.
        object => object.to_string(),
    };
    let name = function["name"].as_str().unwrap_or_default().to_owned();
    Block::ToolUse { call: Call { id: None, name, kind: None }, input: arguments.into() }
}

/// Why it stopped. Only some services say which stop sequence was met (vLLM's `stop_reason`).
pub(super) fn stop(choice: &Value, calls: bool) -> Stop {
    match (choice["finish_reason"].as_str(), choice["stop_reason"].as_str()) {
        (Some("tool_calls" | "function_call"), _) => Stop::ToolUse,
        _ if calls => Stop::ToolUse,
        (Some("length"), _) => Stop::MaxTokens,
        (Some("content_filter"), _) => Stop::ContentFiltered,
        (_, Some(sequence)) => Stop::Sequence(sequence.to_owned()),
        _ => Stop::EndTurn,
    }
}

/// The service's count, or the simulator's.
pub(super) fn usage(given: &Value, input: u64, spoken: impl FnOnce() -> u64) -> Usage {
    let count = |key: &str| given[key].as_u64().filter(|count| *count > 0);
    Usage::new(count("prompt_tokens").unwrap_or(input), count("completion_tokens").unwrap_or_else(spoken).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_thoughts_and_calls() {
        let completion = json!({
            "choices": [{"finish_reason": "tool_calls", "message": {
                "content": "<think>Let me see.</think>\n\nI look it up.",
                "tool_calls": [{"id": "x", "function": {"name": "find", "arguments": "{\"q\":\"a\"}"}}],
            }}],
            "usage": {"prompt_tokens": 7, "completion_tokens": 9},
        });
        let told = answer(&completion, true, 1).unwrap();
        assert_eq!((told.reasoning().as_deref(), told.text().as_str()), (Some("Let me see."), "I look it up."));
        assert_eq!((told.stop, told.usage, told.blocks.len()), (Stop::ToolUse, Usage::new(7, 9), 3));
        let silent = answer(&completion, false, 1).unwrap();
        assert_eq!((silent.reasoning(), silent.blocks.len()), (None, 2));
    }

    #[test]
    fn what_the_service_does_not_say_is_counted_or_taken_for_the_usual() {
        let told = answer(&json!({"choices": [{"message": {"content": "One two"}}]}), true, 5).unwrap();
        assert_eq!((told.stop, told.usage), (Stop::EndTurn, Usage::new(5, 2)));
        let met = json!({"finish_reason": "stop", "stop_reason": "END"});
        assert_eq!(stop(&met, false), Stop::Sequence("END".into()));
        assert!(answer(&json!({"error": "x"}), true, 1).is_err());
    }
}
