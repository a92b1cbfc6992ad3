//! What a caller wants embedded: texts and pictures into vectors.

use serde_json::{Map, Value};

use super::Image;

/// One call, in the order in which its vectors are to come back.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What is embedded, one vector each; never empty.
    pub inputs: Vec<Input>,
    /// What the caller's request calls them, e.g. `input`.
    pub field: &'static str,
    /// Whether the caller gave one input by itself and not a list: it decides how errors name it.
    pub is_single: bool,
    /// Numbers of a vector; `None`: as many as the model makes by itself.
    pub dimensions: Option<u32>,
    /// What the vectors are for; `None`: to be found later.
    pub purpose: Option<Purpose>,
    /// Which end of an input that is too long is left out; `None`: none, it is an error.
    pub truncate: Option<Truncate>,
    /// Whether vectors are to have length one; `None`: as the model does by itself.
    pub normalize: Option<bool>,
    /// Members of the model's own body, put into it as they are.
    pub extra: Map<String, Value>,
}

impl Request {
    /// How errors name an input: `input[7]`, or `input` where there is but one.
    pub fn param(&self, index: usize) -> String {
        if self.is_single { self.field.to_owned() } else { format!("{}[{index}]", self.field) }
    }
}

/// What one vector is made of: a text, a picture, or both; never nothing.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The text, not empty.
    pub text: Option<String>,
    /// The picture.
    pub image: Option<Image>,
}

/// What vectors are for; some models make different ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be found by queries.
    Document,
    /// To find documents.
    Query,
    /// To be put into classes.
    Classification,
    /// To be put into groups.
    Clustering,
    /// A word of the model's own, as it came.
    Other(String),
}

/// What is left out of an input that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truncate {
    /// Nothing: it is an error.
    None,
    /// Its beginning.
    Start,
    /// Its end.
    End,
}
