//! Whether a value is valid for a schema.

use std::cell::Cell;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{count, list, number, resolved, types};

/// Deepest value that is looked into; anything deeper does not fit.
const DEEPEST: usize = 64;
/// Most comparisons of values with schemas; what takes more does not fit.
const MOST: usize = 20_000;

/// Whether `value` is valid for `schema`.
pub(in super::super) fn fits(schema: &Value, value: &Value) -> bool {
    Checker::new(schema).fits(schema, value)
}

/// Compares values with parts of one schema.
pub(super) struct Checker<'a> {
    root: &'a Value,
    /// Comparisons that may still be made.
    left: Cell<usize>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(root: &'a Value) -> Checker<'a> {
        Checker { root, left: Cell::new(MOST) }
    }

    /// Whether `value` is valid for `schema`, a part of the root.
    pub(super) fn fits(&self, schema: &Value, value: &Value) -> bool {
        self.fits_within(schema, value, DEEPEST)
    }

    fn fits_within(&self, schema: &Value, value: &Value, depth: usize) -> bool {
        if let Value::Bool(anything) = schema {
            return *anything;
        }
        let (Some(depth), Some(left)) = (depth.checked_sub(1), self.left.get().checked_sub(1)) else { return false };
        self.left.set(left);
        let schema = resolved(self.root, schema);
        let fits = |schema: &Value| self.fits_within(schema, value, depth);
        let any_of = list(&schema, "anyOf");
        let one_of = list(&schema, "oneOf");
        let kinds = types(&schema);
        (kinds.is_empty() || kinds.iter().any(|kind| is(value, kind)))
            && schema.get("const").is_none_or(|only| equal(only, value))
            && (schema.get("enum").is_none() || list(&schema, "enum").iter().any(|one| equal(one, value)))
            && (any_of.is_empty() || any_of.iter().any(fits))
            && (one_of.is_empty() || one_of.iter().filter(|one| fits(one)).count() == 1)
            && schema.get("not").is_none_or(|not| !fits(not))
            && match value {
                Value::String(text) => string_fits(&schema, text),
                Value::Number(_) => number_fits(&schema, value.as_f64().unwrap_or_default()),
                Value::Array(items) => self.list_fits(&schema, items, depth),
                Value::Object(members) => self.object_fits(&schema, members, depth),
                Value::Null | Value::Bool(_) => true,
            }
    }

    fn list_fits(&self, schema: &Map<String, Value>, items: &[Value], depth: usize) -> bool {
        let heads = list(schema, "prefixItems");
        let rest = schema.get("items").unwrap_or(&Value::Bool(true));
        let schema_of = |at: usize| heads.get(at).unwrap_or(rest);
        let unique = || items.iter().map(Value::to_string).collect::<HashSet<_>>().len() == items.len();
        count(schema, "minItems").is_none_or(|least| items.len() >= least)
            && count(schema, "maxItems").is_none_or(|most| items.len() <= most)
            && (schema.get("uniqueItems") != Some(&Value::Bool(true)) || unique())
            && items.iter().enumerate().all(|(at, item)| self.fits_within(schema_of(at), item, depth))
    }

    fn object_fits(&self, schema: &Map<String, Value>, members: &Map<String, Value>, depth: usize) -> bool {
        let properties = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties").unwrap_or(&Value::Bool(true));
        let schema_of = |key: &str| properties.and_then(|properties| properties.get(key)).unwrap_or(others);
        count(schema, "minProperties").is_none_or(|least| members.len() >= least)
            && count(schema, "maxProperties").is_none_or(|most| members.len() <= most)
            && list(schema, "required").iter().filter_map(Value::as_str).all(|key| members.contains_key(key))
            && members.iter().all(|(key, value)| self.fits_within(schema_of(key), value, depth))
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

/// Equal as JSON has it: 1 and 1.0 are the same.
fn equal(one: &Value, other: &Value) -> bool {
    one == other || (one.is_number() && one.as_f64() == other.as_f64())
}

fn number_fits(schema: &Map<String, Value>, value: f64) -> bool {
    number(schema, "minimum").is_none_or(|least| value >= least)
        && number(schema, "maximum").is_none_or(|most| value <= most)
        && number(schema, "exclusiveMinimum").is_none_or(|least| value > least)
        && number(schema, "exclusiveMaximum").is_none_or(|most| value < most)
        && number(schema, "multipleOf").is_none_or(|step| step > 0.0 && (value / step).fract() == 0.0)
}

fn string_fits(schema: &Map<String, Value>, text: &str) -> bool {
    let length = text.chars().count();
    let pattern = schema.get("pattern").and_then(Value::as_str).and_then(|text| regex_lite::Regex::new(text).ok());
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    count(schema, "minLength").is_none_or(|least| length >= least)
        && count(schema, "maxLength").is_none_or(|most| length <= most)
        && pattern.is_none_or(|pattern| pattern.is_match(text))
        && format_fits(format, text)
}

/// Roughly: enough to tell a date from a city.
fn format_fits(format: &str, text: &str) -> bool {
    let shape = match format {
        "date" => r"^\d{4}-\d\d-\d\d$",
        "time" => r"^\d\d:\d\d:\d\d",
        "date-time" => r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
        "email" => r"^[^@\s]+@[^@\s]+$",
        "uri" | "url" => r"^[a-z][a-z0-9+.-]*:\S+$",
        "uuid" => r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
        "ipv4" => r"^\d{1,3}(\.\d{1,3}){3}$",
        "ipv6" => r"^[0-9a-fA-F:]+$",
        "hostname" => r"^[A-Za-z0-9.-]+$",
        _ => return true,
    };
    regex_lite::Regex::new(shape).is_ok_and(|shape| shape.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tells_what_fits() {
        let cases = [
            (
                json!({"type": "integer", "minimum": 2, "multipleOf": 2}),
                vec![json!(4), json!(2.0)],
                vec![json!(3), json!(0)],
            ),
            (
                json!({"type": ["string", "null"], "maxLength": 1}),
                vec![json!("é"), Value::Null],
                vec![json!("ab"), json!(1)],
            ),
            (json!({"enum": ["a", 1]}), vec![json!("a"), json!(1.0)], vec![json!("b"), Value::Null]),
            (json!({"pattern": "^a+$"}), vec![json!("aa"), json!(5)], vec![json!("b")]),
            (json!({"format": "date"}), vec![json!("2025-02-28")], vec![json!("Paris")]),
            (
                json!({"items": {"type": "null"}, "prefixItems": [{"const": 1}]}),
                vec![json!([1, null])],
                vec![json!([1, 1])],
            ),
            (json!({"uniqueItems": true, "minItems": 1}), vec![json!([1, 2])], vec![json!([1, 1]), json!([])]),
            (
                json!({"required": ["a"], "properties": {"a": {"type": "null"}}, "additionalProperties": false}),
                vec![json!({"a": null})],
                vec![json!({}), json!({"a": 1}), json!({"a": null, "b": 1})],
            ),
            (json!({"anyOf": [{"type": "null"}, {"const": 1}]}), vec![json!(1), Value::Null], vec![json!(2)]),
            (json!({"oneOf": [{"type": "number"}, {"type": "integer"}]}), vec![json!(1.5)], vec![json!(1)]),
            (json!({"allOf": [{"minimum": 1}, {"maximum": 2}]}), vec![json!(1), json!(2)], vec![json!(0), json!(3)]),
            (
                json!({"$ref": "#/$defs/tree", "$defs": {"tree": {"items": {"$ref": "#/$defs/tree"}, "type": "array"}}}),
                vec![json!([[], [[]]])],
                vec![json!([1])],
            ),
            (json!(false), vec![], vec![json!(1)]),
        ];
        for (schema, good, bad) in cases {
            for value in good {
                assert!(fits(&schema, &value), "{value} for {schema}");
            }
            for value in bad {
                assert!(!fits(&schema, &value), "{value} for {schema}");
            }
        }
    }

    #[test]
    fn a_schema_that_turns_in_a_circle_ends() {
        for circle in [
            json!({"$ref": "#/a", "a": {"$ref": "#/a", "anyOf": [{"$ref": "#/a"}]}}),
            json!({"anyOf": [{"$ref": "#"}, {"$ref": "#"}, {"$ref": "#"}]}),
            json!({"allOf": [{"$ref": "#"}, {"$ref": "#"}, {"$ref": "#"}], "type": "string"}),
            json!({"items": {"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}, "type": "array", "minItems": 2}),
        ] {
            assert!(!fits(&circle, &json!([[[[[1, 2], 1], 1], 1], 1])), "{circle}");
        }
    }
}
