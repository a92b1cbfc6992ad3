//! Settings as resolved, as TOML that a gateway could be started with but for the secrets, which are hidden.

use std::fmt::Write as _;

use serde_json::{Map, Value, to_value};

use super::layers::Resolved;
use super::origin::Origin;
use super::table::{self, NESTED, Nested};

/// What stands in place of a secret.
const HIDDEN: &str = "(hidden)";

impl Resolved {
    /// Every setting with its value, and behind it where that comes from. Settings without a value are comments.
    pub fn to_toml(&self) -> String {
        let Ok(Value::Object(settings)) = to_value(&self.settings) else { return String::new() };
        let mut out = String::new();
        for (heading, rows) in table::TABLE {
            // Writing to a string does not fail.
            let _ = writeln!(out, "# {heading}");
            for row in *rows {
                let origin = self.origins.get(row.name).unwrap_or(&Origin::Default);
                let _ = match settings.get(row.name) {
                    None | Some(Value::Null) => writeln!(out, "# {} is not set", row.name),
                    Some(value) if row.secret => writeln!(out, "{} = {}  # {origin}", row.name, toml(&hidden(value))),
                    Some(value) => writeln!(out, "{} = {}  # {origin}", row.name, toml(value)),
                };
            }
            out.push('\n');
        }
        NESTED.iter().for_each(|nested| self.nested(nested, &settings, &mut out));
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }

    fn nested(&self, nested: &Nested, settings: &Map<String, Value>, out: &mut String) {
        let origin = self.origins.get(nested.name).unwrap_or(&Origin::Default);
        let secrets: Vec<&str> =
            nested.secrets.iter().copied().chain(table::all().filter(|row| row.secret).map(|row| row.name)).collect();
        let Some(value) = settings.get(nested.name).map(|value| without(value, &secrets)) else { return };
        let _ = match &value {
            Value::Array(items) if !items.is_empty() => {
                items.iter().filter_map(Value::as_object).try_for_each(|item| {
                    writeln!(out, "[[{}]]  # {origin}", nested.name)?;
                    members(item, out)
                })
            }
            Value::Object(all) if !all.is_empty() => {
                writeln!(out, "[{}]  # {origin}", nested.name).and_then(|()| members(all, out))
            }
            _ => writeln!(out, "# no {}", nested.name),
        };
        out.push('\n');
    }
}

fn members(object: &Map<String, Value>, out: &mut String) -> std::fmt::Result {
    let mut given = object.iter().filter(|(_, value)| !value.is_null());
    given.try_for_each(|(name, value)| writeln!(out, "{} = {}", key(name), toml(value)))
}

fn hidden(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|_| Value::from(HIDDEN)).collect(),
        _ => HIDDEN.into(),
    }
}

/// The same without the values of the members that are called so, at any depth.
fn without(value: &Value, secrets: &[&str]) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let value = if secrets.contains(&name.as_str()) && !value.is_null() {
                    hidden(value)
                } else {
                    without(value, secrets)
                };
                (name.clone(), value)
            })
            .collect(),
        Value::Array(items) => items.iter().map(|item| without(item, secrets)).collect(),
        value => value.clone(),
    }
}

/// A value in one line. TOML has no null: members without a value are left out.
fn toml(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => string(text),
        Value::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let given = members.iter().filter(|(_, value)| !value.is_null());
            let members: Vec<String> = given.map(|(name, value)| format!("{} = {}", key(name), toml(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
    }
}

fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if bare { name.to_owned() } else { string(name) }
}

/// TOML's basic strings are JSON's, but for DEL, which must be escaped (TOML 1.0, "String").
fn string(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::settings::Layers;
    use serde_json::json;

    fn resolved(options: Value) -> Resolved {
        let mut layers = Layers::default();
        layers.options(options.as_object().cloned().unwrap());
        layers.resolve().unwrap()
    }

    #[test]
    fn what_is_shown_leads_to_the_same_settings() {
        let given = json!({"port": 9, "pingSeconds": 1.5, "pathPrefixes": ["/a\"\u{7f}"], "region": "eu-west-1"});
        let resolved = resolved(given);
        let mut layers = Layers::default();
        layers.file(&resolved.to_toml(), "shown.toml").unwrap();
        assert_eq!(layers.resolve().unwrap().settings, resolved.settings);
    }

    #[test]
    fn values_tell_where_they_come_from_and_secrets_are_hidden() {
        let text = resolved(json!({"port": 9, "apiKeys": ["sk-1", "sk-2"], "secretAccessKey": "s3cret"})).to_toml();
        for line in [
            "port = 9  # option",
            "host = \"127.0.0.1\"  # default",
            "# region is not set",
            "api_keys = [\"(hidden)\", \"(hidden)\"]  # option",
            "secret_access_key = \"(hidden)\"  # option",
        ] {
            assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
        }
        assert!(!text.contains("sk-") && !text.contains("s3cret"));
    }

    #[test]
    fn secrets_are_hidden_at_any_depth() {
        let given = json!([{"id": "a", "key": "sk-1", "more": {"key": ["sk-2"], "other": null}}]);
        let shown = without(&given, &["key"]);
        assert_eq!(shown, json!([{"id": "a", "key": HIDDEN, "more": {"key": [HIDDEN], "other": null}}]));
        assert_eq!(toml(&shown), r#"[{ id = "a", key = "(hidden)", more = { key = ["(hidden)"] } }]"#);
    }
}
