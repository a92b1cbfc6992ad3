//! How many tokens a model can be asked, from the providers' documentation. What is not listed takes any number.

/// Ids that start so → tokens; the longest prefix decides.
const WINDOWS: &[(&str, u64)] = &[
    ("amazon.nova-2", 1_000_000),
    ("amazon.nova-lite", 300_000),
    ("amazon.nova-micro", 128_000),
    ("amazon.nova-premier", 1_000_000),
    ("amazon.nova-pro", 300_000),
    ("amazon.titan-text-express", 8192),
    ("amazon.titan-text-lite", 4096),
    ("amazon.titan-text-premier", 32_000),
    ("anthropic.claude-3", 200_000),
    ("anthropic.claude-fable", 1_000_000),
    ("anthropic.claude-haiku-4", 200_000),
    ("anthropic.claude-instant", 100_000),
    ("anthropic.claude-mythos", 1_000_000),
    ("anthropic.claude-opus-4", 200_000),
    ("anthropic.claude-opus-4-6", 1_000_000),
    ("anthropic.claude-opus-4-7", 1_000_000),
    ("anthropic.claude-opus-4-8", 1_000_000),
    ("anthropic.claude-opus-5", 1_000_000),
    ("anthropic.claude-sonnet-4", 200_000),
    ("anthropic.claude-sonnet-4-6", 1_000_000),
    ("anthropic.claude-sonnet-5", 1_000_000),
    ("anthropic.claude-v2", 100_000),
    ("anthropic.claude-v2:1", 200_000),
    ("cohere.command-r", 128_000),
    ("deepseek.r1", 128_000),
    ("meta.llama3-1", 128_000),
    ("meta.llama3-2", 128_000),
    ("meta.llama3-3", 128_000),
    ("meta.llama3-70b", 8192),
    ("meta.llama3-8b", 8192),
    ("mistral.mistral-7b", 32_000),
    ("mistral.mistral-large-2402", 32_000),
    ("mistral.mistral-large-2407", 128_000),
    ("mistral.mixtral", 32_000),
];

/// The window of the model with this id, geography aside.
pub(super) fn window(id: &str) -> Option<u64> {
    let fitting = WINDOWS.iter().filter(|row| id.starts_with(row.0));
    fitting.max_by_key(|row| row.0.len()).map(|row| row.1)
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, ids};
    use super::*;

    #[test]
    fn every_row_is_of_a_known_model_and_the_longest_decides() {
        assert!(WINDOWS.is_sorted_by(|left, right| left.0 < right.0), "keep WINDOWS in alphabetical order");
        let known: Vec<String> = ids(Kind::Text).collect();
        for (prefix, _) in WINDOWS {
            assert!(known.iter().any(|id| id.starts_with(prefix)), "{prefix} starts no id of the model table");
        }
        assert_eq!(window("anthropic.claude-opus-4-5-20251101-v1:0"), Some(200_000));
        assert_eq!(window("anthropic.claude-opus-4-6-v1"), Some(1_000_000));
        assert_eq!(window("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdefghijkl"), None);
    }
}
