//! TwelveLabs Pegasus: a prompt about a video in, `message` out (AWS's documentation; no recording exists).

use serde_json::{Value, json};

use super::body::{Body, check_keys, count};
use super::held::{Held, Step};
use super::prompt::finish_reason;
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Stop};
use crate::simulator::exception::Exception;
use crate::simulator::question::{Question, Role, Turn};

pub(super) struct Pegasus;

impl Codec for Pegasus {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys(body, &["inputPrompt", "mediaSource"], &["temperature", "responseFormat", "maxOutputTokens"])?;
        let schema = body.at("/responseFormat/jsonSchema");
        Ok(Question {
            turns: vec![Turn::new(Role::User, body.text("inputPrompt"))],
            max_tokens: count(body.get("maxOutputTokens")),
            temperature: body.get("temperature").as_f64(),
            schema: schema.is_object().then(|| schema.clone()),
            ..Question::default()
        })
    }

    fn whole(&self, _: &Opening, answer: &Answer) -> Value {
        chunk(&answer.text(), Some(&answer.stop))
    }

    fn stream(&self, _: &Opening) -> Result<Box<dyn Writer>, Exception> {
        let mut held = Held::default();
        Ok(Box::new(move |event| match held.step(event) {
            None => Vec::new(),
            Some(Step::Text(piece)) => vec![chunk(&piece, None)],
            Some(Step::Last(piece, stop, _)) => vec![chunk(&piece, Some(&stop))],
        }))
    }
}

fn chunk(text: &str, stop: Option<&Stop>) -> Value {
    json!({"message": text, "finishReason": stop.map(finish_reason)})
}
