//! OpenAI chat completions: gpt-oss, Qwen, DeepSeek V3, Gemma, Kimi, MiniMax, Nemotron, GLM, Mistral's newer models.
//!
//! gpt-oss spells its keys alphabetically (recordings); no native recording of the others exists, they are spelled as
//! OpenAI does.

use serde_json::{Value, json};

use super::body::{Body, check_keys_present};
use super::chat::{self, Made};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event, Kind, Stop, Usage};
use crate::simulator::exception::Exception;
use crate::simulator::identity::Identity;
use crate::simulator::models::Family;
use crate::simulator::question::Question;

pub(super) struct OpenAi;

impl Codec for OpenAi {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys_present(body, &["messages"])?;
        Ok(chat::read(body))
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        let thoughts = answer.reasoning().filter(|_| speaks_thoughts(opening)).as_deref().map(tagged);
        let text = format!("{}{}", thoughts.unwrap_or_default(), answer.text());
        let calls = chat::calls(answer, |nth| call_id(opening.identity, nth));
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
                    "message": {"role": "assistant", "content": content_beside(&text, &calls)},
                    "finish_reason": finish,
                }],
            }),
        };
        if !calls.is_empty() {
            let spell = |made: &Made| spelled(made, alphabetical(opening));
            body["choices"][0]["message"]["tool_calls"] = calls.iter().map(spell).collect();
        }
        body["usage"] = usage(answer.usage, alphabetical(opening));
        body
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(Stream {
            alphabetical: alphabetical(opening),
            speaks_thoughts: speaks_thoughts(opening),
            id: id(opening),
            identity: opening.identity.clone(),
            model: opening.model.id.clone(),
            with_usage: opening.body.at("/stream_options/include_usage") == true,
            call: None,
            calls: 0,
        }))
    }
}

pub(super) fn id(opening: &Opening) -> String {
    format!("chatcmpl-{}", opening.identity.uuid)
}

/// The id of the nth call (recordings of gpt-oss).
pub(super) fn call_id(identity: &Identity, nth: usize) -> String {
    format!("chatcmpl-tool-{}", identity.nth_uuid(nth).replace('-', ""))
}

/// OpenAI has no content beside calls.
pub(super) fn content_beside(text: &str, calls: &[Made]) -> Value {
    if text.is_empty() && !calls.is_empty() { Value::Null } else { text.into() }
}

/// A call in `tool_calls` of a message.
pub(super) fn spelled(made: &Made, alphabetical: bool) -> Value {
    match alphabetical {
        true => json!({
            "function": {"arguments": made.arguments, "name": made.name},
            "id": made.id,
            "type": "function",
        }),
        false => json!({
            "id": made.id,
            "type": "function",
            "function": {"name": made.name, "arguments": made.arguments},
        }),
    }
}

/// Reasoning is text between tags; in a stream every piece has its own pair (recordings of gpt-oss).
pub(super) fn tagged(thoughts: &str) -> String {
    format!("<reasoning>{thoughts}</reasoning>")
}

/// Where the others put their thoughts no recording shows; they keep them.
fn speaks_thoughts(opening: &Opening) -> bool {
    opening.model.series.family == Family::OpenAiTagged
}

pub(super) fn finish_reason(stop: &Stop) -> &'static str {
    match stop {
        Stop::MaxTokens => "length",
        Stop::ToolUse => "tool_calls",
        Stop::ContentFiltered | Stop::Guardrail => "content_filter",
        _ => "stop",
    }
}

fn alphabetical(opening: &Opening) -> bool {
    opening.model.is("openai.gpt-oss")
}

pub(super) fn usage(usage: Usage, alphabetical: bool) -> Value {
    let (prompt, completion, total) = (usage.input, usage.output, usage.input.saturating_add(usage.output));
    match alphabetical {
        true => json!({"completion_tokens": completion, "prompt_tokens": prompt, "total_tokens": total}),
        false => json!({"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}),
    }
}

struct Stream {
    alphabetical: bool,
    speaks_thoughts: bool,
    id: String,
    identity: Identity,
    model: String,
    with_usage: bool,
    /// A call that has said nothing yet: its name goes with the first piece of its arguments.
    call: Option<Made>,
    calls: usize,
}

impl Writer for Stream {
    fn step(&mut self, event: Event) -> Vec<Value> {
        let content = |text: &str| json!({ "content": text });
        match event {
            Event::Start if self.alphabetical => vec![self.delta(json!({"content": "", "role": "assistant"}), None)],
            Event::Start => vec![self.delta(json!({"role": "assistant", "content": ""}), None)],
            Event::Reasoning(piece) if self.speaks_thoughts => vec![self.delta(content(&tagged(&piece)), None)],
            Event::Text(piece) => vec![self.delta(content(&piece), None)],
            Event::ToolUse(call) => {
                let id = call.id.unwrap_or_else(|| call_id(&self.identity, self.calls));
                self.call = Some(Made { index: self.calls, id, name: call.name, arguments: String::new() });
                self.calls += 1;
                Vec::new()
            }
            Event::Input(piece) => vec![self.arguments(piece)],
            Event::End(Kind::ToolUse) if self.call.is_some() => vec![self.arguments("{}".to_owned())],
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
    fn arguments(&mut self, piece: String) -> Value {
        let index = self.calls.saturating_sub(1);
        let call = match (self.call.take(), self.alphabetical) {
            (Some(made), true) => json!({
                "function": {"arguments": piece, "name": made.name},
                "id": made.id,
                "index": made.index,
                "type": "function",
            }),
            (Some(made), false) => json!({
                "index": made.index,
                "id": made.id,
                "type": "function",
                "function": {"name": made.name, "arguments": piece},
            }),
            (None, true) => json!({"function": {"arguments": piece}, "index": index, "type": "function"}),
            (None, false) => json!({"index": index, "function": {"arguments": piece}}),
        };
        self.delta(json!({"tool_calls": [call]}), None)
    }

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
                "created": self.identity.created,
                "id": self.id,
                "model": self.model,
                "object": "chat.completion.chunk",
                "service_tier": "auto",
            }),
            false => json!({
                "id": self.id,
                "object": "chat.completion.chunk",
                "created": self.identity.created,
                "model": self.model,
                "choices": choices,
            }),
        }
    }
}
