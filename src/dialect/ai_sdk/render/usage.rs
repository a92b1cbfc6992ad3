//! What an answer cost, as `LanguageModelV4Usage`.

use serde::Serialize;
use serde_json::Value;

use crate::conversation::Usage;

/// `usage`
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenUsage {
    input_tokens: InputTokens,
    output_tokens: OutputTokens,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Value>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct InputTokens {
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_cache: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_read: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_write: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
struct OutputTokens {
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    /// The service does not tell reasoning apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<u64>,
}

impl TokenUsage {
    /// The tokens of `usage`, and `raw` as the service wrote it. Converse's `inputTokens` are those without the cache; a
    /// service that counts and does not name the cache did not use it.
    pub(super) fn new(usage: Usage, raw: Option<Value>) -> TokenUsage {
        let cached = |tokens: Option<u64>| usage.input_tokens.map_or(tokens, |_| Some(tokens.unwrap_or(0)));
        let (cache_read, cache_write) = (cached(usage.cache_read_input_tokens), cached(usage.cache_write_input_tokens));
        let counts = [usage.input_tokens, cache_read, cache_write];
        let total = usage.input_tokens.map(|_| counts.into_iter().flatten().fold(0, u64::saturating_add));
        let (no_cache, output) = (usage.input_tokens, usage.output_tokens);
        TokenUsage {
            input_tokens: InputTokens { total, no_cache, cache_read, cache_write },
            output_tokens: OutputTokens { total: output, text: output },
            raw,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_total_has_what_the_cache_gave_and_took() {
        let usage = Usage {
            input_tokens: Some(4),
            output_tokens: Some(34),
            cache_read_input_tokens: Some(2),
            cache_write_input_tokens: Some(3),
            ..Usage::default()
        };
        assert_eq!(
            serde_json::to_value(TokenUsage::new(usage, Some(json!({"inputTokens": 4})))).unwrap(),
            json!({
                "inputTokens": {"total": 9, "noCache": 4, "cacheRead": 2, "cacheWrite": 3},
                "outputTokens": {"total": 34, "text": 34},
                "raw": {"inputTokens": 4},
            })
        );
    }

    #[test]
    fn what_was_not_counted_is_left_out() {
        let usage = |usage| serde_json::to_value(TokenUsage::new(usage, None)).unwrap();
        assert_eq!(usage(Usage::default()), json!({"inputTokens": {}, "outputTokens": {}}));
        assert_eq!(
            usage(Usage { input_tokens: Some(1), ..Usage::default() })["inputTokens"],
            json!({"total": 1, "noCache": 1, "cacheRead": 0, "cacheWrite": 0})
        );
    }
}
