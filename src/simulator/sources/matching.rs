//! Which requests a rule fits.

use std::collections::BTreeMap;

use http::HeaderMap;
use regex_lite::Regex;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::Asked;
use super::inquiry::{Heard, results, spoken};
use crate::simulator::faults::matches;
use crate::simulator::question::Role;

/// Bytes of a text that a pattern looks at; a longer text is searched up to here.
const MOST_SEARCHED: usize = 1 << 20;

/// What a request must be like. Everything that is given must be so; what is left out may be anything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct When {
    /// The model id, as sent or without its region prefix or ARN; `*` stands for any text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// API name of the operation, such as `ConverseStream`; `*` stands for any text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// What the user said last, without documents and tool results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Pattern>,
    /// The system text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<Pattern>,
    /// How many user messages the request has: 1 for the first question of a conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn: Option<usize>,
    /// A tool result in the last user message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_result: Option<ResultWhen>,
    /// Tools that are all on offer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
    /// HTTP headers, by name in any case.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub header: BTreeMap<String, Pattern>,
    /// Values in the request body, by JSON pointer (RFC 6901): equal to a value; a string that a regular expression
    /// fits; missing, for `null`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub body: BTreeMap<String, Expected>,
    /// The account's id, 12 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// What a tool result must be like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ResultWhen {
    /// The id of the tool use that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The tool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Pattern>,
}

/// A text to look for. In JSON a string, which stands somewhere in the text, or `{"regex": "…"}`.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Stands somewhere in the text.
    Contains(String),
    /// A regular expression (syntax of the crate `regex-lite`) that fits somewhere in the text.
    Regex(Regex),
}

/// What a value of the body must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// Equal; numbers by value. `null` also stands for a missing member.
    Value(Value),
    /// A string that the expression fits.
    Text(Pattern),
}

impl When {
    pub(super) fn fits(&self, asked: &Asked<'_>) -> bool {
        let question = asked.question;
        self.model.as_deref().is_none_or(|model| fits_model(model, asked))
            && self.operation.as_deref().is_none_or(|operation| matches(operation, asked.operation.name()))
            && self.account.as_deref().is_none_or(|account| account == asked.account.id())
            && self.turn.is_none_or(|turn| question.turns.iter().filter(|turn| turn.role == Role::User).count() == turn)
            && self.tools.iter().all(|name| question.tools.iter().any(|tool| tool.name == *name))
            && self.header.iter().all(|(name, pattern)| has_header(&asked.head.headers, name, pattern))
            && self.body.iter().all(|(pointer, expected)| expected.is(asked.body.at(pointer)))
            && self.system.as_ref().is_none_or(|pattern| pattern.fits(&question.system))
            && self.text.as_ref().is_none_or(|pattern| pattern.fits(&spoken(question)))
            && self.tool_result.as_ref().is_none_or(|when| results(question).iter().any(|result| when.fits(result)))
    }
}

fn fits_model(pattern: &str, asked: &Asked<'_>) -> bool {
    matches(pattern, &asked.model.requested) || matches(pattern, &asked.model.id)
}

fn has_header(headers: &HeaderMap, name: &str, pattern: &Pattern) -> bool {
    headers.get_all(name).iter().any(|value| pattern.fits(&String::from_utf8_lossy(value.as_bytes())))
}

impl ResultWhen {
    fn fits(&self, result: &Heard) -> bool {
        self.id.as_deref().is_none_or(|id| id == result.id)
            && self.name.as_deref().is_none_or(|name| name == result.name)
            && self.text.as_ref().is_none_or(|pattern| pattern.fits(&result.text))
    }
}

impl Pattern {
    fn fits(&self, text: &str) -> bool {
        let text = &text[..text.floor_char_boundary(MOST_SEARCHED)];
        match self {
            Pattern::Contains(part) => text.contains(part.as_str()),
            Pattern::Regex(regex) => regex.is_match(text),
        }
    }
}

impl From<&str> for Pattern {
    fn from(text: &str) -> Pattern {
        Pattern::Contains(text.to_owned())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        match (self, other) {
            (Pattern::Contains(one), Pattern::Contains(other)) => one == other,
            (Pattern::Regex(one), Pattern::Regex(other)) => one.as_str() == other.as_str(),
            _ => false,
        }
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Pattern::Contains(text) => serializer.serialize_str(text),
            Pattern::Regex(regex) => json!({"regex": regex.as_str()}).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pattern, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Pattern::Contains(text)),
            value => match regex_of(&value) {
                Some(regex) => regex.map_err(D::Error::custom),
                None => Err(D::Error::custom("a pattern is a string or an object with `regex`")),
            },
        }
    }
}

