//! What could not be carried over, as the AI SDK's warnings (`SharedV4Warning`), and errors in the AI SDK's names.

use serde_json::{Value, json};

use crate::conversation::{Loss, LossCode};
use crate::error::Error;

/// Fields as the rest of this package calls them, and as the AI SDK does; what is not here has one name.
const NAMES: &[(&str, &str)] = &[
    ("anthropic_beta", "anthropicBeta"),
    ("cfg_scale", "cfgScale"),
    ("max_tokens", "maxOutputTokens"),
    ("messages", "prompt"),
    ("metadata", "requestMetadata"),
    ("model", "modelId"),
    ("negative_prompt", "negativeText"),
    ("parallel_tool_calls", "disableParallelToolUse"),
    ("reasoning_effort", "reasoning"),
    ("response_format", "responseFormat"),
    ("response_format.json_schema.schema", "responseFormat.schema"),
    ("stop", "stopSequences"),
    ("thinking.display", "reasoningConfig.display"),
    ("tool_choice", "toolChoice"),
    ("top_k", "topK"),
    ("top_p", "topP"),
];

/// Options of which another value than the model can be given counts as not supported, as `@ai-sdk/amazon-bedrock` tells it.
const OTHERWISE: &[&str] = &["max_tokens", "temperature", "tool_choice"];

/// The warnings of a result.
pub fn warnings(losses: &[Loss]) -> Vec<Value> {
    losses.iter().map(warning).collect()
}

/// The same error with the field at fault as the AI SDK calls it.
#[must_use]
pub fn in_own_words(mut error: Error) -> Error {
    let Some(param) = error.param.take() else { return error };
    let own = name(&param);
    if own != param
        && let Some(rest) = error.message.strip_prefix(&param)
    {
        error.message = format!("{own}{rest}");
    }
    error.at(own)
}

fn warning(loss: &Loss) -> Value {
    let Some(param) = loss.param.as_deref() else { return json!({"type": "other", "message": loss.message}) };
    let kind = match loss.code {
        LossCode::UnsupportedField | LossCode::ContentOmitted | LossCode::ReasoningOmitted => "unsupported",
        LossCode::Emulated | LossCode::ValueAdjusted if OTHERWISE.contains(&param) => "unsupported",
        LossCode::Emulated | LossCode::Fallback | LossCode::ImageConverted | LossCode::ValueAdjusted => "compatibility",
        LossCode::EndOfLife => return json!({"type": "deprecated", "setting": name(param), "message": loss.message}),
    };
    json!({"type": kind, "feature": name(param), "details": loss.message})
}

/// The AI SDK's name of the field at `param`.
fn name(param: &str) -> String {
    if let Some((_, theirs)) = NAMES.iter().find(|(ours, _)| *ours == param) {
        return (*theirs).to_owned();
    }
    let end = param.find(['.', '[']).unwrap_or(param.len());
    let (first, rest) = param.split_at(end);
    match NAMES.iter().find(|(ours, _)| *ours == first) {
        Some((_, theirs)) => format!("{theirs}{rest}"),
        None => param.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_called_as_the_ai_sdk_calls_them() {
        assert_eq!(name("top_p"), "topP");
        assert_eq!(name("messages[1].content"), "prompt[1].content");
        assert_eq!(name("thinking.display"), "reasoningConfig.display");
        assert_eq!(name("response_format.json_schema.schema"), "responseFormat.schema");
        assert_eq!(name("seed"), "seed");
    }

    #[test]
    fn names_are_in_order_and_once() {
        assert!(NAMES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn a_loss_without_a_field_is_a_message() {
        let general = Loss::general(LossCode::Fallback, "Another way.");
        assert_eq!(warnings(&[general]), [json!({"type": "other", "message": "Another way."})]);
    }

    #[test]
    fn what_was_moved_is_told_as_the_other_provider_tells_it() {
        for (code, param, kind) in [
            (LossCode::ValueAdjusted, "temperature", "unsupported"),
            (LossCode::Emulated, "tool_choice", "unsupported"),
            (LossCode::ValueAdjusted, "reasoning_effort", "compatibility"),
            (LossCode::Fallback, "model", "compatibility"),
        ] {
            assert_eq!(warnings(&[Loss::of(code, param, "x")])[0]["type"], kind, "{param}");
        }
    }

    #[test]
    fn an_error_names_the_option_in_its_message_too() {
        let error = in_own_words(Error::invalid("tool_choice", "no tool is named \"x\"."));
        assert_eq!(error.param.as_deref(), Some("toolChoice"));
        assert_eq!(error.message, "toolChoice: no tool is named \"x\".");
        assert_eq!(in_own_words(Error::invalid("tools[0].name", "x")).message, "tools[0].name: x");
    }
}
