//! AI21 Jurassic-2: `prompt` in, `completions` out, every token with its place; no streaming.

use serde_json::{Value, json};

use super::body::{Body, check_keys_present, count, strings};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Stop};
use crate::simulator::backend::tokens;
use crate::simulator::exception::Exception;
use crate::simulator::question::{Question, Role, Turn};
use crate::simulator::wording;

pub(super) struct Jurassic;

impl Codec for Jurassic {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["prompt"])?;
        Ok(Question {
            turns: vec![Turn::new(Role::User, body.text("prompt"))],
            max_tokens: count(body.get("maxTokens")),
            temperature: body.get("temperature").as_f64(),
            top_p: body.get("topP").as_f64(),
            stop: strings(body.get("stopSequences")),
            prompt: body.text("prompt").to_owned(),
            ..Question::default()
        })
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let text = answer.text();
        let reason = match &answer.stop {
            Stop::MaxTokens => json!({"reason": "length", "length": answer.usage.output}),
            Stop::Sequence(sequence) => json!({"reason": "stop", "sequence": sequence}),
            _ => json!({"reason": "endoftext"}),
        };
        json!({
            "id": 1234,
            "prompt": {"text": opening.question.prompt, "tokens": listed(&opening.question.prompt)},
            "completions": [{"data": {"text": text, "tokens": listed(&text)}, "finishReason": reason}],
        })
    }

    fn stream(&self, _: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Err(wording::NOT_STREAMED.refuse(&[]))
    }
}

/// Tokens with made-up probabilities; AI21 writes spaces as `▁`.
fn listed(text: &str) -> Vec<Value> {
    let mut end = 0;
    tokens::split(text)
        .map(|token| {
            let start = end;
            end += token.chars().count();
            let shown = token.replace(' ', "▁");
            json!({
                "generatedToken": {"token": shown, "logprob": -0.5, "raw_logprob": -0.5},
                "topTokens": null,
                "textRange": {"start": start, "end": end},
            })
        })
        .collect()
}
