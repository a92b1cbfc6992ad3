//! When AWS stops serving a model (user guide, "Model lifecycle"): from that day on it answers 404.

use crate::simulator::timestamp;

/// Id without geography → its last day is the one before; sorted.
const ENDS: &[(&str, &str)] = &[
    ("anthropic.claude-3-5-sonnet-20240620-v1:0", "2026-03-01"),
    ("anthropic.claude-3-5-sonnet-20241022-v2:0", "2026-03-01"),
    ("anthropic.claude-3-7-sonnet-20250219-v1:0", "2026-04-28"),
    ("anthropic.claude-3-opus-20240229-v1:0", "2026-01-15"),
    ("anthropic.claude-3-sonnet-20240229-v1:0", "2025-07-21"),
    ("anthropic.claude-instant-v1", "2025-07-21"),
    ("anthropic.claude-opus-4-20250514-v1:0", "2026-05-31"),
    ("anthropic.claude-v2", "2025-07-21"),
    ("anthropic.claude-v2:1", "2025-07-21"),
];

/// The end of a model's life in seconds since 1970; `None` when none is announced.
pub(super) fn end_of(id: &str) -> Option<u64> {
    let at = ENDS.binary_search_by_key(&id, |row| row.0).ok()?;
    ENDS.get(at).and_then(|(_, day)| timestamp::parse_extended(&format!("{day}T00:00:00Z")))
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, ids};
    use super::*;

    #[test]
    fn the_table_is_sorted_dated_and_of_known_models() {
        assert!(ENDS.is_sorted_by(|left, right| left.0 < right.0), "keep ENDS in alphabetical order");
        let known: Vec<String> = ids(Kind::Text).collect();
        for (id, _) in ENDS {
            assert!(known.iter().any(|known| known == id), "{id} is not in the model table");
            assert!(end_of(id).is_some_and(|end| end > 1_700_000_000), "{id}");
        }
    }
}
