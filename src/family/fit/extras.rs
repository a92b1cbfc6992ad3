//! Members that are passed on, held to the bounds of the service.
//!
//! Facts: `ConverseRequest` (`requestMetadata`: 1 to 16 entries, keys and values of at most 256 characters of a set;
//! `additionalModelResponseFieldPaths`: at most 10), `GuardrailStreamConfiguration`.

use serde_json::{Map, Value};

use crate::catalog::Model;
use crate::conversation::{Loss, LossCode, Request};

const MOST_ENTRIES: usize = 16;
const LONGEST: usize = 256;
const MOST_PATHS: usize = 10;
/// Where Claude says which stop sequence ended its answer.
const STOP_SEQUENCE: &str = "/delta/stop_sequence";

pub(super) fn fit(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    if request.extras.tells_stop_sequence && model.is_claude() && request.extras.additional_response_paths.is_empty() {
        request.extras.additional_response_paths.push(STOP_SEQUENCE.to_owned());
    }
    metadata(&mut request.extras.metadata, losses);
    if request.extras.additional_response_paths.len() > MOST_PATHS {
        request.extras.additional_response_paths.truncate(MOST_PATHS);
        let message = format!("Bedrock takes {MOST_PATHS} paths; the others were left out.");
        losses.push(Loss::of(LossCode::ValueAdjusted, "additionalModelResponseFieldPaths", message));
    }
    let guardrail = request.extras.guardrail.as_mut().and_then(Value::as_object_mut);
    if !request.stream && guardrail.is_some_and(|config| config.shift_remove("streamProcessingMode").is_some()) {
        let message = "The mode is for streams only; it was left out.";
        losses.push(Loss::of(LossCode::UnsupportedField, "guardrailConfig.streamProcessingMode", message));
    }
}

fn metadata(metadata: &mut Map<String, Value>, losses: &mut Vec<Loss>) {
    let mut changed = false;
    let entries = std::mem::take(metadata);
    let count = entries.len();
    for (key, value) in entries.into_iter().take(MOST_ENTRIES) {
        let text = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let (kept_key, kept_text) = (plain(&key), plain(&text));
        changed |= kept_key != key || kept_text != text;
        if !kept_key.is_empty() {
            metadata.insert(kept_key, Value::String(kept_text));
        }
    }
    if changed || metadata.len() < count {
        let message = format!(
            "Bedrock takes {MOST_ENTRIES} entries of {LONGEST} letters, digits, spaces and :_@$#=/+,-. each; what is \
             beyond was cut or replaced by _."
        );
        losses.push(Loss::of(LossCode::ValueAdjusted, "metadata", message));
    }
}

fn plain(text: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || ":_@$#=/+,-.".contains(c);
    text.chars().take(LONGEST).map(|c| if allowed(c) { c } else { '_' }).collect()
}
