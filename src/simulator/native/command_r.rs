//! Cohere Command R: `message` and `chat_history`.

use serde_json::{Value, json};

use super::body::{Body, check_keys_present, count, strings};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event, Stop, Usage};
use crate::simulator::exception::Exception;
use crate::simulator::question::{Question, Role, Turn};

pub(super) struct CommandR;

impl Codec for CommandR {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["message"])?;
        let mut question = Question {
            system: body.text("preamble").to_owned(),
            max_tokens: count(body.get("max_tokens")),
            stop: strings(body.get("stop_sequences")),
            prompt: body.text("message").to_owned(),
            ..Question::default()
        };
        for entry in body.get("chat_history").as_array().into_iter().flatten() {
            let text = entry["message"].as_str().unwrap_or_default();
            match entry["role"].as_str() {
                Some("SYSTEM") => question.add_system(text),
                Some("CHATBOT") => question.turns.push(Turn::new(Role::Assistant, text)),
                _ => question.turns.push(Turn::new(Role::User, text)),
            }
        }
        question.turns.push(Turn::new(Role::User, body.text("message")));
        Ok(question)
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        response(opening, &answer.text(), &answer.stop)
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        let start = response(opening, "", &Stop::EndTurn);
        Ok(Box::new(Stream { response: start, text: String::new() }))
    }
}

/// `chat_history` comes back with this turn added.
fn response(opening: &Opening, text: &str, stop: &Stop) -> Value {
    let mut history = opening.body.get("chat_history").as_array().cloned().unwrap_or_default();
    history.push(json!({"role": "USER", "message": opening.question.prompt}));
    history.push(json!({"role": "CHATBOT", "message": text}));
    json!({
        "response_id": format!("379ed018/{}", opening.identity.uuid),
        "text": text,
        "generation_id": opening.identity.uuid,
        "chat_history": history,
        "finish_reason": finish_reason(stop),
    })
}

pub(super) fn finish_reason(stop: &Stop) -> &'static str {
    match stop {
        Stop::MaxTokens => "MAX_TOKENS",
        Stop::Sequence(_) => "STOP_SEQUENCE",
        Stop::ContentFiltered => "ERROR_TOXIC",
        _ => "COMPLETE",
    }
}

struct Stream {
    /// The closing `response`, but for the text.
    response: Value,
    text: String,
}

impl Writer for Stream {
    fn step(&mut self, event: Event) -> Vec<Value> {
        match event {
            Event::Text(piece) => {
                self.text.push_str(&piece);
                vec![json!({"is_finished": false, "event_type": "text-generation", "text": piece})]
            }
            Event::Stop(stop, usage) => vec![self.end(&stop, usage)],
            _ => Vec::new(),
        }
    }
}

impl Stream {
    fn end(&mut self, stop: &Stop, usage: Usage) -> Value {
        let mut response = self.response.take();
        response["text"] = self.text.as_str().into();
        if let Some(last) = response["chat_history"].as_array_mut().and_then(|history| history.last_mut()) {
            last["message"] = self.text.as_str().into();
        }
        response["finish_reason"] = finish_reason(stop).into();
        let tokens = json!({"input_tokens": usage.input, "output_tokens": usage.output});
        response["meta"] = json!({"api_version": {"version": "1"}, "billed_units": tokens, "tokens": tokens});
        let finish = finish_reason(stop);
        json!({"is_finished": true, "event_type": "stream-end", "response": response, "finish_reason": finish})
    }
}
