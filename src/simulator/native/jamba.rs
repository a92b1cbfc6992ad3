//! AI21 Jamba: OpenAI-style messages, counts in every chunk, metrics in a chunk of their own (recording).

use serde_json::{Value, json};

use super::body::{Body, check_keys_present};
use super::openai::{finish_reason, id, usage};
use super::{Codec, Opening, Writer, chat};
use crate::simulator::answer::{Answer, Event};
use crate::simulator::backend::tokens;
use crate::simulator::exception::Exception;
use crate::simulator::question::Question;

pub(super) struct Jamba;

impl Codec for Jamba {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["messages"])?;
        Ok(chat::read(body))
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let message = json!({"role": "assistant", "content": format!(" {}", answer.text()), "tool_calls": null});
        json!({
            "id": id(opening),
            "choices": [{"index": 0, "message": message, "finish_reason": finish_reason(&answer.stop)}],
            "usage": usage(answer.usage, false),
            "meta": {"requestDurationMillis": 0},
            "model": model_name(&opening.model.id),
        })
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(Stream { id: id(opening), input: opening.input, spoken: 0 }))
    }
}

/// `jamba-1.5-mini` of `ai21.jamba-1-5-mini-v1:0`.
fn model_name(id: &str) -> String {
    let name = id.strip_prefix("ai21.").unwrap_or(id);
    name.split_once("-v1").map_or(name, |(name, _)| name).replace("-1-5-", "-1.5-")
}

struct Stream {
    id: String,
    input: u64,
    spoken: u64,
}

impl Writer for Stream {
    fn step(&mut self, event: Event) -> Vec<Value> {
        match event {
            Event::Start => {
                vec![
                    self.chunk(
                        json!({"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": null}),
                    ),
                ]
            }
            Event::Text(piece) => {
                let lead = if self.spoken == 0 { " " } else { "" };
                self.spoken += tokens::count(&piece);
                let content = format!("{lead}{piece}");
                vec![self.chunk(json!({"index": 0, "delta": {"content": content}, "finish_reason": null}))]
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
    fn chunk(&self, choice: Value) -> Value {
        json!({
            "id": self.id,
            "choices": [choice],
            "usage": {
                "prompt_tokens": self.input,
                "total_tokens": self.input + self.spoken,
                "completion_tokens": self.spoken,
            },
        })
    }
}
