//! OpenAI text completions: imported models, SageMaker endpoints, and Palmyra's prompt body.

use serde_json::{Value, json};

use super::body::{Body, check_keys_present, count, strings};
use super::openai::usage;
use super::prompt::finish_reason;
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event};
use crate::simulator::exception::Exception;
use crate::simulator::question::{Question, Role, Turn};

pub(super) struct Completion;

impl Codec for Completion {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["prompt"])?;
        Ok(Question {
            turns: vec![Turn::new(Role::User, body.text("prompt"))],
            max_tokens: count(body.get("max_tokens")),
            temperature: body.get("temperature").as_f64(),
            top_p: body.get("top_p").as_f64(),
            stop: strings(body.get("stop")),
            ..Question::default()
        })
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let mut whole = chunk(opening.identity.created, &answer.text(), Some(finish_reason(&answer.stop)));
        whole["usage"] = usage(answer.usage, false);
        whole
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        let created = opening.identity.created;
        Ok(Box::new(move |event| match event {
            Event::Text(piece) => vec![chunk(created, &piece, None)],
            Event::Stop(stop, _) => vec![chunk(created, "", Some(finish_reason(&stop)))],
            _ => Vec::new(),
        }))
    }
}

fn chunk(created: u64, text: &str, finish: Option<&str>) -> Value {
    json!({
        "object": "text_completion",
        "id": "",
        "created": created,
        "model": "/opt/ml/model",
        "system_fingerprint": "3.0.1-native",
        "choices": [{"index": 0, "text": text, "logprobs": null, "finish_reason": finish}],
    })
}
