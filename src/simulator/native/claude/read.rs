//! A Messages request as a question.

use serde_json::Value;

use super::super::body::{Body, count, decode, items, role, strings, text};
use crate::simulator::question::{
    CachePoint, Document, Media, Part, Place, Question, Reasoning, Role, SearchResult, Source, Tool, ToolChoice,
    ToolResult, ToolUse, Turn,
};

/// Tools without a schema that the caller runs: their names begin so in `type`.
const CLIENT_TOOLS: &[&str] = &["bash_", "computer_", "memory_", "text_editor_"];

pub(super) fn question(body: &Body) -> Question {
    let mut question = Question {
        max_tokens: count(body.get("max_tokens")),
        temperature: body.get("temperature").as_f64(),
        top_p: body.get("top_p").as_f64(),
        top_k: count(body.get("top_k")),
        stop: strings(body.get("stop_sequences")),
        thinking: matches!(body.at("/thinking/type").as_str(), Some("enabled" | "adaptive")),
        schema: schema(body),
        tool_choice: tool_choice(body.get("tool_choice")),
        ..Question::default()
    };
    items(body.get("tools")).for_each(|tool| read_tool(tool, &mut question));
    match body.get("system") {
        Value::String(text) => question.add_system(text),
        blocks => items(blocks).for_each(|block| {
            question.add_system(block["text"].as_str().unwrap_or_default());
            let place = Place::System(question.system.len());
            question.cache_points.extend(cache_point(block, place));
        }),
    }
    for message in items(body.get("messages")) {
        let (turn, points) = read_message(message, question.turns.len());
        question.cache_points.extend(points);
        match message["role"].as_str() {
            Some("system") => question.add_system(&turn.text()),
            _ => question.turns.push(turn),
        }
    }
    question
}

/// `output_config.format`, and `output_format` as it was called before.
fn schema(body: &Body) -> Option<Value> {
    let formats = [body.at("/output_config/format"), body.get("output_format")];
    formats.into_iter().find(|format| format["schema"].is_object()).map(|format| format["schema"].clone())
}

/// Claude's own `tool_choice`.
pub(in crate::simulator) fn tool_choice(choice: &Value) -> ToolChoice {
    match choice["type"].as_str() {
        Some("any") => ToolChoice::Any,
        Some("tool") => ToolChoice::Named(text(&choice["name"])),
        Some("none") => ToolChoice::None,
        _ => ToolChoice::Auto,
    }
}

fn read_tool(tool: &Value, question: &mut Question) {
    let name = text(&tool["name"]);
    let kind = tool["type"].as_str().unwrap_or("custom");
    if tool["input_schema"].is_object() || CLIENT_TOOLS.iter().any(|prefix| kind.starts_with(prefix)) {
        let schema = tool["input_schema"].clone();
        question.tools.push(Tool { name, description: text(&tool["description"]), schema });
    } else {
        question.server_tools.push(name);
    }
    let place = Place::Tools(question.tools.len());
    question.cache_points.extend(cache_point(tool, place));
}

fn read_message(message: &Value, turns: usize) -> (Turn, Vec<CachePoint>) {
    let mut turn = Turn::new(role(message), text(&message["content"]));
    let mut points = Vec::new();
    for block in items(&message["content"]) {
        read_block(block, &mut turn);
        points.extend(cache_point(block, Place::Turns(turns, turn.parts.len())));
    }
    (turn, points)
}

fn cache_point(block: &Value, place: Place) -> Option<CachePoint> {
    let control = &block["cache_control"];
    control.is_object().then(|| CachePoint { place, hour: control["ttl"] == "1h" })
}

/// Adds what a content block says; blocks that are new to us say nothing.
fn read_block(block: &Value, turn: &mut Turn) {
    let part = match block["type"].as_str().unwrap_or_default() {
        "text" => return turn.add_text(text(&block["text"])),
        "image" => Part::Image(Media { format: format(&block["source"]), source: source(&block["source"]) }),
        "document" => Part::Document(Document {
            name: text(&block["title"]),
            format: format(&block["source"]),
            source: source(&block["source"]),
            context: text(&block["context"]),
            citations: block["citations"]["enabled"] == true,
        }),
        "search_result" => Part::SearchResult(SearchResult {
            source: text(&block["source"]),
            title: text(&block["title"]),
            chunks: items(&block["content"]).map(|chunk| text(&chunk["text"])).collect(),
            citations: block["citations"]["enabled"] == true,
        }),
        "thinking" => Part::Reasoning(Reasoning {
            text: text(&block["thinking"]),
            signature: block["signature"].as_str().map(str::to_owned),
        }),
        "redacted_thinking" => Part::Redacted(text(&block["data"])),
        "tool_use" | "server_tool_use" => {
            Part::ToolUse(ToolUse { id: text(&block["id"]), name: text(&block["name"]), input: block["input"].clone() })
        }
        "tool_result" => Part::ToolResult(tool_result(block)),
        _ => return,
    };
    turn.parts.push(part);
}

