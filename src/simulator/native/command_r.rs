//! Cohere Command R: `message` and `chat_history`, tools with `parameter_definitions`, documents that answers cite.
//!
//! Text is recorded; tools, documents and citations are Cohere's documentation's.

use serde_json::{Map, Value, json};

use super::body::{Body, check_keys_present, count, items, strings, text};
use super::calls::input_value;
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Block, Event, Kind, Stop, Usage};
use crate::simulator::exception::Exception;
use crate::simulator::question::{Document, Part, Question, Role, Source, Tool, ToolResult, ToolUse, Turn};

pub(super) struct CommandR;

impl Codec for CommandR {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["message"])?;
        let mut question = Question {
            system: body.text("preamble").to_owned(),
            max_tokens: count(body.get("max_tokens")),
            temperature: body.get("temperature").as_f64(),
            top_p: body.get("p").as_f64(),
            top_k: count(body.get("k")),
            stop: strings(body.get("stop_sequences")),
            tools: items(body.get("tools")).map(tool).collect(),
            schema: schema(body.get("response_format")),
            prompt: body.text("message").to_owned(),
            ..Question::default()
        };
        for entry in items(body.get("chat_history")) {
            let said = text(&entry["message"]);
            match entry["role"].as_str() {
                Some("SYSTEM") => question.add_system(&said),
                Some("CHATBOT") => question.turns.push(Turn::new(Role::Assistant, said)),
                _ => question.turns.push(Turn::new(Role::User, said)),
            }
        }
        let mut turn = Turn::new(Role::User, body.text("message"));
        turn.parts.extend(items(body.get("documents")).map(document));
        let results: Vec<(ToolUse, ToolResult)> =
            items(body.get("tool_results")).enumerate().map(tool_result).collect();
        if results.is_empty() {
            question.turns.push(turn);
            return Ok(question);
        }
        // The message is sent again beside what the tools said about it.
        let (calls, results) = results.into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
        question.turns.push(turn);
        question.turns.push(Turn { role: Role::Assistant, parts: calls.into_iter().map(Part::ToolUse).collect() });
        question.turns.push(Turn { role: Role::User, parts: results.into_iter().map(Part::ToolResult).collect() });
        Ok(question)
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let mut response = response(opening, &answer.text(), &answer.stop);
        let calls = answer.blocks.iter().filter_map(|block| match block {
            Block::ToolUse { call, input } => Some(tool_call(&call.name, &input.text())),
            _ => None,
        });
        let mut start = 0;
        let mut cited = Vec::new();
        for block in &answer.blocks {
            if let Block::Text { text, citations } = block {
                cited.extend(citations.iter().map(|given| citation(given, &text.text(), start)));
                start += text.text().chars().count();
            }
        }
        complete(&mut response, calls.collect(), cited);
        response
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        let start = response(opening, "", &Stop::EndTurn);
        Ok(Box::new(Stream { response: start, ..Stream::default() }))
    }
}

/// A tool's parameters, each with a description, a Python type and whether it is required, as a JSON schema.
fn tool(tool: &Value) -> Tool {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for (name, definition) in tool["parameter_definitions"].as_object().into_iter().flatten() {
        let kind = json_type(definition["type"].as_str().unwrap_or_default());
        properties.insert(name.clone(), json!({"type": kind, "description": definition["description"]}));
        if definition["required"] == true {
            required.push(name.clone());
        }
    }
    Tool {
        name: text(&tool["name"]),
        description: text(&tool["description"]),
        schema: json!({"type": "object", "properties": properties, "required": required}),
    }
}

/// The JSON type of a Python type.
fn json_type(python: &str) -> &'static str {
    match python.to_ascii_lowercase().as_str() {
        "int" | "integer" => "integer",
        "float" | "number" => "number",
        "bool" | "boolean" => "boolean",
        kind if kind.starts_with("list") || kind == "array" => "array",
        kind if kind.starts_with("dict") || kind == "object" => "object",
        _ => "string",
    }
}

fn schema(format: &Value) -> Option<Value> {
    let schema = if format["schema"].is_object() { format["schema"].clone() } else { json!({}) };
    (format["type"] == "json_object").then_some(schema)
}

/// A document is an object of texts.
fn document(document: &Value) -> Part {
    let texts = document.as_object().into_iter().flatten();
    let content = texts.filter(|(key, _)| *key != "title" && *key != "id").filter_map(|(_, text)| text.as_str());
    Part::Document(Document {
        name: text(&document["title"]),
        format: "txt".to_owned(),
        source: Source::Text(content.collect::<Vec<_>>().join("\n")),
        context: String::new(),
        citations: true,
    })
}

/// A result names its call; ids there are none.
fn tool_result((at, result): (usize, &Value)) -> (ToolUse, ToolResult) {
    let id = at.to_string();
    let call = &result["call"];
    let name = text(&call["name"]);
    let outputs = items(&result["outputs"]).map(|output| match output["text"].as_str() {
        Some(text) => Part::Text(text.to_owned()),
        None => Part::Text(output.to_string()),
    });
    let result = ToolResult { id: id.clone(), parts: outputs.collect(), is_error: false };
    (ToolUse { id, name, input: call["parameters"].clone() }, result)
}

