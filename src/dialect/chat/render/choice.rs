//! One choice of an answer: events in, pieces of its message out.

use serde::Serialize;
use serde_json::Value;

use super::citations::Citations;
use super::finish::{Finish, Shown, finish};
use super::piece::{CallKind, Piece};
use super::thought::Thought;
use super::{ReasoningFormat, Settings};
use crate::conversation::{Event, StopReason, Usage};
use crate::dialect::chat::extras::api_service_tier;
use crate::error::Result;

/// What a model says that refuses and does not say why.
const REFUSAL: &str = "The model declined to answer.";

/// The state machine of one choice.
#[derive(Debug)]
pub(super) struct Choice {
    reasoning: ReasoningFormat,
    legacy_functions: bool,
    custom_tools: Vec<String>,
    /// Whether `<think>` stands open in the content.
    thinking: bool,
    thought: Thought,
    citations: Citations,
    /// Calls so far, whether they show or not.
    calls: usize,
    call: Option<Call>,
    has_text: bool,
    refused: bool,
    refusal: Option<String>,
    stop: Option<StopReason>,
    /// What it cost.
    pub(super) usage: Usage,
    /// The tier that served it, in OpenAI's word.
    pub(super) service_tier: Option<String>,
    /// What OpenAI's API has no place for.
    pub(super) told: Told,
}

/// The extension `bedrock`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    performance_config: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_model_response_fields: Option<Value>,
}

/// The call whose input is being said.
#[derive(Debug)]
struct Call {
    block: u32,
    manner: Manner,
    /// Whether any input came.
    has_input: bool,
}

/// How a call shows.
#[derive(Debug)]
enum Manner {
    /// As one of `tool_calls`.
    Function { position: usize },
    /// The same with text, which the model writes as a member of a JSON object: shown when it is complete.
    Custom { position: usize, json: String },
    /// As `function_call`.
    Legacy,
    /// Not at all: there is one `function_call` in a message.
    Hidden,
}

impl Choice {
    pub(super) fn new(settings: &Settings) -> Self {
        Choice {
            reasoning: settings.reasoning,
            legacy_functions: settings.legacy_functions,
            custom_tools: settings.custom_tools.clone(),
            thinking: false,
            thought: Thought::default(),
            citations: Citations::default(),
            calls: 0,
            call: None,
            has_text: false,
            refused: false,
            refusal: None,
            stop: None,
            usage: Usage::default(),
            service_tier: None,
            told: Told::default(),
        }
    }

    /// Takes one event and adds the pieces it comes to.
    pub(super) fn step(&mut self, event: Event, out: &mut Vec<Piece>) {
        match event {
            Event::Text { index, text } => self.text(index, text, out),
            Event::Reasoning { index, text } if self.reasoning == ReasoningFormat::Content => {
                self.text(index, text, out)
            }
            Event::Reasoning { text, .. } => self.reason(text, out),
            Event::Signature { signature, .. } => self.thought.signature(&signature),
            Event::Redacted { data, .. } => self.thought.redacted(data),
            Event::ToolUse { index, id, name } => self.begin_call(index, id, name, out),
            Event::ToolInput { index, json } => self.input(index, json, out),
            Event::Citation { index, citation } => self.citations.cite(index, citation),
            Event::BlockStop { .. } => self.end_block(out),
            Event::Stop(reason) => self.stop = Some(reason),
            Event::Usage(usage) => self.usage.update(usage),
            Event::ServiceTier(tier) => self.service_tier = Some(api_service_tier(&tier).to_owned()),
            Event::Latency(milliseconds) => self.told.latency_ms = Some(milliseconds),
            Event::PerformanceConfig(config) => self.told.performance_config = Some(config),
            Event::Trace(trace) => self.told.trace = Some(trace),
            Event::AdditionalFields(fields) => self.additional(fields),
            // Bedrock runs its own tools itself: the caller is not to answer them.
            Event::ServerTool { .. } | Event::Other { .. } => {}
            // For those who want the wire.
            Event::Raw { .. } | Event::UsageAsWritten(_) | Event::StopAsWritten(_) | Event::JsonTool => {}
        }
    }

