//! Every field of a request, and what becomes of it: the one table.
//!
//! The fields are the 37 of OpenAI's `ChatCompletionCreateParams` (openai 7.55), and those that the Access Gateway,
//! OpenRouter, LiteLLM and bedrock-wrapper 2.12.0 added, with Converse's own members.

use crate::dialect::fields::Fate::{Emulated, Mapped, Refused, Warned};
use crate::dialect::fields::Holds::{Any, Flag, List, Number, Object, Text};
use crate::dialect::fields::{
    Row, is_default_tier, is_empty, is_false, is_medium, is_none_or_auto, is_one, is_text_format, is_text_only,
    is_zero, never,
};

/// Sorted by name.
#[rustfmt::skip]
pub(super) const FIELDS: &[Row] = &[
    ("additionalModelRequestFields", Object, Mapped, never,
        "Converse's member of this name, as it is"),
    ("additionalModelResponseFieldPaths", List, Mapped, never,
        "Converse's member of this name, as it is; at most 10 JSON pointers"),
    ("anthropic_beta", Any, Mapped, never,
        "`additionalModelRequestFields.anthropic_beta`; a string or an array of strings, with those of the header `anthropic-beta`"),
    ("audio", Object, Warned, never,
        "Converse gives text"),
    ("cache_control", Object, Mapped, is_empty,
        "cache points after the tools, the instructions and the last user turns; `ttl` `5m` or `1h`"),
    ("extra_body", Object, Mapped, is_empty,
        "its members count as fields of the request; those that are not in this table go to `additionalModelRequestFields`"),
    ("fallbacks", List, Emulated, is_empty,
        "models to ask, in order, when `model` cannot answer: at most 10 names, or objects with a `model`"),
    ("frequency_penalty", Number, Warned, is_zero,
        "Converse has no such parameter"),
    ("function_call", Any, Mapped, is_none_or_auto,
        "as `tool_choice`, its newer form"),
    ("functions", List, Mapped, is_empty,
        "as `tools`, its newer form; the answer then has `function_call`"),
    ("guardrailConfig", Object, Mapped, never,
        "Converse's member of this name, as it is; else the headers `X-Amzn-Bedrock-GuardrailIdentifier`, `-GuardrailVersion` and `X-Amzn-Bedrock-Trace`"),
    ("include_thinking_data", Flag, Mapped, never,
        "`false` leaves the model's reasoning out of the answer"),
    ("logit_bias", Object, Warned, is_empty,
        "Converse has no such parameter"),
    ("logprobs", Flag, Refused, is_false,
        "Converse gives no log probabilities"),
    ("max_completion_tokens", Number, Mapped, never,
        "`inferenceConfig.maxTokens`; a whole number from 1"),
    ("max_tokens", Number, Mapped, never,
        "as `max_completion_tokens`, its newer form, which wins"),
    ("messages", List, Mapped, never,
        "`messages` and `system`; see [messages](#messages)"),
    ("metadata", Object, Mapped, is_empty,
        "`requestMetadata`, with what Bedrock does not take replaced by `_`; the answer repeats it"),
    ("modalities", List, Mapped, is_text_only,
        "`text` is what there is; `audio` is refused"),
    ("model", Text, Mapped, never,
        "the model id; see [models](models.md)"),
    ("models", List, Emulated, is_empty,
        "as `fallbacks`; the first is the model where there is no `model`"),
    ("moderation", Object, Refused, never,
        "nothing here moderates; a Bedrock guardrail does, see `guardrailConfig`"),
    ("n", Number, Emulated, is_one,
        "that many calls at once, 1 to 128; `usage` counts the prompt once and every answer"),
    ("outputConfig", Object, Mapped, never,
        "Converse's member of this name, as it is"),
    ("parallel_tool_calls", Flag, Mapped, never,
        "`false`: Claude's `disable_parallel_tool_use`"),
    ("performanceConfig", Object, Mapped, never,
        "Converse's member of this name, as it is; else the header `X-Amzn-Bedrock-PerformanceConfig-Latency`"),
    ("prediction", Object, Warned, never,
        "Bedrock has no such parameter; the answer is the same, only not faster"),
    ("presence_penalty", Number, Warned, is_zero,
        "Converse has no such parameter"),
    ("promptVariables", Object, Mapped, never,
        "Converse's member of this name, as it is"),
    ("prompt_cache_key", Text, Warned, never,
        "Bedrock finds what it has cached by the text alone"),
    ("prompt_cache_options", Object, Mapped, never,
        "`implicit`, which is the default: cache points as with `cache_control`; `explicit`: only those that parts ask for. `ttl` `30m` becomes an hour where the model has that"),
    ("prompt_cache_retention", Text, Mapped, never,
        "for how long cache points keep that do not say it: `in_memory` five minutes, `24h` an hour"),
    ("prompt_caching", Object, Mapped, is_empty,
        "cache points after the instructions (`system`), the last user turns (`messages`) and the `tools`; `ttl` `5m` or `1h`"),
    ("reasoning", Object, Mapped, is_empty,
        "OpenRouter's form: `effort`, `max_tokens`, `enabled`, `exclude`"),
    ("reasoningConfig", Object, Mapped, never,
        "Nova's form: `type`, `maxReasoningEffort`"),
    ("reasoning_config", Any, Mapped, never,
        "as `thinking`, or a word as in `reasoning_effort`"),
    ("reasoning_effort", Text, Mapped, never,
        "`none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`, in the words of the model"),
    ("requestMetadata", Object, Mapped, is_empty,
        "Converse's member of this name, as `metadata`; also the header `X-Amzn-Bedrock-Request-Metadata`, a JSON object"),
    ("response_format", Object, Mapped, is_text_format,
        "`json_object` and `json_schema`: native where the model has it, else a forced tool or an instruction"),
    ("safety_identifier", Text, Mapped, never,
        "`requestMetadata.safety_identifier`"),
    ("seed", Number, Warned, never,
        "Converse has no such parameter"),
    ("serviceTier", Any, Mapped, never,
        "Converse's member of this name: `{\"type\": …}` or the word; else `service_tier`; else the header `X-Amzn-Bedrock-Service-Tier`"),
    ("service_tier", Text, Mapped, is_default_tier,
        "`serviceTier`: `default`, `flex` and `priority` as they are, `fast` as `priority`, `scale` as `reserved`; `auto` is left to the service"),
    ("stop", Any, Mapped, never,
        "`inferenceConfig.stopSequences`; a string or an array of strings"),
    ("stop_sequences", Any, Mapped, never,
        "as `stop`, over which it wins unless it is empty; bedrock-wrapper 2 had both"),
    ("store", Flag, Warned, is_false,
        "Bedrock stores nothing"),
    ("stream", Flag, Mapped, never,
        "ConverseStream; `false` unless given"),
    ("stream_options", Object, Emulated, is_empty,
        "`include_usage`: a last chunk with what the call cost"),
    ("temperature", Number, Mapped, never,
        "`inferenceConfig.temperature`; 0 to 1, and up to 2 is sent as 1 with a warning"),
    ("thinking", Object, Mapped, never,
        "Anthropic's form: `type` `enabled`, `adaptive` or `disabled`, `budget_tokens`, and `display` `summarized` or `omitted`"),
    ("tool_choice", Any, Mapped, is_none_or_auto,
        "`toolConfig.toolChoice`: `none`, `auto`, `required`, a tool by its name, or `allowed_tools`"),
    ("tools", List, Mapped, is_empty,
        "`toolConfig.tools`; see [tools](#tools)"),
    ("top_k", Number, Mapped, never,
        "in the words of the model, where it has it; a whole number"),
    ("top_logprobs", Number, Refused, is_zero,
        "Converse gives no log probabilities"),
    ("top_p", Number, Mapped, never,
        "`inferenceConfig.topP`; 0 to 1"),
    ("user", Text, Mapped, never,
        "`requestMetadata.user`"),
    ("verbosity", Text, Warned, is_medium,
        "Converse has no such parameter; say in the messages how long the answer is to be"),
    ("web_search_options", Object, Mapped, never,
        "Nova's own search (`systemTool` `nova_grounding`); refused for models that are known to have none"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::chat::parse;
    use crate::dialect::fields::{Fate, check_table};
    use serde_json::{Value, json};

    /// `ChatCompletionCreateParamsBase` of openai 7.55.
    const API: [&str; 37] = [
        "audio",
        "frequency_penalty",
        "function_call",
        "functions",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "metadata",
        "modalities",
        "model",
        "moderation",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "reasoning_effort",
        "response_format",
        "safety_identifier",
        "seed",
        "service_tier",
        "stop",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
        "verbosity",
        "web_search_options",
    ];

    fn with(name: &str, value: Value) -> Value {
        let mut body = json!({"model": "m", "messages": [{"role": "user", "content": "Hi"}]});
        body[name] = value;
        body
    }

    #[test]
    fn the_table_is_in_order_and_has_every_field_of_openai() {
        check_table(FIELDS);
        for name in API {
            assert!(FIELDS.iter().any(|(field, ..)| *field == name), "{name} is missing");
        }
    }

    /// What nobody reads would not be noticed.
    #[test]
    fn each_field_that_is_carried_out_is_read() {
        let read = FIELDS.iter().filter(|(_, _, fate, ..)| matches!(fate, Fate::Mapped | Fate::Emulated));
        for (name, holds, ..) in read {
            let wrong = if *holds == Flag { json!("true") } else { json!(true) };
            let error = parse(with(name, wrong), &|_| None, false, &mut Vec::new()).expect_err(name);
            assert_eq!(error.param.as_deref(), Some(*name));
        }
    }

    #[test]
    fn null_is_silent_in_every_field() {
        for (name, ..) in FIELDS.iter().filter(|(name, ..)| !["model", "messages"].contains(name)) {
            let mut losses = Vec::new();
            parse(with(name, Value::Null), &|_| None, true, &mut losses).unwrap_or_else(|error| panic!("{error}"));
            assert!(losses.is_empty(), "{name}: {losses:?}");
        }
    }
}
