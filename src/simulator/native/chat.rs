//! The `messages` and `tools` that OpenAI-style bodies share, and the calls in their answers.

use serde_json::{Value, json};

use super::body::{Body, count, decode, decode_data_url, items, role, strings, text};
use crate::simulator::answer::{Answer, Block, Call, Event, Kind};
use crate::simulator::identity::Identity;
use crate::simulator::question::{
    Document, Media, Part, Question, Reasoning, Role, Source, Tool, ToolChoice, ToolResult, ToolUse, Turn,
};

/// The question in an OpenAI chat body.
pub(super) fn read(body: &Body) -> Question {
    let mut question = Question {
        max_tokens: count(body.get("max_completion_tokens")).or_else(|| count(body.get("max_tokens"))),
        temperature: body.get("temperature").as_f64(),
        top_p: body.get("top_p").as_f64(),
        top_k: count(body.get("top_k")),
        stop: strings(body.get("stop")),
        thinking: asks_for_thinking(body),
        tools: items(body.get("tools")).map(tool).collect(),
        tool_choice: tool_choice(body.get("tool_choice")),
        schema: schema(body.get("response_format")),
        ..Question::default()
    };
    for message in items(body.get("messages")) {
        match message["role"].as_str() {
            Some("system" | "developer") => question.add_system(&turn(message).text()),
            Some("tool" | "function") => add_tool_result(message, &mut question.turns),
            _ => question.turns.push(turn(message)),
        }
    }
    question
}

fn asks_for_thinking(body: &Body) -> bool {
    let effort = body.get("reasoning_effort").as_str();
    effort.is_some_and(|effort| effort != "none") || matches!(body.at("/thinking/type").as_str(), Some("enabled"))
}

fn tool(tool: &Value) -> Tool {
    let function = &tool["function"];
    Tool {
        name: text(&function["name"]),
        description: text(&function["description"]),
        schema: function["parameters"].clone(),
    }
}

/// `any` is Mistral's word for `required`.
fn tool_choice(choice: &Value) -> ToolChoice {
    match choice {
        Value::String(word) if word == "none" => ToolChoice::None,
        Value::String(word) if word == "required" || word == "any" => ToolChoice::Any,
        choice => choice["function"]["name"].as_str().map_or(ToolChoice::Auto, |name| ToolChoice::Named(name.into())),
    }
}

fn schema(format: &Value) -> Option<Value> {
    match format["type"].as_str()? {
        "json_object" => Some(json!({})),
        "json_schema" => Some(format["json_schema"]["schema"].clone()),
        _ => None,
    }
}

/// What tools said, in one turn with what others said before it.
fn add_tool_result(message: &Value, turns: &mut Vec<Turn>) {
    let parts = turn(message).parts;
    let result = Part::ToolResult(ToolResult { id: text(&message["tool_call_id"]), parts, is_error: false });
    let of_tools = |turn: &&mut Turn| turn.role == Role::User && turn.tool_results().next().is_some();
    match turns.last_mut().filter(of_tools) {
        Some(turn) => turn.parts.push(result),
        None => turns.push(Turn { role: Role::User, parts: vec![result] }),
    }
}

fn turn(message: &Value) -> Turn {
    let mut turn = Turn::new(role(message), "");
    let thoughts = message["reasoning"].as_str().or_else(|| message["reasoning_content"].as_str());
    turn.parts.extend(thoughts.map(|text| Part::Reasoning(Reasoning { text: text.to_owned(), signature: None })));
    turn.add_text(text(&message["content"]));
    items(&message["content"]).for_each(|part| read_part(part, &mut turn));
    for call in items(&message["tool_calls"]) {
        let function = &call["function"];
        let input = match &function["arguments"] {
            Value::String(text) => super::calls::input_value(text),
            input => input.clone(),
        };
        turn.parts.push(Part::ToolUse(ToolUse { id: text(&call["id"]), name: text(&function["name"]), input }));
    }
    turn
}

