//! What stands before OpenAI's paths, however it is written: `/v1`, `v1/`, or `/` for nothing at all.

use serde::{Deserialize, Deserializer};

pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let given = Vec::<String>::deserialize(deserializer)?;
    Ok(given.iter().map(|prefix| canonical(prefix)).collect())
}

/// With a slash before each part and none at the end.
pub(super) fn canonical(prefix: &str) -> String {
    let parts = prefix.split('/').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| format!("/{part}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_may_stand_anywhere() {
        for (given, expected) in [("/v1", "/v1"), ("api/v1/", "/api/v1"), ("/", ""), ("", ""), (" /llm ", "/llm")] {
            assert_eq!(canonical(given), expected);
        }
    }
}
