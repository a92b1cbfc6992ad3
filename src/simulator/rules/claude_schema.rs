//! What Claude refuses in the JSON schemas of structured output and of strict tools.

use serde_json::Value;

use super::{Request, Rule, list};
use crate::simulator::exception::Exception;
use crate::simulator::models::Family;
use crate::simulator::wording;

pub(super) const RULES: &[Rule] = &[output_schema, strict_tools];

/// Type → properties that it may not have: recorded, and for numbers documented by Anthropic. The documentation names
/// lengths of strings too, but recorded requests with them were accepted.
const REFUSED: &[(&str, &[&str])] = &[
    ("array", &["maxItems"]),
    ("integer", &["maximum", "minimum", "multipleOf"]),
    ("number", &["maximum", "minimum", "multipleOf"]),
];

fn output_schema(request: &Request) -> Option<Exception> {
    let structure = &request.body.get("outputConfig")["textFormat"]["structure"];
    let schema = structure["jsonSchema"]["schema"].as_str()?;
    let schema = serde_json::from_str(schema).ok()?;
    refused(request, "output_config.format.schema", &schema)
}

fn strict_tools(request: &Request) -> Option<Exception> {
    list(&request.body.get("toolConfig")["tools"]).iter().enumerate().find_map(|(at, tool)| {
        let spec = &tool["toolSpec"];
        let schema = &spec["inputSchema"]["json"];
        if spec["strict"] == true { refused(request, &format!("tools.{at}.custom"), schema) } else { None }
    })
}

fn refused(request: &Request, path: &str, schema: &Value) -> Option<Exception> {
    (request.model.series.family == Family::Claude).then(|| objection(path, schema)).flatten()
}

/// The first property at fault, in the schema or anywhere in it.
fn objection(path: &str, schema: &Value) -> Option<Exception> {
    let members = match schema {
        Value::Array(items) => return items.iter().find_map(|item| objection(path, item)),
        Value::Object(members) => members,
        _ => return None,
    };
    let kind = schema["type"].as_str().unwrap_or_default();
    let (_, refused) = REFUSED.iter().find(|row| row.0 == kind).unwrap_or(&("", &[]));
    let given: Vec<&str> = refused.iter().copied().filter(|property| members.contains_key(*property)).collect();
    match given.as_slice() {
        [] => {}
        [property] => return Some(wording::SCHEMA_PROPERTY.refuse(&[&path, &kind, property])),
        several => return Some(wording::SCHEMA_PROPERTIES.refuse(&[&path, &kind, &several.join(", ")])),
    }
    let least = members.get("minItems").filter(|_| kind == "array");
    if let Some(least) = least.filter(|least| least.as_u64().is_none_or(|least| least > 1)) {
        return Some(wording::SCHEMA_MIN_ITEMS.refuse(&[&path, least]));
    }
    members.values().find_map(|inner| objection(path, inner))
}
