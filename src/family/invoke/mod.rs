//! InvokeModel: the native body of each family, one file each.
//!
//! Shapes: the model-parameters pages of the Bedrock user guide and the recordings; each file names its own.

mod claude;
mod cohere;
mod deepseek_r1;
mod jurassic;
mod llama;
mod metrics;
mod mistral;
mod nova;
mod openai;
mod titan;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::catalog::{Family, Model};
use crate::conversation::{Event, Parameters, Request};
use crate::error::{Error, Kind, Result};
use crate::family::{StreamDecoder, json};

/// The native body of `family`.
pub fn encode(family: Family, request: &Request, model: &Model) -> Vec<u8> {
    match family {
        Family::Claude => claude::encode(request, model),
        Family::Nova => nova::encode(request),
        Family::TitanText => titan::encode(request),
        Family::Llama2 => llama::encode_llama2(request),
        Family::Llama3 => llama::encode(request, &llama::LLAMA3),
        Family::Llama4 => llama::encode(request, &llama::LLAMA4),
        Family::MistralPrompt => mistral::encode(request),
        Family::DeepseekR1 => deepseek_r1::encode(request),
        Family::CohereCommandR => cohere::encode(request),
        Family::CohereCommand => cohere::encode_command(request),
        Family::J2 => jurassic::encode(request),
        Family::OpenaiChat | Family::MistralChat | Family::Palmyra | Family::Jamba => openai::encode(request, model),
    }
}

/// The events of a whole native answer.
pub fn decode(family: Family, body: &[u8]) -> Result<Vec<Event>> {
    match family {
        Family::Claude => claude::decode(body),
        Family::Nova => nova::decode(body),
        Family::TitanText => titan::decode(body),
        Family::Llama2 | Family::Llama3 | Family::Llama4 => llama::decode(body),
        Family::MistralPrompt => mistral::decode(body),
        Family::CohereCommandR | Family::CohereCommand => cohere::decode(body),
        Family::J2 => jurassic::decode(body),
        Family::OpenaiChat | Family::MistralChat | Family::Palmyra | Family::Jamba | Family::DeepseekR1 => {
            openai::decode(body)
        }
    }
}

/// The decoder of a native stream.
pub fn stream_decoder(family: Family) -> Box<dyn StreamDecoder> {
    match family {
        Family::Claude => Box::new(claude::ClaudeStream::default()),
        Family::Nova => Box::new(nova::NovaStream::default()),
        Family::TitanText => Box::new(titan::TitanStream::default()),
        Family::Llama2 | Family::Llama3 | Family::Llama4 => Box::new(llama::LlamaStream::default()),
        Family::MistralPrompt => Box::new(mistral::MistralStream::default()),
        Family::CohereCommandR | Family::CohereCommand => Box::new(cohere::CohereStream::default()),
        // Jurassic-2 has no stream (the catalog says so); nothing of its own could come.
        Family::OpenaiChat
        | Family::MistralChat
        | Family::Palmyra
        | Family::Jamba
        | Family::DeepseekR1
        | Family::J2 => Box::new(openai::OpenAiStream::default()),
    }
}

/// Puts the native JSON of a `chunk` frame (`PayloadPart`: base64 in `bytes`) into `chunk`.
pub fn native_chunk(payload: &[u8], chunk: &mut Vec<u8>) -> Result<()> {
    #[derive(Deserialize)]
    struct PayloadPart<'a> {
        #[serde(borrow)]
        bytes: Cow<'a, str>,
    }
    let part: PayloadPart<'_> = json(payload)?;
    chunk.clear();
    base64_simd::STANDARD.decode_append(part.bytes.as_bytes(), chunk).map_err(|_| {
        Error::new(Kind::BrokenStream, "A chunk of the stream is not the base64 that the service promises.")
    })
}

/// The body that the prompt styles of Mistral and DeepSeek R1 share.
fn prompt_body(prompt: String, parameters: &Parameters) -> Vec<u8> {
    #[derive(Serialize)]
    struct Body<'a> {
        prompt: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        max_tokens: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        temperature: Option<f64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        top_p: Option<f64>,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        stop: &'a [String],
    }
    let Parameters { max_tokens, temperature, top_p, ref stop, .. } = *parameters;
    // Strings and numbers: serialization has nothing to fail on.
    serde_json::to_vec(&Body { prompt, max_tokens, temperature, top_p, stop }).unwrap_or_default()
}