/// `chat_history` comes back with this turn added.
fn response(opening: &Opening, text: &str, stop: &Stop) -> Value {
    let mut history = opening.body.get("chat_history").as_array().cloned().unwrap_or_default();
    history.push(json!({"role": "USER", "message": opening.question.prompt}));
    history.push(json!({"role": "CHATBOT", "message": text}));
    json!({
        "response_id": format!("379ed018/{}", opening.identity.uuid),
        "text": text,
        "generation_id": opening.identity.uuid,
        "chat_history": history,
        "finish_reason": finish_reason(stop),
    })
}

/// Adds calls and citations to a response, where there are any.
fn complete(response: &mut Value, calls: Vec<Value>, citations: Vec<Value>) {
    if !citations.is_empty() {
        response["citations"] = citations.into();
    }
    if !calls.is_empty() {
        response["tool_calls"] = calls.into();
    }
}

fn tool_call(name: &str, input: &str) -> Value {
    json!({"name": name, "parameters": input_value(input)})
}

/// A citation of a text that begins at `start`: Converse's counts characters of the document, Cohere's of the answer.
fn citation(citation: &Value, text: &str, start: usize) -> Value {
    let location = citation["location"].as_object().and_then(|members| members.values().next());
    let document = location.and_then(|place| place["documentIndex"].as_u64()).unwrap_or(0);
    json!({
        "start": start,
        "end": start + text.chars().count(),
        "text": text,
        "document_ids": [format!("doc_{document}")],
    })
}

pub(super) fn finish_reason(stop: &Stop) -> &'static str {
    match stop {
        Stop::MaxTokens => "MAX_TOKENS",
        Stop::Sequence(_) => "STOP_SEQUENCE",
        Stop::ContentFiltered | Stop::Guardrail => "ERROR_TOXIC",
        _ => "COMPLETE",
    }
}

#[derive(Default)]
struct Stream {
    /// The closing `response`, but for the text.
    response: Value,
    text: String,
    /// Where the open block began, in characters, and what it cites.
    start: usize,
    cited: Vec<Value>,
    citations: Vec<Value>,
    name: String,
    input: String,
    calls: Vec<Value>,
}

impl Writer for Stream {
    fn step(&mut self, event: Event) -> Vec<Value> {
        match event {
            Event::Text(piece) => {
                self.text.push_str(&piece);
                vec![json!({"is_finished": false, "event_type": "text-generation", "text": piece})]
            }
            Event::Citation(citation) => {
                self.cited.push(citation);
                Vec::new()
            }
            Event::End(Kind::Text) => self.cite(),
            Event::ToolUse(call) => {
                self.name = call.name;
                Vec::new()
            }
            Event::Input(piece) => {
                self.input.push_str(&piece);
                Vec::new()
            }
            Event::End(Kind::ToolUse) => {
                self.calls.push(tool_call(&std::mem::take(&mut self.name), &std::mem::take(&mut self.input)));
                Vec::new()
            }
            Event::Stop(stop, usage) => self.end(&stop, usage),
            _ => Vec::new(),
        }
    }
}

impl Stream {
    fn cite(&mut self) -> Vec<Value> {
        let text: String = self.text.chars().skip(self.start).collect();
        let citations: Vec<Value> = self.cited.drain(..).map(|given| citation(&given, &text, self.start)).collect();
        self.start += text.chars().count();
        self.citations.extend(citations.iter().cloned());
        let told = json!({"is_finished": false, "event_type": "citation-generation", "citations": citations});
        if citations.is_empty() { Vec::new() } else { vec![told] }
    }

    fn end(&mut self, stop: &Stop, usage: Usage) -> Vec<Value> {
        let mut response = self.response.take();
        response["text"] = self.text.as_str().into();
        if let Some(last) = response["chat_history"].as_array_mut().and_then(|history| history.last_mut()) {
            last["message"] = self.text.as_str().into();
        }
        let finish = finish_reason(stop);
        response["finish_reason"] = finish.into();
        let tokens = json!({"input_tokens": usage.input, "output_tokens": usage.output});
        response["meta"] = json!({"api_version": {"version": "1"}, "billed_units": tokens, "tokens": tokens});
        let calls = std::mem::take(&mut self.calls);
        let told = (!calls.is_empty())
            .then(|| json!({"is_finished": false, "event_type": "tool-calls-generation", "tool_calls": calls}));
        complete(&mut response, calls, std::mem::take(&mut self.citations));
        let last =
            json!({"is_finished": true, "event_type": "stream-end", "response": response, "finish_reason": finish});
        told.into_iter().chain([last]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tools_documents_and_results() {
        let body = json!({
            "message": "How warm?",
            "chat_history": [{"role": "SYSTEM", "message": "Be brief."}, {"role": "USER", "message": "Hi"}],
            "documents": [{"title": "T", "snippet": "Snow."}],
            "tools": [{"name": "weather", "description": "d", "parameter_definitions": {"city": {"description": "c", "type": "str", "required": true}}}],
            "tool_results": [{"call": {"name": "weather", "parameters": {"city": "Oslo"}}, "outputs": [{"text": "cold"}]}],
        });
        let question = CommandR.read(&Body::parse(body.to_string().as_bytes()).unwrap()).unwrap();
        assert_eq!((question.system.as_str(), question.turns.len()), ("Be brief.", 4));
        assert_eq!(question.tools[0].schema["properties"]["city"]["type"], "string");
        assert_eq!(question.turns[1].text(), "How warm?\n\nSnow.");
        assert_eq!(question.turns[3].tool_results().next().unwrap().text(), "cold");
    }
}
