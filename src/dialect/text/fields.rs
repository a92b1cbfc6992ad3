//! Every field of a request, and what becomes of it: the one table.
//!
//! The fields are those of OpenAI's `ChatCompletionCreateParams` (openai 7.55) and of bedrock-wrapper 2.12.0. `null`
//! counts as absent everywhere. A field that is not here is reported as unknown.

use serde_json::Value;

use crate::conversation::{Loss, LossCode};
use crate::error::{Error, Result};

/// What becomes of a field.
pub(super) enum Fate {
    /// Carried over; read elsewhere in this dialect.
    Mapped,
    /// Left out with a warning, unless the value asks for nothing.
    Warned(&'static str),
    /// The answer could not be what was asked: an error, unless the value asks for nothing.
    Refused(&'static str),
}

/// Name, fate, and the values that ask for nothing.
type Row = (&'static str, Fate, fn(&Value) -> bool);

use Fate::{Mapped, Refused, Warned};

/// Sorted by name.
#[rustfmt::skip]
const FIELDS: &[Row] = &[
    ("audio",                 Refused("bedrockWrapper gives text only"), never),
    ("frequency_penalty",     Warned("Bedrock has no such parameter"), is_zero),
    ("function_call",         Refused("bedrockWrapper gives text only and cannot call functions"), is_none_word),
    ("functions",             Refused("bedrockWrapper gives text only and cannot call functions"), is_empty),
    ("include_thinking_data", Mapped, never),
    ("logit_bias",            Warned("Bedrock has no such parameter"), is_empty),
    ("logprobs",              Refused("Bedrock gives no log probabilities"), is_false),
    ("max_completion_tokens", Mapped, never),
    ("max_tokens",            Mapped, never),
    ("messages",              Mapped, never),
    ("metadata",              Warned("it is not passed on by bedrockWrapper"), is_empty),
    ("modalities",            Refused("bedrockWrapper gives text only"), is_text_only),
    ("model",                 Mapped, never),
    ("moderation",            Refused("bedrockWrapper does not moderate; a Bedrock guardrail does"), never),
    ("n",                     Refused("bedrockWrapper gives one answer; call it once for each"), is_one),
    ("parallel_tool_calls",   Warned("there are no tools to call"), never),
    ("prediction",            Warned("Bedrock has no such parameter; the answer is the same, only not faster"), never),
    ("presence_penalty",      Warned("Bedrock has no such parameter"), is_zero),
    ("prompt_cache_key",      Warned("Bedrock has no such parameter"), never),
    ("prompt_cache_options",  Warned("it is not passed on by bedrockWrapper"), never),
    ("prompt_cache_retention", Warned("it is not passed on by bedrockWrapper"), never),
    ("reasoning_effort",      Warned("choose a -Thinking model name instead"), is_none_word),
    ("response_format",       Refused("bedrockWrapper gives free text; ask for JSON in the messages"), is_text_format),
    ("safety_identifier",     Warned("it is not passed on by bedrockWrapper"), never),
    ("seed",                  Warned("Bedrock has no such parameter"), never),
    ("service_tier",          Warned("it is not passed on by bedrockWrapper"), is_auto),
    ("stop",                  Mapped, never),
    ("stop_sequences",        Mapped, never),
    ("store",                 Warned("Bedrock stores nothing"), is_false),
    ("stream",                Mapped, never),
    ("stream_options",        Warned("read the `usage` promise of the answer instead"), is_empty),
    ("temperature",           Mapped, never),
    ("tool_choice",           Refused("bedrockWrapper gives text only and cannot call tools"), is_no_tool_choice),
    ("tools",                 Refused("bedrockWrapper gives text only and cannot call tools"), is_empty),
    ("top_logprobs",          Refused("Bedrock gives no log probabilities"), is_zero),
    ("top_p",                 Mapped, never),
    ("user",                  Warned("it is not passed on by bedrockWrapper"), never),
    ("verbosity",             Warned("say in the messages how long the answer is to be"), is_medium),
    ("web_search_options",    Refused("bedrockWrapper does not search the web"), never),
];

/// Reports or refuses one field that is not [`Mapped`].
pub(super) fn judge(name: &str, value: &Value, losses: &mut Vec<Loss>) -> Result<()> {
    if value.is_null() {
        return Ok(());
    }
    let Ok(row) = FIELDS.binary_search_by(|(known, ..)| (*known).cmp(name)) else {
        losses.push(Loss::of(LossCode::UnsupportedField, name, "This field is not known and was left out."));
        return Ok(());
    };
    let (_, fate, asks_nothing) = &FIELDS[row];
    match fate {
        _ if asks_nothing(value) => Ok(()),
        Mapped => Ok(()),
        Warned(why) => {
            losses.push(Loss::of(LossCode::UnsupportedField, name, format!("Left out: {why}.")));
            Ok(())
        }
        Refused(why) => Err(Error::invalid(name, format!("cannot be done: {why}."))),
    }
}

fn never(_: &Value) -> bool {
    false
}

fn is_zero(value: &Value) -> bool {
    value.as_f64() == Some(0.0)
}

fn is_one(value: &Value) -> bool {
    value.as_f64() == Some(1.0)
}

fn is_false(value: &Value) -> bool {
    value == false
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty)
}

fn is_none_word(value: &Value) -> bool {
    value == "none"
}

fn is_no_tool_choice(value: &Value) -> bool {
    value == "none" || value == "auto"
}

fn is_auto(value: &Value) -> bool {
    value == "auto" || value == "default"
}

fn is_medium(value: &Value) -> bool {
    value == "medium"
}

fn is_text_only(value: &Value) -> bool {
    value.as_array().is_some_and(|words| words.iter().all(|word| word == "text"))
}

fn is_text_format(value: &Value) -> bool {
    value.get("type").is_some_and(|kind| kind == "text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_table_is_sorted_and_each_field_stands_once() {
        for pair in FIELDS.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} must stand after {}", pair[1].0, pair[0].0);
        }
    }

    #[test]
    fn what_asks_for_nothing_is_silent_and_the_rest_is_not() {
        let mut losses = Vec::new();
        for (name, value) in [("n", json!(1)), ("response_format", json!({"type": "text"})), ("seed", Value::Null)] {
            judge(name, &value, &mut losses).unwrap();
        }
        assert!(losses.is_empty());
        judge("seed", &json!(7), &mut losses).unwrap();
        judge("no_such_field", &json!(7), &mut losses).unwrap();
        assert_eq!(losses.len(), 2);
        assert_eq!(judge("n", &json!(2), &mut losses).unwrap_err().param.as_deref(), Some("n"));
    }
}
