//! `providerOptions`: what a call says to this provider alone.

use serde_json::{Map, Value};

use crate::dialect::fields::{Row, knows};
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::Result;

/// The keys under which the options stand, and where errors say that they do. The first that is there counts; what stands
/// under the other is not looked at, as in `@ai-sdk/amazon-bedrock`.
const KEYS: [(&str, &str); 2] =
    [("amazonBedrock", "providerOptions.amazonBedrock"), ("bedrock", "providerOptions.bedrock")];

/// The options, taken out of a call.
pub(super) fn take(call: &mut Object<'_>) -> Result<Object<'static>> {
    let mut all = call.map("providerOptions")?.unwrap_or_default();
    let mut given = |key: &str| all.remove(key).filter(|options| !options.is_null());
    let found = KEYS.iter().find_map(|(key, place)| Some((given(key)?, *place)));
    let (options, place) = found.unwrap_or((Value::Object(Map::new()), "providerOptions"));
    Object::read(options, Path::field(place), "an object")
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
    fn one_of_two_keys_counts() {
        for (given, found) in [
            (json!({"bedrock": {"a": 1}}), Some(1)),
            (json!({"amazonBedrock": {"a": 2}, "bedrock": {"a": 1}}), Some(2)),
            (json!({"amazonBedrock": {}, "bedrock": {"a": 1}}), None),
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
