//! A whole answer (`ChatCompletion`): all pieces of each choice, joined.

use serde::Serialize;
use serde_json::{Map, Value};

use super::Settings;
use super::choice::{Choice, Told};
use super::citations::{Annotation, DocumentCitation};
use super::finish::Finish;
use super::json::text_of;
use super::piece::{CallKind, Piece};
use super::thought::ThinkingBlock;
use super::usage::CompletionUsage;
use crate::conversation::Event;
use crate::error::Result;

#[derive(Serialize)]
struct Completion<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
    choices: Vec<Whole>,
    usage: CompletionUsage,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_tier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bedrock: Option<&'a Told>,
}

#[derive(Serialize)]
struct Whole {
    index: usize,
    message: Message,
    logprobs: Option<()>,
    finish_reason: Finish,
}

/// `ChatCompletionMessage`
#[derive(Serialize)]
struct Message {
    role: &'static str,
    content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    thinking_blocks: Vec<ThinkingBlock>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<ToolCall>,
    #[serde(skip_serializing_if = "Option::is_none")]
    function_call: Option<FunctionCall>,
    refusal: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<Annotation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    citations: Vec<DocumentCitation>,
}

#[derive(Serialize)]
struct ToolCall {
    id: String,
    r#type: &'static str,
    #[serde(flatten)]
    call: Called,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Called {
    Function(FunctionCall),
    Custom(CustomCall),
}

#[derive(Serialize)]
struct FunctionCall {
    name: String,
    arguments: String,
}

#[derive(Serialize)]
struct CustomCall {
    name: String,
    input: String,
}

/// The JSON of the answer.
pub(super) fn render(settings: &Settings, choices: Vec<Vec<Event>>) -> Result<String> {
    let mut ended = Vec::with_capacity(choices.len());
    let mut wholes = Vec::with_capacity(choices.len());
    for (index, events) in choices.into_iter().enumerate() {
        let mut choice = Choice::new(settings);
        let mut pieces = Vec::with_capacity(events.len());
        events.into_iter().for_each(|event| choice.step(event, &mut pieces));
        let finish_reason = choice.finish(&mut pieces)?;
        wholes.push(Whole { index, message: Message::of(pieces), logprobs: None, finish_reason });
        ended.push(choice);
    }
    let first = ended.first();
    Ok(text_of(&Completion {
        id: &settings.id,
        object: "chat.completion",
        created: settings.created,
        model: &settings.model,
        choices: wholes,
        usage: CompletionUsage::of(ended.iter().map(|choice| &choice.usage)),
        service_tier: first.and_then(|choice| choice.service_tier.as_deref()),
        metadata: settings.metadata.as_ref(),
        bedrock: first.map(|choice| &choice.told).filter(|_| settings.bedrock),
    }))
}

impl Message {
    fn of(pieces: Vec<Piece>) -> Message {
        let mut message = Message {
            role: "assistant",
            content: None,
            reasoning_content: None,
            reasoning: None,
            thinking_blocks: Vec::new(),
            tool_calls: Vec::new(),
            function_call: None,
            refusal: None,
            annotations: Vec::new(),
            citations: Vec::new(),
        };
        pieces.into_iter().for_each(|piece| message.add(piece));
        let says_more = !message.tool_calls.is_empty() || message.function_call.is_some() || message.refusal.is_some();
        if !says_more {
            message.content.get_or_insert_default();
        }
        message
    }

    fn add(&mut self, piece: Piece) {
        match piece {
            Piece::Content(text) => append(&mut self.content, text),
            Piece::Reasoning { member: "reasoning", text } => append(&mut self.reasoning, text),
            Piece::Reasoning { text, .. } => append(&mut self.reasoning_content, text),
            Piece::Thinking(block) => self.thinking_blocks.push(block),
            Piece::Call { id, name, kind, .. } => {
                let call = match kind {
                    CallKind::Function => Called::Function(FunctionCall { name, arguments: String::new() }),
                    CallKind::Custom => Called::Custom(CustomCall { name, input: String::new() }),
                };
                self.tool_calls.push(ToolCall { id, r#type: kind.as_str(), call });
            }
            Piece::Input { position, text, .. } => match self.tool_calls.get_mut(position).map(|call| &mut call.call) {
                Some(Called::Function(call)) => call.arguments.push_str(&text),
                Some(Called::Custom(call)) => call.input.push_str(&text),
                None => {}
            },
            Piece::Function { name } => self.function_call = Some(FunctionCall { name, arguments: String::new() }),
            Piece::FunctionArguments(json) => {
                if let Some(call) = &mut self.function_call {
                    call.arguments.push_str(&json);
                }
            }
            Piece::Refusal(text) => self.refusal = Some(text),
            Piece::Cited(cited) => {
                self.annotations.extend(cited.annotations);
                self.citations.extend(cited.citations);
            }
        }
    }
}

fn append(member: &mut Option<String>, text: String) {
    match member {
        Some(before) => before.push_str(&text),
        None => *member = Some(text),
    }
}
