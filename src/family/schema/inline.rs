//! `$ref` replaced by what it points at, for models that do not follow it (Nova, Llama).

use serde_json::{Map, Value};

use super::pointer::resolve;

/// Most values that a schema may grow to: references to references can multiply without end.
const MOST_VALUES: usize = 20_000;

/// The schema has more than [`MOST_VALUES`] values once its references are replaced.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::family) struct TooLarge;

/// `schema` without `$ref` and without the definitions they point at. Where a definition contains itself, the inner one
/// is left open: any value of its type. Says whether that happened.
pub(in crate::family) fn inline(schema: &Value) -> Result<(Value, bool), TooLarge> {
    let mut inlining = Inlining { root: schema, within: Vec::new(), values: 0, cut: false };
    let mut inlined = inlining.value(schema)?;
    if let Some(members) = inlined.as_object_mut() {
        members.shift_remove("$defs");
        members.shift_remove("definitions");
    }
    Ok((inlined, inlining.cut))
}

struct Inlining<'a> {
    root: &'a Value,
    /// The references being followed.
    within: Vec<&'a str>,
    values: usize,
    cut: bool,
}

impl<'a> Inlining<'a> {
    fn value(&mut self, value: &'a Value) -> Result<Value, TooLarge> {
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err(TooLarge);
        }
        match value {
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
                Some(reference) => self.referred(reference, members),
                None => self.members(members).map(Value::Object),
            },
            other => Ok(other.clone()),
        }
    }

    /// Definitions are not walked through by themselves: only what is referred to is needed.
    fn members(&mut self, members: &'a Map<String, Value>) -> Result<Map<String, Value>, TooLarge> {
        let kept = members.iter().filter(|(name, _)| !matches!(name.as_str(), "$defs" | "definitions"));
        kept.map(|(name, value)| Ok((name.clone(), self.value(value)?))).collect()
    }

    fn referred(&mut self, reference: &'a str, members: &'a Map<String, Value>) -> Result<Value, TooLarge> {
        let target = resolve(self.root, reference);
        let Some(target) = target.filter(|_| !self.within.contains(&reference)) else {
            self.cut = true;
            return Ok(open(target, members));
        };
        self.within.push(reference);
        let inlined = self.value(target);
        self.within.pop();
        let mut inlined = inlined?;
        // What stands beside a reference adds to it.
        if let Some(own) = inlined.as_object_mut() {
            for (name, value) in members.iter().filter(|(name, _)| *name != "$ref") {
                let value = self.value(value)?;
                own.insert(name.clone(), value);
            }
        }
        Ok(inlined)
    }
}

/// Any value of the type of `target`.
fn open(target: Option<&Value>, members: &Map<String, Value>) -> Value {
    let mut open = Map::new();
    for name in ["type", "description"] {
        let value = members.get(name).or_else(|| target?.get(name));
        open.extend(value.map(|value| (name.to_owned(), value.clone())));
    }
    Value::Object(open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_are_replaced_and_what_stands_beside_them_is_kept() {
        let schema = json!({"type": "object", "properties": {
            "from": {"$ref": "#/$defs/Place", "description": "Where"}, "to": {"$ref": "#/$defs/Place"}},
            "$defs": {"Place": {"type": "object", "properties": {"city": {"$ref": "#/$defs/Name"}}}, "Name": {"type": "string"}}});
        let place = json!({"type": "object", "properties": {"city": {"type": "string"}}});
        let mut from = place.clone();
        from["description"] = json!("Where");
        assert_eq!(inline(&schema), Ok((json!({"type": "object", "properties": {"from": from, "to": place}}), false)));
    }

    #[test]
    fn a_definition_within_itself_is_left_open() {
        let schema = json!({"type": "object", "properties": {"next": {"$ref": "#"}, "other": {"$ref": "https://x/y"}}});
        let (inlined, cut) = inline(&schema).unwrap();
        assert!(cut);
        assert_eq!(inlined["properties"]["next"]["properties"]["next"], json!({"type": "object"}));
        assert_eq!(inlined["properties"]["other"], json!({}));
    }

    #[test]
    fn references_that_multiply_are_refused_in_bounded_time() {
        let mut defs = serde_json::Map::new();
        for level in 0..40 {
            let next = format!("#/$defs/L{}", level + 1);
            defs.insert(format!("L{level}"), json!({"properties": {"a": {"$ref": next}, "b": {"$ref": next}}}));
        }
        defs.insert("L40".to_owned(), json!({"type": "string"}));
        let schema = json!({"properties": {"a": {"$ref": "#/$defs/L0"}}, "$defs": defs});
        assert_eq!(inline(&schema), Err(TooLarge));
    }
}
