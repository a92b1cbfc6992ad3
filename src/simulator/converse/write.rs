//! An answer as a Converse response, whole or as events. Keys are put in order by [`super::super::events`].

use serde_json::{Map, Value, json};

use crate::simulator::answer::{Answer, Event, Kind, Stop, Usage};
use crate::simulator::models::{Family, Model};
use crate::simulator::native::Body;
use crate::simulator::native::signature;

/// The whole response; `latency` in milliseconds.
pub(in crate::simulator) fn whole(model: &Model, body: &Body, answer: &Answer, latency: u64) -> Value {
    let claude = model.series.family == Family::Claude;
    let mut content = Vec::new();
    if let Some(text) = answer.reasoning() {
        let mut reasoning = json!({"text": text});
        if claude {
            reasoning["signature"] = signature(&text).into();
        }
        content.push(json!({"reasoningContent": {"reasoningText": reasoning}}));
    }
    let text = answer.text();
    if !text.is_empty() || (content.is_empty() && !claude) {
        content.push(json!({"text": text}));
    }
    let mut usage = usage(answer.usage);
    if claude {
        for key in
            ["cacheReadInputTokenCount", "cacheReadInputTokens", "cacheWriteInputTokenCount", "cacheWriteInputTokens"]
        {
            usage[key] = 0.into();
        }
    }
    let mut response = json!({
        "metrics": {"latencyMs": latency},
        "output": {"message": {"content": content, "role": "assistant"}},
        "stopReason": answer.stop.reason(),
        "usage": usage,
    });
    if let Some(fields) = extra_fields(body, &answer.stop, &json!({"stop_sequence": sequence(&answer.stop)})) {
        response["additionalModelResponseFields"] = fields;
    }
    response.sort_all_objects();
    response
}

/// The events of ConverseStream: name and payload, without padding.
pub(in crate::simulator) struct Stream {
    index: usize,
    open: bool,
    thoughts: String,
    manner: Manner,
    body: Body,
}

/// What the recordings show of each family's habits.
#[derive(Clone, Copy, Default)]
struct Manner {
    /// Reasoning ends with a signature.
    signed: bool,
    /// An empty text block of its own comes before the reasoning (gpt-oss).
    empty_block_first: bool,
    /// The text starts with an empty delta.
    empty_first: bool,
    /// The text ends with an empty delta.
    empty_last: bool,
}

impl Manner {
    fn of(model: &Model) -> Manner {
        match model.series.family {
            Family::Claude => Manner { signed: true, ..Manner::default() },
            Family::OpenAiTagged if model.is("openai.") => Manner { empty_block_first: true, ..Manner::default() },
            Family::Jamba => Manner { empty_first: true, ..Manner::default() },
            Family::Nova | Family::Llama | Family::DeepSeekR1 | Family::MistralPrompt | Family::MistralChat => {
                Manner { empty_last: true, ..Manner::default() }
            }
            _ => Manner::default(),
        }
    }
}

impl Stream {
    pub(in crate::simulator) fn new(model: &Model, body: &Body) -> Stream {
        Stream { index: 0, open: false, thoughts: String::new(), manner: Manner::of(model), body: body.clone() }
    }

    /// The events for one step; `latency` in milliseconds so far.
    pub(in crate::simulator) fn step(&mut self, event: Event, latency: u64) -> Vec<(&'static str, Value)> {
        let mut out = Vec::new();
        match event {
            Event::Start => {
                out.push(("messageStart", json!({"role": "assistant"})));
                if self.manner.empty_block_first {
                    self.delta(json!({"text": ""}), &mut out);
                    self.stop_block(&mut out);
                }
                if self.manner.empty_first {
                    self.delta(json!({"text": ""}), &mut out);
                }
            }
            Event::Reasoning(text) => {
                if self.manner.signed {
                    self.thoughts.push_str(&text);
                }
                self.delta(json!({"reasoningContent": {"text": text}}), &mut out);
            }
            Event::End(Kind::Reasoning) => {
                if self.manner.signed {
                    self.delta(json!({"reasoningContent": {"signature": signature(&self.thoughts)}}), &mut out);
                }
                self.stop_block(&mut out);
            }
            Event::Text(text) => self.delta(json!({"text": text}), &mut out),
            Event::End(Kind::Text) => {
                if self.manner.empty_last {
                    self.delta(json!({"text": ""}), &mut out);
                }
                self.stop_block(&mut out);
            }
            Event::Stop(stop, counts) => self.stop(&stop, counts, latency, &mut out),
            _ => {}
        }
        out
    }

    fn delta(&mut self, delta: Value, out: &mut Vec<(&'static str, Value)>) {
        self.open = true;
        out.push(("contentBlockDelta", json!({"contentBlockIndex": self.index, "delta": delta})));
    }

    fn stop_block(&mut self, out: &mut Vec<(&'static str, Value)>) {
        out.push(("contentBlockStop", json!({"contentBlockIndex": self.index})));
        self.open = false;
        self.index += 1;
    }

    fn stop(&mut self, stop: &Stop, counts: Usage, latency: u64, out: &mut Vec<(&'static str, Value)>) {
        if self.open {
            self.stop_block(out);
        }
        let mut message_stop = json!({"stopReason": stop.reason()});
        let source = json!({"delta": {"stop_sequence": sequence(stop)}, "stop_sequence": sequence(stop)});
        if let Some(fields) = extra_fields(&self.body, stop, &source) {
            message_stop["additionalModelResponseFields"] = fields;
        }
        out.push(("messageStop", message_stop));
        out.push(("metadata", json!({"metrics": {"latencyMs": latency}, "usage": usage(counts)})));
    }
}

fn usage(usage: Usage) -> Value {
    json!({
        "inputTokens": usage.input,
        "outputTokens": usage.output,
        "serverToolUsage": {},
        "totalTokens": usage.input + usage.output,
    })
}

fn sequence(stop: &Stop) -> Value {
    match stop {
        Stop::Sequence(text) => text.as_str().into(),
        _ => Value::Null,
    }
}

/// `additionalModelResponseFields`: the native members that the request's JSON pointers name, where there are any.
fn extra_fields(body: &Body, stop: &Stop, native: &Value) -> Option<Value> {
    let paths = body.get("additionalModelResponseFieldPaths").as_array()?;
    if !matches!(stop, Stop::Sequence(_)) {
        return None;
    }
    let mut fields = Map::new();
    for path in paths.iter().filter_map(Value::as_str) {
        if let Some(found) = native.pointer(path) {
            insert(&mut fields, path.trim_start_matches('/'), found.clone());
        }
    }
    (!fields.is_empty()).then(|| fields.into())
}

/// Puts a value at `a/b/c`, making the objects on the way.
fn insert(fields: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('/') {
        None => {
            fields.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = fields.entry(first).or_insert_with(|| json!({}));
            if let Some(inner) = inner.as_object_mut() {
                insert(inner, rest, value);
            }
        }
    }
}
