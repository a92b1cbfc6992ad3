//! OpenAI's Responses, `/v1/responses` and `/openai/v1/responses` of bedrock-mantle.
//!
//! Keys are in alphabetical order, and events have no name besides their `type` (recordings of gpt-oss; calls of functions
//! as GPT-5.6 makes them).

use serde_json::{Map, Value, json};

use super::body::{Body, check_keys_present, items, text};
use super::{Codec, Opening, Writer, chat};
use crate::simulator::answer::{Answer, Block, Event, Kind, Stop, Usage};
use crate::simulator::exception::Exception;
use crate::simulator::identity::Identity;
use crate::simulator::question::Question;

pub(in crate::simulator) struct Responses;

impl Codec for Responses {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["model", "input"])?;
        Ok(chat::read(&as_chat(body)))
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let mut output = Vec::new();
        for block in &answer.blocks {
            let item = Item::of(opening.identity, output.len());
            output.extend(match block {
                Block::Reasoning { text, .. } => Some(item.reasoning(&text.text(), COMPLETED)),
                Block::Text { text, .. } => Some(item.message(&text.text(), COMPLETED)),
                Block::ToolUse { call, input } => {
                    let id = call.id.clone().unwrap_or_else(|| call_id(output.len()));
                    Some(item.call(&id, &call.name, arguments(&input.text()), COMPLETED))
                }
                _ => None,
            });
        }
        let mut response = Head::of(opening).response(output, Some((&answer.stop, answer.usage)));
        response.sort_all_objects();
        response
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(Stream {
            head: Head::of(opening),
            identity: opening.identity.clone(),
            open: None,
            output: Vec::new(),
            count: 0,
        }))
    }
}

const COMPLETED: &str = "completed";
const IN_PROGRESS: &str = "in_progress";

/// The same question in the words of Chat Completions.
fn as_chat(body: &Body) -> Body {
    let mut messages = Vec::new();
    if body.has("instructions") {
        messages.push(json!({"role": "system", "content": body.get("instructions")}));
    }
    match body.get("input") {
        Value::String(text) => messages.push(json!({"role": "user", "content": text})),
        input => items(input).for_each(|item| messages.extend(message(item))),
    }
    let tools: Vec<Value> = items(body.get("tools"))
        .filter(|tool| tool["type"] == "function")
        .map(|tool| json!({"type": "function", "function": tool}))
        .collect();
    let choice = match body.get("tool_choice") {
        named @ Value::Object(_) => json!({"type": "function", "function": {"name": named["name"]}}),
        word => word.clone(),
    };
    let format = body.at("/text/format");
    let members = json!({
        "messages": messages,
        "max_completion_tokens": body.get("max_output_tokens"),
        "temperature": body.get("temperature"),
        "top_p": body.get("top_p"),
        "reasoning_effort": body.at("/reasoning/effort"),
        "tools": tools,
        "tool_choice": choice,
        "response_format": {"type": format["type"], "json_schema": format},
    });
    Body::from_members(members.as_object().cloned().unwrap_or_default())
}

/// An item of the input as a message; what a model thought before says nothing here.
fn message(item: &Value) -> Option<Value> {
    let kind = item["type"].as_str().unwrap_or("message");
    Some(match kind {
        "message" => {
            let content = match &item["content"] {
                Value::Array(parts) => parts.iter().map(part).collect(),
                text => text.clone(),
            };
            json!({"role": item["role"], "content": content})
        }
        "function_call" => json!({
            "role": "assistant",
            "tool_calls": [{"id": item["call_id"], "function": {"name": item["name"], "arguments": item["arguments"]}}],
        }),
        "function_call_output" => json!({"role": "tool", "tool_call_id": item["call_id"], "content": item["output"]}),
        _ => return None,
    })
}

fn part(part: &Value) -> Value {
    match part["type"].as_str() {
        Some("input_image") => json!({"image_url": {"url": part["image_url"]}}),
        Some("input_file") => json!({"file": part}),
        _ => json!({"text": text(&part["text"])}),
    }
}

fn arguments(input: &str) -> &str {
    if input.is_empty() { "{}" } else { input }
}

/// Calls are counted (recordings of GPT-5.6).
fn call_id(nth: usize) -> String {
    format!("call_{nth}")
}

/// An item of an output, of whatever kind.
struct Item {
    hex: String,
}

impl Item {
    fn of(identity: &Identity, nth: usize) -> Item {
        Item { hex: identity.nth_uuid(nth).replace('-', "") }
    }

    fn message_id(&self) -> String {
        format!("msg_{}", self.hex.get(..16).unwrap_or_default())
    }

    fn call_item_id(&self) -> String {
        format!("fc_{}", self.hex)
    }

    fn reasoning(&self, text: &str, status: &str) -> Value {
        let mut item = json!({"id": self.message_id(), "status": status, "summary": [], "type": "reasoning"});
        if status == COMPLETED {
            item["content"] = json!([{"text": text, "type": "reasoning_text"}]);
        }
        item
    }

