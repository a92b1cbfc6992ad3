//! Streamed answers as the log has them: that of InvokeModelWithResponseStream as the list of its chunks, that of
//! ConverseStream put together as Converse would have answered (published records).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use crate::simulator::frames::{Frame, Reader};

/// The chunks, and the exception that ended them.
pub(super) fn chunks(written: &[u8]) -> (Value, Option<String>) {
    let (frames, error) = frames(written);
    let chunk = |frame: &Frame| {
        let payload: Value = serde_json::from_slice(frame.payload()).ok()?;
        serde_json::from_slice(&BASE64_STANDARD.decode(payload["bytes"].as_str()?).ok()?).ok()
    };
    (frames.iter().filter_map(chunk).collect::<Vec<Value>>().into(), error)
}

/// The answer of Converse that the events spell, and the exception that ended them.
pub(super) fn converse(written: &[u8]) -> (Value, Option<String>) {
    let (frames, error) = frames(written);
    let mut message = Message::default();
    for frame in &frames {
        let payload = serde_json::from_slice(frame.payload()).unwrap_or_default();
        message.step(frame.header(":event-type").unwrap_or_default(), payload);
    }
    (message.into_answer(), error)
}

/// The events, up to the first thing that is none.
fn frames(written: &[u8]) -> (Vec<Frame>, Option<String>) {
    let mut reader = Reader::default();
    reader.push(written);
    let mut frames = Vec::new();
    while let Ok(Some(frame)) = reader.frame() {
        let error = frame.header(":exception-type").or_else(|| frame.header(":error-code")).map(spelt);
        if error.is_some() {
            return (frames, error);
        }
        frames.push(frame);
    }
    (frames, None)
}

/// The code of an exception, which frames begin in lower case.
fn spelt(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// The message of a stream, as far as it has been told.
#[derive(Default)]
struct Message {
    role: Value,
    blocks: Vec<Block>,
    stop: Map<String, Value>,
    metadata: Map<String, Value>,
}

/// A block: what its start said, and its deltas in one.
struct Block {
    index: Value,
    start: Map<String, Value>,
    deltas: Vec<Value>,
}

impl Message {
    fn step(&mut self, event: &str, mut payload: Value) {
        match event {
            "messageStart" => self.role = payload["role"].take(),
            "contentBlockStart" => self.block(&payload["contentBlockIndex"]).start = members(payload["start"].take()),
            "contentBlockDelta" => self.block(&payload["contentBlockIndex"]).deltas.push(payload["delta"].take()),
            "messageStop" => self.stop = members(payload),
            "metadata" => self.metadata = members(payload),
            _ => {}
        }
    }

    fn block(&mut self, index: &Value) -> &mut Block {
        let at = self.blocks.iter().position(|block| block.index == *index).unwrap_or_else(|| {
            self.blocks.push(Block { index: index.clone(), start: Map::new(), deltas: Vec::new() });
            self.blocks.len() - 1
        });
        // `at` was found, or has just been pushed.
        &mut self.blocks[at]
    }

    fn into_answer(self) -> Value {
        let content: Vec<Value> = self.blocks.into_iter().map(Block::into_content).collect();
        let mut answer = self.metadata;
        answer.remove("p");
        answer.extend(self.stop.into_iter().filter(|(name, _)| name != "p"));
        answer.insert("output".into(), json!({"message": {"content": content, "role": self.role}}));
        answer.sort_keys();
        answer.into()
    }
}

impl Block {
    fn into_content(self) -> Value {
        let joined = |pointer: &str| -> String {
            self.deltas.iter().filter_map(|delta| delta.pointer(pointer)?.as_str()).collect()
        };
        let last = |pointer: &str| self.deltas.iter().rev().find_map(|delta| delta.pointer(pointer).cloned());
        if let Some(Value::Object(call)) = self.start.get("toolUse") {
            let (mut call, input) = (call.clone(), joined("/toolUse/input"));
            call.insert("input".into(), serde_json::from_str(&input).unwrap_or(Value::String(input)));
            call.sort_keys();
            return json!({ "toolUse": call });
        }
        if !self.start.is_empty() {
            return self.start.into();
        }
        if self.deltas.iter().any(|delta| !delta["reasoningContent"].is_null()) {
            if let Some(data) = last("/reasoningContent/redactedContent") {
                return json!({"reasoningContent": {"redactedContent": data}});
            }
            let mut text = json!({"text": joined("/reasoningContent/text")});
            if let Some(signature) = last("/reasoningContent/signature") {
                text["signature"] = signature;
            }
            return json!({"reasoningContent": {"reasoningText": text}});
        }
        json!({"text": joined("/text")})
    }
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
