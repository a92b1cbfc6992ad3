//! Reading the members of a client's options.

use serde_json::{Map, Value};

use crate::error::{Error, Kind, Result};

/// A member that is there; `null` counts as absent.
pub(super) fn given<'a>(options: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    options.get(name).filter(|value| !value.is_null())
}

/// A text as it was given, which may be empty.
pub(super) fn text<'a>(options: &'a Map<String, Value>, name: &str, wanted: &str) -> Result<Option<&'a str>> {
    match given(options, name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(wrong_type(name, wanted, other)),
    }
}

/// `true` or `false`.
pub(super) fn boolean(options: &Map<String, Value>, name: &str) -> Result<Option<bool>> {
    match given(options, name) {
        None => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(other) => Err(wrong_type(name, "true or false", other)),
    }
}

fn wrong_type(name: &str, wanted: &str, got: &Value) -> Error {
    Error::wrong_type(format!("options.{name}"), wanted, got).of_kind(Kind::Configuration)
}
