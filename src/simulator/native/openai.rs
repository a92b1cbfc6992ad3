//! OpenAI chat completions: gpt-oss, Qwen, DeepSeek V3, Gemma, Kimi, MiniMax, Nemotron, GLM, Mistral's newer models.
//!
//! gpt-oss spells its keys alphabetically (recordings); no native recording of the others exists, they are spelled as
//! OpenAI does.

use serde_json::{Value, json};

use super::body::{Body, check_keys_present};
use super::{Codec, Opening, Writer, chat};
use crate::simulator::answer::{Answer, Event, Stop, Usage};
use crate::simulator::exception::Exception;
use crate::simulator::question::Question;

pub(super) struct OpenAi;

impl Codec for OpenAi {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["messages"])?;
        Ok(chat::read(body))
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let thoughts = answer.reasoning().as_deref().map(tagged).unwrap_or_default();
        let text = format!("{thoughts}{}", answer.text());
        let finish = finish_reason(&answer.stop);
        let mut body = match alphabetical(opening) {
            true => json!({
                "choices": [{
                    "finish_reason": finish,
                    "index": 0,
                    "logprobs": null,
                    "message": {"content": text, "refusal": null, "role": "assistant"},
                }],
                "created": opening.identity.created,
                "id": id(opening),
                "model": opening.model.id,
                "object": "chat.completion",
                "service_tier": "auto",
            }),
            false => json!({
                "id": id(opening),
                "object": "chat.completion",
                "created": opening.identity.created,
                "model": opening.model.id,
                "choices": [{
                    "index": 0,
                    "message": {"role": "assistant", "content": text},
                    "finish_reason": finish,
                }],
            }),
        };
        body["usage"] = usage(answer.usage, alphabetical(opening));
        body
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(Stream {
            alphabetical: alphabetical(opening),
            id: id(opening),
            created: opening.identity.created,
            model: opening.model.id.clone(),
            with_usage: opening.body.at("/stream_options/include_usage") == true,
        }))
    }
}

pub(super) fn id(opening: &Opening) -> String {
    format!("chatcmpl-{}", opening.identity.uuid)
}

/// Reasoning is text between tags; in a stream every piece has its own pair (recordings of gpt-oss).
fn tagged(thoughts: &str) -> String {
    format!("<reasoning>{thoughts}</reasoning>")
}

pub(super) fn finish_reason(stop: &Stop) -> &'static str {
    match stop {
        Stop::MaxTokens => "length",
        _ => "stop",
    }
}

fn alphabetical(opening: &Opening) -> bool {
    opening.model.is("openai.gpt-oss")
}

pub(super) fn usage(usage: Usage, alphabetical: bool) -> Value {
    let (prompt, completion, total) = (usage.input, usage.output, usage.input + usage.output);
    match alphabetical {
        true => json!({"completion_tokens": completion, "prompt_tokens": prompt, "total_tokens": total}),
        false => json!({"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}),
    }
}

struct Stream {
    alphabetical: bool,
    id: String,
    created: u64,
    model: String,
    with_usage: bool,
}

impl Writer for Stream {
    fn step(&mut self, event: Event) -> Vec<Value> {
        let content = |text: &str| json!({ "content": text });
        match event {
            Event::Start if self.alphabetical => vec![self.delta(json!({"content": "", "role": "assistant"}), None)],
            Event::Start => vec![self.delta(json!({"role": "assistant", "content": ""}), None)],
            Event::Reasoning(piece) => vec![self.delta(content(&tagged(&piece)), None)],
            Event::Text(piece) => vec![self.delta(content(&piece), None)],
            Event::Stop(stop, counts) => {
                let last = self.delta(json!({}), Some(finish_reason(&stop)));
                let counted = self.with_usage.then(|| {
                    let mut chunk = self.chunk(json!([]));
                    chunk["usage"] = usage(counts, self.alphabetical);
                    chunk
                });
                [last].into_iter().chain(counted).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Stream {
    fn delta(&self, delta: Value, finish: Option<&str>) -> Value {
        self.chunk(match self.alphabetical {
            true => json!([{"delta": delta, "finish_reason": finish, "index": 0}]),
            false => json!([{"index": 0, "delta": delta, "finish_reason": finish}]),
        })
    }

    fn chunk(&self, choices: Value) -> Value {
        match self.alphabetical {
            true => json!({
                "choices": choices,
                "created": self.created,
                "id": self.id,
                "model": self.model,
                "object": "chat.completion.chunk",
                "service_tier": "auto",
            }),
            false => json!({
                "id": self.id,
                "object": "chat.completion.chunk",
                "created": self.created,
                "model": self.model,
                "choices": choices,
            }),
        }
    }
}
