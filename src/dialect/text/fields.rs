//! Every field of a request, and what becomes of it: the one table.
//!
//! The fields are those of OpenAI's `ChatCompletionCreateParams` (openai 7.55) and of bedrock-wrapper 2.12.0.

use crate::dialect::fields::Fate::{Mapped, Refused, Warned};
use crate::dialect::fields::Holds::{Any, Flag, List, Number, Object, Text};
use crate::dialect::fields::{
    Row, is_default_tier, is_empty, is_false, is_medium, is_none_or_auto, is_none_word, is_one, is_text_format,
    is_text_only, is_zero, never,
};

/// Sorted by name.
#[rustfmt::skip]
pub(super) const FIELDS: &[Row] = &[
    ("audio", Object, Refused, never,
        "bedrockWrapper gives text only"),
    ("frequency_penalty", Number, Warned, is_zero,
        "Bedrock has no such parameter"),
    ("function_call", Any, Refused, is_none_word,
        "bedrockWrapper gives text only and cannot call functions"),
    ("functions", List, Refused, is_empty,
        "bedrockWrapper gives text only and cannot call functions"),
    ("include_thinking_data", Flag, Mapped, never,
        "whether the text shows the model's [thinking](#thinking); `false` unless given"),
    ("logit_bias", Object, Warned, is_empty,
        "Bedrock has no such parameter"),
    ("logprobs", Flag, Refused, is_false,
        "Bedrock gives no log probabilities"),
    ("max_completion_tokens", Number, Mapped, never,
        "as `max_tokens`, over which it wins"),
    ("max_tokens", Number, Mapped, never,
        "a whole number from 1. More than the model can is lowered to what it can, with a warning. Left out: the most the model can"),
    ("messages", List, Mapped, never,
        "see [below](#messages)"),
    ("metadata", Object, Warned, is_empty,
        "it is not passed on by bedrockWrapper"),
    ("modalities", List, Refused, is_text_only,
        "bedrockWrapper gives text only"),
    ("model", Text, Mapped, never,
        "see [models](models.md)"),
    ("moderation", Object, Refused, never,
        "bedrockWrapper does not moderate; a Bedrock guardrail does"),
    ("n", Number, Refused, is_one,
        "bedrockWrapper gives one answer; call it once for each"),
    ("parallel_tool_calls", Flag, Warned, never,
        "there are no tools to call"),
    ("prediction", Object, Warned, never,
        "Bedrock has no such parameter; the answer is the same, only not faster"),
    ("presence_penalty", Number, Warned, is_zero,
        "Bedrock has no such parameter"),
    ("prompt_cache_key", Text, Warned, never,
        "Bedrock has no such parameter"),
    ("prompt_cache_options", Object, Warned, never,
        "it is not passed on by bedrockWrapper"),
    ("prompt_cache_retention", Text, Warned, never,
        "it is not passed on by bedrockWrapper"),
    ("reasoning_effort", Text, Warned, is_none_word,
        "choose a -Thinking model name instead"),
    ("response_format", Object, Refused, is_text_format,
        "bedrockWrapper gives free text; ask for JSON in the messages"),
    ("safety_identifier", Text, Warned, never,
        "it is not passed on by bedrockWrapper"),
    ("seed", Number, Warned, never,
        "Bedrock has no such parameter"),
    ("service_tier", Text, Warned, is_default_tier,
        "it is not passed on by bedrockWrapper"),
    ("stop", Any, Mapped, never,
        "a string or an array of strings"),
    ("stop_sequences", Any, Mapped, never,
        "as `stop`, over which it wins unless it is empty"),
    ("store", Flag, Warned, is_false,
        "Bedrock stores nothing"),
    ("stream", Flag, Mapped, never,
        "`false` unless given; the strings `\"true\"` and `\"false\"` with a warning"),
    ("stream_options", Object, Warned, is_empty,
        "read the `usage` promise of the answer instead"),
    ("temperature", Number, Mapped, never,
        "0 to 1; values up to 2, which OpenAI takes, are sent as 1 with a warning"),
    ("tool_choice", Any, Refused, is_none_or_auto,
        "bedrockWrapper gives text only and cannot call tools"),
    ("tools", List, Refused, is_empty,
        "bedrockWrapper gives text only and cannot call tools"),
    ("top_logprobs", Number, Refused, is_zero,
        "Bedrock gives no log probabilities"),
    ("top_p", Number, Mapped, never,
        "0 to 1"),
    ("user", Text, Warned, never,
        "it is not passed on by bedrockWrapper"),
    ("verbosity", Text, Warned, is_medium,
        "say in the messages how long the answer is to be"),
    ("web_search_options", Object, Refused, never,
        "bedrockWrapper does not search the web"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::fields::{check_table, judge};
    use crate::dialect::losses::Losses;
    use serde_json::json;

    #[test]
    fn the_table_is_in_order() {
        check_table(FIELDS);
    }

    #[test]
    fn what_asks_for_nothing_is_silent_and_the_rest_is_not() {
        let mut list = Vec::new();
        let mut losses = Losses::new(&mut list, false);
        for (name, value) in [("n", json!(1)), ("response_format", json!({"type": "text"})), ("logit_bias", json!({}))]
        {
            judge(FIELDS, name, &value, &mut losses).unwrap();
        }
        judge(FIELDS, "seed", &json!(7), &mut losses).unwrap();
        judge(FIELDS, "no_such_field", &json!(7), &mut losses).unwrap();
        assert_eq!(judge(FIELDS, "n", &json!(2), &mut losses).unwrap_err().param.as_deref(), Some("n"));
        let params: Vec<_> = list.iter().map(|loss| loss.param.as_deref().unwrap()).collect();
        assert_eq!(params, ["seed", "no_such_field"]);
    }
}
