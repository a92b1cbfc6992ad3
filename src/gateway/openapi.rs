//! The description of the gateway's API, OpenAPI 3.1, as it is served at `/openapi.json`.

use std::sync::LazyLock;

use bytes::Bytes;

/// Written by hand; the version stands in it as a word.
const TEXT: &str = include_str!("openapi.json");

static DOCUMENT: LazyLock<Bytes> =
    LazyLock::new(|| Bytes::from(TEXT.replacen("\"VERSION\"", concat!('"', env!("CARGO_PKG_VERSION"), '"'), 1)));

/// The document.
pub(super) fn document() -> Bytes {
    DOCUMENT.clone()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn it_is_json_of_this_version_and_all_that_it_refers_to_is_there() {
        let document: Value = serde_json::from_slice(&document()).unwrap();
        assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 20);
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }
}
