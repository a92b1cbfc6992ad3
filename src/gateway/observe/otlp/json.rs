//! OTLP's JSON (OTLP specification 1.9, "JSON Protobuf Encoding"): 64-bit numbers are texts, ids are hexadecimal.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Serialize, Serializer};

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Attribute<'a> {
    key: Cow<'a, str>,
    value: Any<'a>,
}

/// `AnyValue`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) enum Any<'a> {
    #[serde(rename = "stringValue")]
    Text(Cow<'a, str>),
    #[serde(rename = "intValue")]
    Integer(Decimal),
    #[serde(rename = "doubleValue")]
    Double(f64),
    #[serde(rename = "boolValue")]
    Bool(bool),
    #[serde(rename = "arrayValue")]
    Array { values: Vec<Any<'a>> },
}

/// A 64-bit number as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal(pub(super) u64);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Since 1970, in nanoseconds.
pub(super) fn nanoseconds(since_1970: Duration) -> Decimal {
    Decimal(u64::try_from(since_1970.as_nanos()).unwrap_or(u64::MAX))
}

impl<'a> Attribute<'a> {
    pub(super) fn new(key: impl Into<Cow<'a, str>>, value: impl Into<Any<'a>>) -> Attribute<'a> {
        Attribute { key: key.into(), value: value.into() }
    }
}

impl<'a> From<&'a str> for Any<'a> {
    fn from(text: &'a str) -> Any<'a> {
        Any::Text(text.into())
    }
}

impl From<String> for Any<'_> {
    fn from(text: String) -> Self {
        Any::Text(text.into())
    }
}

impl From<u64> for Any<'_> {
    fn from(number: u64) -> Self {
        Any::Integer(Decimal(number))
    }
}

impl From<f64> for Any<'_> {
    fn from(number: f64) -> Self {
        Any::Double(number)
    }
}

impl From<bool> for Any<'_> {
    fn from(is: bool) -> Self {
        Any::Bool(is)
    }
}

impl<'a> From<Vec<&'a str>> for Any<'a> {
    fn from(texts: Vec<&'a str>) -> Any<'a> {
        Any::Array { values: texts.into_iter().map(Any::from).collect() }
    }
}

/// The attributes of what there is.
pub(super) fn present<'a, T: Into<Any<'a>>>(
    attributes: impl IntoIterator<Item = (&'static str, Option<T>)>,
) -> impl Iterator<Item = Attribute<'a>> {
    attributes.into_iter().filter_map(|(key, value)| Some(Attribute::new(key, value?)))
}

/// The program that the telemetry is of.
#[derive(Serialize)]
pub(super) struct Resource {
    pub(super) attributes: Vec<Attribute<'static>>,
}

/// The part of it that made the telemetry.
#[derive(Serialize)]
pub(super) struct Scope {
    name: &'static str,
    version: &'static str,
}

/// This crate.
pub(super) const SCOPE: Scope = Scope { name: "bedrock-wrapper/gateway", version: env!("CARGO_PKG_VERSION") };

#[cfg(test)]
mod tests {
    use serde_json::{json, to_value};

    use super::*;

    #[test]
    fn values_have_the_types_of_the_protocol() {
        for (any, expected) in [
            (Any::from("a"), json!({"stringValue": "a"})),
            (Any::from(u64::MAX), json!({"intValue": "18446744073709551615"})),
            (Any::from(0.5), json!({"doubleValue": 0.5})),
            (Any::from(true), json!({"boolValue": true})),
            (Any::from(vec!["a"]), json!({"arrayValue": {"values": [{"stringValue": "a"}]}})),
        ] {
            assert_eq!(to_value(any).unwrap(), expected);
        }
    }
}
