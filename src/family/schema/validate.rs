//! Whether a JSON text fits a schema: the keywords of draft 2020-12 that describe data.
//!
//! What is not known (`format`, `$dynamicRef`, `unevaluatedProperties`, references to other documents) holds for every
//! value: a check that is not made must not send an answer back. Depth, steps and the number of errors are bounded.

use regex_lite::{Regex, RegexBuilder};
use serde_json::{Map, Value};

use super::pointer::resolve;

/// Deepest nesting of schemas that is followed: references may lead round in a circle.
const MOST_DEPTH: u16 = 256;
/// Most schemas that are looked at; `anyOf` within references can multiply.
const MOST_STEPS: u32 = 200_000;
/// Most errors that are told.
const MOST_ERRORS: usize = 10;
/// Largest compiled `pattern`, in bytes.
const LARGEST_PATTERN: usize = 100_000;

/// Checks that `text` is JSON that fits `schema`. The error says what is wrong, one line for each place.
pub fn validate(schema: &Value, text: &str) -> Result<(), String> {
    let value: Value =
        serde_json::from_str(text.trim()).map_err(|error| format!("The answer is not JSON: {error}."))?;
    let mut check = Check { root: schema, steps: 0, depth: 0, errors: Vec::new() };
    check.value(schema, &value, &mut Path(String::new()));
    if check.errors.is_empty() { Ok(()) } else { Err(check.errors.join("\n")) }
}

/// A keyword of numbers, when it holds, and how it is told that it does not.
type Bound = (&'static str, fn(f64, f64) -> bool, &'static str);

const BOUNDS: &[Bound] = &[
    ("minimum", |number, bound| number >= bound, "must be at least"),
    ("maximum", |number, bound| number <= bound, "must be at most"),
    ("exclusiveMinimum", |number, bound| number > bound, "must be more than"),
    ("exclusiveMaximum", |number, bound| number < bound, "must be less than"),
    ("multipleOf", is_multiple, "must be a multiple of"),
];

/// What a model is told of an answer that [`validate`] refused, so that it can give a better one.
pub fn repair_message(errors: &str) -> String {
    format!(
        "Your answer does not fit the schema:\n{errors}\nGive the whole answer again as JSON that does, and nothing else."
    )
}

struct Check<'a> {
    root: &'a Value,
    steps: u32,
    depth: u16,
    errors: Vec<String>,
}

/// A JSON pointer that grows and shrinks.
struct Path(String);

impl Path {
    fn within<T>(&mut self, step: &str, look: impl FnOnce(&mut Path) -> T) -> T {
        let length = self.0.len();
        self.0.push('/');
        self.0.push_str(step);
        let result = look(self);
        self.0.truncate(length);
        result
    }

    fn shown(&self) -> &str {
        if self.0.is_empty() { "the answer" } else { &self.0 }
    }
}

