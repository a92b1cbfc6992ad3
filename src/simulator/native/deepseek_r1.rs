//! DeepSeek R1's prompt body. The model speaks its thoughts first, ended by `</think>`, as part of the text.

use serde_json::{Value, json};

use super::body::{Body, check_keys, count, strings};
use super::prompt::{self, finish_reason};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event, Kind};
use crate::simulator::exception::Exception;
use crate::simulator::question::Question;

/// Between thoughts and answer. The prompt template has already opened `<think>`.
const END_OF_THOUGHTS: &str = "\n</think>\n\n";

pub(super) struct DeepSeekR1;

impl Codec for DeepSeekR1 {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys(body, &["prompt"], &["max_tokens", "temperature", "top_p", "stop"])?;
        let mut question = prompt::deepseek(body.text("prompt"));
        question.temperature = body.get("temperature").as_f64();
        question.top_p = body.get("top_p").as_f64();
        question.max_tokens = count(body.get("max_tokens"));
        question.stop = strings(body.get("stop"));
        Ok(question)
    }

    fn whole(&self, _: &Opening, answer: &Answer) -> Value {
        let thoughts = answer.reasoning().into_iter().map(|thoughts| format!("{thoughts}{END_OF_THOUGHTS}"));
        chunk(&(thoughts.collect::<String>() + &answer.text()), Some(finish_reason(&answer.stop)))
    }

    fn stream(&self, _: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(|event| match event {
            Event::Reasoning(piece) | Event::Text(piece) => vec![chunk(&piece, None)],
            Event::End(Kind::Reasoning) => vec![chunk(END_OF_THOUGHTS, None)],
            Event::Stop(stop, _) => vec![chunk("", Some(finish_reason(&stop)))],
            _ => Vec::new(),
        }))
    }
}

fn chunk(text: &str, stop: Option<&str>) -> Value {
    json!({"choices": [{"text": text, "stop_reason": stop}]})
}