fn read_part(part: &Value, turn: &mut Turn) {
    if let Some(text) = part["text"].as_str() {
        turn.add_text(text);
    }
    if let Some(url) = part["image_url"]["url"].as_str().or_else(|| part["image_url"].as_str()) {
        turn.parts.push(Part::Image(Media { format: String::new(), source: source(url) }));
    }
    if part["input_audio"].is_object() {
        let audio = &part["input_audio"];
        let source = Source::Bytes(decode(audio["data"].as_str().unwrap_or_default()));
        turn.parts.push(Part::Audio(Media { format: text(&audio["format"]), source }));
    }
    if let Some(data) = part["file"]["file_data"].as_str() {
        turn.parts.push(Part::Document(Document {
            name: text(&part["file"]["filename"]),
            format: String::new(),
            source: source(data),
            context: String::new(),
            citations: false,
        }));
    }
}

fn source(url: &str) -> Source {
    if url.starts_with("data:") { Source::Bytes(decode_data_url(url)) } else { Source::Elsewhere(url.to_owned()) }
}

/// A call that an answer makes, ready for `tool_calls`.
pub(super) struct Made {
    pub(super) index: usize,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) arguments: String,
}

/// The calls of a whole answer; `id` makes the ids that are not given.
pub(super) fn calls(answer: &Answer, id: impl Fn(usize) -> String) -> Vec<Made> {
    let calls = answer.blocks.iter().filter_map(|block| match block {
        Block::ToolUse { call, input } => Some((call, input.text())),
        _ => None,
    });
    let made = |(index, (call, input)): (usize, (&Call, std::borrow::Cow<'_, str>))| Made {
        index,
        id: call.id.clone().unwrap_or_else(|| id(index)),
        name: call.name.clone(),
        arguments: if input.is_empty() { "{}".to_owned() } else { input.into_owned() },
    };
    calls.enumerate().map(made).collect()
}

/// The calls of a stream, each held until it is whole.
pub(super) struct Held {
    identity: Identity,
    id: fn(&Identity, usize) -> String,
    open: Option<Made>,
    index: usize,
}

impl Held {
    pub(super) fn new(identity: &Identity, id: fn(&Identity, usize) -> String) -> Held {
        Held { identity: identity.clone(), id, open: None, index: 0 }
    }

    /// Takes a step; returns the call that it completes.
    pub(super) fn step(&mut self, event: &Event) -> Option<Made> {
        match event {
            Event::ToolUse(call) => {
                let id = call.id.clone().unwrap_or_else(|| (self.id)(&self.identity, self.index));
                self.open = Some(Made { index: self.index, id, name: call.name.clone(), arguments: String::new() });
                self.index += 1;
            }
            Event::Input(piece) => {
                if let Some(made) = &mut self.open {
                    made.arguments.push_str(piece);
                }
            }
            Event::End(Kind::ToolUse) => {
                let mut made = self.open.take()?;
                if made.arguments.is_empty() {
                    made.arguments = "{}".to_owned();
                }
                return Some(made);
            }
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tools_calls_and_results() {
        let body = json!({
            "messages": [
                {"role": "developer", "content": "Be brief."},
                {"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]},
                {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "1", "function": {"name": "a", "arguments": "{\"x\":1}"}},
                    {"id": "2", "function": {"name": "b", "arguments": ""}},
                ]},
                {"role": "tool", "tool_call_id": "1", "content": "one"},
                {"role": "tool", "tool_call_id": "2", "content": [{"type": "text", "text": "two"}]},
            ],
            "tools": [{"type": "function", "function": {"name": "a", "description": "d", "parameters": {"type": "object"}}}],
            "tool_choice": "any", "response_format": {"type": "json_object"}, "top_p": 0.5,
        });
        let question = read(&Body::parse(body.to_string().as_bytes()).unwrap());
        assert_eq!((question.system.as_str(), question.turns.len(), question.top_p), ("Be brief.", 3, Some(0.5)));
        assert_eq!((&question.tool_choice, &question.schema), (&ToolChoice::Any, &Some(json!({}))));
        assert_eq!(question.tools[0].name, "a");
        let Part::ToolUse(call) = &question.turns[1].parts[0] else { panic!() };
        assert_eq!((call.name.as_str(), &call.input), ("a", &json!({"x": 1})));
        let results: Vec<_> =
            question.turns[2].tool_results().map(|result| (result.id.clone(), result.text())).collect();
        assert_eq!(results, [("1".to_owned(), "one".into()), ("2".to_owned(), "two".into())]);
    }
}
