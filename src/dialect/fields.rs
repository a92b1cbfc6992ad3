//! What becomes of each field of a request: the form of the tables, one of which each dialect has.
//!
//! `null` counts as absent everywhere. A field that is in no row is reported as unknown.

use serde_json::Value;

use super::losses::Losses;
use super::path::Path;
use crate::error::{ApiCode, Error, Result};

/// What becomes of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Carried over; read elsewhere in the dialect.
    Mapped,
    /// Bedrock has nothing like it; it is done on our side.
    Emulated,
    /// Left out with a warning, unless the value asks for nothing.
    Warned,
    /// The answer could not be what was asked: an error, unless the value asks for nothing.
    Refused,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Flag,
    Number,
    Text,
    List,
    Object,
    /// One of several; what reads it knows.
    Any,
}

/// Name, what it holds, fate, the values that ask for nothing, and a sentence: what it becomes, or why it becomes nothing.
pub(super) type Row = (&'static str, Holds, Fate, fn(&Value) -> bool, &'static str);

/// Reports or refuses one field that nobody reads. `table` is sorted by name.
pub(super) fn judge(table: &[Row], name: &str, value: &Value, losses: &mut Losses<'_>) -> Result<()> {
    let path = Path::field(name);
    let Some((_, _, fate, asks_nothing, why)) = row(table, name) else {
        return losses.left_out(path, "this field is not known");
    };
    match fate {
        // What reads it has judged it.
        Fate::Mapped | Fate::Emulated => Ok(()),
        _ if asks_nothing(value) => Ok(()),
        Fate::Warned => losses.left_out(path, why),
        Fate::Refused => {
            Err(Error::invalid(path, format!("cannot be done: {why}.")).coded(ApiCode::UnsupportedParameter))
        }
    }
}

/// Refuses a value of another type than the field holds. What is carried out is checked where it is read.
pub(super) fn check_type(table: &[Row], name: &str, value: &Value) -> Result<()> {
    let Some((_, holds, Fate::Warned | Fate::Refused, ..)) = row(table, name) else { return Ok(()) };
    let (fits, wanted) = match holds {
        Holds::Flag => (value.is_boolean(), "true or false"),
        Holds::Number => (value.is_number(), "a number"),
        Holds::Text => (value.is_string(), "a string"),
        Holds::List => (value.is_array(), "an array"),
        Holds::Object => (value.is_object(), "an object"),
        Holds::Any => (true, ""),
    };
    if fits { Ok(()) } else { Err(Error::wrong_type(name, wanted, value)) }
}

/// Whether the table has a field of this name.
pub(super) fn knows(table: &[Row], name: &str) -> bool {
    row(table, name).is_some()
}

fn row<'t>(table: &'t [Row], name: &str) -> Option<&'t Row> {
    table.binary_search_by(|(known, ..)| (*known).cmp(name)).ok().and_then(|index| table.get(index))
}

pub(super) fn never(_: &Value) -> bool {
    false
}

pub(super) fn is_zero(value: &Value) -> bool {
    value.as_f64() == Some(0.0)
}

pub(super) fn is_one(value: &Value) -> bool {
    value.as_f64() == Some(1.0)
}

pub(super) fn is_false(value: &Value) -> bool {
    value == false
}

pub(super) fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty)
}

pub(super) fn is_none_word(value: &Value) -> bool {
    value == "none"
}

pub(super) fn is_none_or_auto(value: &Value) -> bool {
    value == "none" || value == "auto"
}

pub(super) fn is_default_tier(value: &Value) -> bool {
    value == "auto" || value == "default"
}

pub(super) fn is_medium(value: &Value) -> bool {
    value == "medium"
}

pub(super) fn is_text_only(value: &Value) -> bool {
    value.as_array().is_some_and(|words| words.iter().all(|word| word == "text"))
}

pub(super) fn is_text_format(value: &Value) -> bool {
    value.get("type").is_some_and(|kind| kind == "text")
}

pub(super) fn is_auto(value: &Value) -> bool {
    value == "auto"
}

pub(super) fn is_auto_or_opaque(value: &Value) -> bool {
    value == "auto" || value == "opaque"
}

pub(super) fn is_float(value: &Value) -> bool {
    value == "float" || value.as_array().is_some_and(|types| types.iter().all(|name| name == "float"))
}

/// What a table must be: sorted, each field once, a whole sentence for each that is left out.
#[cfg(test)]
pub(super) fn check_table(table: &[Row]) {
    for pair in table.windows(2) {
        assert!(pair[0].0 < pair[1].0, "{} must stand after {}", pair[1].0, pair[0].0);
    }
    for (name, _, _, _, says) in table {
        assert!(!says.is_empty() && !says.ends_with('.'), "{name}: {says}");
    }
}
