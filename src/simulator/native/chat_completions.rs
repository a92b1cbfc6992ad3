//! The OpenAI-style path, `/openai/v1/chat/completions` and `/v1/chat/completions`: chat completions of the models that
//! have it.
//!
//! Keys are in alphabetical order for every model (recording of Voxtral). Reasoning is text between tags for ids that end
//! in `-1:0`, and a member of its own for the others (recordings of gpt-oss).

use serde_json::{Value, json};

use super::body::{Body, check_keys_present};
use super::chat;
use super::openai::{call_id, finish_reason, id, spelled, tagged, usage};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event, Kind};
use crate::simulator::exception::Exception;
use crate::simulator::identity::Identity;
use crate::simulator::models::{Family, Model};
use crate::simulator::question::Question;

/// Longest `obfuscation` of a chunk, which hides how long its text is.
const LONGEST_OBFUSCATION: usize = 96;

pub(in crate::simulator) struct ChatCompletions;

/// Whether a model answers on this path.
pub(in crate::simulator) fn has(model: &Model) -> bool {
    matches!(model.series.family, Family::OpenAi | Family::OpenAiTagged)
}

impl Codec for ChatCompletions {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["model", "messages"])?;
        Ok(chat::read(body))
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let thoughts = answer.reasoning();
        let mut text = answer.text();
        let mut message = json!({ "content": null });
        match thoughts {
            Some(thoughts) if has_tags(opening) => text = format!("{}{text}", tagged(&thoughts)),
            Some(thoughts) => message["reasoning"] = thoughts.into(),
            None => {}
        }
        message["content"] = text.into();
        message["refusal"] = Value::Null;
        message["role"] = "assistant".into();
        let calls = chat::calls(answer, |nth| call_id(opening.identity, nth));
        if !calls.is_empty() {
            message["tool_calls"] = calls.iter().map(|made| spelled(made, true)).collect();
        }
        json!({
            "choices": [{
                "finish_reason": finish_reason(&answer.stop),
                "index": 0,
                "logprobs": null,
                "message": message,
            }],
            "created": opening.identity.created,
            "id": id(opening),
            "model": opening.model.id,
            "object": "chat.completion",
            "service_tier": "default",
            "usage": usage(answer.usage, true),
        })
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(Stream {
            tags: has_tags(opening),
            id: id(opening),
            identity: opening.identity.clone(),
            model: opening.model.id.clone(),
            with_usage: opening.body.at("/stream_options/include_usage") == true,
            obfuscates: opening.body.at("/stream_options/include_obfuscation") != false,
            call: None,
            calls: 0,
            chunks: 0,
        }))
    }
}

fn has_tags(opening: &Opening) -> bool {
    opening.model.id.ends_with("-1:0")
}

struct Stream {
    tags: bool,
    id: String,
    identity: Identity,
    model: String,
    with_usage: bool,
    obfuscates: bool,
    /// Id and name of a call that has said nothing yet.
    call: Option<(String, String)>,
    calls: usize,
    chunks: usize,
}

impl Writer for Stream {
    fn step(&mut self, event: Event) -> Vec<Value> {
        match event {
            Event::Start => vec![self.delta(json!({"content": "", "role": "assistant"}), None)],
            Event::Reasoning(piece) if self.tags => vec![self.delta(json!({"content": tagged(&piece)}), None)],
            Event::Reasoning(piece) => vec![self.delta(json!({ "reasoning": piece }), None)],
            Event::Text(piece) => vec![self.delta(json!({ "content": piece }), None)],
            Event::ToolUse(call) => {
                let id = call.id.unwrap_or_else(|| call_id(&self.identity, self.calls));
                self.call = Some((id, call.name));
                self.calls += 1;
                Vec::new()
            }
            Event::Input(piece) => vec![self.arguments(piece)],
            Event::End(Kind::ToolUse) if self.call.is_some() => vec![self.arguments("{}".to_owned())],
            Event::Stop(stop, counts) => {
                let last = self.delta(json!({}), Some(finish_reason(&stop)));
                let mut counted = self.chunk(json!([]));
                counted["usage"] = usage(counts, true);
                let counted = self.with_usage.then_some(counted);
                [last].into_iter().chain(counted).chain(["[DONE]".into()]).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Stream {
    fn arguments(&mut self, piece: String) -> Value {
        let index = self.calls.saturating_sub(1);
        let call = match self.call.take() {
            Some((id, name)) => json!({
                "function": {"arguments": piece, "name": name},
                "id": id,
                "index": index,
                "type": "function",
            }),
            None => json!({"function": {"arguments": piece}, "index": index, "type": "function"}),
        };
        self.delta(json!({"tool_calls": [call]}), None)
    }

    fn delta(&mut self, delta: Value, finish: Option<&str>) -> Value {
        let mut choice = json!({"delta": delta, "finish_reason": finish, "index": 0});
        if self.obfuscates {
            let letters = self.identity.nth_token(self.chunks, LONGEST_OBFUSCATION);
            let length = 16 + usize::from(letters.bytes().next().unwrap_or_default()) % (LONGEST_OBFUSCATION - 16);
            choice["obfuscation"] = letters.get(..length).unwrap_or_default().into();
        }
        self.chunks += 1;
        self.chunk(json!([choice]))
    }

    fn chunk(&self, choices: Value) -> Value {
        json!({
            "choices": choices,
            "created": self.identity.created,
            "id": self.id,
            "model": self.model,
            "object": "chat.completion.chunk",
            "service_tier": "default",
        })
    }
}
