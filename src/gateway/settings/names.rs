//! One name, two spellings: `ping_seconds` in TOML, `pingSeconds` in JavaScript.

use serde_json::{Map, Value};

use super::table::NESTED;

/// JavaScript's spelling. Works on paths (`keys[0].max_tokens`) as well.
pub(super) fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut letters = name.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '_' => out.extend(letters.next().map(|next| next.to_ascii_uppercase())),
            letter => out.push(letter),
        }
    }
    out
}

/// TOML's spelling.
fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// A program's options with names as TOML has them. Names that are the user's own stay as they are.
pub(super) fn of_program(options: Map<String, Value>) -> Map<String, Value> {
    let member = |(name, value): (String, Value)| {
        let name = snake(&name);
        let named_by_user = NESTED.iter().any(|nested| nested.name == name && nested.named_by_user);
        let value = match value {
            Value::Object(members) if named_by_user => {
                members.into_iter().map(|(name, value)| (name, respelt(value))).collect()
            }
            value => respelt(value),
        };
        (name, value)
    };
    options.into_iter().map(member).collect()
}

fn respelt(value: Value) -> Value {
    match value {
        Value::Object(members) => members.into_iter().map(|(name, value)| (snake(&name), respelt(value))).collect(),
        Value::Array(items) => items.into_iter().map(respelt).collect(),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::settings::table;
    use serde_json::json;

    #[test]
    fn every_name_survives_both_ways() {
        for row in table::all() {
            assert_eq!(snake(&camel(row.name)), row.name);
        }
        assert_eq!(camel("keys[0].max_tokens"), "keys[0].maxTokens");
    }

    #[test]
    fn names_are_respelt_wherever_they_stand_and_texts_are_not() {
        let options = json!({"pingSeconds": 1, "keys": [{"maxTokens": 2}], "profile": "myProfile"});
        let Value::Object(options) = options else { unreachable!() };
        let expected = json!({"ping_seconds": 1, "keys": [{"max_tokens": 2}], "profile": "myProfile"});
        assert_eq!(Value::Object(of_program(options)), expected);
    }
}