fn tool_result(block: &Value) -> ToolResult {
    let mut inner = Turn::new(Role::User, text(&block["content"]));
    items(&block["content"]).for_each(|block| read_block(block, &mut inner));
    ToolResult { id: text(&block["tool_use_id"]), parts: inner.parts, is_error: block["is_error"] == true }
}

/// `png` of `image/png`.
fn format(source: &Value) -> String {
    match source["media_type"].as_str() {
        Some("text/plain") => "txt".to_owned(),
        Some(kind) => kind.rsplit('/').next().unwrap_or_default().to_owned(),
        None => String::new(),
    }
}

fn source(source: &Value) -> Source {
    match source["type"].as_str() {
        Some("text") => Source::Text(text(&source["data"])),
        Some("content") => match &source["content"] {
            Value::String(text) => Source::Text(text.clone()),
            chunks => Source::Chunks(items(chunks).map(|chunk| text(&chunk["text"])).collect()),
        },
        Some("url") => Source::Elsewhere(text(&source["url"])),
        Some("file") => Source::Elsewhere(text(&source["file_id"])),
        _ => Source::Bytes(decode(source["data"].as_str().unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_every_kind_of_block_and_setting() {
        let body = json!({
            "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
            "max_tokens": 9, "temperature": 0.5, "top_p": 0.9, "top_k": 4, "stop_sequences": ["x"],
            "thinking": {"type": "adaptive"},
            "tools": [
                {"name": "sum", "description": "adds", "input_schema": {"type": "object"}},
                {"type": "bash_20250124", "name": "bash"},
                {"type": "web_search_20250305", "name": "web_search"},
            ],
            "tool_choice": {"type": "tool", "name": "sum"},
            "output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}},
            "messages": [
                {"role": "user", "content": [
                    {"type": "text", "text": "Hi"},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
                    {"type": "document", "title": "T", "source": {"type": "text", "media_type": "text/plain", "data": "D"}},
                ]},
                {"role": "assistant", "content": [
                    {"type": "thinking", "thinking": "hm", "signature": "s"},
                    {"type": "redacted_thinking", "data": "r"},
                    {"type": "tool_use", "id": "t1", "name": "sum", "input": {"a": 1}},
                ]},
                {"role": "user", "content": [
                    {"type": "tool_result", "tool_use_id": "t1", "is_error": true, "content": [{"type": "text", "text": "no"}]},
                ]},
            ],
        });
        let question = question(&Body::parse(body.to_string().as_bytes()).unwrap());
        assert_eq!((question.system.as_str(), question.max_tokens, question.top_k), ("Be brief.", Some(9), Some(4)));
        assert_eq!(question.cache_points, [CachePoint { place: Place::System(9), hour: true }]);
        let names: Vec<_> = question.tools.iter().map(|tool| tool.name.as_str()).collect();
        assert_eq!((names, question.server_tools), (vec!["sum", "bash"], vec!["web_search".to_owned()]));
        assert_eq!(question.tool_choice, ToolChoice::Named("sum".into()));
        assert!(question.thinking && question.schema.is_some());
        assert_eq!(question.turns[0].text(), "Hi\n\nD");
        assert_eq!(question.turns[0].images().next(), Some(&[0u8, 0, 0][..]));
        let [Part::Reasoning(thought), Part::Redacted(data), Part::ToolUse(call)] = &question.turns[1].parts[..] else {
            panic!("{:?}", question.turns[1])
        };
        assert_eq!((thought.text.as_str(), data.as_str(), &call.input), ("hm", "r", &json!({"a": 1})));
        let result = question.turns[2].tool_results().next().unwrap();
        assert_eq!((result.id.as_str(), result.is_error, &*result.text()), ("t1", true, "no"));
    }
}
