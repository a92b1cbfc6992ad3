//! What the wire says beyond what is understood here: kept as [`Event::Other`], never fatal.

use serde_json::{Map, Value};

use crate::conversation::{Event, StopReason};

/// Keeps the members of `body` that are not in `known`. Padding (`p`) and what is empty say nothing.
pub(super) fn keep_rest(body: &Value, known: &[&str], events: &mut Vec<Event>) {
    let Some(members) = body.as_object() else { return };
    for (name, value) in members.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
        keep(name, value, events);
    }
}

/// Keeps members that were set apart while reading.
pub(super) fn keep_all(rest: &Map<String, Value>, events: &mut Vec<Event>) {
    rest.iter().for_each(|(name, value)| keep(name, value, events));
}

/// Keeps one member, unless it says nothing.
pub(super) fn keep(name: &str, value: &Value, events: &mut Vec<Event>) {
    let says_nothing = match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => name == "p",
    };
    if !says_nothing {
        events.push(Event::Other { name: name.to_owned(), value: value.clone() });
    }
}

/// A guardrail's block is an answer without the model's own reason (recordings `titan/…-guardrail-blocked-02`,
/// `llama/invoke-llama3-3-70b-guardrail-blocked-01`): it is the reason itself.
pub(super) fn blocked(rest: &Map<String, Value>) -> Option<StopReason> {
    let action = rest.get("amazon-bedrock-guardrailAction")?;
    (action == "INTERVENED").then_some(StopReason::GuardrailIntervened)
}

/// A count of tokens; guardrails write `3.0`.
pub(super) fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| whole(value.as_f64()?))
}

/// A count that was written as a decimal number.
pub(super) fn whole(number: f64) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
    (number >= 0.0 && number <= f64::from(u32::MAX)).then_some(number as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_says_something_unknown_is_kept() {
        let body = json!({"text": "Hi", "p": "abc", "trace": null, "tools": {}, "later": {"a": 1}});
        let mut events = Vec::new();
        keep_rest(&body, &["text"], &mut events);
        assert_eq!(events, [Event::Other { name: "later".into(), value: json!({"a": 1}) }]);
    }

    #[test]
    fn counts_are_read_in_both_spellings() {
        assert_eq!(
            (count(&json!(3)), count(&json!(3.0)), count(&json!(-1)), count(&json!("3"))),
            (Some(3), Some(3), None, None)
        );
    }
}
