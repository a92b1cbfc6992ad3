//! Amazon Nova's body: Converse-like messages under `schemaVersion: messages-v1`.

use serde_json::{Map, Value, json};

use super::body::{Body, check_keys, count, items, strings};
use super::calls::input_value;
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Block, Call, Event, Kind, Usage};
use crate::simulator::converse;
use crate::simulator::exception::Exception;
use crate::simulator::identity::Identity;
use crate::simulator::question::Question;

const KNOWN: &[&str] =
    &["schemaVersion", "system", "inferenceConfig", "toolConfig", "additionalModelRequestFields", "reasoningConfig"];

pub(super) struct Nova;

impl Codec for Nova {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys(body, &["messages"], KNOWN)?;
        let config = body.get("inferenceConfig");
        let either = |names: [&str; 2]| names.into_iter().map(|name| &config[name]).find(|value| !value.is_null());
        let thinking = [body.get("reasoningConfig"), &config["reasoningConfig"]];
        Ok(Question {
            max_tokens: either(["max_new_tokens", "maxTokens"]).and_then(count),
            temperature: config["temperature"].as_f64(),
            top_p: either(["topP", "top_p"]).and_then(Value::as_f64),
            top_k: either(["topK", "top_k"]).and_then(count),
            stop: strings(&config["stopSequences"]),
            thinking: thinking.iter().any(|config| config["type"] == "enabled"),
            // Messages, system text and tools are Converse's.
            ..converse::read(&with_bare_cache_points(body))
        })
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let mut calls = Calls::new(opening.identity);
        let content: Vec<Value> = answer.blocks.iter().filter_map(|block| content(block, &mut calls)).collect();
        json!({
            "output": {"message": {"content": content, "role": "assistant"}},
            "stopReason": answer.stop.reason(),
            "usage": usage(answer.usage, true),
        })
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(Stream { index: 0, calls: Calls::new(opening.identity), call: None, input: String::new() }))
    }
}

/// Nova takes `cachePoint` beside the text of its block; Converse has it behind, in a block of its own.
fn with_bare_cache_points(body: &Body) -> Body {
    let mut body = body.clone();
    for message in body.at_mut("messages").as_array_mut().into_iter().flatten() {
        let blocks = items(&message["content"]).flat_map(|block| match (block.as_object(), block.get("cachePoint")) {
            (Some(members), Some(point)) if members.len() > 1 => {
                let mut rest: Map<String, Value> = members.clone();
                rest.shift_remove("cachePoint");
                vec![rest.into(), json!({ "cachePoint": point })]
            }
            _ => vec![block.clone()],
        });
        let blocks = blocks.collect();
        // What is no object at all is the shape's to refuse.
        if let Some(message) = message.as_object_mut() {
            message.insert("content".to_owned(), blocks);
        }
    }
    body
}

/// A block's object; Nova cites nothing and encrypts nothing here.
fn content(block: &Block, calls: &mut Calls) -> Option<Value> {
    Some(match block {
        Block::Text { text, .. } => json!({ "text": text.text() }),
        Block::Reasoning { text, .. } => json!({"reasoningContent": {"reasoningText": {"text": text.text()}}}),
        Block::ToolUse { call, input } => {
            let id = calls.id(call);
            json!({"toolUse": {"name": call.name, "toolUseId": id, "input": input_value(&input.text())}})
        }
        Block::Redacted(_) | Block::ToolResult(_) | Block::Image { .. } => return None,
    })
}

/// Ids of tool calls are uuids here (recordings).
struct Calls {
    identity: Identity,
    calls: usize,
}

impl Calls {
    fn new(identity: &Identity) -> Calls {
        Calls { identity: identity.clone(), calls: 0 }
    }

    fn id(&mut self, call: &Call) -> String {
        let made = || self.identity.nth_uuid(self.calls);
        let id = call.id.clone().unwrap_or_else(made);
        self.calls += 1;
        id
    }
}

/// Every delta is a block of its own, with a stop after it and the next index; a tool call, whose input comes whole,
/// takes two (recordings of 2025 and 2026).
struct Stream {
    index: usize,
    calls: Calls,
    call: Option<Call>,
    input: String,
}

impl Writer for Stream {
    fn counts_cache(&self) -> bool {
        true
    }

    fn step(&mut self, event: Event) -> Vec<Value> {
        match event {
            Event::Start => vec![json!({"messageStart": {"role": "assistant"}})],
            Event::Reasoning(text) => self.block(json!({"reasoningContent": {"text": text}})),
            Event::Text(text) => self.block(json!({ "text": text })),
            Event::ToolUse(call) => {
                self.call = Some(call);
                Vec::new()
            }
            Event::Input(piece) => {
                self.input.push_str(&piece);
                Vec::new()
            }
            Event::End(Kind::ToolUse) => self.tool_use(),
            Event::Stop(stop, usage) => {
                vec![json!({"messageStop": {"stopReason": stop.reason()}}), metadata(usage)]
            }
            _ => Vec::new(),
        }
    }
}

impl Stream {
    fn block(&mut self, delta: Value) -> Vec<Value> {
        let index = self.index;
        self.index += 1;
        vec![
            json!({"contentBlockDelta": {"delta": delta, "contentBlockIndex": index}}),
            json!({"contentBlockStop": {"contentBlockIndex": index}}),
        ]
    }

    fn tool_use(&mut self) -> Vec<Value> {
        let Some(call) = self.call.take() else { return Vec::new() };
        let start = json!({"toolUse": {"toolUseId": self.calls.id(&call), "name": call.name}});
        let start = json!({"contentBlockStart": {"start": start, "contentBlockIndex": self.index}});
        let input = std::mem::take(&mut self.input);
        let rest = self.block(json!({"toolUse": {"input": if input.is_empty() { "{}" } else { &input }}}));
        self.index += 1;
        std::iter::once(start).chain(rest).collect()
    }
}

fn usage(usage: Usage, with_total: bool) -> Value {
    let mut out = json!({"inputTokens": usage.input, "outputTokens": usage.output});
    if with_total {
        out["totalTokens"] = usage.input.saturating_add(usage.output).into();
    }
    let cache = usage.cache.unwrap_or_default();
    out["cacheReadInputTokenCount"] = cache.read.into();
    out["cacheWriteInputTokenCount"] = cache.write.into();
    out
}

fn metadata(counts: Usage) -> Value {
    json!({"metadata": {"usage": usage(counts, false), "metrics": {}, "trace": {}}})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::question::Place;

    #[test]
    fn reads_both_spellings_and_a_cache_point_beside_its_text() {
        let body = json!({
            "messages": [{"role": "user", "content": [{"cachePoint": {"type": "default"}, "text": "Hi"}]}],
            "inferenceConfig": {"max_new_tokens": 5, "top_p": 0.5, "topK": 3, "reasoningConfig": {"type": "enabled"}},
            "toolConfig": {"tools": [{"toolSpec": {"name": "sum", "inputSchema": {"json": {}}}}]},
        });
        let question = Nova.read(&Body::parse(body.to_string().as_bytes()).unwrap()).unwrap();
        assert_eq!((question.max_tokens, question.top_p, question.top_k), (Some(5), Some(0.5), Some(3)));
        assert_eq!((question.turns[0].text().as_ref(), question.tools.len()), ("Hi", 1));
        assert_eq!(question.cache_points[0].place, Place::Turns(0, 1));
        assert!(question.thinking);
    }
}
