//! A Converse request as a question: every member of the service model that says something to a model.

use serde_json::Value;

use crate::simulator::native::body::{count, decode, role, strings};
use crate::simulator::native::{Body, tool_choice};
use crate::simulator::question::{
    CachePoint, Document, Guarded, Media, Part, Place, Question, Reasoning, Role, SearchResult, Source, Tool,
    ToolChoice, ToolResult, ToolUse, Turn,
};

/// The question in a Converse body that has passed validation.
pub(in crate::simulator) fn read(body: &Body) -> Question {
    let inference = body.get("inferenceConfig");
    let fields = body.get("additionalModelRequestFields");
    let mut question = Question {
        max_tokens: count(&inference["maxTokens"]),
        temperature: inference["temperature"].as_f64(),
        top_p: inference["topP"].as_f64(),
        top_k: ["/top_k", "/topK", "/k", "/inferenceConfig/topK"].iter().find_map(|at| fields.pointer(at)?.as_u64()),
        stop: strings(&inference["stopSequences"]),
        thinking: asks_for_thinking(fields),
        schema: schema(body),
        ..Question::default()
    };
    read_tools(body.get("toolConfig"), &mut question);
    read_own_tools(fields, &mut question);
    items(body.get("system")).for_each(|block| read_system(block, &mut question));
    for message in items(body.get("messages")) {
        let (turn, points) = read_message(message, question.turns.len());
        question.cache_points.extend(points);
        match message["role"] == "system" {
            true => question.add_system(&turn.text()),
            false => question.turns.push(turn),
        }
    }
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

/// The schema of `outputConfig`, which is JSON in a string.
fn schema(body: &Body) -> Option<Value> {
    match body.at("/outputConfig/textFormat/structure/jsonSchema/schema") {
        Value::String(text) => serde_json::from_str(text).ok(),
        schema @ Value::Object(_) => Some(schema.clone()),
        _ => None,
    }
}

fn read_tools(config: &Value, question: &mut Question) {
    for tool in items(&config["tools"]) {
        match member(tool) {
            Some(("toolSpec", spec)) => question.tools.push(Tool {
                name: text(&spec["name"]),
                description: text(&spec["description"]),
                schema: spec["inputSchema"]["json"].clone(),
            }),
            Some(("systemTool", tool)) => question.server_tools.push(text(&tool["name"])),
            Some(("cachePoint", point)) => {
                question.cache_points.push(cache_point(Place::Tools(question.tools.len()), point));
            }
            _ => {}
        }
    }
    question.tool_choice = match member(&config["toolChoice"]) {
        Some(("any", _)) => ToolChoice::Any,
        Some(("tool", tool)) => ToolChoice::Named(text(&tool["name"])),
        _ => ToolChoice::Auto,
    };
}

/// Tools and their choice in a model's own form among its additional fields (Claude's `computer_…`, `bash_…`; its
/// `tool_choice`, which alone can say that calls come one at a time).
fn read_own_tools(fields: &Value, question: &mut Question) {
    if fields["tool_choice"].is_object() {
        question.tool_choice = tool_choice(&fields["tool_choice"]);
    }
    for tool in items(&fields["tools"]) {
        match &tool["input_schema"] {
            Value::Null => question.server_tools.push(text(&tool["name"])),
            schema => question.tools.push(Tool {
                name: text(&tool["name"]),
                description: text(&tool["description"]),
                schema: schema.clone(),
            }),
        }
    }
}

fn read_system(block: &Value, question: &mut Question) {
    match member(block) {
        Some(("text", text)) => question.add_system(text.as_str().unwrap_or_default()),
        Some(("guardContent", guarded)) => question.add_system(guarded["text"]["text"].as_str().unwrap_or_default()),
        Some(("cachePoint", point)) => {
            question.cache_points.push(cache_point(Place::System(question.system.len()), point));
        }
        _ => {}
    }
}

/// A turn, and the cache points in it; `turns` stand before it.
fn read_message(message: &Value, turns: usize) -> (Turn, Vec<CachePoint>) {
    let mut turn = Turn::new(role(message), "");
    let mut points = Vec::new();
    for block in items(&message["content"]) {
        match &block["cachePoint"] {
            Value::Null => read_block(block, &mut turn),
            point => points.push(cache_point(Place::Turns(turns, turn.parts.len()), point)),
        }
    }
    (turn, points)
}

fn cache_point(place: Place, point: &Value) -> CachePoint {
    CachePoint { place, hour: point["ttl"] == "1h" }
}

/// Adds what a content block says; blocks that are new to us say nothing.
fn read_block(block: &Value, turn: &mut Turn) {
    let Some((kind, content)) = member(block) else { return };
    let part = match kind {
        "text" => return turn.add_text(text(content)),
        "guardContent" => return read_guarded(content, turn),
        "citationsContent" => {
            return items(&content["content"]).for_each(|generated| turn.add_text(text(&generated["text"])));
        }
        "image" => Part::Image(media(content)),
        "video" => Part::Video(media(content)),
        "audio" => Part::Audio(media(content)),
        "document" => Part::Document(document(content)),
        "searchResult" => Part::SearchResult(search_result(content)),
        "reasoningContent" => reasoning(content),
        "toolUse" => Part::ToolUse(ToolUse {
            id: text(&content["toolUseId"]),
            name: text(&content["name"]),
            input: content["input"].clone(),
        }),
        "toolResult" => Part::ToolResult(tool_result(content)),
        // What a tool says in JSON, in its result.
        "json" => return turn.add_text(content.to_string()),
        _ => return,
    };
    turn.parts.push(part);
}

fn read_guarded(content: &Value, turn: &mut Turn) {
    if let Some(text) = content["text"]["text"].as_str() {
        let qualifiers = strings(&content["text"]["qualifiers"]);
        turn.parts.push(Part::Guarded(Guarded { text: text.to_owned(), qualifiers }));
    }
    if content["image"].is_object() {
        turn.parts.push(Part::Image(media(&content["image"])));
    }
}

fn media(content: &Value) -> Media {
    Media { format: text(&content["format"]), source: source(&content["source"]) }
}

fn document(content: &Value) -> Document {
    Document {
        name: text(&content["name"]),
        format: text(&content["format"]),
        source: source(&content["source"]),
        context: text(&content["context"]),
        citations: content["citations"]["enabled"] == true,
    }
}

fn source(source: &Value) -> Source {
    match member(source) {
        Some(("text", content)) => Source::Text(text(content)),
        Some(("content", chunks)) => Source::Chunks(items(chunks).map(|chunk| text(&chunk["text"])).collect()),
        Some(("s3Location", location)) => Source::Elsewhere(text(&location["uri"])),
        _ => Source::Bytes(decode(source["bytes"].as_str().unwrap_or_default())),
    }
}

fn search_result(content: &Value) -> SearchResult {
    SearchResult {
        source: text(&content["source"]),
        title: text(&content["title"]),
        chunks: items(&content["content"]).map(|chunk| text(&chunk["text"])).collect(),
        citations: content["citations"]["enabled"] == true,
    }
}

fn reasoning(content: &Value) -> Part {
    if let Some(redacted) = content["redactedContent"].as_str() {
        return Part::Redacted(String::from_utf8_lossy(&decode(redacted)).into_owned());
    }
    let thought = &content["reasoningText"];
    let signature = thought["signature"].as_str().map(str::to_owned);
    Part::Reasoning(Reasoning { text: text(&thought["text"]), signature })
}

fn tool_result(content: &Value) -> ToolResult {
    let mut inner = Turn::new(Role::User, "");
    items(&content["content"]).for_each(|block| read_block(block, &mut inner));
    ToolResult { id: text(&content["toolUseId"]), parts: inner.parts, is_error: content["status"] == "error" }
}

/// The one member of a union.
fn member(union: &Value) -> Option<(&str, &Value)> {
    union.as_object()?.iter().find(|(_, value)| !value.is_null()).map(|(key, value)| (key.as_str(), value))
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(json: Value) -> Question {
        read(&Body::parse(json.to_string().as_bytes()).unwrap())
    }

    /// The parts of a user turn with this content.
    fn parts(content: Value) -> Vec<Part> {
        asked(json!({"messages": [{"role": "user", "content": content}]})).turns.remove(0).parts
    }

    #[test]
    fn every_block_becomes_a_part() {
        let bytes = |text: &str| Source::Bytes(text.as_bytes().to_vec());
        let media = |format: &str, source| Media { format: format.into(), source };
        let cases = [
            (json!({"text": "a"}), Part::Text("a".into())),
            (
                json!({"guardContent": {"text": {"text": "a", "qualifiers": ["query"]}}}),
                Part::Guarded(Guarded { text: "a".into(), qualifiers: vec!["query".into()] }),
            ),
            (
                json!({"guardContent": {"image": {"format": "png", "source": {"bytes": "aGk="}}}}),
                Part::Image(media("png", bytes("hi"))),
            ),
            (json!({"image": {"format": "png", "source": {"bytes": "aGk="}}}), Part::Image(media("png", bytes("hi")))),
            (
                json!({"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://b/k"}}}}),
                Part::Video(media("mp4", Source::Elsewhere("s3://b/k".into()))),
            ),
            (json!({"audio": {"format": "wav", "source": {"bytes": "aGk="}}}), Part::Audio(media("wav", bytes("hi")))),
            (
                json!({"document": {"format": "txt", "name": "n", "context": "c", "citations": {"enabled": true},
                    "source": {"content": [{"text": "a"}, {"text": "b"}]}}}),
                Part::Document(Document {
                    name: "n".into(),
                    format: "txt".into(),
                    source: Source::Chunks(vec!["a".into(), "b".into()]),
                    context: "c".into(),
                    citations: true,
                }),
            ),
            (
                json!({"searchResult": {"source": "s", "title": "t", "content": [{"text": "a"}]}}),
                Part::SearchResult(SearchResult {
                    source: "s".into(),
                    title: "t".into(),
                    chunks: vec!["a".into()],
                    citations: false,
                }),
            ),
            (
                json!({"reasoningContent": {"reasoningText": {"text": "a", "signature": "s"}}}),
                Part::Reasoning(Reasoning { text: "a".into(), signature: Some("s".into()) }),
            ),
            (json!({"reasoningContent": {"redactedContent": "aGk="}}), Part::Redacted("hi".into())),
            (
                json!({"toolUse": {"toolUseId": "i", "name": "n", "input": {"b": 1, "a": 2}}}),
                Part::ToolUse(ToolUse { id: "i".into(), name: "n".into(), input: json!({"b": 1, "a": 2}) }),
            ),
            (
                json!({"toolResult": {"toolUseId": "i", "status": "error", "content": [{"json": {"b": 1}}, {"text": "a"}]}}),
                Part::ToolResult(ToolResult {
                    id: "i".into(),
                    parts: vec![Part::Text(r#"{"b":1}"#.into()), Part::Text("a".into())],
                    is_error: true,
                }),
            ),
            (json!({"citationsContent": {"content": [{"text": "a"}], "citations": []}}), Part::Text("a".into())),
        ];
        for (block, part) in cases {
            assert_eq!(parts(json!([block])), [part], "{block}");
        }
        assert_eq!(parts(json!([{"toolAddition": {}}, {"text": null}, {}, 5])), []);
    }

    #[test]
    fn every_setting_is_read() {
        let question = asked(json!({
            "messages": [],
            "inferenceConfig": {"maxTokens": 9, "temperature": 0.5, "topP": 0.9, "stopSequences": ["x"]},
            "toolConfig": {
                "tools": [
                    {"toolSpec": {"name": "t", "description": "d", "inputSchema": {"json": {"type": "object"}}}},
                    {"systemTool": {"name": "nova_code_interpreter"}},
                ],
                "toolChoice": {"tool": {"name": "t"}},
            },
            "outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": "{\"type\": \"object\"}"}}}},
            "additionalModelRequestFields": {
                "top_k": 7,
                "thinking": {"type": "adaptive"},
                "tools": [{"type": "bash_20250124", "name": "bash"}, {"name": "own", "input_schema": {}}],
            },
        }));
        assert_eq!((question.max_tokens, question.temperature, question.top_p), (Some(9), Some(0.5), Some(0.9)));
        assert_eq!((question.top_k, question.thinking, question.stop), (Some(7), true, vec!["x".to_owned()]));
        assert_eq!(question.tools.iter().map(|tool| tool.name.as_str()).collect::<Vec<_>>(), ["t", "own"]);
        assert_eq!(question.tools[0].schema, json!({"type": "object"}));
        assert_eq!(question.server_tools, ["nova_code_interpreter", "bash"]);
        assert_eq!(question.tool_choice, ToolChoice::Named("t".into()));
        assert_eq!(question.schema, Some(json!({"type": "object"})));
    }

    #[test]
    fn the_choice_of_a_tool_can_be_in_claudes_own_words() {
        let choice =
            |choice: Value| asked(json!({"additionalModelRequestFields": {"tool_choice": choice}})).tool_choice;
        let one = json!({"type": "tool", "name": "t", "disable_parallel_tool_use": true});
        assert_eq!(choice(one), ToolChoice::Named("t".into()));
        assert_eq!(choice(json!({"type": "none"})), ToolChoice::None);
    }

    #[test]
    fn cache_points_say_where_they_stand() {
        let question = asked(json!({
            "toolConfig": {"tools": [
                {"toolSpec": {"name": "t", "inputSchema": {"json": {}}}}, {"cachePoint": {"type": "default"}},
            ]},
            "system": [{"text": "é"}, {"cachePoint": {"type": "default", "ttl": "1h"}}, {"text": "b"}],
            "messages": [
                {"role": "user", "content": [{"text": "a"}]},
                {"role": "assistant", "content": [{"text": "b"}, {"cachePoint": {"type": "default"}}, {"text": "c"}]},
            ],
        }));
        let points: Vec<_> = question.cache_points.iter().map(|point| (point.place, point.hour)).collect();
        assert_eq!(points, [(Place::Tools(1), false), (Place::System(2), true), (Place::Turns(1, 1), false)]);
    }

    #[test]
    fn ways_to_ask_for_thinking() {
        let cases = [
            (json!({"thinking": {"type": "enabled", "budget_tokens": 1024}}), true),
            (json!({"reasoning_config": "high"}), true),
            (json!({"reasoning_config": {"type": "enabled"}}), true),
            (json!({"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}}), true),
            (json!({"reasoning_effort": "none"}), false),
            (json!({"thinking": {"type": "disabled"}}), false),
            (json!({}), false),
        ];
        for (fields, expected) in cases {
            let body = json!({"messages": [], "additionalModelRequestFields": fields});
            assert_eq!(asked(body.clone()).thinking, expected, "{body}");
        }
    }
}
