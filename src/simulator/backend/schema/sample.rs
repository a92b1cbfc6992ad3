//! A value that is valid for a schema, the same every time: from hints where they fit, else made up.

use serde_json::{Map, Value, json};

use super::check::Checker;
use super::pattern::matching;
use super::{count, list, number, resolved, types};

/// Depth from which on only what is required is sampled.
const DEEP: usize = 4;
/// Deepest nesting of a sample.
const DEEPEST: usize = 24;
/// Most values in a sample; what is over is cut short.
const MOST: usize = 1000;

/// Someone who may know a better value than a made-up one.
pub(in super::super) trait Hints {
    /// A value for the member `name`, if there is one. It is used if it fits the schema.
    fn hint(&mut self, name: &str, schema: &Map<String, Value>) -> Option<Value>;
    /// Whether a member that is not required is wanted.
    fn wants(&mut self, name: &str, schema: &Map<String, Value>) -> bool;
}

/// A value for `schema`; an object where the schema allows anything.
pub(in super::super) fn sample(schema: &Value, hints: &mut dyn Hints) -> Value {
    Sampler { root: schema, checker: Checker::new(schema), hints, left: MOST }.value("", schema, 0)
}

/// Formats → a text that has them.
const FORMATS: &[(&str, &str)] = &[
    ("date", "2025-01-15"),
    ("time", "09:30:00Z"),
    ("date-time", "2025-01-15T09:30:00Z"),
    ("duration", "P1D"),
    ("email", "ada@example.com"),
    ("hostname", "example.com"),
    ("ipv4", "192.0.2.1"),
    ("ipv6", "2001:db8::1"),
    ("uri", "https://example.com/"),
    ("url", "https://example.com/"),
    ("uuid", "123e4567-e89b-42d3-a456-426614174000"),
];

/// Words in a member's name → a text that suits it.
const TEXTS: &[(&str, &str)] = &[
    ("city", "Paris"),
    ("location", "Paris"),
    ("country", "France"),
    ("currency", "EUR"),
    ("language", "English"),
    ("date", "2025-01-15"),
    ("email", "ada@example.com"),
    ("url", "https://example.com/"),
    ("first", "Ada"),
    ("last", "Lovelace"),
    ("name", "Ada Lovelace"),
];

struct Sampler<'a> {
    root: &'a Value,
    checker: Checker<'a>,
    hints: &'a mut dyn Hints,
    left: usize,
}

