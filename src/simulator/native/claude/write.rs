//! An answer as a message, whole or in events.

use serde_json::{Value, json};

use super::super::calls::input_value;
use super::super::{Opening, Writer};
use super::envelope::{Age, closing_counts, message, stop_reason, stop_sequence};
use super::signature;
use crate::simulator::answer::{Answer, Block, Call, Event, Kind, Usage};
use crate::simulator::identity::Identity;

/// The whole message.
pub(super) fn whole(opening: &Opening, answer: &Answer) -> Value {
    let mut names = Names::new(opening.identity);
    let content = answer.blocks.iter().filter_map(|block| content(block, &mut names)).collect();
    message(opening, content, Some(&answer.stop), answer.usage)
}

/// A block's object; Claude speaks no pictures and no empty text.
fn content(block: &Block, names: &mut Names) -> Option<Value> {
    Some(match block {
        Block::Text { text, citations } => {
            let text = text.text();
            if text.is_empty() && citations.is_empty() {
                return None;
            }
            let mut content = json!({"type": "text", "text": text});
            if !citations.is_empty() {
                content["citations"] = citations.iter().map(citation).collect();
            }
            content
        }
        Block::Reasoning { text, signature: given } => {
            let text = text.text();
            let signature = given.clone().unwrap_or_else(|| signature(&text));
            json!({"type": "thinking", "thinking": text, "signature": signature})
        }
        Block::Redacted(data) => json!({"type": "redacted_thinking", "data": data}),
        Block::ToolUse { call, input } => names.tool_use(call, input_value(&input.text())),
        Block::ToolResult(result) => tool_result(result),
        Block::Image { .. } => return None,
    })
}

/// Ids of tool calls: those given, or made as Anthropic's.
struct Names {
    identity: Identity,
    calls: usize,
}

impl Names {
    fn new(identity: &Identity) -> Names {
        Names { identity: identity.clone(), calls: 0 }
    }

    fn tool_use(&mut self, call: &Call, input: Value) -> Value {
        let kind = call.kind.as_deref().unwrap_or("tool_use");
        let prefix = if kind == "server_tool_use" { "srvtoolu_bdrk_01" } else { "toolu_bdrk_01" };
        let made = || format!("{prefix}{}", self.identity.nth_token(self.calls, 22));
        let id = call.id.clone().unwrap_or_else(made);
        self.calls += 1;
        json!({"type": kind, "id": id, "name": call.name, "input": input})
    }
}

/// What a tool of the service said. Converse wraps it; a message has it bare.
fn tool_result(result: &Value) -> Value {
    let content = result["content"].as_array().map(|content| {
        let bare = |block: &Value| if block["json"].is_null() { block.clone() } else { block["json"].clone() };
        content.iter().map(bare).collect::<Value>()
    });
    let kind = result["type"].as_str().unwrap_or("web_search_tool_result");
    json!({"type": kind, "tool_use_id": result["toolUseId"], "content": content.unwrap_or_default()})
}

/// Converse's location → type and members of Anthropic's citation.
const LOCATIONS: &[(&str, &str, &str, &str)] = &[
    ("documentChar", "char_location", "start_char_index", "end_char_index"),
    ("documentPage", "page_location", "start_page_number", "end_page_number"),
    ("documentChunk", "content_block_location", "start_block_index", "end_block_index"),
];

/// Converse's `Citation` as Anthropic's.
fn citation(citation: &Value) -> Value {
    let location = &citation["location"];
    let cited: String =
        citation["sourceContent"].as_array().into_iter().flatten().filter_map(|part| part["text"].as_str()).collect();
    if let Some((name, kind, start, end)) = LOCATIONS.iter().find(|row| location[row.0].is_object()) {
        let place = &location[name];
        return json!({
            "type": kind,
            "cited_text": cited,
            "document_index": place["documentIndex"],
            "document_title": citation["title"],
            *start: place["start"],
            *end: place["end"],
        });
    }
    if location["searchResultLocation"].is_object() {
        let place = &location["searchResultLocation"];
        return json!({
            "type": "search_result_location",
            "cited_text": cited,
            "source": citation["source"],
            "title": citation["title"],
            "search_result_index": place["searchResultIndex"],
            "start_block_index": place["start"],
            "end_block_index": place["end"],
        });
    }
    json!({
        "type": "web_search_result_location",
        "cited_text": cited,
        "url": location["web"]["url"],
        "title": citation["title"],
        "encrypted_index": "",
    })
}

