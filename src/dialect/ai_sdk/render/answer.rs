//! One answer: events in, steps of it out. Streams and whole answers are both made of these.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::block::{Block, Call, Content, Thought};
use super::finish::{End, Said, finish_reason};
use super::ids::Ids;
use super::media::Media;
use super::metadata::Told;
use super::part::{Finish, Kind, Part, Runner, Step};
use super::server_tool::ToolResult;
use super::sources::Citations;
use super::usage::TokenUsage;
use super::{Settings, Specification};
use crate::conversation::{Event, StopReason, Usage};

/// The state machine of one answer.
#[derive(Debug, Default)]
pub(super) struct Answer {
    settings: Settings,
    ids: Ids,
    /// What is being said, by content block.
    blocks: BTreeMap<u32, Block>,
    last: Last<u32>,
    citations: Citations,
    media: Option<Media>,
    result: Option<ToolResult>,
    /// Calls that Bedrock answers itself: their tools, by id.
    served: BTreeMap<String, String>,
    said: Said,
    usage: Usage,
    told: Told,
}

/// The block that began last, of each kind.
#[derive(Debug, Default)]
pub(super) struct Last<T> {
    text: Option<T>,
    reasoning: Option<T>,
    tool_input: Option<T>,
}

impl<T: Copy> Last<T> {
    pub(super) fn of(&mut self, kind: Kind) -> &mut Option<T> {
        match kind {
            Kind::Text => &mut self.text,
            Kind::Reasoning => &mut self.reasoning,
            Kind::ToolInput => &mut self.tool_input,
        }
    }
}

impl Answer {
    pub(super) fn new(settings: Settings) -> Answer {
        let ids = Ids::new(settings.generated_id.clone());
        Answer { settings, ids, ..Answer::default() }
    }

    /// Takes one event and adds the steps that it comes to.
    pub(super) fn step(&mut self, event: Event, out: &mut Vec<Step>) {
        match event {
            Event::Text { index, text } => self.say(Kind::Text, index, text, out),
            Event::Reasoning { index, text } => self.say(Kind::Reasoning, index, text, out),
            Event::ToolInput { index, json } => self.input(index, json, out),
            Event::Signature { index, signature } => self.sign(index, &signature, out),
            Event::Redacted { index, data } => self.redact(index, data, out),
            Event::ToolUse { index, id, name } => {
                self.said.calls = true;
                self.call(index, id, name, Runner::default(), out);
            }
            Event::ServerTool { index, id, name } => self.serve(index, id, name, out),
            Event::Citation { index, citation } => self.cite(index, citation, out),
            Event::Other { name, value } => self.other(name, value, out),
            Event::Raw { name, payload } => out.push(Step::Part(raw(name, &payload))),
            Event::BlockStop { index } => {
                self.close(index, End::Whole, out);
                self.close_unnumbered(out);
            }
            Event::Stop(reason) => self.stop(reason),
            Event::StopAsWritten(reason) => self.said.raw = Some(reason.as_str().to_owned()),
            Event::JsonTool => self.told.by_json_tool = true,
            Event::Usage(usage) => self.usage.update(usage),
            Event::UsageAsWritten(usage) => self.told.usage = Some(usage),
            Event::ServiceTier(tier) => self.told.service_tier = Some(tier),
            Event::Latency(milliseconds) => self.told.latency = Some(milliseconds),
            Event::Trace(trace) => self.told.trace = Some(trace),
            Event::PerformanceConfig(config) => self.told.performance_config = Some(config),
            Event::AdditionalFields(fields) => self.additional(fields),
        }
    }

    /// No more events come: closes what is open. A call, file or result that broke off is none.
    pub(super) fn finish(&mut self, end: End, out: &mut Vec<Step>) -> Finish {
        while let Some((&index, _)) = self.blocks.first_key_value() {
            self.close(index, end, out);
        }
        if end == End::Whole {
            self.close_unnumbered(out);
        }
        let (told, said) = (std::mem::take(&mut self.told), std::mem::take(&mut self.said));
        Finish {
            finish_reason: finish_reason(end, said, self.settings.specification),
            usage: TokenUsage::new(self.usage, told.usage.clone()),
            provider_metadata: told.metadata(&self.usage),
        }
    }

