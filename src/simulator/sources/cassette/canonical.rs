//! When two requests are the same: same operation and model, same body but for key order, the spelling of numbers, and
//! ids that are made anew each time.

use http::Method;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Number, Value};

use super::interaction::Request;
use super::shown;
use crate::simulator::route;
use crate::simulator::shapes;

/// Members whose text is another one each time.
const IDS: &[&str] = &["toolUseId", "tool_use_id", "tool_call_id", "clientRequestToken", "clientToken"];
/// Values of `type` whose objects have such an `id`.
const WITH_ID: &[&str] = &["tool_use", "function"];
/// Differences that are told.
const MOST_DIFFERENCES: usize = 3;

/// A request as it is compared.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Canonical {
    /// The operation and what its path names.
    pub(super) target: String,
    body: Value,
}

impl Canonical {
    pub(super) fn of(request: &Request) -> Canonical {
        Canonical { target: target(request), body: canonical(&request.body) }
    }

    /// The same text for the same request.
    pub(super) fn key(&self) -> String {
        format!("{}\n{}", self.target, self.body)
    }

    /// Where two bodies differ, and how.
    pub(super) fn differences(&self, other: &Canonical) -> Differences {
        let mut found = Differences::default();
        compare(&self.body, &other.body, String::new(), &mut found);
        found
    }
}

fn target(request: &Request) -> String {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let mut target = match (route::parse(path), Method::from_bytes(request.method.as_bytes())) {
        (Some((operation, model)), _) => format!("{} {model}", operation.name()),
        (None, Ok(method)) => match shapes::route(&method, path) {
            Some(route) => {
                let labels = route.labels.iter().map(|(_, value)| format!(" {value}"));
                route.operation.name.clone() + &labels.collect::<String>()
            }
            None => format!("{method} {}", percent_decode_str(path).decode_utf8_lossy()),
        },
        (None, Err(_)) => path.to_owned(),
    };
    let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    if !pairs.is_empty() {
        target.push('?');
        target.push_str(&pairs.join("&"));
    }
    target
}

fn canonical(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(canonical).collect(),
        Value::Object(members) => {
            let has_id = members.get("type").and_then(Value::as_str).is_some_and(|kind| WITH_ID.contains(&kind));
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            let masked = |(key, value): (&String, &Value)| {
                let is_id = value.is_string() && (IDS.contains(&key.as_str()) || (has_id && key == "id"));
                (key.clone(), if is_id { "(id)".into() } else { canonical(value) })
            };
            Value::Object(sorted.into_iter().map(masked).collect::<Map<_, _>>())
        }
        Value::Number(number) => whole(number).map_or_else(|| value.clone(), Value::from),
        // Bodies that some recorders keep as text.
        Value::String(text) if text.starts_with('{') => match serde_json::from_str::<Value>(text) {
            Ok(json @ Value::Object(_)) => canonical(&json),
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

/// `1` for `1.0`.
fn whole(number: &Number) -> Option<i64> {
    let value = number.as_f64().filter(|_| number.is_f64())?;
    (value.fract() == 0.0 && value.abs() < 9e15).then_some(value as i64)
}

/// Where two bodies differ.
#[derive(Debug, Default)]
pub(super) struct Differences {
    pub(super) count: usize,
    told: Vec<String>,
}

impl Differences {
    fn add(&mut self, pointer: String, here: Option<&Value>, there: Option<&Value>) {
        self.count += 1;
        if self.told.len() < MOST_DIFFERENCES {
            let shown = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), shown);
            let pointer = if pointer.is_empty() { "the body".to_owned() } else { pointer };
            self.told.push(format!("{pointer}: {} here, {} there", shown(here), shown(there)));
        }
    }

    pub(super) fn told(&self) -> String {
        let more = self.count - self.told.len();
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        self.told.join("; ") + &more
    }
}

fn compare(here: &Value, there: &Value, pointer: String, found: &mut Differences) {
    match (here, there) {
        (Value::Object(one), Value::Object(other)) => {
            let keys = one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)));
            for key in keys {
                let at = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                descend(one.get(key), other.get(key), at, found);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            for at in 0..one.len().max(other.len()) {
                descend(one.get(at), other.get(at), format!("{pointer}/{at}"), found);
            }
        }
        _ if here == there => {}
        _ => found.add(pointer, Some(here), Some(there)),
    }
}

fn descend(here: Option<&Value>, there: Option<&Value>, pointer: String, found: &mut Differences) {
    match (here, there) {
        (Some(here), Some(there)) => compare(here, there, pointer, found),
        (here, there) => found.add(pointer, here, there),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn canonical_of(path: &str, body: Value) -> Canonical {
        Canonical::of(&Request { method: "POST".into(), path: path.into(), headers: Map::new(), body })
    }

    #[test]
    fn key_order_numbers_ids_and_spelling_of_paths_do_not_count() {
        let one = canonical_of(
            "/model/a.b-v1%3A0/converse",
            json!({"b": 1.0, "a": {"toolUse": {"toolUseId": "x", "name": "n"}}, "c": [{"type": "tool_use", "id": "y"}]}),
        );
        let other = canonical_of(
            "/model/a.b-v1:0/converse",
            json!({"a": {"toolUse": {"name": "n", "toolUseId": "z"}}, "c": [{"id": "w", "type": "tool_use"}], "b": 1}),
        );
        assert_eq!(one.key(), other.key());
        assert_eq!(one.target, "Converse a.b-v1:0");
        assert_eq!(
            canonical_of("/guardrails?b=1&a=2", Value::Null).target,
            canonical_of("/guardrails?a=2&b=1", Value::Null).target
        );
        assert_ne!(one.key(), canonical_of("/model/a.b-v1:0/converse-stream", other.body.clone()).key());
    }

    #[test]
    fn tells_where_requests_differ() {
        let one = canonical_of("/a", json!({"messages": [{"text": "Hello"}], "x/y": 1, "same": 2}));
        let other = canonical_of("/a", json!({"messages": [{"text": "Hi"}, {}], "same": 2}));
        let found = one.differences(&other);
        assert_eq!(found.count, 3);
        assert_eq!(
            found.told(),
            r#"/messages/0/text: "Hello" here, "Hi" there; /messages/1: nothing here, {} there; /x~1y: 1 here, nothing there"#
        );
    }
}