impl Sampler<'_> {
    fn value(&mut self, name: &str, schema: &Value, depth: usize) -> Value {
        self.left = self.left.saturating_sub(1);
        let schema = resolved(self.root, schema);
        if let Some(only) = schema.get("const") {
            return only.clone();
        }
        if depth > DEEPEST || self.left == 0 {
            return Value::Null;
        }
        let whole = Value::Object(schema.clone());
        let suits = |checker: &Checker, value: &Value| !value.is_null() && checker.fits(&whole, value);
        if let Some(hint) = self.hints.hint(name, &schema).filter(|hint| suits(&self.checker, hint)) {
            return hint;
        }
        let given = list(&schema, "enum").iter().chain(schema.get("default")).chain(list(&schema, "examples"));
        if let Some(given) = given.into_iter().find(|given| suits(&self.checker, given)) {
            return given.clone();
        }
        match self.variant(name, &schema, depth) {
            Some(value) => value,
            None => self.plain(name, &schema, depth),
        }
    }

    /// A value for the first of `anyOf` or `oneOf` that has one; deep down, for the plainest.
    fn variant(&mut self, name: &str, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let mut variants: Vec<&Value> = list(schema, "anyOf").iter().chain(list(schema, "oneOf")).collect();
        let rank = |variant: &&Value| match types(&resolved(self.root, variant)).first() {
            Some(&"null") => {
                if depth < DEEP {
                    2
                } else {
                    0
                }
            }
            Some(&"object" | &"array") | None if depth >= DEEP => 2,
            _ => 1,
        };
        variants.sort_by_key(rank);
        let whole = Value::Object(schema.clone());
        for variant in variants {
            let both = merged(schema, variant);
            let value = self.value(name, &both, depth + 1);
            if self.checker.fits(&whole, &value) {
                return Some(value);
            }
        }
        None
    }

    fn plain(&mut self, name: &str, schema: &Map<String, Value>, depth: usize) -> Value {
        let kinds = types(schema);
        let kind = kinds.iter().find(|kind| **kind != "null").or(kinds.first()).copied();
        match kind.unwrap_or_else(|| untold(schema, depth)) {
            "object" => self.object(schema, depth),
            "array" => self.list(name, schema, depth),
            "string" => text(name, schema).into(),
            "integer" => numeric(schema, true),
            "number" => numeric(schema, false),
            "boolean" => true.into(),
            _ => Value::Null,
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, depth: usize) -> Value {
        let mut out = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        let required: Vec<&str> = list(schema, "required").iter().filter_map(Value::as_str).collect();
        for (name, property) in properties.into_iter().flatten() {
            let known = || resolved(self.root, property);
            if required.contains(&name.as_str()) || (depth < DEEP && self.hints.wants(name, &known())) {
                out.insert(name.clone(), self.value(name, property, depth + 1));
            }
        }
        let others = schema.get("additionalProperties").cloned().unwrap_or_else(|| json!({"type": "string"}));
        for name in required {
            if !out.contains_key(name) {
                out.insert(name.to_owned(), self.value(name, &others, depth + 1));
            }
        }
        let least = count(schema, "minProperties").unwrap_or(0).min(MOST);
        for (name, property) in properties.into_iter().flatten() {
            if out.len() < least && !out.contains_key(name) {
                out.insert(name.clone(), self.value(name, property, depth + 1));
            }
        }
        for at in out.len()..least {
            out.insert(format!("member{}", at + 1), self.value("", &others, depth + 1));
        }
        out.into()
    }

    fn list(&mut self, name: &str, schema: &Map<String, Value>, depth: usize) -> Value {
        let least = count(schema, "minItems").unwrap_or(0);
        let usual = if depth < DEEP { 1 } else { 0 };
        let length = least.max(usual).min(count(schema, "maxItems").unwrap_or(usize::MAX)).min(MOST);
        let (heads, anything) = (list(schema, "prefixItems"), json!({"type": "string"}));
        let rest = schema.get("items").filter(|items| items.is_object()).unwrap_or(&anything);
        let mut items: Vec<Value> = Vec::new();
        for at in 0..length {
            let item = self.value(name, heads.get(at).unwrap_or(rest), depth + 1);
            items.push(match items.contains(&item) && schema.get("uniqueItems") == Some(&Value::Bool(true)) {
                true => self.another(item, rest, &items),
                false => item,
            });
        }
        items.into()
    }

    /// A value that is not among those that there are.
    fn another(&self, item: Value, schema: &Value, known: &[Value]) -> Value {
        let schema = resolved(self.root, schema);
        let mut candidates: Vec<Value> = list(&schema, "enum").to_vec();
        for more in 1..=known.len() + 1 {
            candidates.push(match &item {
                Value::String(text) => format!("{text}{more}").into(),
                Value::Number(number) => match number.as_i64() {
                    Some(number) => json!(number.saturating_add(i64::try_from(more).unwrap_or(0))),
                    None => json!(number.as_f64().unwrap_or(0.0) + more as f64),
                },
                Value::Bool(is) => Value::Bool(!is),
                other => other.clone(),
            });
        }
        let whole = Value::Object(schema);
        candidates.into_iter().find(|one| !known.contains(one) && self.checker.fits(&whole, one)).unwrap_or(item)
    }
}

/// A schema and one of its variants as one.
fn merged(schema: &Map<String, Value>, variant: &Value) -> Value {
    let base = schema.iter().filter(|(key, _)| !matches!(key.as_str(), "anyOf" | "oneOf"));
    let base: Map<String, Value> = base.map(|(key, value)| (key.clone(), value.clone())).collect();
    json!({"allOf": [base, variant]})
}

/// The type of a schema that names none.
fn untold(schema: &Map<String, Value>, depth: usize) -> &'static str {
    let has = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(*key));
    match () {
        () if has(&["properties", "required", "minProperties"]) || depth == 0 => "object",
        () if has(&["items", "prefixItems", "minItems"]) => "array",
        () if has(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]) => "number",
        () => "string",
    }
}

fn text(name: &str, schema: &Map<String, Value>) -> String {
    let least = count(schema, "minLength").unwrap_or(0);
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        return matching(pattern, least).unwrap_or_default();
    }
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    if let Some((_, text)) = FORMATS.iter().find(|(name, _)| *name == format) {
        return (*text).to_owned();
    }
    let name = name.to_lowercase();
    let known = TEXTS.iter().find(|(word, _)| name.contains(word)).map(|(_, text)| *text);
    let text = known.unwrap_or(if name.is_empty() { "text" } else { &name }).replace('_', " ");
    let most = count(schema, "maxLength").unwrap_or(usize::MAX);
    text.chars().cycle().take(text.chars().count().max(least.min(MOST * 10)).min(most)).collect()
}

