//! `anthropic_beta` among the additional fields: flags of ours beside the caller's.

use serde_json::{Map, Value, json};

use super::tools::has_functions;
use crate::catalog::Model;
use crate::conversation::Request;

/// Streams the input of a tool call as it is written, not when it is complete.
const FINE_GRAINED: &str = "fine-grained-tool-streaming-2025-05-14";

/// Adds `beta` unless it is there.
pub(super) fn add(fields: &mut Map<String, Value>, beta: &str) {
    let flags = fields.entry("anthropic_beta").or_insert_with(|| json!([]));
    if let Value::String(one) = flags {
        *flags = json!([one]);
    }
    if let Value::Array(flags) = flags
        && !flags.iter().any(|flag| flag == beta)
    {
        flags.push(json!(beta));
    }
}

/// Inputs of tools in streams of Claude arrive piece by piece with a flag, else after minutes of silence.
pub(super) fn stream_tools(request: &mut Request, model: &Model) {
    if request.stream && model.fine_grained_tools && has_functions(request) {
        add(&mut request.extras.additional_fields, FINE_GRAINED);
    }
}