    fn say(&mut self, kind: Kind, index: u32, text: String, out: &mut Vec<Step>) {
        if !text.is_empty() {
            self.open(kind, index, out);
            self.more(kind, index, text, out);
        }
    }

    /// Begins a block of text or reasoning, unless it is being said. One content block can hold both, where a model
    /// writes its reasoning between tags.
    fn open(&mut self, kind: Kind, index: u32, out: &mut Vec<Step>) {
        if self.blocks.get(&index).is_some_and(|block| block.kind() == kind) {
            return;
        }
        let id = self.ids.unique(index.to_string());
        let (start, content) = match kind {
            Kind::Text => (Part::TextStart { id: id.clone() }, Content::Text),
            Kind::Reasoning | Kind::ToolInput => {
                (Part::ReasoningStart { id: id.clone() }, Content::Reasoning(Thought::default()))
            }
        };
        self.begin(index, Block { id, content }, start, out);
    }

    fn begin(&mut self, index: u32, block: Block, start: Part, out: &mut Vec<Step>) {
        self.close(index, End::Whole, out);
        *self.last.of(block.kind()) = Some(index);
        self.blocks.insert(index, block);
        out.push(Step::Part(start));
    }

    fn more(&mut self, kind: Kind, index: u32, text: String, out: &mut Vec<Step>) {
        let Some(block) = self.blocks.get(&index) else { return };
        let is_last = *self.last.of(kind) == Some(index);
        out.push(if is_last { Step::Delta(kind, text) } else { Step::Part(kind.delta(block.id.clone(), text)) });
    }

    fn call(&mut self, index: u32, id: String, name: String, runner: Runner, out: &mut Vec<Step>) {
        let id = if id.is_empty() { self.ids.make() } else { self.ids.unique(id) };
        let start = Part::ToolInputStart { id: id.clone(), tool_name: name.clone(), runner };
        let content = Content::Call(Call { name, input: String::new(), runner });
        self.begin(index, Block { id, content }, start, out);
    }

    fn serve(&mut self, index: u32, id: String, name: String, out: &mut Vec<Step>) {
        let runner = Runner { provider_executed: true, dynamic: !self.settings.tools.contains(&name) };
        self.served.insert(id.clone(), name.clone());
        self.call(index, id, name, runner, out);
    }

    fn input(&mut self, index: u32, json: String, out: &mut Vec<Step>) {
        match self.blocks.get_mut(&index) {
            Some(Block { content: Content::Call(call), .. }) if !json.is_empty() => {
                call.input.push_str(&json);
                self.more(Kind::ToolInput, index, json, out);
            }
            Some(Block { content: Content::Call(_), .. }) => {}
            _ => self.told.keep("toolUse".to_owned(), json!({"input": json})),
        }
    }

    /// The block of reasoning `index`, which begins with this if it has not yet.
    fn thought(&mut self, index: u32, out: &mut Vec<Step>) -> Option<(&str, &mut Thought)> {
        self.open(Kind::Reasoning, index, out);
        match self.blocks.get_mut(&index) {
            Some(Block { id, content: Content::Reasoning(thought) }) => Some((id, thought)),
            _ => None,
        }
    }

    fn sign(&mut self, index: u32, signature: &str, out: &mut Vec<Step>) {
        if signature.is_empty() {
            return;
        }
        let Some((id, thought)) = self.thought(index, out) else { return };
        thought.signature.push_str(signature);
        let provider_metadata = thought.metadata();
        out.push(Step::Part(Part::ReasoningDelta { id: id.to_owned(), delta: String::new(), provider_metadata }));
    }

