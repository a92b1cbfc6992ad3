//! A request as a Converse body.

use serde::Serialize;
use serde_json::Value;

use crate::conversation::{Block, Content, Message, Parameters, Reasoning, Request};

/// The body of Converse and ConverseStream; `betas` are Claude's `anthropic_beta` flags.
pub fn encode(request: &Request, betas: &[&str]) -> Vec<u8> {
    let body = Body {
        messages: request.messages.iter().map(message).collect(),
        system: request.system.iter().flat_map(blocks).collect(),
        inference_config: inference_config(&request.parameters),
        additional_model_request_fields: additional_fields(request.reasoning, betas),
    };
    // Strings, numbers and maps with string keys: serialization has nothing to fail on.
    serde_json::to_vec(&body).unwrap_or_default()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    messages: Vec<WireMessage<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    system: Vec<WireBlock<'a>>,
    #[serde(skip_serializing_if = "InferenceConfig::is_empty")]
    inference_config: InferenceConfig<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_model_request_fields: Option<Value>,
}

#[derive(Serialize)]
struct WireMessage<'a> {
    role: &'static str,
    content: Vec<WireBlock<'a>>,
}

/// Nova's InvokeModel body has the same blocks.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::family) enum WireBlock<'a> {
    Text(&'a str),
    Image { format: &'static str, source: ImageBytes<'a> },
}

#[derive(Serialize)]
pub(in crate::family) struct ImageBytes<'a> {
    bytes: &'a str,
}

/// Nova's InvokeModel body has the same member, Jurassic's the same fields.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::family) struct InferenceConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f64>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stop_sequences: &'a [String],
}

impl InferenceConfig<'_> {
    fn is_empty(&self) -> bool {
        self.max_tokens.is_none()
            && self.temperature.is_none()
            && self.top_p.is_none()
            && self.stop_sequences.is_empty()
    }
}

/// Limits and sampling in Converse's words.
pub(in crate::family) fn inference_config(parameters: &Parameters) -> InferenceConfig<'_> {
    InferenceConfig {
        max_tokens: parameters.max_tokens,
        temperature: parameters.temperature,
        top_p: parameters.top_p,
        stop_sequences: &parameters.stop,
    }
}

fn message(message: &Message) -> WireMessage<'_> {
    WireMessage { role: message.role.as_str(), content: blocks(&message.content) }
}

/// The content of a turn as Converse blocks.
pub(in crate::family) fn blocks(content: &Content) -> Vec<WireBlock<'_>> {
    match content {
        Content::Text(text) => vec![WireBlock::Text(text)],
        Content::Blocks(blocks) => blocks.iter().filter_map(block).collect(),
    }
}

fn block(block: &Block) -> Option<WireBlock<'_>> {
    match block {
        Block::Text(text) => Some(WireBlock::Text(text)),
        Block::Image(image) => {
            let (format, bytes) = image.ready()?;
            Some(WireBlock::Image { format: format.as_str(), source: ImageBytes { bytes } })
        }
        _ => None,
    }
}

fn additional_fields(reasoning: Option<Reasoning>, betas: &[&str]) -> Option<Value> {
    let thinking = thinking(reasoning?)?;
    let mut fields = serde_json::Map::new();
    if !betas.is_empty() {
        fields.insert("anthropic_beta".to_owned(), Value::from(betas));
    }
    fields.insert("thinking".to_owned(), thinking);
    Some(Value::Object(fields))
}

/// Claude's `thinking` member, the same in InvokeModel and in Converse's additional fields.
pub(in crate::family) fn thinking(reasoning: Reasoning) -> Option<Value> {
    match reasoning {
        Reasoning::Budget(tokens) => Some(serde_json::json!({"type": "enabled", "budget_tokens": tokens})),
        Reasoning::Adaptive => Some(serde_json::json!({"type": "adaptive"})),
        Reasoning::Off | Reasoning::Effort(_) => None,
    }
}
