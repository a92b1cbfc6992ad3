//! JSON text written piece by piece: for bodies whose keys have an order of their own, and that are written often.

use serde::Serialize;
use serde_json::Value;

/// Members whose value is the model's own: their keys are not sorted (recorded of `toolResult`'s `json`).
const FREE: &[&str] = &["input", "json"];

/// JSON text under construction. Strings are escaped and commas are set here; the caller minds the brackets.
#[derive(Debug, Default)]
pub(super) struct Json(Vec<u8>);

impl Json {
    /// An object whose members follow.
    pub(super) fn object() -> Json {
        Json(vec![b'{'])
    }

    /// Appends text as it is.
    pub(super) fn raw(&mut self, text: &str) -> &mut Json {
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    /// A comma, unless this is the first item of its object or list.
    pub(super) fn comma(&mut self) -> &mut Json {
        if !matches!(self.0.last(), None | Some(b'{' | b'[')) {
            self.0.push(b',');
        }
        self
    }

    /// The key of the next member; `key` needs no escaping.
    pub(super) fn member(&mut self, key: &'static str) -> &mut Json {
        self.comma().raw("\"").raw(key).raw("\":")
    }

    /// Appends a string.
    pub(super) fn string(&mut self, text: &str) -> &mut Json {
        self.serialize(text)
    }

    /// Appends a number.
    pub(super) fn number(&mut self, number: u64) -> &mut Json {
        self.serialize(&number)
    }

    /// Appends a value, its keys in their own order.
    pub(super) fn value(&mut self, value: &Value) -> &mut Json {
        self.serialize(value)
    }

    /// Appends a value, its keys in alphabetical order but for what is the model's own.
    pub(super) fn sorted(&mut self, value: &Value) -> &mut Json {
        match value {
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_unstable_by_key(|(key, _)| *key);
                self.raw("{");
                for (key, value) in members {
                    self.comma().string(key).raw(":");
                    if FREE.contains(&key.as_str()) {
                        self.value(value)
                    } else {
                        self.sorted(value)
                    };
                }
                self.raw("}")
            }
            Value::Array(items) => {
                self.raw("[");
                for item in items {
                    self.comma().sorted(item);
                }
                self.raw("]")
            }
            value => self.value(value),
        }
    }

    /// The text.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn serialize(&mut self, value: &(impl Serialize + ?Sized)) -> &mut Json {
        // Writing texts, numbers and values to a vector cannot fail.
        let _ = serde_json::to_writer(&mut self.0, value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(write: impl FnOnce(&mut Json) -> &mut Json) -> String {
        let mut out = Json::default();
        write(&mut out);
        String::from_utf8(out.into_bytes()).unwrap()
    }

    #[test]
    fn commas_stand_between_members() {
        let written = text(|out| {
            out.raw("{").member("a").raw("[").comma().number(1).comma().string("é\"").raw("]");
            out.member("b").raw("{").member("c").string("{").raw("}}")
        });
        assert_eq!(written, r#"{"a":[1,"é\""],"b":{"c":"{"}}"#);
    }

    #[test]
    fn keys_are_sorted_but_for_what_is_the_models_own() {
        let value = json!({"b": [{"d": 1, "c": {}}], "a": {"json": {"z": 1, "y": 2.0}, "input": {"k": 1, "j": 2}}});
        let sorted = r#"{"a":{"input":{"k":1,"j":2},"json":{"z":1,"y":2.0}},"b":[{"c":{},"d":1}]}"#;
        assert_eq!(text(|out| out.sorted(&value)), sorted);
    }
}
