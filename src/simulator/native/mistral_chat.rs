//! Mistral's chat body of 2024 and 2025: Large 2402 and 2407, Pixtral. Stream chunks carry `message`, not `delta`.

use serde_json::{Value, json};

use super::body::{Body, check_keys_present};
use super::chat::{self, Held, Made};
use super::openai::{finish_reason, id, usage};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event};
use crate::simulator::exception::Exception;
use crate::simulator::identity::Identity;
use crate::simulator::question::Question;

pub(super) struct MistralChat;

impl Codec for MistralChat {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["messages"])?;
        Ok(chat::read(body))
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let calls = chat::calls(answer, |nth| call_id(opening.identity, nth));
        let message = message(&answer.text(), &calls);
        let finish = finish_reason(&answer.stop);
        // AWS documents the bare shape with `stop_reason` for Large 2402 and OpenAI's for the later ones.
        if opening.model.is("mistral.mistral-large-2402") {
            return json!({"choices": [{"index": 0, "message": message, "stop_reason": finish}]});
        }
        json!({
            "id": id(opening),
            "object": "chat.completion",
            "created": opening.identity.created,
            "model": opening.model.id,
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": usage(answer.usage, false),
        })
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        let (id, created, model) = (id(opening), opening.identity.created, opening.model.id.clone());
        let mut held = Held::new(opening.identity, call_id);
        let chunk = move |message: Value, stop: Option<&str>| {
            json!({
                "id": id,
                "object": "chat.completion.chunk",
                "created": created,
                "model": model,
                "choices": [{"index": 0, "message": message, "stop_reason": stop}],
            })
        };
        Ok(Box::new(move |event| {
            if let Some(made) = held.step(&event) {
                return vec![chunk(message("", &[made]), None)];
            }
            match event {
                Event::Text(piece) => vec![chunk(message(&piece, &[]), None)],
                Event::Stop(stop, _) => vec![chunk(message("", &[]), Some(finish_reason(&stop)))],
                _ => Vec::new(),
            }
        }))
    }
}

/// Mistral's ids have nine letters and digits.
fn call_id(identity: &Identity, nth: usize) -> String {
    identity.nth_token(nth, 9)
}

fn message(text: &str, calls: &[Made]) -> Value {
    let mut message = json!({"role": "assistant", "content": text});
    if !calls.is_empty() {
        let call = |made: &Made| json!({"id": made.id, "function": {"name": made.name, "arguments": made.arguments}});
        message["tool_calls"] = calls.iter().map(call).collect();
    }
    message
}
