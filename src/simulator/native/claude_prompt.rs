//! Anthropic's old text completion body (`prompt`, `max_tokens_to_sample`): Claude 2 and Instant.

use serde_json::{Value, json};

use super::body::{Body, check_keys, count, strings};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event, Stop};
use crate::simulator::exception::Exception;
use crate::simulator::question::{Question, Role, Turn};

const HUMAN: &str = "\n\nHuman:";
const ASSISTANT: &str = "\n\nAssistant:";

pub(super) struct ClaudePrompt;

impl Codec for ClaudePrompt {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        let known = ["temperature", "top_p", "top_k", "stop_sequences", "anthropic_version"];
        check_keys(body, &["prompt", "max_tokens_to_sample"], &known)?;
        let prompt = body.text("prompt");
        let mut question = Question {
            max_tokens: count(body.get("max_tokens_to_sample")),
            temperature: body.get("temperature").as_f64(),
            top_p: body.get("top_p").as_f64(),
            top_k: count(body.get("top_k")),
            stop: strings(body.get("stop_sequences")),
            prompt: prompt.to_owned(),
            ..Question::default()
        };
        let mut sections = prompt.split(HUMAN);
        question.add_system(sections.next().unwrap_or_default().trim());
        for section in sections {
            let mut parts = section.split(ASSISTANT);
            question.turns.push(Turn::new(Role::User, parts.next().unwrap_or_default().trim()));
            question.turns.extend(parts.map(|part| Turn::new(Role::Assistant, part.trim())));
        }
        if question.turns.is_empty() {
            question.turns.push(Turn::new(Role::User, prompt.trim()));
            question.system.clear();
        }
        question.turns.pop_if(|turn| turn.role == Role::Assistant && turn.is_empty());
        Ok(question)
    }

    fn whole(&self, _: &Opening, answer: &Answer) -> Value {
        chunk(&answer.text(), Some(&answer.stop))
    }

    fn stream(&self, _: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(|event| match event {
            Event::Text(piece) => vec![chunk(&piece, None)],
            Event::Stop(stop, _) => vec![chunk("", Some(&stop))],
            _ => Vec::new(),
        }))
    }
}

/// An answer ends at the next `\n\nHuman:`, which is a stop sequence like any other.
fn chunk(text: &str, stop: Option<&Stop>) -> Value {
    let (reason, sequence) = match stop {
        None => (None, None),
        Some(Stop::MaxTokens) => (Some("max_tokens"), None),
        Some(Stop::Sequence(sequence)) => (Some("stop_sequence"), Some(sequence.as_str())),
        Some(_) => (Some("stop_sequence"), Some(HUMAN)),
    };
    json!({"type": "completion", "completion": text, "stop_reason": reason, "stop": sequence})
}
