//! `providerOptions`: what a call says to this provider alone.

use serde_json::{Map, Value};

use crate::dialect::fields::{Row, knows};
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// The keys under which the options stand, and where errors say that they do. Of an option under both the first counts.
const KEYS: [(&str, &str); 2] =
    [("amazonBedrock", "providerOptions.amazonBedrock"), ("bedrock", "providerOptions.bedrock")];

/// The options, taken out of a call.
pub(super) fn take(call: &mut Object<'_>) -> Result<Object<'static>> {
    let mut all = call.map("providerOptions")?.unwrap_or_default();
    let (mut options, mut root) = (Map::new(), "providerOptions");
    for (key, place) in KEYS.into_iter().rev() {
        match all.remove(key) {
            None | Some(Value::Null) => {}
            Some(Value::Object(members)) => {
                options.extend(members);
                root = place;
            }
            Some(other) => return Err(Error::wrong_type(place, "an object", &other)),
        }
    }
    Object::read(options.into(), Path::field(root), "an object")
}

/// The options that `table` does not have: members of the model's own body.
pub(super) fn others(options: &mut Object<'_>, table: &[Row]) -> Map<String, Value> {
    let names: Vec<String> =
        options.unread().map(|(name, _)| name.to_owned()).filter(|name| !knows(table, name)).collect();
    names.into_iter().filter_map(|name| options.take(&name).map(|value| (name, value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn two_keys_hold_them_and_the_newer_wins() {
        for (given, found) in [
            (json!({"bedrock": {"a": 1}}), Some(1)),
            (json!({"amazonBedrock": {"a": 2}, "bedrock": {"a": 1}}), Some(2)),
            (json!({"amazonBedrock": {"b": 2}, "bedrock": {"a": 1}}), Some(1)),
            (json!({"amazonBedrock": null, "bedrock": {"a": 1}}), Some(1)),
            (json!({"openai": {"a": 1}}), None),
            (json!(null), None),
        ] {
            let mut members = Map::new();
            members.insert("providerOptions".to_owned(), given.clone());
            let mut options = take(&mut Object::request(members)).unwrap();
            assert_eq!(options.take("a"), found.map(Value::from), "{given}");
        }
        let mut members = Map::new();
        members.insert("providerOptions".to_owned(), json!({"bedrock": {"a": "x"}}));
        let mut options = take(&mut Object::request(members)).unwrap();
        assert_eq!(options.number("a").unwrap_err().param.as_deref(), Some("providerOptions.bedrock.a"));
    }
}