    fn message(&self, text: &str, status: &str) -> Value {
        let content = match status {
            COMPLETED => json!([{"annotations": [], "text": text, "type": "output_text"}]),
            _ => json!([]),
        };
        json!({"content": content, "id": self.message_id(), "role": "assistant", "status": status, "type": "message"})
    }

    fn call(&self, call_id: &str, name: &str, arguments: &str, status: &str) -> Value {
        json!({
            "arguments": arguments,
            "call_id": call_id,
            "id": self.call_item_id(),
            "name": name,
            "status": status,
            "type": "function_call",
        })
    }
}

/// What a response has besides its output.
struct Head {
    members: Map<String, Value>,
}

impl Head {
    fn of(opening: &Opening) -> Head {
        let given = |key: &str, usual: Value| match opening.body.get(key) {
            Value::Null => usual,
            value => value.clone(),
        };
        let members = json!({
            "background": false,
            "created_at": opening.identity.created as f64,
            "error": null,
            "id": format!("resp_{}", opening.identity.nth_token(0, 52).to_ascii_lowercase()),
            "instructions": opening.body.get("instructions"),
            "metadata": given("metadata", json!({})),
            "model": opening.model.requested,
            "object": "response",
            "parallel_tool_calls": given("parallel_tool_calls", true.into()),
            "service_tier": "default",
            "temperature": given("temperature", json!(1.0)),
            "text": given("text", json!({"format": {"type": "text"}, "verbosity": "medium"})),
            "tool_choice": given("tool_choice", "auto".into()),
            "tools": given("tools", json!([])),
            "top_p": given("top_p", json!(1.0)),
            "truncation": "disabled",
        });
        Head { members: members.as_object().cloned().unwrap_or_default() }
    }

    fn response(&self, output: Vec<Value>, end: Option<(&Stop, Usage)>) -> Value {
        let mut response = Value::Object(self.members.clone());
        let reason = match end {
            Some((Stop::MaxTokens, _)) => Some("max_output_tokens"),
            Some((Stop::ContentFiltered | Stop::Guardrail, _)) => Some("content_filter"),
            _ => None,
        };
        response["incomplete_details"] = reason.map_or(Value::Null, |reason| json!({ "reason": reason }));
        response["status"] = match (end, reason) {
            (None, _) => IN_PROGRESS,
            (_, Some(_)) => "incomplete",
            _ => COMPLETED,
        }
        .into();
        response["output"] = output.into();
        if let Some((_, usage)) = end {
            response["usage"] = json!({
                "input_tokens": usage.input,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": usage.output,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": usage.input.saturating_add(usage.output),
            });
        }
        response
    }
}

struct Stream {
    head: Head,
    identity: Identity,
    /// The item that is being told.
    open: Option<Open>,
    /// Those that have been.
    output: Vec<Value>,
    /// Events so far.
    count: usize,
}

struct Open {
    kind: Kind,
    item: Item,
    /// Id and name of a call.
    call: (String, String),
    /// All of it so far.
    text: String,
}

impl Writer for Stream {
    fn step(&mut self, event: Event) -> Vec<Value> {
        let events = match event {
            Event::Start => {
                let response = self.head.response(Vec::new(), None);
                vec![
                    ("response.created", json!({ "response": response })),
                    ("response.in_progress", json!({ "response": response })),
                ]
            }
            Event::Reasoning(piece) => self.told(Kind::Reasoning, piece),
            Event::Text(piece) => self.told(Kind::Text, piece),
            Event::Input(piece) => self.told(Kind::ToolUse, piece),
            Event::ToolUse(call) => {
                let id = call.id.unwrap_or_else(|| call_id(self.output.len()));
                self.begin(Kind::ToolUse, (id, call.name))
            }
            Event::End(_) => self.end(),
            Event::Stop(stop, usage) => {
                let response = self.head.response(self.output.clone(), Some((&stop, usage)));
                let kind = if response["status"] == COMPLETED { "response.completed" } else { "response.incomplete" };
                vec![(kind, json!({ "response": response }))]
            }
            _ => Vec::new(),
        };
        events.into_iter().map(|(kind, members)| self.event(kind, members)).collect()
    }
}