impl<'a> Check<'a> {
    fn value(&mut self, schema: &'a Value, value: &Value, path: &mut Path) {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.depth > MOST_DEPTH || self.errors.len() >= MOST_ERRORS {
            return;
        }
        self.depth += 1;
        match schema {
            Value::Bool(false) => self.fail(path, "is not allowed"),
            Value::Object(members) => self.keywords(members, value, path),
            _ => {}
        }
        self.depth -= 1;
    }

    fn fail(&mut self, path: &Path, message: impl AsRef<str>) {
        self.errors.push(format!("{} {}.", path.shown(), message.as_ref()));
    }

    /// Whether `value` fits, without telling what is wrong.
    fn fits(&mut self, schema: &'a Value, value: &Value, path: &mut Path) -> bool {
        let told = std::mem::take(&mut self.errors);
        self.value(schema, value, path);
        std::mem::replace(&mut self.errors, told).is_empty()
    }

    fn keywords(&mut self, schema: &'a Map<String, Value>, value: &Value, path: &mut Path) {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|to| resolve(self.root, to)) {
            self.value(target, value, path);
        }
        if let Some(kind) = schema.get("type")
            && !of_type(kind, value)
        {
            return self.fail(path, format!("must be of type {}", shown_type(kind)));
        }
        if let Some(Value::Array(allowed)) = schema.get("enum")
            && !allowed.iter().any(|one| equal(one, value))
        {
            self.fail(path, format!("must be one of {}", schema.get("enum").map(short).unwrap_or_default()));
        }
        if let Some(wanted) = schema.get("const").filter(|wanted| !equal(wanted, value)) {
            self.fail(path, format!("must be {}", short(wanted)));
        }
        self.combinations(schema, value, path);
        match value {
            Value::Object(members) => self.object(schema, members, path),
            Value::Array(items) => self.array(schema, items, path),
            Value::String(text) => self.string(schema, text, path),
            Value::Number(_) => self.number(schema, value, path),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn combinations(&mut self, schema: &'a Map<String, Value>, value: &Value, path: &mut Path) {
        for part in list(schema, "allOf") {
            self.value(part, value, path);
        }
        let any_of = list(schema, "anyOf");
        if !any_of.is_empty() && !any_of.iter().any(|part| self.fits(part, value, path)) {
            self.fail(path, "fits none of the forms of anyOf");
        }
        let one_of = list(schema, "oneOf");
        if !one_of.is_empty() {
            let fitting = one_of.iter().filter(|part| self.fits(part, value, path)).count();
            if fitting != 1 {
                self.fail(path, format!("must fit one of the forms of oneOf, but fits {fitting}"));
            }
        }
        if let Some(not) = schema.get("not")
            && self.fits(not, value, path)
        {
            self.fail(path, "has a form that is not allowed");
        }
        if let Some(condition) = schema.get("if") {
            let branch = if self.fits(condition, value, path) { "then" } else { "else" };
            if let Some(branch) = schema.get(branch) {
                self.value(branch, value, path);
            }
        }
    }

    fn object(&mut self, schema: &'a Map<String, Value>, members: &Map<String, Value>, path: &mut Path) {
        for name in list(schema, "required").iter().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                self.fail(path, format!("lacks the property {name:?}"));
            }
        }
        self.bound(schema, "minProperties", members.len(), path, |count, least| count >= least, "properties at least");
        self.bound(schema, "maxProperties", members.len(), path, |count, most| count <= most, "properties at most");
        let properties = schema.get("properties").and_then(Value::as_object);
        let patterns: Vec<(Option<Regex>, &Value)> = schema
            .get("patternProperties")
            .and_then(Value::as_object)
            .map(|patterns| patterns.iter().map(|(pattern, schema)| (regex(pattern), schema)).collect())
            .unwrap_or_default();
        for (name, value) in members {
            let mut known = false;
            if let Some(schema) = properties.and_then(|properties| properties.get(name)) {
                known = true;
                path.within(name, |path| self.value(schema, value, path));
            }
            for (pattern, schema) in &patterns {
                // A pattern that cannot be read holds for every name, so that nothing is refused because of it.
                known |= pattern.is_none();
                if pattern.as_ref().is_some_and(|pattern| pattern.is_match(name)) {
                    known = true;
                    path.within(name, |path| self.value(schema, value, path));
                }
            }
            match schema.get("additionalProperties") {
                Some(Value::Bool(false)) if !known => self.fail(path, format!("may not have the property {name:?}")),
                Some(schema) if !known => path.within(name, |path| self.value(schema, value, path)),
                _ => {}
            }
        }
    }

    fn array(&mut self, schema: &'a Map<String, Value>, items: &[Value], path: &mut Path) {
        self.bound(schema, "minItems", items.len(), path, |count, least| count >= least, "items at least");
        self.bound(schema, "maxItems", items.len(), path, |count, most| count <= most, "items at most");
        let first = list(schema, "prefixItems");
        for (index, item) in items.iter().enumerate() {
            let schema = first.get(index).or_else(|| schema.get("items"));
            if let Some(schema) = schema {
                path.within(&index.to_string(), |path| self.value(schema, item, path));
            }
        }
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            let mut seen = std::collections::HashSet::new();
            if !items.iter().all(|item| seen.insert(item.to_string())) {
                self.fail(path, "holds an item twice");
            }
        }
        if let Some(wanted) = schema.get("contains")
            && !items.iter().any(|item| self.fits(wanted, item, path))
        {
            self.fail(path, "lacks an item of the form of contains");
        }
    }

    fn string(&mut self, schema: &Map<String, Value>, text: &str, path: &mut Path) {
        let length = text.chars().count();
        self.bound(schema, "minLength", length, path, |count, least| count >= least, "characters at least");
        self.bound(schema, "maxLength", length, path, |count, most| count <= most, "characters at most");
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && regex(pattern).is_some_and(|regex| !regex.is_match(text))
        {
            self.fail(path, format!("must match {pattern}"));
        }
    }

    fn number(&mut self, schema: &Map<String, Value>, value: &Value, path: &mut Path) {
        let Some(number) = value.as_f64() else { return };
        for (name, holds, words) in BOUNDS {
            if let Some(bound) = schema.get(*name).and_then(Value::as_f64).filter(|bound| !holds(number, *bound)) {
                self.fail(path, format!("{words} {bound}"));
            }
        }
    }

    fn bound(
        &mut self,
        schema: &Map<String, Value>,
        name: &str,
        count: usize,
        path: &Path,
        holds: fn(usize, usize) -> bool,
        words: &str,
    ) {
        let bound = schema.get(name).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
        if let Some(bound) = bound.filter(|bound| !holds(count, *bound)) {
            self.fail(path, format!("must have {bound} {words}, not {count}"));
        }
    }
}

