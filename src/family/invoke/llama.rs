//! Meta Llama: a prompt in the model's own chat template.
//!
//! Source: "Meta Llama models" in the user guide, Meta's model cards for the templates; recordings `llama/invoke-*`.
//! The body has no field for stop sequences: they are cut on our side.

use serde::{Deserialize, Serialize};

use super::metrics::{Metrics, Tally};
use crate::conversation::{Event, Request, Role, StopReason, Usage};
use crate::error::Result;
use crate::family::rest::{blocked, keep_all};
use crate::family::{StreamDecoder, cut, json};

/// How a generation of Llama marks who speaks.
pub(super) struct Template {
    begin: &'static str,
    open_role: &'static str,
    close_role: &'static str,
    end_of_turn: &'static str,
}

/// Where a picture stands in the prompt; the pictures themselves are in `images`, in the same order.
const IMAGE: &str = "<|image|>";

/// Llama 3, 3.1, 3.2, 3.3.
pub(super) const LLAMA3: Template = Template {
    begin: "<|begin_of_text|>",
    open_role: "<|start_header_id|>",
    close_role: "<|end_header_id|>\n\n",
    end_of_turn: "<|eot_id|>",
};

/// Llama 4.
pub(super) const LLAMA4: Template = Template {
    begin: "<|begin_of_text|>",
    open_role: "<|header_start|>",
    close_role: "<|header_end|>\n\n",
    end_of_turn: "<|eot|>",
};

/// The body for a model with this template.
pub(super) fn encode(request: &Request, template: &Template) -> Vec<u8> {
    body(request, prompt(request, template))
}

/// The body for Llama 2, whose template is `[INST] … [/INST]` with the instructions in `<<SYS>>`.
pub(super) fn encode_llama2(request: &Request) -> Vec<u8> {
    body(request, llama2_prompt(request))
}

fn body(request: &Request, prompt: String) -> Vec<u8> {
    let images = request
        .messages
        .iter()
        .flat_map(|message| message.content.images())
        .filter_map(|image| image.ready().map(|(_, base64)| base64))
        .collect();
    let parameters = &request.parameters;
    let body = Body {
        prompt,
        images,
        max_gen_len: parameters.max_tokens,
        temperature: parameters.temperature,
        top_p: parameters.top_p,
    };
    // Strings and numbers: serialization has nothing to fail on.
    serde_json::to_vec(&body).unwrap_or_default()
}

#[derive(Serialize)]
struct Body<'a> {
    prompt: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_gen_len: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f64>,
}

fn prompt(request: &Request, template: &Template) -> String {
    let mut prompt = String::from(template.begin);
    let open = |prompt: &mut String, role: &str| {
        *prompt += template.open_role;
        *prompt += role;
        *prompt += template.close_role;
    };
    for content in &request.system {
        open(&mut prompt, "system");
        prompt += &content.text("\n");
        prompt += template.end_of_turn;
    }
    let last = request.messages.len().saturating_sub(1);
    for (index, message) in request.messages.iter().enumerate() {
        open(&mut prompt, message.role.as_str());
        message.content.images().for_each(|_| prompt += IMAGE);
        prompt += &message.content.text("\n");
        if index == last && message.role == Role::Assistant {
            return prompt; // the model goes on from here
        }
        prompt += template.end_of_turn;
    }
    open(&mut prompt, "assistant");
    prompt
}

fn llama2_prompt(request: &Request) -> String {
    let mut prompt = String::new();
    let mut system = match request.instructions() {
        text if text.is_empty() => text,
        text => format!("<<SYS>>\n{text}\n<</SYS>>\n\n"),
    };
    let last = request.messages.len().saturating_sub(1);
    for (index, message) in request.messages.iter().enumerate() {
        let text = message.content.text("\n");
        match message.role {
            Role::User => prompt += &format!("<s>[INST] {}{text} [/INST]", std::mem::take(&mut system)),
            Role::Assistant if index == last => prompt += &format!(" {text}"),
            Role::Assistant => prompt += &format!(" {text} </s>"),
        }
    }
    prompt
}

/// An answer, and also a chunk of a stream.
#[derive(Deserialize)]
struct Generation {
    #[serde(default)]
    generation: String,
    prompt_token_count: Option<u64>,
    generation_token_count: Option<u64>,
    stop_reason: Option<String>,
    #[serde(rename = "amazon-bedrock-invocationMetrics")]
    metrics: Option<Metrics>,
    #[serde(flatten)]
    rest: serde_json::Map<String, serde_json::Value>,
}

/// The events of a whole answer.
pub(super) fn decode(body: &[u8]) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    LlamaStream::default().generation(json(body)?, &mut events);
    Ok(events)
}

/// Decoder of the native stream.
#[derive(Debug, Default)]
pub(super) struct LlamaStream {
    complete: bool,
    tally: Tally,
}

impl StreamDecoder for LlamaStream {
    fn step(&mut self, _event_type: &str, payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
        self.generation(json(payload)?, events);
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        if self.complete { Ok(()) } else { Err(cut("a stop_reason")) }
    }
}

impl LlamaStream {
    fn generation(&mut self, chunk: Generation, events: &mut Vec<Event>) {
        if !chunk.generation.is_empty() {
            events.push(Event::Text { index: 0, text: chunk.generation });
        }
        if chunk.prompt_token_count.is_some() || chunk.generation_token_count.is_some() {
            let usage = Usage {
                input_tokens: chunk.prompt_token_count,
                output_tokens: chunk.generation_token_count,
                ..Usage::default()
            };
            self.tally.native(usage, events);
        }
        let reason = chunk.stop_reason.map(|word| StopReason::parse(&word)).or_else(|| blocked(&chunk.rest));
        if let Some(reason) = reason {
            self.complete = true;
            events.push(Event::Stop(reason));
        }
        self.complete |= chunk.metrics.is_some();
        self.tally.service(chunk.metrics, events);
        keep_all(&chunk.rest, events);
    }
}
