//! A question as an OpenAI chat request.
//!
//! What the API has no place for: thoughts of earlier turns are left out, documents become text (those that are not text
//! are only named), videos, sounds and files that lie elsewhere are named.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use super::config::Target;
use crate::simulator::backend::images::sniff;
use crate::simulator::question::{Document, Part, Question, Role, Source, Tool, ToolChoice, Turn};

/// What a service is to answer.
pub(super) struct Wanted<'a> {
    pub(super) question: &'a Question,
    pub(super) streams: bool,
}

impl Wanted<'_> {
    /// The body for one target.
    pub(super) fn body(&self, target: &Target) -> Value {
        let question = self.question;
        let mut body = json!({ "model": target.tag, "messages": messages(question) });
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                body[key] = value;
            }
        };
        set("max_tokens", target.max_tokens.or(question.max_tokens).map(Value::from));
        set("temperature", target.temperature.or(question.temperature).map(Value::from));
        set("top_p", question.top_p.map(Value::from));
        set("stop", (!question.stop.is_empty()).then(|| question.stop.clone().into()));
        set("tools", (!question.tools.is_empty()).then(|| question.tools.iter().map(tool).collect()));
        set("tool_choice", (!question.tools.is_empty()).then(|| tool_choice(&question.tool_choice)).flatten());
        set("response_format", question.schema.as_ref().map(response_format));
        if self.streams {
            set("stream", Some(true.into()));
            set("stream_options", Some(json!({ "include_usage": true })));
        }
        body
    }
}

fn messages(question: &Question) -> Vec<Value> {
    let mut out = Vec::new();
    if !question.system.is_empty() {
        out.push(json!({ "role": "system", "content": question.system }));
    }
    for turn in &question.turns {
        match turn.role {
            Role::User => user(turn, &mut out),
            Role::Assistant => out.push(assistant(turn)),
        }
    }
    out
}

/// Results of tools are messages of their own, and come first; their images follow in the user's message.
fn user(turn: &Turn, out: &mut Vec<Value>) {
    let mut content = Vec::new();
    for part in &turn.parts {
        match part {
            Part::ToolResult(result) => {
                let text = result.text();
                let text = if result.is_error { format!("Error: {text}") } else { text.into_owned() };
                out.push(json!({ "role": "tool", "tool_call_id": result.id, "content": text }));
                content.extend(result.parts.iter().filter_map(image));
            }
            part => content.extend(image(part).or_else(|| text(part))),
        }
    }
    if !content.is_empty() {
        out.push(json!({ "role": "user", "content": simplest(content) }));
    }
}

fn assistant(turn: &Turn) -> Value {
    let texts: Vec<_> =
        turn.parts.iter().filter_map(text).filter_map(|part| Some(part["text"].as_str()?.to_owned())).collect();
    let calls: Vec<Value> = turn
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::ToolUse(call) => Some(json!({
                "id": call.id,
                "type": "function",
                "function": { "name": call.name, "arguments": call.input.to_string() },
            })),
            _ => None,
        })
        .collect();
    let mut message = Map::from_iter([("role".to_owned(), Value::from("assistant"))]);
    message.insert("content".into(), if texts.is_empty() { Value::Null } else { texts.join("\n\n").into() });
    if !calls.is_empty() {
        message.insert("tool_calls".into(), calls.into());
    }
    message.into()
}

fn text(part: &Part) -> Option<Value> {
    let text = match part {
        Part::Text(text) => text.clone(),
        Part::Guarded(guarded) => guarded.text.clone(),
        Part::Document(document) => inlined(document),
        Part::SearchResult(result) => {
            format!("<search_result title=\"{}\">\n{}\n</search_result>", result.title, result.chunks.join("\n"))
        }
        Part::Video(media) => format!("[a video, {}]", media.format),
        Part::Audio(media) => format!("[a sound, {}]", media.format),
        Part::Image(media) => match &media.source {
            Source::Elsewhere(place) => format!("[an image at {place}]"),
            _ => return None,
        },
        Part::Reasoning(_) | Part::Redacted(_) | Part::ToolUse(_) | Part::ToolResult(_) => return None,
    };
    Some(json!({ "type": "text", "text": text }))
}

fn image(part: &Part) -> Option<Value> {
    let Part::Image(media) = part else { return None };
    let Source::Bytes(bytes) = &media.source else { return None };
    let format = sniff(bytes).map_or(media.format.as_str(), |image| image.format);
    let format = if format.is_empty() { "png" } else { format };
    let url = format!("data:image/{format};base64,{}", BASE64_STANDARD.encode(bytes));
    Some(json!({ "type": "image_url", "image_url": { "url": url } }))
}

fn inlined(document: &Document) -> String {
    let content = match &document.source {
        Source::Text(text) => text.clone(),
        Source::Chunks(chunks) => chunks.join("\n"),
        Source::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => format!("[{} bytes of {}, which cannot be read as text]", bytes.len(), document.format),
        },
        Source::Elsewhere(place) => format!("[a file at {place}]"),
    };
    format!("<document name=\"{}\">\n{content}\n</document>", document.name)
}

