//! Mistral's chat body of 2024 and 2025: Large 2402 and 2407, Pixtral. Stream chunks carry `message`, not `delta`.

use serde_json::{Value, json};

use super::body::{Body, check_keys_present};
use super::openai::{finish_reason, id, usage};
use super::{Codec, Opening, Writer, chat};
use crate::simulator::answer::{Answer, Event};
use crate::simulator::exception::Exception;
use crate::simulator::question::Question;

pub(super) struct MistralChat;

impl Codec for MistralChat {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["messages"])?;
        Ok(chat::read(body))
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let message = json!({"role": "assistant", "content": answer.text()});
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
        let chunk = move |text: &str, stop: Option<&str>| {
            json!({
                "id": id,
                "object": "chat.completion.chunk",
                "created": created,
                "model": model,
                "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "stop_reason": stop}],
            })
        };
        Ok(Box::new(move |event| match event {
            Event::Text(piece) => vec![chunk(&piece, None)],
            Event::Stop(stop, _) => vec![chunk("", Some(finish_reason(&stop)))],
            _ => Vec::new(),
        }))
    }
}
