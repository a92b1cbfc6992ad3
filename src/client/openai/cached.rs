//! Prompt caching that a setting asks for, for requests that do not speak of it themselves.

use serde_json::{Value, json};

/// Fields in which a request says itself what is to be kept.
const SPOKEN: &[&str] = &["prompt_caching", "prompt_cache_options", "cache_control"];

/// Asks for all that can be kept, unless `body` speaks of it. Whether it did.
pub(super) fn ask_for(body: &mut Value) -> bool {
    let speaks = |fields: &Value| SPOKEN.iter().any(|name| fields.get(name).is_some_and(|value| !value.is_null()));
    if speaks(body) || body.get("extra_body").is_some_and(speaks) {
        return false;
    }
    let Some(fields) = body.as_object_mut() else { return false };
    fields.insert("prompt_caching".to_owned(), json!({"system": true, "messages": true, "tools": true}));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_speaks_of_caching_has_its_way() {
        let mut silent = json!({"messages": [], "cache_control": null});
        assert!(ask_for(&mut silent));
        assert_eq!(silent["prompt_caching"]["system"], true);
        for mut speaks in [
            json!({"prompt_caching": {"system": false}}),
            json!({"extra_body": {"prompt_caching": {"system": false}}}),
            json!({"cache_control": {"type": "ephemeral"}}),
            json!([]),
        ] {
            let before = speaks.clone();
            assert!(!ask_for(&mut speaks));
            assert_eq!(speaks, before);
        }
    }
}