/// One text as a string, as every service takes it.
fn simplest(content: Vec<Value>) -> Value {
    match content.as_slice() {
        [only] if only["text"].is_string() => only["text"].clone(),
        _ => content.into(),
    }
}

/// The same body with every content as a string, for services that take nothing else; images are only mentioned.
pub(super) fn flattened(mut body: Value) -> Value {
    for message in body["messages"].as_array_mut().into_iter().flatten() {
        let Some(parts) = message["content"].as_array() else { continue };
        let texts: Vec<&str> = parts.iter().map(|part| part["text"].as_str().unwrap_or("[an image]")).collect();
        message["content"] = texts.join("\n\n").into();
    }
    body
}

fn tool(tool: &Tool) -> Value {
    let mut function = json!({ "name": tool.name, "parameters": tool.schema });
    if !tool.description.is_empty() {
        function["description"] = tool.description.as_str().into();
    }
    json!({ "type": "function", "function": function })
}

fn tool_choice(choice: &ToolChoice) -> Option<Value> {
    match choice {
        ToolChoice::Auto => None,
        ToolChoice::Any => Some("required".into()),
        ToolChoice::None => Some("none".into()),
        ToolChoice::Named(name) => Some(json!({ "type": "function", "function": { "name": name } })),
    }
}

fn response_format(schema: &Value) -> Value {
    match schema.as_object().is_some_and(Map::is_empty) {
        true => json!({ "type": "json_object" }),
        false => json!({ "type": "json_schema", "json_schema": { "name": "answer", "schema": schema } }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::question::{Media, ToolResult, ToolUse};

    fn body(question: &Question, streams: bool) -> Value {
        Wanted { question, streams }.body(&Target { tag: "llama".into(), ..Target::default() })
    }

    fn png() -> Part {
        let source = Source::Bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01".to_vec());
        Part::Image(Media { format: "jpeg".into(), source })
    }

    #[test]
    fn a_plain_question_is_a_plain_request() {
        let question = Question {
            system: "Be brief.".into(),
            turns: vec![Turn::new(Role::User, "Hi")],
            max_tokens: Some(9),
            stop: vec!["x".into()],
            ..Question::default()
        };
        let expected = json!({
            "model": "llama",
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
            "max_tokens": 9,
            "stop": ["x"],
            "stream": true,
            "stream_options": {"include_usage": true},
        });
        assert_eq!(body(&question, true), expected);
    }

    #[test]
    fn tools_and_their_results_keep_their_order() {
        let call = ToolUse { id: "t1".into(), name: "sum".into(), input: json!({"a": 1}) };
        let result = ToolResult { id: "t1".into(), parts: vec![Part::Text("2".into()), png()], is_error: true };
        let question = Question {
            turns: vec![
                Turn::new(Role::User, "1+1"),
                Turn { role: Role::Assistant, parts: vec![Part::ToolUse(call)] },
                Turn { role: Role::User, parts: vec![Part::ToolResult(result), Part::Text("Well?".into())] },
            ],
            tools: vec![Tool { name: "sum".into(), description: String::new(), schema: json!({"type": "object"}) }],
            tool_choice: ToolChoice::Named("sum".into()),
            schema: Some(json!({})),
            ..Question::default()
        };
        let body = body(&question, false);
        let calls = json!([{"id": "t1", "type": "function", "function": {"name": "sum", "arguments": "{\"a\":1}"}}]);
        assert_eq!(body["messages"][1], json!({"role": "assistant", "content": null, "tool_calls": calls}));
        assert_eq!(body["messages"][2], json!({"role": "tool", "tool_call_id": "t1", "content": "Error: 2"}));
        assert_eq!(body["messages"][3]["content"][0]["type"], "image_url");
        assert_eq!(body["messages"][3]["content"][1]["text"], "Well?");
        assert_eq!(body["tool_choice"], json!({"type": "function", "function": {"name": "sum"}}));
        assert_eq!(
            body["tools"],
            json!([{"type": "function", "function": {"name": "sum", "parameters": {"type": "object"}}}])
        );
        assert_eq!(body["response_format"], json!({"type": "json_object"}));
    }

    #[test]
    fn images_say_what_they_are_and_can_be_flattened_away() {
        let mut turn = Turn::new(Role::User, "What is this?");
        turn.parts.push(png());
        let body = body(&Question { turns: vec![turn], ..Question::default() }, false);
        let url = body["messages"][0]["content"][1]["image_url"]["url"].as_str().unwrap();
        assert!(url.starts_with("data:image/png;base64,iVBORw0K"), "{url}");
        assert_eq!(flattened(body)["messages"][0]["content"], "What is this?\n\n[an image]");
    }

    #[test]
    fn documents_become_text() {
        let document = |source| Document {
            name: "notes".into(),
            format: "pdf".into(),
            source,
            context: String::new(),
            citations: false,
        };
        assert_eq!(
            inlined(&document(Source::Bytes(b"hello".to_vec()))),
            "<document name=\"notes\">\nhello\n</document>"
        );
        assert!(
            inlined(&document(Source::Bytes(vec![0xff, 0xfe])))
                .contains("[2 bytes of pdf, which cannot be read as text]")
        );
    }
}
