//! Calls that Vercel's AI SDK makes of a provider: options in, a result or stream parts out.

mod embedding;
mod image;
mod language;
mod rerank;
mod stream;

pub use stream::Stream;

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use super::Client;
use super::openai::Payload;
use crate::dialect::ai_sdk::{Specification, in_own_words};
use crate::error::Result;
use crate::transport::Particulars;

/// One call of a model.
#[derive(Debug)]
pub struct Call {
    /// What is asked for.
    pub operation: Operation,
    /// The model, as the program names it.
    pub model_id: String,
    /// What the program says of the model besides: `modelFamily`.
    pub settings: Value,
    /// Headers of the request.
    pub headers: Vec<(String, String)>,
    /// Whose shapes the answer has.
    pub specification: Specification,
    /// An id nobody else has: what the service leaves without an id is called by it.
    pub generated_id: String,
    /// Whether frames of a stream are wanted as they come.
    pub includes_raw_chunks: bool,
    /// The options of the call.
    pub payload: Payload,
}

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `LanguageModelV4.doGenerate`
    Generate,
    /// `LanguageModelV4.doStream`
    Stream,
    /// `EmbeddingModelV4.doEmbed`
    Embed,
    /// `ImageModelV4.doGenerate`
    Image,
    /// `RerankingModelV4.doRerank`
    Rerank,
}

impl Operation {
    /// The operation that `word` names.
    pub fn parse(word: &str) -> Option<Operation> {
        match word {
            "generate" => Some(Operation::Generate),
            "stream" => Some(Operation::Stream),
            "embed" => Some(Operation::Embed),
            "image" => Some(Operation::Image),
            "rerank" => Some(Operation::Rerank),
            _ => None,
        }
    }
}

impl Call {
    /// What is particular about its calls of the service.
    fn particulars(&self) -> Particulars {
        Particulars { headers: Arc::from(self.headers.as_slice()), keeps_head: true }
    }
}

/// An answer that has begun.
pub struct Answer {
    /// `{"warnings", "request": {"url"}, "response": {"id", "modelId", "headers", "timestamp"?}}`, and of a whole answer what it is.
    pub head: Value,
    /// What was sent, JSON.
    pub sent: Option<Bytes>,
    /// What follows the head of a stream.
    pub stream: Option<Box<Stream>>,
}

impl Answer {
    /// A whole answer of a model that holds no conversation: what came before it, and the members of `result`.
    fn made(model_id: &str, request_id: Option<String>, headers: Vec<(String, String)>, result: Value) -> Answer {
        let headers: Value = headers.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
        let mut head = json!({"response": {"id": request_id, "modelId": model_id, "headers": headers}});
        if let (Some(head), Value::Object(result)) = (head.as_object_mut(), result) {
            head.extend(result);
        }
        Answer { head, sent: None, stream: None }
    }
}

/// Makes a call. What fails before the answer has begun is an error.
pub async fn answer(client: &Client, call: Call) -> Result<Answer> {
    let answered = match call.operation {
        Operation::Generate => language::generate(client, call).await,
        Operation::Stream => language::stream(client, call).await,
        Operation::Embed => embedding::embed(client, call).await,
        Operation::Image => image::generate(client, call).await,
        Operation::Rerank => rerank::rerank(client, call).await,
    };
    answered.map_err(in_own_words)
}
