//! Meta's Llama: `prompt` in, `generation` out.

use serde_json::{Value, json};

use super::body::{Body, check_keys, count, decode, strings};
use super::held::{Held, Step};
use super::{Codec, Opening, Writer, prompt};
use crate::simulator::answer::{Answer, Event, Stop, Usage};
use crate::simulator::exception::Exception;
use crate::simulator::question::{Question, Role};

/// `max_gen_len` when it is missing (AWS's documentation).
const USUAL_TOKENS: u64 = 512;

pub(super) struct Llama;

impl Codec for Llama {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys(body, &["prompt"], &["max_gen_len", "temperature", "top_p", "images"])?;
        let mut question = prompt::llama(body.text("prompt"));
        question.temperature = body.get("temperature").as_f64();
        question.top_p = body.get("top_p").as_f64();
        question.max_tokens = Some(count(body.get("max_gen_len")).unwrap_or(USUAL_TOKENS));
        let images = strings(body.get("images"));
        let images = images.iter().map(|image| decode(image));
        if let Some(turn) = question.turns.iter_mut().rev().find(|turn| turn.role == Role::User) {
            images.for_each(|image| turn.add_image(image));
        }
        Ok(question)
    }

    fn whole(&self, _: &Opening, answer: &Answer) -> Value {
        json!({
            "generation": answer.text(),
            "prompt_token_count": answer.usage.input,
            "generation_token_count": answer.usage.output,
            "stop_reason": stop_reason(&answer.stop),
        })
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(Stream { held: Held::default(), input: Some(opening.input), spoken: 0 }))
    }
}

fn stop_reason(stop: &Stop) -> &'static str {
    match stop {
        Stop::MaxTokens => "length",
        _ => "stop",
    }
}

struct Stream {
    held: Held,
    /// Told in the first chunk only.
    input: Option<u64>,
    spoken: u64,
}

impl Writer for Stream {
    fn step(&mut self, event: Event) -> Vec<Value> {
        match self.held.step(event) {
            None => Vec::new(),
            Some(Step::Text(piece)) => vec![self.chunk(&piece, None)],
            Some(Step::Last(piece, stop @ Stop::MaxTokens, usage)) => vec![self.chunk(&piece, Some((&stop, usage)))],
            // A natural end is a chunk of its own, without text.
            Some(Step::Last(piece, stop, usage)) => {
                let text = (!piece.is_empty()).then(|| self.chunk(&piece, None));
                text.into_iter().chain([self.chunk("", Some((&stop, usage)))]).collect()
            }
        }
    }
}

impl Stream {
    /// A chunk counts as a token; the last tells how many there were.
    fn chunk(&mut self, text: &str, end: Option<(&Stop, Usage)>) -> Value {
        self.spoken = end.map_or(self.spoken + 1, |(_, usage)| usage.output);
        json!({
            "generation": text,
            "prompt_token_count": self.input.take(),
            "generation_token_count": self.spoken,
            "stop_reason": end.map(|(stop, _)| stop_reason(stop)),
        })
    }
}