/// Writes a message's events.
pub(super) struct Stream {
    start: Option<Value>,
    age: Age,
    names: Names,
    thoughts: String,
    /// The open reasoning has its signature.
    signed: bool,
    /// The open tool call has said something.
    began: bool,
    index: usize,
    open: bool,
}

impl Stream {
    pub(super) fn new(opening: &Opening) -> Stream {
        Stream {
            // One token has been made by then (recorded: 1 to 8).
            start: Some(message(opening, Vec::new(), None, Usage { output: 1, ..opening.usage() })),
            age: Age::of(opening.model),
            names: Names::new(opening.identity),
            thoughts: String::new(),
            signed: false,
            began: false,
            index: 0,
            open: false,
        }
    }

    fn start_block(&mut self, block: Value, out: &mut Vec<Value>) {
        if !std::mem::replace(&mut self.open, true) {
            out.push(json!({"type": "content_block_start", "index": self.index, "content_block": block}));
        }
    }

    fn delta(&self, delta: Value, out: &mut Vec<Value>) {
        out.push(json!({"type": "content_block_delta", "index": self.index, "delta": delta}));
    }

    fn stop_block(&mut self, out: &mut Vec<Value>) {
        if std::mem::take(&mut self.open) {
            out.push(json!({"type": "content_block_stop", "index": self.index}));
            self.index += 1;
        }
    }

    fn start_thinking(&mut self, out: &mut Vec<Value>) {
        self.start_block(json!({"type": "thinking", "thinking": "", "signature": ""}), out);
    }

    fn sign(&mut self, signature: String, out: &mut Vec<Value>) {
        self.signed = true;
        self.delta(json!({"type": "signature_delta", "signature": signature}), out);
    }

    /// A piece of a tool's input; the first is empty (every recording).
    fn input(&mut self, piece: &str, out: &mut Vec<Value>) {
        if !std::mem::replace(&mut self.began, true) && !piece.is_empty() {
            self.delta(json!({"type": "input_json_delta", "partial_json": ""}), out);
        }
        self.delta(json!({"type": "input_json_delta", "partial_json": piece}), out);
    }

    fn end(&mut self, kind: Kind, out: &mut Vec<Value>) {
        match kind {
            Kind::Reasoning if !self.signed && self.open => {
                let signature = signature(&self.thoughts);
                self.sign(signature, out);
            }
            Kind::ToolUse if !self.began => self.input("", out),
            _ => {}
        }
        self.stop_block(out);
        self.thoughts.clear();
        (self.signed, self.began) = (false, false);
    }
}

impl Writer for Stream {
    fn step(&mut self, event: Event) -> Vec<Value> {
        let mut out = Vec::new();
        match event {
            Event::Start => {
                out.extend(self.start.take().map(|message| json!({"type": "message_start", "message": message})))
            }
            Event::Reasoning(piece) => {
                self.start_thinking(&mut out);
                self.thoughts.push_str(&piece);
                self.delta(json!({"type": "thinking_delta", "thinking": piece}), &mut out);
            }
            Event::Signature(signature) => {
                self.start_thinking(&mut out);
                self.sign(signature, &mut out);
            }
            Event::Redacted(data) => {
                self.start_block(json!({"type": "redacted_thinking", "data": data}), &mut out);
                self.signed = true;
            }
            Event::Text(piece) => {
                self.start_block(json!({"type": "text", "text": ""}), &mut out);
                self.delta(json!({"type": "text_delta", "text": piece}), &mut out);
            }
            Event::Citation(given) => {
                self.start_block(json!({"type": "text", "text": ""}), &mut out);
                self.delta(json!({"type": "citations_delta", "citation": citation(&given)}), &mut out);
            }
            Event::ToolUse(call) => {
                let block = self.names.tool_use(&call, json!({}));
                self.start_block(block, &mut out);
            }
            Event::Input(piece) => self.input(&piece, &mut out),
            Event::ToolResult(result) => self.start_block(tool_result(&result), &mut out),
            Event::End(kind) => self.end(kind, &mut out),
            Event::Stop(stop, usage) => {
                self.stop_block(&mut out);
                out.push(json!({
                    "type": "message_delta",
                    "delta": {"stop_reason": stop_reason(&stop), "stop_sequence": stop_sequence(Some(&stop))},
                    "usage": closing_counts(self.age, usage),
                }));
                out.push(json!({"type": "message_stop"}));
            }
            Event::Image { .. } | Event::Trace(_) => {}
        }
        out
    }
}
