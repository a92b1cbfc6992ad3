//! What the service says besides the answer, as `providerMetadata`.

use serde_json::{Map, Value, json};

use super::part::ProviderMetadata;
use crate::conversation::Usage;

/// What is read of `TokenUsage`: `usage` of a result has it of its own, and those of the cache come in two spellings.
const COUNTED: &[&str] = &[
    "inputTokens",
    "outputTokens",
    "totalTokens",
    "cacheReadInputTokens",
    "cacheReadInputTokenCount",
    "cacheWriteInputTokens",
    "cacheWriteInputTokenCount",
];

/// What came besides the answer. Names are those of `@ai-sdk/amazon-bedrock`, and Converse's where it has none.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) trace: Option<Value>,
    pub(super) performance_config: Option<Value>,
    pub(super) service_tier: Option<String>,
    /// `TokenUsage` as the service wrote it.
    pub(super) usage: Option<Value>,
    pub(super) latency: Option<u64>,
    pub(super) stop_sequence: Option<String>,
    pub(super) additional: Option<Value>,
    pub(super) by_json_tool: bool,
    /// What is not known here, as it came.
    other: Vec<(String, Value)>,
}

impl Told {
    /// Keeps what is not understood.
    pub(super) fn keep(&mut self, name: String, value: Value) {
        self.other.push((name, value));
    }

    /// All of it, if there is anything; with what `counted` says of the cache.
    pub(super) fn metadata(self, counted: &Usage) -> Option<ProviderMetadata> {
        let Told { trace, performance_config, service_tier, usage, latency, stop_sequence, additional, .. } = self;
        // What a count of tokens has besides is told as part of it.
        let is_counted = |name: &str, value: &Value| usage.as_ref().and_then(|usage| usage.get(name)) == Some(value);
        let other = self.other.into_iter().filter(|(name, value)| !is_counted(name, value));
        let other: Vec<Value> = other.map(|(name, value)| json!({ name: value })).collect();
        let usage = cache_and_more(counted, usage.as_ref().and_then(Value::as_object));
        let named = ["/stop_sequence", "/delta/stop_sequence"]
            .into_iter()
            .find_map(|place| additional.as_ref()?.pointer(place)?.as_str().map(str::to_owned));
        let stop_sequence = stop_sequence.or(named);
        let members = [
            ("trace", trace),
            ("performanceConfig", performance_config),
            ("serviceTier", service_tier.map(|tier| json!({"type": tier}))),
            ("usage", (!usage.is_empty()).then_some(Value::Object(usage))),
            ("metrics", latency.map(|milliseconds| json!({"latencyMs": milliseconds}))),
            ("additionalModelResponseFields", additional),
            ("isJsonResponseFromTool", self.by_json_tool.then_some(Value::Bool(true))),
            ("other", (!other.is_empty()).then_some(Value::Array(other))),
        ];
        let members = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let mut metadata: Map<String, Value> = members.collect();
        if metadata.is_empty() && stop_sequence.is_none() {
            return None;
        }
        metadata.insert("stopSequence".to_owned(), stop_sequence.into());
        Some(ProviderMetadata(Value::Object(metadata)))
    }
}

fn cache_and_more(counted: &Usage, written: Option<&Map<String, Value>>) -> Map<String, Value> {
    let says_nothing = |value: &Value| match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    let cache = [
        ("cacheReadInputTokens", counted.cache_read_input_tokens),
        ("cacheWriteInputTokens", counted.cache_write_input_tokens),
    ];
    let cache = cache.into_iter().filter_map(|(name, tokens)| Some((name.to_owned(), tokens?.into())));
    let more = written.into_iter().flatten();
    let more = more.filter(|(name, value)| !COUNTED.contains(&name.as_str()) && !says_nothing(value));
    cache.chain(more.map(|(name, value)| (name.clone(), value.clone()))).collect()
}