type Events = Vec<(&'static str, Value)>;

impl Stream {
    fn event(&mut self, kind: &'static str, mut members: Value) -> Value {
        members["sequence_number"] = self.count.into();
        members["type"] = kind.into();
        members.sort_all_objects();
        self.count += 1;
        members
    }

    fn begin(&mut self, kind: Kind, call: (String, String)) -> Events {
        let item = Item::of(&self.identity, self.output.len());
        let begun = match kind {
            Kind::Reasoning => item.reasoning("", IN_PROGRESS),
            Kind::ToolUse => item.call(&call.0, &call.1, "", IN_PROGRESS),
            _ => item.message("", IN_PROGRESS),
        };
        let mut events =
            vec![("response.output_item.added", json!({"item": begun, "output_index": self.output.len()}))];
        let open = Open { kind, item, call, text: String::new() };
        events.extend(self.part(&open, "added", ""));
        self.open = Some(open);
        events
    }

    fn told(&mut self, kind: Kind, piece: String) -> Events {
        let mut events = if self.open.is_some() { Vec::new() } else { self.begin(kind, Default::default()) };
        let Some(mut open) = self.open.take() else { return events };
        open.text.push_str(&piece);
        let (kind, mut members) = match open.kind {
            Kind::Reasoning => ("response.reasoning_text.delta", self.place(&open)),
            Kind::ToolUse => ("response.function_call_arguments.delta", self.place(&open)),
            _ => ("response.output_text.delta", self.place(&open)),
        };
        members["delta"] = piece.into();
        events.push((kind, members));
        self.open = Some(open);
        events
    }

    fn end(&mut self) -> Events {
        let Some(open) = self.open.take() else { return Vec::new() };
        let (item, kind, key) = match open.kind {
            Kind::Reasoning => (open.item.reasoning(&open.text, COMPLETED), "response.reasoning_text.done", "text"),
            Kind::ToolUse => {
                let item = open.item.call(&open.call.0, &open.call.1, arguments(&open.text), COMPLETED);
                (item, "response.function_call_arguments.done", "arguments")
            }
            _ => (open.item.message(&open.text, COMPLETED), "response.output_text.done", "text"),
        };
        let mut done = self.place(&open);
        done[key] = if open.kind == Kind::ToolUse { arguments(&open.text).into() } else { open.text.as_str().into() };
        let mut events = vec![(kind, done)];
        events.extend(self.part(&open, "done", &open.text));
        events.push(("response.output_item.done", json!({"item": item, "output_index": self.output.len()})));
        self.output.push(item);
        events
    }

    /// Where an event belongs.
    fn place(&self, open: &Open) -> Value {
        let index = self.output.len();
        match open.kind {
            Kind::Reasoning => {
                json!({"content_index": index, "item_id": open.item.message_id(), "output_index": index})
            }
            Kind::ToolUse => {
                json!({"item_id": open.item.call_item_id(), "obfuscation": "", "output_index": index})
            }
            _ => json!({
                "content_index": index,
                "item_id": open.item.message_id(),
                "logprobs": [],
                "output_index": index,
            }),
        }
    }

    /// The beginning or the end of a part of an item; calls have none.
    fn part(&self, open: &Open, what: &str, text: &str) -> Option<(&'static str, Value)> {
        let (kind, part) = match (open.kind, what) {
            (Kind::ToolUse, _) => return None,
            (Kind::Reasoning, "added") => ("response.reasoning_part.added", "reasoning_text"),
            (Kind::Reasoning, _) => ("response.reasoning_part.done", "reasoning_text"),
            (_, "added") => ("response.content_part.added", "output_text"),
            _ => ("response.content_part.done", "output_text"),
        };
        let mut members = self.place(open);
        members["part"] = match part {
            "reasoning_text" => json!({"text": text, "type": part}),
            _ => json!({"annotations": [], "text": text, "type": part}),
        };
        if let Some(members) = members.as_object_mut() {
            members.shift_remove("logprobs");
        }
        Some((kind, members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::question::{Part, ToolChoice};

    #[test]
    fn a_body_is_read() {
        let body = json!({
            "model": "openai.gpt-oss-20b", "instructions": "Be brief.", "max_output_tokens": 9,
            "input": [
                {"role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
                {"type": "reasoning", "summary": []},
                {"type": "function_call", "call_id": "1", "name": "a", "arguments": "{\"x\":1}"},
                {"type": "function_call_output", "call_id": "1", "output": "one"},
            ],
            "tools": [{"type": "function", "name": "a", "parameters": {"type": "object"}}],
            "tool_choice": {"type": "function", "name": "a"},
            "text": {"format": {"type": "json_schema", "name": "n", "schema": {"type": "object"}}},
        });
        let question = Responses.read(&Body::parse(body.to_string().as_bytes()).unwrap()).unwrap();
        assert_eq!((question.system.as_str(), question.max_tokens), ("Be brief.", Some(9)));
        assert_eq!((&question.tool_choice, question.tools[0].name.as_str()), (&ToolChoice::Named("a".into()), "a"));
        assert_eq!(question.schema, Some(json!({"type": "object"})));
        assert_eq!((question.turns.len(), &*question.turns[0].text()), (3, "Hi"));
        let Part::ToolUse(call) = &question.turns[1].parts[0] else { panic!() };
        assert_eq!(call.input, json!({"x": 1}));
        assert_eq!(question.turns[2].tool_results().next().unwrap().text(), "one");
    }
}
