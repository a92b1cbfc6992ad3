//! The names nearest to a mistyped one.

use strsim::normalized_damerau_levenshtein;

/// How many names are suggested at most.
const MOST: usize = 3;
/// Below this likeness (0 to 1) a suggestion would only mislead.
const LEAST_LIKENESS: f64 = 0.6;
/// A longer input is no typing mistake, and comparing costs its length times that of each candidate.
const LONGEST_INPUT: usize = 128;

/// Up to three of `candidates` that are most like `input`, the likest first; letter case does not count.
pub(crate) fn nearest<'c>(input: &str, candidates: impl Iterator<Item = &'c str>) -> Vec<&'c str> {
    if input.is_empty() || input.len() > LONGEST_INPUT {
        return Vec::new();
    }
    let input = input.to_ascii_lowercase();
    let mut likes: Vec<(f64, &str)> = candidates
        .map(|candidate| (normalized_damerau_levenshtein(&input, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= LEAST_LIKENESS)
        .collect();
    likes.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
    likes.dedup_by_key(|(_, candidate)| *candidate);
    likes.into_iter().take(MOST).map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["Claude-4-5-Haiku", "Claude-4-5-Sonnet", "Claude-4.5-Sonnet", "Nova-Pro", "Nova-Pro"];

    #[test]
    fn the_likest_comes_first_whatever_its_case() {
        assert_eq!(nearest("claude-4-5-sonnet", NAMES.into_iter())[..2], ["Claude-4-5-Sonnet", "Claude-4.5-Sonnet"]);
        assert_eq!(nearest("NovaPro", NAMES.into_iter()), ["Nova-Pro"]);
    }

    #[test]
    fn nothing_is_suggested_for_what_is_no_typing_mistake() {
        assert!(nearest("No-Such-Model", NAMES.into_iter()).is_empty());
        assert!(nearest("", NAMES.into_iter()).is_empty());
        assert!(nearest(&"Nova-Pro".repeat(100), NAMES.into_iter()).is_empty());
    }
}
