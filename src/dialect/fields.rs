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

impl Holds {
    fn check(self, path: Path<'_>, value: &Value) -> Result<()> {
        let (fits, wanted) = match self {
            Holds::Flag => (value.is_boolean(), "true or false"),
            Holds::Number => (value.is_number(), "a number"),
            Holds::Text => (value.is_string(), "a string"),
            Holds::List => (value.is_array(), "an array"),
            Holds::Object => (value.is_object(), "an object"),
            Holds::Any => (true, ""),
        };
        if fits { Ok(()) } else { Err(Error::wrong_type(path, wanted, value)) }
    }
}

/// Name, what it holds, fate, the values that ask for nothing, and a sentence: what it becomes, or why it becomes nothing.
pub(super) type Row = (&'static str, Holds, Fate, fn(&Value) -> bool, &'static str);

/// Reports or refuses one field that nobody reads. `table` is sorted by name.
pub(super) fn judge(table: &[Row], name: &str, value: &Value, losses: &mut Losses<'_>) -> Result<()> {
    let path = Path::field(name);
    let Ok(row) = table.binary_search_by(|(known, ..)| (*known).cmp(name)) else {
        return losses.left_out(path, "this field is not known");
    };
    let Some((_, holds, fate, asks_nothing, why)) = table.get(row) else { return Ok(()) };
    let refused = match fate {
        // What reads it has judged it.
        Fate::Mapped | Fate::Emulated => return Ok(()),
        Fate::Warned => false,
        Fate::Refused => true,
    };
    if asks_nothing(value) {
        return Ok(());
    }
    holds.check(path, value)?;
    if refused {
        return Err(Error::invalid(path, format!("cannot be done: {why}.")).coded(ApiCode::UnsupportedParameter));
    }
    losses.left_out(path, why)
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
