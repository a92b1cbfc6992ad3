//! Amazon Nova's body: Converse-like messages under `schemaVersion: messages-v1`.

use serde_json::{Value, json};

use super::body::{Body, check_keys, count, decode, role, strings};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event, Usage};
use crate::simulator::exception::Exception;
use crate::simulator::question::{Question, Turn};

const KNOWN: &[&str] =
    &["schemaVersion", "system", "inferenceConfig", "toolConfig", "additionalModelRequestFields", "reasoningConfig"];

pub(super) struct Nova;

impl Codec for Nova {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys(body, &["messages"], KNOWN)?;
        let limits = body.get("inferenceConfig");
        let thinking = [body.get("reasoningConfig"), &limits["reasoningConfig"]];
        let mut question = Question {
            max_tokens: count(&limits["max_new_tokens"]).or_else(|| count(&limits["maxTokens"])),
            stop: strings(&limits["stopSequences"]),
            thinking: thinking.iter().any(|config| config["type"] == "enabled"),
            ..Question::default()
        };
        for block in body.get("system").as_array().into_iter().flatten() {
            question.add_system(block["text"].as_str().unwrap_or_default());
        }
        question.turns = body.get("messages").as_array().into_iter().flatten().map(turn).collect();
        Ok(question)
    }

    fn whole(&self, _: &Opening, answer: &Answer) -> Value {
        let mut content = Vec::new();
        if let Some(text) = answer.reasoning() {
            content.push(json!({"reasoningContent": {"reasoningText": {"text": text}}}));
        }
        content.push(json!({"text": answer.text()}));
        json!({
            "output": {"message": {"content": content, "role": "assistant"}},
            "stopReason": answer.stop.reason(),
            "usage": {
                "inputTokens": answer.usage.input,
                "outputTokens": answer.usage.output,
                "totalTokens": answer.usage.input + answer.usage.output,
                "cacheReadInputTokenCount": 0,
                "cacheWriteInputTokenCount": 0,
            },
        })
    }

    fn stream(&self, _: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(Stream { index: 0 }))
    }
}

fn turn(message: &Value) -> Turn {
    let mut turn = Turn::new(role(message), "");
    for block in message["content"].as_array().into_iter().flatten() {
        if let Some(text) = block["text"].as_str() {
            turn.add_text(text);
        }
        if let Some(bytes) = block["image"]["source"]["bytes"].as_str() {
            turn.add_image(decode(bytes));
        }
    }
    turn
}

/// Every text delta is a block of its own, with a stop after it and the next index (recordings of 2025).
struct Stream {
    index: usize,
}

impl Writer for Stream {
    fn counts_cache(&self) -> bool {
        true
    }

    fn step(&mut self, event: Event) -> Vec<Value> {
        match event {
            Event::Start => vec![json!({"messageStart": {"role": "assistant"}})],
            Event::Reasoning(text) => self.block(json!({"reasoningContent": {"text": text}})),
            Event::Text(text) => self.block(json!({"text": text})),
            Event::Stop(stop, usage) => {
                let mut chunks = self.block(json!({"text": ""}));
                chunks.push(json!({"messageStop": {"stopReason": stop.reason()}}));
                chunks.push(metadata(usage));
                chunks
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
}

fn metadata(usage: Usage) -> Value {
    json!({"metadata": {
        "usage": {
            "inputTokens": usage.input,
            "outputTokens": usage.output,
            "cacheReadInputTokenCount": 0,
            "cacheWriteInputTokenCount": 0,
        },
        "metrics": {},
        "trace": {},
    }})
}
