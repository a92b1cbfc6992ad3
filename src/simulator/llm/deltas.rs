//! The chunks of a streamed OpenAI completion as the steps of an answer: a state machine.

use std::collections::BTreeMap;

use serde_json::Value;

use super::completion;
use super::service::cut;
use super::thoughts::{Said, Splitter};
use crate::simulator::answer::{Call, Event, Kind, Stop, Usage};
use crate::simulator::backend::tokens;
use crate::simulator::exception::Exception;

/// How far the answer is.
pub(super) struct Deltas {
    thinks: bool,
    /// Tokens of the question, for services that do not count.
    input: u64,
    started: bool,
    open: Option<Kind>,
    splitter: Splitter,
    /// Calls in the order of their index; all but the first wait until the one before is complete.
    calls: BTreeMap<u64, Pending>,
    spoken: u64,
    stop: Option<Stop>,
    usage: Option<Usage>,
}

#[derive(Default)]
struct Pending {
    name: String,
    arguments: String,
    told: bool,
}

impl Deltas {
    pub(super) fn new(thinks: bool, input: u64) -> Deltas {
        Deltas {
            thinks,
            input,
            started: false,
            open: None,
            splitter: Splitter::default(),
            calls: BTreeMap::new(),
            spoken: 0,
            stop: None,
            usage: None,
        }
    }

    /// The steps that a chunk tells; a chunk that is an error ends the answer.
    pub(super) fn step(&mut self, data: &str) -> Result<Vec<Event>, Exception> {
        let chunk: Value = serde_json::from_str(data).map_err(|_| cut("a chunk of its stream is not JSON"))?;
        if let Some(problem) = error(&chunk) {
            return Err(cut(problem));
        }
        let mut out = Vec::new();
        if !self.started {
            self.started = true;
            out.push(Event::Start);
        }
        if chunk["usage"].is_object() {
            let spoken = self.spoken;
            self.usage = Some(completion::usage(&chunk["usage"], self.input, || spoken));
        }
        let choice = &chunk["choices"][0];
        let delta = &choice["delta"];
        if let Some(thought) = ["reasoning_content", "reasoning"].iter().find_map(|key| delta[key].as_str()) {
            self.say(Said::Thought(thought.to_owned()), &mut out);
        }
        for said in self.splitter.step(delta["content"].as_str().unwrap_or_default()) {
            self.say(said, &mut out);
        }
        for call in delta["tool_calls"].as_array().into_iter().flatten() {
            self.call(call, &mut out);
        }
        if choice["finish_reason"].is_string() {
            self.stop = Some(completion::stop(choice, !self.calls.is_empty()));
        }
        Ok(out)
    }

    /// The last steps. A stream that did not say why it ended was cut.
    pub(super) fn finish(mut self) -> Result<Vec<Event>, Exception> {
        let Some(stop) = self.stop.take() else { return Err(cut("its stream ended before the answer was complete")) };
        let mut out = Vec::new();
        if let Some(said) = self.splitter.finish() {
            self.say(said, &mut out);
        }
        self.tell_rest_of_calls(&mut out);
        self.close(&mut out);
        let usage = self.usage.unwrap_or_else(|| Usage::new(self.input, self.spoken.max(1)));
        out.push(Event::Stop(stop, usage));
        Ok(out)
    }

    fn say(&mut self, said: Said, out: &mut Vec<Event>) {
        let (kind, text) = match said {
            Said::Thought(text) => (Kind::Reasoning, text),
            Said::Text(text) => (Kind::Text, text),
        };
        if text.is_empty() {
            return;
        }
        self.spoken += tokens::count(&text);
        if kind == Kind::Reasoning && !self.thinks {
            return;
        }
        self.open(kind, out);
        out.push(if kind == Kind::Text { Event::Text(text) } else { Event::Reasoning(text) });
    }

    /// A piece of a tool call. The one with the lowest index is told as it comes, the others when it is complete.
    fn call(&mut self, delta: &Value, out: &mut Vec<Event>) {
        let index = delta["index"].as_u64().unwrap_or(self.calls.len() as u64);
        let function = &delta["function"];
        let piece = match &function["arguments"] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            object => object.to_string(),
        };
        self.spoken += tokens::count(&piece);
        let is_first = self.calls.keys().next().is_none_or(|first| *first == index);
        let call = self.calls.entry(index).or_default();
        call.name.push_str(function["name"].as_str().unwrap_or_default());
        call.arguments.push_str(&piece);
        if !is_first || call.name.is_empty() {
            return;
        }
        let name = call.name.clone();
        if !std::mem::replace(&mut call.told, true) {
            self.close(out);
            out.push(Event::ToolUse(Call { id: None, name, kind: None }));
            self.open = Some(Kind::ToolUse);
        }
        if !piece.is_empty() {
            out.push(Event::Input(piece));
        }
    }

    fn tell_rest_of_calls(&mut self, out: &mut Vec<Event>) {
        for (_, call) in std::mem::take(&mut self.calls) {
            let is_empty = call.arguments.trim().is_empty();
            if call.told {
                // Bedrock's input is always an object.
                out.extend(is_empty.then(|| Event::Input("{}".into())));
                continue;
            }
            self.close(out);
            out.push(Event::ToolUse(Call { id: None, name: call.name, kind: None }));
            out.push(Event::Input(if is_empty { "{}".into() } else { call.arguments }));
            self.open = Some(Kind::ToolUse);
        }
    }

    fn open(&mut self, kind: Kind, out: &mut Vec<Event>) {
        if self.open != Some(kind) {
            self.close(out);
            self.open = Some(kind);
        }
    }

    fn close(&mut self, out: &mut Vec<Event>) {
        out.extend(self.open.take().map(Event::End));
    }
}

