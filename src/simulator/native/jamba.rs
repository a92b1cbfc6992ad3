//! AI21 Jamba: OpenAI-style messages, counts in every chunk, metrics in a chunk of their own (recording).

use serde_json::{Value, json};

use super::body::{Body, check_keys_present, items, text};
use super::chat::{self, Held, Made};
use super::openai::{call_id, content_beside, finish_reason, id, spelled, usage};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event};
use crate::simulator::exception::Exception;
use crate::simulator::question::{Document, Part, Question, Role, Source};

pub(super) struct Jamba;

impl Codec for Jamba {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["messages"])?;
        let mut question = chat::read(body);
        let last = question.turns.iter_mut().rev().find(|turn| turn.role == Role::User);
        if let Some(turn) = last {
            turn.parts.extend(items(body.get("documents")).map(document));
        }
        Ok(question)
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let calls = chat::calls(answer, |nth| call_id(opening.identity, nth));
        let message = json!({
            "role": "assistant",
            "content": content_beside(&answer.text(), &calls),
            "tool_calls": (!calls.is_empty()).then(|| calls.iter().map(|made| spelled(made, false)).collect::<Value>()),
        });
        json!({
            "id": id(opening),
            "choices": [{"index": 0, "message": message, "finish_reason": finish_reason(&answer.stop)}],
            "usage": usage(answer.usage, false),
            "meta": {"requestDurationMillis": 0},
            "model": model_name(&opening.model.id),
        })
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        let calls = Held::new(opening.identity, call_id);
        Ok(Box::new(Stream { id: id(opening), input: opening.input, spoken: 0, calls }))
    }
}

/// `content` and `metadata` (AI21's documentation).
fn document(document: &Value) -> Part {
    Part::Document(Document {
        name: text(&document["metadata"][0]["value"]),
        format: "txt".to_owned(),
        source: Source::Text(text(&document["content"])),
        context: String::new(),
        citations: false,
    })
}

/// `jamba-1.5-mini` of `ai21.jamba-1-5-mini-v1:0`.
fn model_name(id: &str) -> String {
    let name = id.strip_prefix("ai21.").unwrap_or(id);
    name.split_once("-v1").map_or(name, |(name, _)| name).replace("-1-5-", "-1.5-")
}

struct Stream {
    id: String,
    input: u64,
    /// A chunk counts as a token; the last tells how many there were.
    spoken: u64,
    calls: Held,
}

impl Writer for Stream {
    fn step(&mut self, event: Event) -> Vec<Value> {
        if let Some(made) = self.calls.step(&event) {
            return vec![self.tool_call(&made)];
        }
        let choice = |delta: Value| json!({"index": 0, "delta": delta, "finish_reason": null});
        match event {
            Event::Start => vec![self.chunk(choice(json!({"role": "assistant", "content": ""})))],
            Event::Text(piece) => {
                self.spoken += 1;
                vec![self.chunk(choice(json!({ "content": piece })))]
            }
            Event::Stop(stop, counts) => {
                self.spoken = counts.output;
                let finish = finish_reason(&stop);
                let choice = json!({"index": 0, "delta": {"content": ""}, "finish_reason": finish, "stop_reason": 518});
                let mut last = self.chunk(choice);
                last["meta"] = json!({"requestDurationMillis": 0});
                vec![last, json!({})]
            }
            _ => Vec::new(),
        }
    }
}

impl Stream {
    fn tool_call(&mut self, made: &Made) -> Value {
        self.spoken += 1;
        let mut call = json!({"index": made.index});
        if let (Some(members), Value::Object(rest)) = (call.as_object_mut(), spelled(made, false)) {
            members.extend(rest);
        }
        self.chunk(json!({"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": null}))
    }

    fn chunk(&self, choice: Value) -> Value {
        json!({
            "id": self.id,
            "choices": [choice],
            "usage": {
                "prompt_tokens": self.input,
                "total_tokens": self.input.saturating_add(self.spoken),
                "completion_tokens": self.spoken,
            },
        })
    }
}