/// The pattern of `{"regex": "…"}`; `None` for anything else.
fn regex_of(value: &Value) -> Option<Result<Pattern, String>> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let text = members.get("regex")?.as_str()?;
    Some(Regex::new(text).map(Pattern::Regex).map_err(|error| format!("the regular expression {text:?}: {error}")))
}

impl Expected {
    fn is(&self, value: &Value) -> bool {
        match self {
            Expected::Value(expected) => equal(expected, value),
            Expected::Text(pattern) => value.as_str().is_some_and(|text| pattern.fits(text)),
        }
    }
}

/// Equality that does not mind how a number is spelt.
fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(key, value)| other.get(key).is_some_and(|other| equal(value, other));
            one.len() == other.len() && one.iter().all(same)
        }
        _ => one == other,
    }
}

impl Serialize for Expected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Expected::Value(value) => value.serialize(serializer),
            Expected::Text(pattern) => pattern.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Expected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Expected, D::Error> {
        let value = Value::deserialize(deserializer)?;
        match regex_of(&value) {
            Some(regex) => regex.map(Expected::Text).map_err(D::Error::custom),
            None => Ok(Expected::Value(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::question::{Part, Tool, ToolResult, ToolUse, Turn};
    use crate::simulator::sources::testing::Case;

    /// A request with a system text, a tool on offer, a result of it, a header and a body.
    fn case() -> Case {
        let mut case = Case::asking("Is it sunny in Oslo?");
        case.question.system = "You are a weatherman.".into();
        case.question.tools = vec![Tool { name: "weather".into(), description: String::new(), schema: Value::Null }];
        let call = ToolUse { id: "t1".into(), name: "weather".into(), input: json!({}) };
        case.question.turns.push(Turn { role: Role::Assistant, parts: vec![Part::ToolUse(call)] });
        let result = ToolResult { id: "t1".into(), parts: vec![Part::Text("20 degrees".into())], is_error: false };
        let parts = vec![Part::ToolResult(result), Part::Text("Well, sunny?".into())];
        case.question.turns.push(Turn { role: Role::User, parts });
        case
    }

    #[test]
    fn every_member_decides() {
        let case = case();
        for (when, fits) in [
            (json!({}), true),
            (json!({"model": "*nova*"}), true),
            (json!({"model": "us.amazon.nova-lite-v1:0"}), true),
            (json!({"model": "amazon.nova-lite-v1:0"}), true),
            (json!({"model": "*claude*"}), false),
            (json!({"operation": "Converse*"}), true),
            (json!({"operation": "InvokeModel"}), false),
            (json!({"text": "sunny"}), true),
            (json!({"text": "Oslo"}), false),
            (json!({"text": "20 degrees"}), false),
            (json!({"text": {"regex": "(?i)^WELL"}}), true),
            (json!({"system": "weatherman"}), true),
            (json!({"system": "chef"}), false),
            (json!({"turn": 2}), true),
            (json!({"turn": 1}), false),
            (json!({"toolResult": {}}), true),
            (json!({"toolResult": {"id": "t1", "name": "weather", "text": {"regex": r"\d+ deg"}}}), true),
            (json!({"toolResult": {"name": "sum"}}), false),
            (json!({"toolResult": {"id": "t2"}}), false),
            (json!({"tools": ["weather"]}), true),
            (json!({"tools": ["weather", "sum"]}), false),
            (json!({"header": {"X-Test": "case"}}), true),
            (json!({"header": {"x-test": "other"}}), false),
            (json!({"header": {"x-none": ""}}), false),
            (json!({"body": {"/inferenceConfig/maxTokens": 10.0, "/a~1b": "c"}}), true),
            (json!({"body": {"/inferenceConfig/maxTokens": 11}}), false),
            (json!({"body": {"/a~1b": {"regex": "^c$"}}}), true),
            (json!({"body": {"/none": null}}), true),
            (json!({"body": {"/a~1b": null}}), false),
            (json!({"account": "123456789012"}), true),
            (json!({"account": "123456789013"}), false),
            (json!({"model": "*", "text": "rain"}), false),
        ] {
            let read: When = serde_json::from_value(when.clone()).unwrap();
            assert_eq!(case.with(|asked| read.fits(asked)), fits, "{when}");
            assert_eq!(serde_json::to_value(&read).unwrap(), when, "what is read is written");
        }
    }

    #[test]
    fn what_is_no_match_is_refused_with_a_reason() {
        for (when, reason) in [
            (json!({"modle": "*"}), "unknown field `modle`"),
            (json!({"text": 1}), "a pattern is a string or an object with `regex`"),
            (json!({"text": {"regex": "("}}), "the regular expression \"(\""),
            (json!({"body": {"/a": {"regex": "("}}}), "the regular expression"),
        ] {
            let refused = serde_json::from_value::<When>(when.clone()).unwrap_err().to_string();
            assert!(refused.contains(reason), "{when}: {refused}");
        }
    }
}
