//! A request as a Converse body: every member of `ConverseRequest` (service model of bedrock-runtime 2023-09-30).
//!
//! The body borrows from the request and is written once; a picture of megabytes is copied into the body and nowhere
//! else. Nothing is decided here: see [`fit`](crate::family::fit).

mod content;
mod tools;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::conversation::{Message, Parameters, Reasoning, Request};
pub(in crate::family) use content::{WireBlock, blocks};
use tools::{ToolConfig, tool_config};

/// The body of Converse and ConverseStream.
pub fn encode(request: &Request) -> Vec<u8> {
    let extras = &request.extras;
    let body = Body {
        messages: request.messages.iter().map(message).collect(),
        system: request.system.iter().flat_map(blocks).collect(),
        inference_config: inference_config(&request.parameters),
        tool_config: tool_config(request),
        guardrail_config: extras.guardrail.as_ref(),
        additional_model_request_fields: &extras.additional_fields,
        prompt_variables: extras.prompt_variables.as_ref(),
        additional_model_response_field_paths: &extras.additional_response_paths,
        request_metadata: &extras.metadata,
        performance_config: extras.performance.as_ref(),
        service_tier: extras.service_tier.as_deref().map(|kind| ServiceTier { kind }),
        output_config: extras.output_config.as_ref(),
        others: &extras.others,
    };
    let mut bytes = Vec::with_capacity(room(request));
    // Strings, numbers and maps with string keys: serialization into memory has nothing to fail on.
    let _ = serde_json::to_writer(&mut bytes, &body);
    bytes
}

/// About as many bytes as the body will have, so that a large one is not moved while it grows.
fn room(request: &Request) -> usize {
    const FRAME: usize = 1024;
    const TURN: usize = 64;
    let turns = request.system.iter().chain(request.messages.iter().map(|message| &message.content));
    turns.map(|content| content::length(content) + TURN).sum::<usize>() + FRAME
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
    tool_config: Option<ToolConfig<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guardrail_config: Option<&'a Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    additional_model_request_fields: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_variables: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    additional_model_response_field_paths: &'a [String],
    #[serde(skip_serializing_if = "Map::is_empty")]
    request_metadata: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    performance_config: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_tier: Option<ServiceTier<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_config: Option<&'a Value>,
    #[serde(flatten)]
    others: &'a Map<String, Value>,
}

#[derive(Serialize)]
struct ServiceTier<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
}

#[derive(Serialize)]
struct WireMessage<'a> {
    role: &'static str,
    content: Vec<WireBlock<'a>>,
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

/// Claude's `thinking` member, the same in InvokeModel and in Converse's additional fields.
pub(in crate::family) fn thinking(reasoning: Reasoning) -> Option<Value> {
    match reasoning {
        Reasoning::Budget(tokens) => Some(serde_json::json!({"type": "enabled", "budget_tokens": tokens})),
        Reasoning::Adaptive => Some(serde_json::json!({"type": "adaptive"})),
        Reasoning::Off | Reasoning::Effort(_) => None,
    }
}