    /// No more events come. An error where the model did not say why it stopped, or broke its own form.
    pub(super) fn finish(&mut self, out: &mut Vec<Piece>) -> Result<Finish> {
        self.end_block(out);
        self.end_thinking(out);
        let calls = self.calls > 0;
        let reason = finish(self.stop.as_ref(), Shown { calls, legacy: self.legacy_functions })?;
        out.extend(self.citations.end().map(Piece::Cited));
        let refused = self.refused || matches!(&self.stop, Some(StopReason::Other(word)) if word == "refusal");
        if refused && !calls && !self.has_text {
            out.push(Piece::Refusal(self.refusal.take().unwrap_or_else(|| REFUSAL.to_owned())));
        }
        Ok(reason)
    }

    fn text(&mut self, index: u32, text: String, out: &mut Vec<Piece>) {
        if text.is_empty() {
            return;
        }
        self.end_thinking(out);
        self.has_text = true;
        self.citations.text(index, &text);
        out.push(Piece::Content(text));
    }

    fn reason(&mut self, text: String, out: &mut Vec<Piece>) {
        if text.is_empty() {
            return;
        }
        if let Some(member) = self.reasoning.member() {
            self.thought.text(&text);
            return out.push(Piece::Reasoning { member, text });
        }
        if self.reasoning == ReasoningFormat::Think {
            let text = if self.thinking { text } else { format!("<think>{text}") };
            self.thinking = true;
            self.citations.between(&text);
            out.push(Piece::Content(text));
        }
    }

    fn end_thinking(&mut self, out: &mut Vec<Piece>) {
        if std::mem::take(&mut self.thinking) {
            self.citations.between("</think>");
            out.push(Piece::Content("</think>".to_owned()));
        }
    }

    fn begin_call(&mut self, block: u32, id: String, name: String, out: &mut Vec<Piece>) {
        self.end_block(out);
        self.end_thinking(out);
        let position = self.calls;
        self.calls += 1;
        let manner = if self.legacy_functions {
            if position == 0 {
                out.push(Piece::Function { name });
                Manner::Legacy
            } else {
                Manner::Hidden
            }
        } else if self.custom_tools.contains(&name) {
            out.push(Piece::Call { position, id, name, kind: CallKind::Custom });
            Manner::Custom { position, json: String::new() }
        } else {
            out.push(Piece::Call { position, id, name, kind: CallKind::Function });
            Manner::Function { position }
        };
        self.call = Some(Call { block, manner, has_input: false });
    }

    fn input(&mut self, block: u32, text: String, out: &mut Vec<Piece>) {
        // A call of another block is one of Bedrock's own tools.
        let Some(call) = self.call.as_mut().filter(|call| call.block == block && !text.is_empty()) else { return };
        call.has_input = true;
        match &mut call.manner {
            Manner::Function { position } => {
                out.push(Piece::Input { position: *position, kind: CallKind::Function, text });
            }
            Manner::Custom { json, .. } => json.push_str(&text),
            Manner::Legacy => out.push(Piece::FunctionArguments(text)),
            Manner::Hidden => {}
        }
    }

    fn end_block(&mut self, out: &mut Vec<Piece>) {
        let thought = self.thought.end().filter(|_| self.reasoning.member().is_some());
        out.extend(thought.map(Piece::Thinking));
        let Some(call) = self.call.take() else { return };
        let no_input = || "{}".to_owned();
        out.extend(match call.manner {
            Manner::Custom { position, json } => {
                Some(Piece::Input { position, kind: CallKind::Custom, text: custom_input(json) })
            }
            Manner::Function { position } if !call.has_input => {
                Some(Piece::Input { position, kind: CallKind::Function, text: no_input() })
            }
            Manner::Legacy if !call.has_input => Some(Piece::FunctionArguments(no_input())),
            Manner::Function { .. } | Manner::Legacy | Manner::Hidden => None,
        });
    }

    /// `/stop_reason` and `/stop_details` of Claude, where they were asked for.
    fn additional(&mut self, fields: Value) {
        let text = |pointer: &str| fields.pointer(pointer).and_then(Value::as_str);
        self.refused |= [text("/stop_reason"), text("/delta/stop_reason")].contains(&Some("refusal"));
        self.refusal = text("/stop_details/explanation").or(text("/delta/stop_details/explanation")).map(str::to_owned);
        self.told.additional_model_response_fields = Some(fields);
    }
}

/// The text out of `{"input": …}`, which is how a custom tool is put to the model; what has another form is given as it
/// is.
fn custom_input(json: String) -> String {
    match serde_json::from_str::<Value>(&json) {
        Ok(Value::Object(mut input)) => match input.remove("input") {
            Some(Value::String(text)) => text,
            _ => json,
        },
        _ => json,
    }
}
