//! JSON schemas as tools and structured output have them: what is valid, and a valid sample.
//!
//! Known are `$ref` within the schema, `allOf`, `anyOf`, `oneOf`, `const`, `enum`, `type`, the bounds of numbers,
//! strings, lists and objects, `pattern` and the common `format`s. Other keywords are passed over.

mod check;
mod pattern;
mod sample;

use serde_json::{Map, Value};

pub(super) use check::fits;
pub(super) use sample::{Hints, sample};

/// Most schemas that references and `allOf` make one.
const MOST_FOLDED: usize = 64;

/// The schema with its references followed and its `allOf` folded in.
fn resolved(root: &Value, schema: &Value) -> Map<String, Value> {
    let mut out = Map::new();
    fold(root, schema, &mut out, &mut { MOST_FOLDED });
    out
}

fn fold(root: &Value, schema: &Value, out: &mut Map<String, Value>, left: &mut usize) {
    let (Some(members), Some(less)) = (schema.as_object(), left.checked_sub(1)) else { return };
    *left = less;
    if let Some(target) = members.get("$ref").and_then(Value::as_str).and_then(|target| pointed(root, target)) {
        fold(root, target, out, left);
    }
    for part in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        fold(root, part, out, left);
    }
    for (key, value) in members.iter().filter(|(key, _)| !matches!(key.as_str(), "$ref" | "allOf")) {
        match (out.get_mut(key), value) {
            (Some(Value::Object(known)), Value::Object(more)) if key == "properties" => {
                known.extend(more.clone());
            }
            (Some(Value::Array(known)), Value::Array(more)) if key == "required" => {
                known.extend(more.iter().cloned());
            }
            _ => {
                out.insert(key.clone(), value.clone());
            }
        }
    }
}

/// What `#/$defs/Name` points at.
fn pointed<'a>(root: &'a Value, target: &str) -> Option<&'a Value> {
    root.pointer(target.strip_prefix('#')?)
}

/// The types that the schema allows; empty where it does not say.
fn types(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn count(schema: &Map<String, Value>, key: &str) -> Option<usize> {
    schema.get(key)?.as_u64().and_then(|number| usize::try_from(number).ok())
}

fn number(schema: &Map<String, Value>, key: &str) -> Option<f64> {
    schema.get(key)?.as_f64()
}

fn list<'a>(schema: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    schema.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
