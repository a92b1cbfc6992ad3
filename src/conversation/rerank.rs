//! What a caller wants put in order: documents by what they have to do with a query.

use serde_json::{Map, Value};

/// One call.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What is looked for; not empty.
    pub query: String,
    /// The documents as texts; never empty.
    pub documents: Vec<String>,
    /// How many of the best are to come back; `None`: all.
    pub top_n: Option<u32>,
    /// How many tokens of each document are read; `None`: as many as the model does by itself.
    pub max_tokens: Option<u32>,
    /// Members of the model's own body, put into it as they are.
    pub extra: Map<String, Value>,
}

/// A document's place in the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// Its place in the request.
    pub index: usize,
    /// How much it has to do with the query, 0 to 1.
    pub score: f64,
}

/// One call of Bedrock's own operation `Rerank`, which takes objects as well, and answers in pages.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// What is looked for; not empty.
    pub query: String,
    /// The documents; never empty.
    pub documents: Vec<Document>,
    /// How many of the best are to come back; `None`: all.
    pub top_n: Option<u32>,
    /// The token of an earlier page, of which this one is the next.
    pub next_token: Option<String>,
    /// Members of the model's own body.
    pub extra: Map<String, Value>,
}

/// What is put in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Document {
    /// A text.
    Text(String),
    /// Data in fields.
    Object(Map<String, Value>),
}