/// 1 where that is within bounds, else the first number next to a bound, or between the bounds, that is.
fn numeric(schema: &Map<String, Value>, whole: bool) -> Value {
    let step = number(schema, "multipleOf").filter(|step| *step > 0.0).or(whole.then_some(1.0));
    let tick = step.unwrap_or(1.0);
    let bound = |key: &str| number(schema, key);
    let (least, above) = (bound("minimum"), bound("exclusiveMinimum"));
    let (most, below) = (bound("maximum"), bound("exclusiveMaximum"));
    let middle = least.or(above).zip(most.or(below)).map(|(low, high)| (low + high) / 2.0);
    let near =
        [Some(1.0), least, above.map(|above| above + tick / 2.0), most, below.map(|below| below - tick / 2.0), middle];
    let on_step = |value: f64| match step {
        Some(step) => [(value / step).ceil() * step, (value / step).floor() * step],
        None => [value, value],
    };
    let within = |value: &f64| {
        least.is_none_or(|least| *value >= least)
            && above.is_none_or(|above| *value > above)
            && most.is_none_or(|most| *value <= most)
            && below.is_none_or(|below| *value < below)
    };
    let value = near.into_iter().flatten().flat_map(on_step).find(within).unwrap_or(1.0);
    match value.fract() == 0.0 && value.abs() < 1e15 {
        true => json!(value as i64),
        false => json!(value),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fits;
    use super::*;
    use proptest::prelude::*;

    /// Knows nothing; wants all members, or only those that are required.
    struct Nothing(bool);

    impl Hints for Nothing {
        fn hint(&mut self, _name: &str, _schema: &Map<String, Value>) -> Option<Value> {
            None
        }

        fn wants(&mut self, _name: &str, _schema: &Map<String, Value>) -> bool {
            self.0
        }
    }

    #[test]
    fn samples_are_as_expected() {
        let cases = [
            (json!({}), json!({})),
            (json!({"type": "string", "format": "email"}), json!("ada@example.com")),
            (json!({"type": ["null", "integer"], "exclusiveMinimum": 5, "multipleOf": 4}), json!(8)),
            (json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}), json!(0.5)),
            (json!({"enum": [null, "a"]}), json!("a")),
            (
                json!({"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2, "uniqueItems": true}),
                json!(["a", "b"]),
            ),
            (
                json!({"type": "array", "items": {"default": i64::MAX}, "minItems": 2, "uniqueItems": true}),
                json!([i64::MAX, i64::MAX]),
            ),
            (
                json!({"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": true}),
                json!([1, 2, 3]),
            ),
            (json!({"type": "string", "pattern": "^[A-Z]{2}\\d+$", "minLength": 5}), json!("AA000")),
            (json!({"anyOf": [{"type": "null"}, {"type": "boolean"}]}), json!(true)),
            (
                json!({"required": ["user_email", "x"], "properties": {"x": {"const": 7}}}),
                json!({"x": 7, "user_email": "ada@example.com"}),
            ),
            (json!({"type": "string", "minLength": 9, "maxLength": 9}), json!("texttextt")),
            (json!({"type": "string", "default": "d"}), json!("d")),
        ];
        for (schema, expected) in cases {
            assert_eq!(sample(&schema, &mut Nothing(true)), expected, "{schema}");
        }
    }

    #[test]
    fn a_recursive_schema_has_a_finite_valid_sample() {
        let tree = json!({
            "$ref": "#/$defs/Node",
            "$defs": {"Node": {
                "type": "object",
                "required": ["value", "children", "next"],
                "properties": {
                    "value": {"type": "string"},
                    "children": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
                    "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]},
                },
            }},
        });
        let value = sample(&tree, &mut Nothing(true));
        assert!(fits(&tree, &value), "{value}");
        for circle in [
            json!({"anyOf": [{"$ref": "#"}, {"$ref": "#"}, {"$ref": "#"}]}),
            json!({"allOf": [{"$ref": "#"}, {"$ref": "#"}, {"$ref": "#"}]}),
            json!({"type": "array", "items": {"$ref": "#"}, "minItems": 99}),
        ] {
            assert!(sample(&circle, &mut Nothing(true)).to_string().len() < 100_000, "{circle}");
        }
        let endless = json!({"$ref": "#/a", "a": {"required": ["a", "b"], "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}}});
        assert!(sample(&endless, &mut Nothing(true)).to_string().len() < 100_000);
    }

    fn bounds(least: &'static str, most: &'static str, up_to: u32) -> impl Strategy<Value = Map<String, Value>> {
        (0..=up_to, 0..=up_to, 0..4u8).prop_map(move |(a, b, which)| {
            let mut out = Map::new();
            if which & 1 > 0 {
                out.insert(least.into(), a.min(b).into());
            }
            if which & 2 > 0 {
                out.insert(most.into(), a.max(b).into());
            }
            out
        })
    }

    fn of(kind: &str, members: Map<String, Value>) -> Value {
        let mut schema = members;
        schema.insert("type".into(), kind.into());
        schema.into()
    }

    /// Schemas that have a value.
    fn schemas() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            bounds("minLength", "maxLength", 9).prop_map(|bounds| of("string", bounds)),
            bounds("minimum", "maximum", 50).prop_map(|bounds| of("integer", bounds)),
            bounds("minimum", "maximum", 50).prop_map(|bounds| of("number", bounds)),
            (2..9u32).prop_map(|step| json!({"type": "integer", "multipleOf": step, "minimum": 10})),
            prop::sample::select(FORMATS).prop_map(|(format, _)| json!({"type": "string", "format": format})),
            prop::sample::select(vec!["^[a-f]{3}$", "^\\d+-\\d+$", "^(a|b)c*$"])
                .prop_map(|pattern| json!({"type": "string", "pattern": pattern})),
            Just(json!({"enum": [3, "x"]})),
            Just(json!({"const": {"a": [1]}})),
            Just(json!({"type": ["null", "boolean"]})),
        ];
        leaf.prop_recursive(4, 40, 4, |inner| {
            let property = ("[a-e]", inner.clone(), any::<bool>());
            prop_oneof![
                (inner.clone(), bounds("minItems", "maxItems", 4)).prop_map(|(items, bounds)| {
                    let mut schema = of("array", bounds);
                    schema["items"] = items;
                    schema
                }),
                (prop::collection::vec(property, 0..4), any::<bool>()).prop_map(|(properties, open)| {
                    let required: Vec<&String> =
                        properties.iter().filter(|(.., must)| *must).map(|(name, ..)| name).collect();
                    let members: Map<String, Value> =
                        properties.iter().map(|(name, schema, _)| (name.clone(), schema.clone())).collect();
                    json!({"type": "object", "properties": members, "required": required, "additionalProperties": open})
                }),
                prop::collection::vec(inner.clone(), 1..3).prop_map(|variants| json!({"anyOf": variants})),
                inner.clone().prop_map(|inner| json!({"$ref": "#/$defs/d", "$defs": {"d": inner}})),
                inner.prop_map(|inner| json!({"allOf": [inner, {"description": "d"}]})),
            ]
        })
    }

    proptest! {
        #[test]
        fn samples_fit_their_schema(schema in schemas(), all: bool) {
            // A reference is to the root of the whole schema: lift the definition that was generated last.
            let schema = lifted(schema);
            let value = sample(&schema, &mut Nothing(all));
            prop_assert!(fits(&schema, &value), "{value} for {schema}");
            prop_assert_eq!(value, sample(&schema, &mut Nothing(all)));
        }
    }

    /// The schema with all `$defs` at its root, each under a name of its own.
    fn lifted(mut schema: Value) -> Value {
        fn lift(schema: &mut Value, all: &mut Map<String, Value>) {
            if let Some(definition) = schema.get_mut("$defs").map(|defs| defs["d"].take()) {
                let name = format!("d{}", all.len());
                all.insert(name.clone(), Value::Null);
                *schema = json!({"$ref": format!("#/$defs/{name}")});
                let mut definition = definition;
                lift(&mut definition, all);
                all.insert(name, definition);
                return;
            }
            match schema {
                Value::Object(members) => members.values_mut().for_each(|value| lift(value, all)),
                Value::Array(items) => items.iter_mut().for_each(|item| lift(item, all)),
                _ => {}
            }
        }
        let mut all = Map::new();
        lift(&mut schema, &mut all);
        schema["$defs"] = all.into();
        schema
    }
}
