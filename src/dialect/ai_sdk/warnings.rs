//! What could not be carried over, as the AI SDK's warnings (`SharedV4Warning`).

use serde_json::{Value, json};

use crate::conversation::{Loss, LossCode};

/// Fields as the rest of this package calls them, and as the AI SDK does.
const FEATURES: &[(&str, &str)] = &[
    ("max_tokens", "maxOutputTokens"),
    ("temperature", "temperature"),
    ("top_p", "topP"),
    ("top_k", "topK"),
    ("stop", "stopSequences"),
    ("response_format", "responseFormat"),
    ("reasoning_effort", "reasoning"),
    ("thinking.display", "reasoningConfig.display"),
    ("tool_choice", "toolChoice"),
    ("parallel_tool_calls", "disableParallelToolUse"),
    ("tools", "tools"),
    ("messages", "prompt"),
    ("cfg_scale", "cfgScale"),
    ("negative_prompt", "negativeText"),
    ("model", "modelId"),
];

/// The warnings of a result.
pub fn warnings(losses: &[Loss]) -> Vec<Value> {
    losses.iter().map(warning).collect()
}

fn warning(loss: &Loss) -> Value {
    let Some(param) = loss.param.as_deref() else { return json!({"type": "other", "message": loss.message}) };
    let kind = match loss.code {
        LossCode::UnsupportedField | LossCode::ContentOmitted | LossCode::ReasoningOmitted => "unsupported",
        LossCode::Emulated | LossCode::Fallback | LossCode::ImageConverted | LossCode::ValueAdjusted => "compatibility",
        LossCode::EndOfLife => return json!({"type": "deprecated", "setting": param, "message": loss.message}),
    };
    json!({"type": kind, "feature": feature(param), "details": loss.message})
}

/// The AI SDK's name of the field at `param`.
fn feature(param: &str) -> String {
    let end = param.find(['.', '[']).unwrap_or(param.len());
    let (first, rest) = param.split_at(end);
    let whole = FEATURES.iter().find(|(ours, _)| *ours == param);
    match whole.or_else(|| FEATURES.iter().find(|(ours, _)| *ours == first)) {
        Some((ours, theirs)) if *ours == param => (*theirs).to_owned(),
        Some((_, theirs)) => format!("{theirs}{rest}"),
        None => param.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_called_as_the_ai_sdk_calls_them() {
        assert_eq!(feature("top_p"), "topP");
        assert_eq!(feature("messages[1].content"), "prompt[1].content");
        assert_eq!(feature("thinking.display"), "reasoningConfig.display");
        assert_eq!(feature("seed"), "seed");
    }

    #[test]
    fn a_loss_without_a_field_is_a_message() {
        let general = Loss::general(LossCode::Fallback, "Another way.");
        assert_eq!(warnings(&[general]), [json!({"type": "other", "message": "Another way."})]);
    }
}