/// What an error chunk says.
fn error(chunk: &Value) -> Option<&str> {
    let error = chunk.get("error").filter(|error| !error.is_null())?;
    error["message"].as_str().or_else(|| error.as_str()).or(Some("it reported an error"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::answer::Answer;
    use serde_json::json;

    fn told(chunks: &[Value], thinks: bool) -> Result<Vec<Event>, Exception> {
        let mut deltas = Deltas::new(thinks, 3);
        let mut out = Vec::new();
        for chunk in chunks {
            out.extend(deltas.step(&chunk.to_string())?);
        }
        out.extend(deltas.finish()?);
        Ok(out)
    }

    fn delta(delta: Value) -> Value {
        json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
    }

    fn last(reason: &str) -> Value {
        json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    }

    #[test]
    fn text_comes_in_the_pieces_it_came_in() {
        let chunks = [
            delta(json!({"role": "assistant", "content": ""})),
            delta(json!({"content": "One"})),
            delta(json!({"content": ", two"})),
            last("length"),
            json!({"choices": [], "usage": {"prompt_tokens": 8, "completion_tokens": 4}}),
        ];
        let expected = [
            Event::Start,
            Event::Text("One".into()),
            Event::Text(", two".into()),
            Event::End(Kind::Text),
            Event::Stop(Stop::MaxTokens, Usage::new(8, 4)),
        ];
        assert_eq!(told(&chunks, true).unwrap(), expected);
    }

    #[test]
    fn thoughts_come_before_the_text_or_not_at_all() {
        let chunks = [delta(json!({"reasoning_content": "Hm."})), delta(json!({"content": "Yes."})), last("stop")];
        let answer = Answer::collect(told(&chunks, true).unwrap()).unwrap();
        assert_eq!((answer.reasoning().as_deref(), answer.text().as_str()), (Some("Hm."), "Yes."));
        assert_eq!(Answer::collect(told(&chunks, false).unwrap()).unwrap().reasoning(), None);
        let inline = [delta(json!({"content": "<think>Hm."})), delta(json!({"content": "</think>Yes."})), last("stop")];
        assert_eq!(Answer::collect(told(&inline, true).unwrap()).unwrap().reasoning().as_deref(), Some("Hm."));
    }

    #[test]
    fn parallel_calls_come_one_after_the_other() {
        let call = |index: u64, name: Option<&str>, arguments: &str| {
            delta(json!({"tool_calls": [{"index": index, "function": {"name": name, "arguments": arguments}}]}))
        };
        let chunks = [
            call(0, Some("a"), ""),
            call(0, None, "{\"x\""),
            call(1, Some("b"), "{\"y\":"),
            call(0, None, ":1}"),
            call(1, None, "2}"),
            call(2, Some("c"), ""),
            last("tool_calls"),
        ];
        let used = |name: &str| Event::ToolUse(Call { id: None, name: name.into(), kind: None });
        let events = told(&chunks, true).unwrap();
        let expected = [
            Event::Start,
            used("a"),
            Event::Input("{\"x\"".into()),
            Event::Input(":1}".into()),
            Event::End(Kind::ToolUse),
            used("b"),
            Event::Input("{\"y\":2}".into()),
            Event::End(Kind::ToolUse),
            used("c"),
            Event::Input("{}".into()),
            Event::End(Kind::ToolUse),
        ];
        assert_eq!(events[..expected.len()], expected);
        assert!(matches!(events.last(), Some(Event::Stop(Stop::ToolUse, _))));
    }

    #[test]
    fn errors_and_early_ends_are_failures() {
        for chunks in [
            vec![delta(json!({"content": "One"}))],
            vec![delta(json!({"content": "One"})), json!({"error": {"message": "out of memory"}})],
        ] {
            assert_eq!(told(&chunks, true).unwrap_err().code, "ModelStreamErrorException");
        }
        assert!(Deltas::new(true, 1).step("nonsense").is_err());
    }
}
