//! Mistral's prompt body: 7B, Mixtral, Small and Large 2402.

use serde_json::{Value, json};

use super::body::{Body, check_keys, count, strings};
use super::prompt::{self, finish_reason};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event};
use crate::simulator::exception::Exception;
use crate::simulator::question::Question;

pub(super) struct MistralPrompt;

impl Codec for MistralPrompt {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys(body, &["prompt"], &["max_tokens", "temperature", "top_p", "top_k", "stop"])?;
        let mut question = prompt::instructions(body.text("prompt"));
        question.temperature = body.get("temperature").as_f64();
        question.top_p = body.get("top_p").as_f64();
        question.top_k = count(body.get("top_k"));
        question.max_tokens = count(body.get("max_tokens"));
        question.stop = strings(body.get("stop"));
        Ok(question)
    }

    fn whole(&self, _: &Opening, answer: &Answer) -> Value {
        chunk(&answer.text(), Some(finish_reason(&answer.stop)))
    }

    fn stream(&self, _: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(|event| match event {
            Event::Text(piece) => vec![chunk(&piece, None)],
            Event::Stop(stop, _) => vec![chunk("", Some(finish_reason(&stop)))],
            _ => Vec::new(),
        }))
    }
}

fn chunk(text: &str, stop: Option<&str>) -> Value {
    json!({"outputs": [{"text": text, "stop_reason": stop}]})
}
