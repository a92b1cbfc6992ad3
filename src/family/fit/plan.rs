//! What is left to do on our side of the wire once a request has been fitted.

use std::collections::HashMap;

use serde_json::Value;

/// What the answer needs before it is the caller's: [`Undo`](crate::family::Undo) does all but the cut, the check
/// against the schema and the choice of the operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Stop sequences that the model does not know: the answer is cut at the first of them.
    pub cut_at: Vec<String>,
    /// Names of tools as they were sent, to those that the caller knows; only where the two differ.
    pub tool_names: HashMap<String, String>,
    /// The tool that stands for a JSON answer: its input is the answer's text.
    pub json_tool: Option<String>,
    /// Whether the model was asked in words for JSON, so that text around it is to be taken off.
    pub json_instructed: bool,
    /// What the answer's text is to be checked against, where the service does not see to it.
    pub schema: Option<Value>,
    /// Whether the caller does that check himself.
    pub checked_by_caller: bool,
    /// Whether the answer cannot be streamed: it is asked for whole and given out as a stream.
    pub replay_whole: bool,
}

impl Plan {
    /// What an answer has to be checked against before it is given out.
    pub fn must_check(&self) -> Option<&Value> {
        self.schema.as_ref().filter(|_| !self.checked_by_caller)
    }

    /// Whether a stream is asked for whole: it cannot be streamed, or it may have to be asked for once more before any of
    /// it is given out. Where the model fills in a form (a forced tool) its answer is streamed as it comes.
    pub fn asks_whole(&self) -> bool {
        self.replay_whole || self.json_instructed && self.must_check().is_some()
    }
}