    fn redact(&mut self, index: u32, data: String, out: &mut Vec<Step>) {
        if let Some((_, thought)) = self.thought(index, out).filter(|_| !data.is_empty()) {
            thought.redacted.push(data);
        }
    }

    fn cite(&mut self, index: u32, citation: Value, out: &mut Vec<Step>) {
        let id = self.ids.make();
        out.push(Step::Part(self.citations.cite(index, id, citation, &self.settings.documents)));
    }

    /// What is said without the number of its block belongs to the one that is being said.
    fn other(&mut self, name: String, value: Value, out: &mut Vec<Step>) {
        match (name.as_str(), value, &mut self.result) {
            ("toolResult", Value::Array(content), Some(result)) => result.extend(content),
            ("toolResult", value @ Value::Object(_), _) => {
                self.close_unnumbered(out);
                self.result = Some(ToolResult::new(value));
            }
            (kind, value @ Value::Object(_), _) if Media::is(kind) => self.media(name, value, out),
            (_, value, _) => self.told.keep(name, value),
        }
    }

    fn media(&mut self, kind: String, value: Value, out: &mut Vec<Step>) {
        if !self.media.as_ref().is_some_and(|media| media.continues(&kind, &value)) {
            self.close_unnumbered(out);
        }
        let left = self.media.get_or_insert_with(|| Media::new(kind.clone())).take(value);
        left.into_iter().for_each(|value| self.told.keep(kind.clone(), value));
    }

    /// Closes a block of text, reasoning or a tool's input.
    fn close(&mut self, index: u32, end: End, out: &mut Vec<Step>) {
        let Some(Block { id, content }) = self.blocks.remove(&index) else { return };
        let part = match content {
            Content::Text => {
                let citations = self.citations.take(index);
                let is_told = self.settings.specification == Specification::V4;
                Part::TextEnd { id, citations: if is_told { citations } else { Vec::new() } }
            }
            Content::Reasoning(thought) => {
                // A signature has been told.
                let is_hidden = !thought.redacted.is_empty();
                Part::ReasoningEnd { id, provider_metadata: thought.metadata().filter(|_| is_hidden) }
            }
            Content::Call(Call { name, mut input, runner }) => {
                out.push(Step::Part(Part::ToolInputEnd { id: id.clone() }));
                if end != End::Whole {
                    return;
                }
                if input.is_empty() {
                    input.push_str("{}");
                }
                Part::ToolCall { tool_call_id: id, tool_name: name, input, runner }
            }
        };
        out.push(Step::Part(part));
    }

    /// Closes a file, and a result of one of Bedrock's tools.
    fn close_unnumbered(&mut self, out: &mut Vec<Step>) {
        let file = self.media.take().and_then(|media| media.end(self.settings.specification));
        out.extend(file.map(Step::Part));
        if let Some(result) = self.result.take() {
            let tool = self.served.remove(result.call());
            out.push(Step::Part(result.end(tool, &self.settings.tools)));
        }
    }

    fn stop(&mut self, reason: StopReason) {
        self.said.stop = Some(reason.as_str().to_owned());
        if let StopReason::StopSequence(sequence) = reason {
            self.told.stop_sequence = sequence;
        }
    }

    /// `/stop_reason` of Claude, where it was asked for.
    fn additional(&mut self, fields: Value) {
        let word = |pointer: &str| fields.pointer(pointer).and_then(Value::as_str);
        self.said.refused |= [word("/stop_reason"), word("/delta/stop_reason")].contains(&Some("refusal"));
        self.told.additional = Some(fields);
    }
}

/// A frame as it came, without the padding.
fn raw(name: String, payload: &str) -> Part {
    let mut payload: Value = serde_json::from_str(payload).unwrap_or_else(|_| Value::String(payload.to_owned()));
    if let Some(members) = payload.as_object_mut() {
        members.shift_remove("p");
    }
    Part::Raw { raw_value: json!({ name: payload }) }
}
