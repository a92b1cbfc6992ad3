//! Tokens, in the words of OpenAI's API (`CompletionUsage`).

use serde::Serialize;

use crate::conversation::Usage;

/// `usage`
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct CompletionUsage {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
    prompt_tokens_details: PromptDetails,
    completion_tokens_details: CompletionDetails,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct PromptDetails {
    cached_tokens: u64,
    cache_write_tokens: u64,
    audio_tokens: u64,
}

/// Converse counts none of these apart (`TokenUsage`): reasoning is part of `completion_tokens`.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct CompletionDetails {
    reasoning_tokens: u64,
    audio_tokens: u64,
    accepted_prediction_tokens: u64,
    rejected_prediction_tokens: u64,
}

impl CompletionUsage {
    /// What `choices` cost: the prompt counts once, as in OpenAI's API, the answers add up. The total is the sum, since
    /// the service's own leaves cached tokens out for some models.
    pub(super) fn of<'a>(choices: impl IntoIterator<Item = &'a Usage>) -> CompletionUsage {
        let mut choices = choices.into_iter().peekable();
        let first = choices.peek().copied().copied().unwrap_or_default();
        let cached_tokens = first.cache_read_input_tokens.unwrap_or(0);
        let cache_write_tokens = first.cache_write_input_tokens.unwrap_or(0);
        let fresh = first.input_tokens.unwrap_or(0);
        let prompt_tokens = fresh.saturating_add(cached_tokens).saturating_add(cache_write_tokens);
        let answers = choices.map(|usage| usage.output_tokens.unwrap_or(0));
        let completion_tokens = answers.fold(0, u64::saturating_add);
        CompletionUsage {
            prompt_tokens,
            completion_tokens,
            total_tokens: prompt_tokens.saturating_add(completion_tokens),
            prompt_tokens_details: PromptDetails { cached_tokens, cache_write_tokens, audio_tokens: 0 },
            completion_tokens_details: CompletionDetails::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_prompt_counts_once_and_the_cache_is_part_of_it() {
        let usage = Usage {
            input_tokens: Some(10),
            output_tokens: Some(7),
            total_tokens: Some(17),
            cache_read_input_tokens: Some(100),
            cache_write_input_tokens: Some(20),
        };
        let told = serde_json::to_value(CompletionUsage::of([&usage, &usage])).unwrap();
        assert_eq!(
            told,
            json!({
                "prompt_tokens": 130, "completion_tokens": 14, "total_tokens": 144,
                "prompt_tokens_details": {"cached_tokens": 100, "cache_write_tokens": 20, "audio_tokens": 0},
                "completion_tokens_details": {
                    "reasoning_tokens": 0, "audio_tokens": 0,
                    "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
                },
            })
        );
    }

    #[test]
    fn what_was_not_counted_is_zero() {
        assert_eq!(CompletionUsage::of([&Usage::default()]).total_tokens, 0);
        assert_eq!(CompletionUsage::of([]).total_tokens, 0);
    }
}
