//! Calls of tools, as all families tell them.

use serde_json::{Value, json};

/// The input of a call as an object; what is no JSON stays text.
pub(super) fn input_value(text: &str) -> Value {
    match text.trim() {
        "" => json!({}),
        text => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
    }
}
