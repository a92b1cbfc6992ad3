//! What stands around the content of a message: key order and counts, which differ between the ages of models.
//!
//! The latest recording of each model decides. What earlier ones have otherwise is listed in the test beside the codecs.

use serde_json::{Map, Value, json};

use super::super::Opening;
use crate::simulator::answer::{Stop, Usage};
use crate::simulator::models::Model;

/// How a model writes its envelope; each has what those before it have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Age {
    /// To 3.5 Sonnet: `id` first, two counts.
    Plain,
    /// 3.5 Haiku to 3.7: `model` first, tokens of the cache.
    Cached,
    /// 4 to Opus 4.7: how long they are cached, all counts at the end of a stream.
    Split,
    /// Sonnet 5, Opus 4.8 and later: `stop_details`, `service_tier`, tokens of the thinking.
    Detailed,
}

/// Start of the id → age; the first that fits.
const AGES: &[(&str, Age)] = &[
    ("anthropic.claude-3-5-haiku", Age::Cached),
    ("anthropic.claude-3-5-sonnet-20241022", Age::Cached),
    ("anthropic.claude-3-7", Age::Cached),
    ("anthropic.claude-opus-4-8", Age::Detailed),
    ("anthropic.claude-opus-4", Age::Split),
    ("anthropic.claude-sonnet-4", Age::Split),
    ("anthropic.claude-haiku-4", Age::Split),
    ("anthropic.claude-mythos-preview", Age::Split),
    ("anthropic.claude-opus", Age::Detailed),
    ("anthropic.claude-sonnet", Age::Detailed),
    ("anthropic.claude-haiku", Age::Detailed),
    ("anthropic.claude-fable", Age::Detailed),
    ("anthropic.claude-mythos", Age::Detailed),
];

impl Age {
    pub(super) fn of(model: &Model) -> Age {
        AGES.iter().find(|(prefix, _)| model.is(prefix)).map_or(Age::Plain, |(_, age)| *age)
    }
}

/// The message object: whole, or as it stands in `message_start` (without a stop).
pub(super) fn message(opening: &Opening, content: Vec<Value>, stop: Option<&Stop>, usage: Usage) -> Value {
    let age = Age::of(opening.model);
    let name: Value = model_name(&opening.model.id).into();
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.into(), value);
    if age > Age::Plain {
        put("model", name.clone());
    }
    put("id", format!("msg_bdrk_01{}", opening.identity.token).into());
    put("type", "message".into());
    put("role", "assistant".into());
    if age == Age::Plain {
        put("model", name);
    }
    put("content", content.into());
    put("stop_reason", stop.map(stop_reason).into());
    put("stop_sequence", stop_sequence(stop));
    if age == Age::Detailed {
        put("stop_details", Value::Null);
    }
    put("usage", counts(age, usage));
    out.into()
}

fn counts(age: Age, usage: Usage) -> Value {
    let cache = usage.cache.unwrap_or_default();
    let mut counts = json!({"input_tokens": usage.input});
    if age > Age::Plain {
        counts["cache_creation_input_tokens"] = cache.write.into();
        counts["cache_read_input_tokens"] = cache.read.into();
    }
    if age > Age::Cached {
        let short = cache.write.saturating_sub(cache.write_hour);
        counts["cache_creation"] =
            json!({"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": cache.write_hour});
    }
    counts["output_tokens"] = usage.output.into();
    if age == Age::Detailed {
        counts["service_tier"] = "standard".into();
    }
    counts
}

/// `usage` of `message_delta`.
pub(super) fn closing_counts(age: Age, usage: Usage) -> Value {
    let cache = usage.cache.unwrap_or_default();
    match age {
        Age::Plain | Age::Cached => json!({"output_tokens": usage.output}),
        Age::Split | Age::Detailed => json!({
            "input_tokens": usage.input,
            "cache_creation_input_tokens": cache.write,
            "cache_read_input_tokens": cache.read,
            "output_tokens": usage.output,
        }),
    }
}

/// Anthropic's name of the model: `claude-3-5-sonnet-20240620`, not the Bedrock id.
fn model_name(id: &str) -> &str {
    match id.strip_prefix("anthropic.").unwrap_or(id) {
        "claude-v2" => "claude-2.0",
        "claude-v2:1" => "claude-2.1",
        "claude-instant-v1" => "claude-instant-1.2",
        name => name.split_once("-v").map_or(name, |(name, _)| name),
    }
}

pub(super) fn stop_reason(stop: &Stop) -> &str {
    match stop {
        Stop::Guardrail | Stop::ContentFiltered => "refusal",
        stop => stop.reason(),
    }
}

pub(super) fn stop_sequence(stop: Option<&Stop>) -> Value {
    match stop {
        Some(Stop::Sequence(sequence)) => sequence.as_str().into(),
        _ => Value::Null,
    }
}