fn list<'a>(schema: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    schema.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn of_type(kind: &Value, value: &Value) -> bool {
    match kind {
        Value::String(name) => match name.as_str() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            "number" => value.is_number(),
            "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            _ => true,
        },
        Value::Array(kinds) => kinds.iter().any(|kind| of_type(kind, value)),
        _ => true,
    }
}

fn shown_type(kind: &Value) -> String {
    match kind {
        Value::String(name) => name.clone(),
        Value::Array(kinds) => kinds.iter().map(shown_type).collect::<Vec<_>>().join(" or "),
        other => other.to_string(),
    }
}

/// Numbers are equal by value: 1 is 1.0.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| equal(value, other)))
        }
        _ => left == right,
    }
}

/// Within what a double can tell: 0.3 is a multiple of 0.1.
fn is_multiple(number: f64, of: f64) -> bool {
    let quotient = number / of;
    of == 0.0 || !quotient.is_finite() || (quotient - quotient.round()).abs() < 1e-9 * quotient.abs().max(1.0)
}

/// `None` for what this crate's engine does not read: look-around, back references.
fn regex(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).size_limit(LARGEST_PATTERN).build().ok()
}

fn short(value: &Value) -> String {
    const LONGEST: usize = 200;
    let text = value.to_string();
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST).collect::<String>() + "…" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Schema, a text that fits, a text that does not, and a part of what is told.
    fn cases() -> Vec<(Value, &'static str, &'static str, &'static str)> {
        vec![
            (json!({"type": "integer"}), "3.0", "3.5", "the answer must be of type integer"),
            (json!({"type": ["string", "null"]}), "null", "1", "string or null"),
            (json!({"enum": ["a", 1]}), "1.0", "\"b\"", "one of [\"a\",1]"),
            (json!({"const": {"a": [1]}}), "{\"a\": [1.0]}", "{}", "must be {\"a\":[1]}"),
            (json!({"required": ["a"]}), "{\"a\": null}", "{}", "lacks the property \"a\""),
            (
                json!({"properties": {"a": {"items": {"type": "string"}}}}),
                "{\"a\": [\"x\"]}",
                "{\"a\": [\"x\", 1]}",
                "/a/1 must",
            ),
            (
                json!({"properties": {"a": {}}, "additionalProperties": false}),
                "{\"a\": 1}",
                "{\"b\": 1}",
                "may not have the property \"b\"",
            ),
            (json!({"additionalProperties": {"type": "number"}}), "{\"a\": 1}", "{\"a\": \"1\"}", "/a must"),
            (
                json!({"patternProperties": {"^x": {"type": "number"}}, "additionalProperties": false}),
                "{\"xa\": 1}",
                "{\"ya\": 1}",
                "\"ya\"",
            ),
            (
                json!({"prefixItems": [{"type": "string"}], "items": false}),
                "[\"a\"]",
                "[\"a\", 1]",
                "/1 is not allowed",
            ),
            (json!({"uniqueItems": true}), "[1, 2]", "[1, 1]", "twice"),
            (json!({"contains": {"const": 1}}), "[2, 1]", "[2]", "contains"),
            (json!({"minItems": 2, "maxItems": 2}), "[1, 2]", "[1]", "2 items at least, not 1"),
            (json!({"minProperties": 1}), "{\"a\": 1}", "{}", "1 properties at least"),
            (json!({"minLength": 2, "maxLength": 2}), "\"éé\"", "\"e\"", "2 characters"),
            (json!({"pattern": "^[a-z]+$"}), "\"abc\"", "\"ABC\"", "must match"),
            (json!({"minimum": 1, "exclusiveMaximum": 2}), "1.5", "2", "less than 2"),
            (json!({"multipleOf": 0.1}), "0.3", "0.35", "multiple of 0.1"),
            (json!({"anyOf": [{"type": "string"}, {"type": "null"}]}), "null", "1", "anyOf"),
            (json!({"oneOf": [{"type": "number"}, {"minimum": 1}]}), "0", "2", "fits 2"),
            (
                json!({"allOf": [{"required": ["a"]}, {"required": ["b"]}]}),
                "{\"a\": 1, \"b\": 1}",
                "{\"a\": 1}",
                "\"b\"",
            ),
            (json!({"not": {"type": "string"}}), "1", "\"a\"", "not allowed"),
            (json!({"if": {"required": ["a"]}, "then": {"required": ["b"]}}), "{}", "{\"a\": 1}", "\"b\""),
            (json!({"$ref": "#/$defs/n", "$defs": {"n": {"type": "number"}}}), "1", "\"1\"", "number"),
        ]
    }

    #[test]
    fn each_keyword_holds_or_is_told() {
        for (schema, fits, broken, told) in cases() {
            assert_eq!(validate(&schema, fits), Ok(()), "{schema}");
            let error = validate(&schema, broken).expect_err(broken);
            assert!(error.contains(told), "{schema} {broken}: {error}");
        }
    }

    #[test]
    fn what_is_no_json_is_told() {
        assert!(validate(&json!({}), "Sure! {}").unwrap_err().starts_with("The answer is not JSON"));
        assert_eq!(validate(&json!({}), " \n{} "), Ok(()));
    }

    #[test]
    fn circles_multiplying_forms_and_odd_patterns_end_soon() {
        assert_eq!(validate(&json!({"$ref": "#"}), "1"), Ok(()));
        let tree = json!({"anyOf": [{"$ref": "#"}, {"$ref": "#"}, {"$ref": "#"}], "type": "object"});
        let _ = validate(&tree, "{}");
        assert_eq!(validate(&json!({"pattern": "(?=a)"}), "\"b\""), Ok(()));
        assert_eq!(validate(&json!({"pattern": "(a{1000}){1000}"}), "\"b\""), Ok(()));
        let list = json!({"properties": {"next": {"$ref": "#"}}, "required": ["value"]});
        let error = validate(&list, r#"{"value": 1, "next": {"next": {"value": 2}}}"#).unwrap_err();
        assert_eq!(error, "/next lacks the property \"value\".");
    }
}
