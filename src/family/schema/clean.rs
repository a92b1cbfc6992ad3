//! What models that hold their answer to a schema take of one; the rest is told them in words.
//!
//! Facts: "Get validated JSON results from models" (user guide), Anthropic's "Structured outputs": every object is
//! closed; bounds of numbers, strings and arrays, `not` and `uniqueItems` are refused (recorded: `maxItems`, `minimum`,
//! `maximum`, `minItems` above 1), and so are formats beyond ten.

use serde_json::{Map, Value, json};

/// Keywords that are refused; each is added to the description instead.
const TOLD_IN_WORDS: &[&str] = &[
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "not",
];
const FORMATS: &[&str] = &["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];
/// Keywords whose value maps names to schemas.
const MAPS: &[&str] = &["properties", "$defs", "definitions", "patternProperties"];
/// Keywords whose value is a schema or a list of schemas.
const SCHEMAS: &[&str] = &["items", "prefixItems", "anyOf", "allOf", "additionalProperties"];

/// Makes `schema` one that a model with structured output takes; says whether anything was taken out of it.
pub(in crate::family) fn clean(schema: &mut Value) -> bool {
    let mut changed = false;
    clean_schema(schema, &mut changed);
    changed
}

/// The members that Nova takes at the root of a tool's schema ("Tool use with Amazon Nova"); says whether anything
/// else was there that a model could mind.
pub(in crate::family) fn plain_root(schema: &mut Value) -> bool {
    let Some(members) = schema.as_object_mut() else { return false };
    let mut changed = false;
    members.retain(|name, value| match name.as_str() {
        "type" | "properties" | "required" => true,
        "$schema" => false,
        "additionalProperties" if value == false => false,
        _ => {
            changed = true;
            false
        }
    });
    changed
}

/// Depth is bounded by what serde_json reads.
fn clean_schema(schema: &mut Value, changed: &mut bool) {
    let Some(members) = schema.as_object_mut() else { return };
    if let Some(one_of) = members.shift_remove("oneOf") {
        members.entry("anyOf").or_insert(one_of);
    }
    let told: Vec<String> = take_refused(members);
    if !told.is_empty() {
        *changed = true;
        describe(members, &told.join(", "));
    }
    for name in MAPS {
        if let Some(Value::Object(schemas)) = members.get_mut(*name) {
            schemas.values_mut().for_each(|schema| clean_schema(schema, changed));
        }
    }
    for name in SCHEMAS {
        match members.get_mut(*name) {
            Some(Value::Array(schemas)) => schemas.iter_mut().for_each(|schema| clean_schema(schema, changed)),
            Some(schema) => clean_schema(schema, changed),
            None => {}
        }
    }
    if is_object(members) && members.get("additionalProperties") != Some(&json!(false)) {
        *changed |= members.contains_key("additionalProperties");
        members.insert("additionalProperties".to_owned(), json!(false));
    }
}

fn is_object(members: &Map<String, Value>) -> bool {
    let of_type =
        |kind: &Value| kind == "object" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("object")));
    members.get("type").is_some_and(of_type) || (!members.contains_key("type") && members.contains_key("properties"))
}

fn take_refused(members: &mut Map<String, Value>) -> Vec<String> {
    let mut told = Vec::new();
    for name in TOLD_IN_WORDS {
        if let Some(value) = members.shift_remove(*name).filter(|value| !is_any_integer(value)) {
            told.push(format!("{name}: {value}"));
        }
    }
    if let Some(least) = members.get("minItems").filter(|least| least.as_u64().is_none_or(|least| least > 1)) {
        told.push(format!("minItems: {least}"));
        members.shift_remove("minItems");
    }
    if let Some(format) =
        members.get("format").filter(|format| format.as_str().is_none_or(|name| !FORMATS.contains(&name)))
    {
        told.push(format!("format: {format}"));
        members.shift_remove("format");
    }
    told
}

/// Whether a bound is that of the integers that JavaScript has, which zod writes to each of them: it bounds nothing.
fn is_any_integer(bound: &Value) -> bool {
    const MOST: f64 = 9_007_199_254_740_991.0; // 2^53 - 1
    bound.as_f64().is_some_and(|bound| bound.abs() >= MOST)
}

fn describe(members: &mut Map<String, Value>, told: &str) {
    let described = match members.get("description").and_then(Value::as_str) {
        Some(own) => format!("{own} ({told})"),
        None => told.to_owned(),
    };
    members.insert("description".to_owned(), Value::String(described));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_that_bound_nothing_go_without_words() {
        let most = 9_007_199_254_740_991_i64;
        let mut schema = json!({"type": "integer", "minimum": -most, "maximum": most});
        assert!(!clean(&mut schema));
        assert_eq!(schema, json!({"type": "integer"}));
    }

    #[test]
    fn objects_are_closed_and_bounds_become_words() {
        let mut schema = json!({"type": "object", "properties": {
            "age": {"type": "integer", "minimum": 0, "maximum": 130, "description": "Years"},
            "tags": {"type": "array", "minItems": 2, "items": {"oneOf": [{"type": "string", "format": "ssn"}, {"type": "object"}]}},
            "minimum": {"type": "string", "format": "date"}}});
        assert!(clean(&mut schema));
        assert_eq!(
            schema,
            json!({"type": "object", "properties": {
                "age": {"type": "integer", "description": "Years (minimum: 0, maximum: 130)"},
                "tags": {"type": "array", "items": {"anyOf": [
                    {"type": "string", "description": "format: \"ssn\""}, {"type": "object", "additionalProperties": false}]},
                    "description": "minItems: 2"},
                "minimum": {"type": "string", "format": "date"}}, "additionalProperties": false})
        );
        assert!(!clean(&mut schema), "a clean schema stays as it is");
    }

    #[test]
    fn a_root_keeps_what_nova_reads() {
        let mut schema = json!({"$schema": "x", "type": "object", "properties": {"a": {"title": "A"}}, "title": "T"});
        assert!(plain_root(&mut schema));
        assert_eq!(schema, json!({"type": "object", "properties": {"a": {"title": "A"}}}));
        assert!(!plain_root(&mut schema));
        let mut schema = json!({"$schema": "x", "type": "object", "properties": {}, "additionalProperties": false});
        assert!(!plain_root(&mut schema), "what every library writes is no loss");
        assert_eq!(schema, json!({"type": "object", "properties": {}}));
    }
}
