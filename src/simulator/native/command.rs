//! Cohere Command and Command Light: `prompt` in, `generations` out.

use serde_json::{Value, json};

use super::body::{Body, check_keys_present, count, strings};
use super::command_r::finish_reason;
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event};
use crate::simulator::exception::Exception;
use crate::simulator::question::{Question, Role, Turn};

pub(super) struct Command;

impl Codec for Command {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["prompt"])?;
        Ok(Question {
            turns: vec![Turn::new(Role::User, body.text("prompt"))],
            max_tokens: count(body.get("max_tokens")),
            temperature: body.get("temperature").as_f64(),
            top_p: body.get("p").as_f64(),
            top_k: count(body.get("k")),
            stop: strings(body.get("stop_sequences")),
            prompt: body.text("prompt").to_owned(),
            ..Question::default()
        })
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        generations(opening, &answer.text(), finish_reason(&answer.stop))
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        // Without `stream: true` the whole answer comes as one chunk (recording).
        if opening.body.get("stream") != true {
            let whole = generations(opening, "", "");
            return Ok(Box::new(OneChunk { whole, text: String::new() }));
        }
        Ok(Box::new(|event| match event {
            Event::Text(piece) => vec![json!({"is_finished": false, "text": piece})],
            Event::Stop(stop, _) => vec![json!({"finish_reason": finish_reason(&stop), "is_finished": true})],
            _ => Vec::new(),
        }))
    }
}

fn generations(opening: &Opening, text: &str, finish: &str) -> Value {
    json!({
        "id": opening.identity.uuid,
        "generations": [{"id": opening.identity.uuid, "text": text, "finish_reason": finish}],
        "prompt": opening.question.prompt,
    })
}

struct OneChunk {
    whole: Value,
    text: String,
}

impl Writer for OneChunk {
    fn step(&mut self, event: Event) -> Vec<Value> {
        match event {
            Event::Text(piece) => {
                self.text.push_str(&piece);
                Vec::new()
            }
            Event::Stop(stop, _) => {
                let mut whole = self.whole.take();
                whole["generations"][0]["text"] = self.text.as_str().into();
                whole["generations"][0]["finish_reason"] = finish_reason(&stop).into();
                vec![whole]
            }
            _ => Vec::new(),
        }
    }
}
