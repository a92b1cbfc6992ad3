//! A native request body with typed looks at its members, and the texts the service has for malformed ones.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use super::super::exception::Exception;
use super::super::question::Role;

/// With or without padding, as AWS takes it.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What the service says to a body that is not a JSON object.
const MALFORMED: &str = "Malformed input request, please reformat your input and try again.";

/// A JSON object as sent.
#[derive(Clone, Debug, Default)]
pub(in crate::simulator) struct Body(Map<String, Value>);

/// RFC 6901: `~1` is a slash, `~0` a tilde.
fn unescaped(segment: &str) -> Cow<'_, str> {
    match segment.contains('~') {
        true => segment.replace("~1", "/").replace("~0", "~").into(),
        false => segment.into(),
    }
}

impl Body {
    /// Parses the bytes of a request.
    pub(in crate::simulator) fn parse(bytes: &[u8]) -> Result<Body, Exception> {
        serde_json::from_slice(bytes).map(Body).map_err(|_| Exception::validation(MALFORMED))
    }

    /// A body that another holds.
    pub(in crate::simulator) fn from_members(members: Map<String, Value>) -> Body {
        Body(members)
    }

    /// All members.
    pub(in crate::simulator) fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The member, `null` when it is missing.
    pub(in crate::simulator) fn get(&self, key: &str) -> &Value {
        self.0.get(key).unwrap_or(&Value::Null)
    }

    /// The value at a JSON pointer, `null` when it is missing.
    pub(in crate::simulator) fn at(&self, pointer: &str) -> &Value {
        let mut segments = pointer.trim_start_matches('/').split('/').map(unescaped);
        let first = segments.next().map_or(&Value::Null, |first| self.get(&first));
        segments.fold(first, |value, segment| match value {
            Value::Array(items) => segment.parse::<usize>().ok().and_then(|at| items.get(at)).unwrap_or(&Value::Null),
            value => value.get(&*segment).unwrap_or(&Value::Null),
        })
    }

    /// A member to change; `null` is put where it is missing.
    pub(super) fn at_mut(&mut self, key: &str) -> &mut Value {
        self.0.entry(key).or_insert(Value::Null)
    }

    /// Whether the member is there and not null.
    pub(in crate::simulator) fn has(&self, key: &str) -> bool {
        !self.get(key).is_null()
    }

    /// The text of a member, empty when it is missing.
    pub(in crate::simulator) fn text(&self, key: &str) -> &str {
        self.get(key).as_str().unwrap_or_default()
    }

    /// All members, to be changed.
    pub(in crate::simulator) fn members_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.0
    }

    /// All members' names, in the order sent.
    pub(in crate::simulator) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// The items of an array; none where it is something else.
pub(super) fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// The text of a value; empty where it is something else.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The strings of an array, or one string.
pub(in crate::simulator) fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// A count, however it is spelled (`10` or `10.0`).
pub(in crate::simulator) fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64().filter(|number| *number >= 1.0).map(|number| number as u64))
}

/// Base64 to bytes; empty when it is not base64.
pub(in crate::simulator) fn decode(base64: &str) -> Vec<u8> {
    LENIENT.decode(base64).unwrap_or_default()
}

/// The bytes of a `data:` URL.
pub(in crate::simulator) fn decode_data_url(url: &str) -> Vec<u8> {
    url.split_once("base64,").map(|(_, data)| decode(data)).unwrap_or_default()
}

/// The role of a message.
pub(in crate::simulator) fn role(message: &Value) -> Role {
    if message["role"] == "assistant" { Role::Assistant } else { Role::User }
}

/// "Malformed input request: a#: b, please reformat…": the words of the service's JSON schema validator.
pub(in crate::simulator) fn malformed(items: &[String]) -> Exception {
    let items = items.join("");
    Exception::validation(format!("Malformed input request: {items}, please reformat your input and try again."))
}

/// Refuses a body that lacks a required key; families that take many keys are not asked for the others.
pub(in crate::simulator) fn check_keys_present(body: &Body, required: &[&str]) -> Result<(), Exception> {
    check(body, required, |_| true)
}

/// Refuses a body that lacks a required key or has one that the family does not know.
pub(in crate::simulator) fn check_keys(body: &Body, required: &[&str], known: &[&str]) -> Result<(), Exception> {
    check(body, required, |key| known.contains(&key) || required.contains(&key))
}

fn check(body: &Body, required: &[&str], is_known: impl Fn(&str) -> bool) -> Result<(), Exception> {
    let missing = required.iter().filter(|key| !body.has(key)).map(|key| format!("#: required key [{key}] not found"));
    let extra = body.keys().filter(|key| !is_known(key));
    let extra = extra.map(|key| format!("#: extraneous key [{key}] is not permitted"));
    let items: Vec<String> = missing.chain(extra).collect();
    if items.is_empty() { Ok(()) } else { Err(malformed(&items)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_missing_and_extraneous_keys_as_the_service_does() {
        let body = Body::parse(br#"{"messages": []}"#).unwrap();
        let refused = check_keys(&body, &["prompt"], &["max_gen_len"]).unwrap_err();
        assert_eq!(
            refused.message,
            "Malformed input request: #: required key [prompt] not found#: extraneous key [messages] is not permitted, please reformat your input and try again."
        );
        assert!(check_keys(&body, &["messages"], &[]).is_ok());
    }

    #[test]
    fn looks_into_members() {
        let body = Body::parse(br#"{"a": {"b": [1, 2.0]}, "c": "x"}"#).unwrap();
        assert_eq!(count(body.at("/a/b/1")), Some(2));
        assert_eq!((body.text("c"), body.has("d")), ("x", false));
        assert_eq!(Body::parse(b"[]").unwrap_err().message, MALFORMED);
    }
}
