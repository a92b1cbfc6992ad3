//! Fields of a request: what becomes of each is a row of its dialect's table; their values are read here.
//!
//! `null` counts as absent everywhere. A field that a table does not have is reported as unknown.

use serde_json::{Map, Value};

use crate::conversation::{Loss, LossCode};
use crate::error::{ApiCode, Error, Result};

/// What becomes of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Carried over; how, in words for the documentation.
    Mapped(&'static str),
    /// Left out with a warning, for this reason, unless the value asks for nothing.
    Warned(&'static str),
    /// The answer could not be what was asked, for this reason: an error, unless the value asks for nothing.
    Refused(&'static str),
}

/// Name, fate, and the values that ask for nothing.
pub(super) type Row = (&'static str, Fate, fn(&Value) -> bool);

/// A row in words, for the documentation.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// The field.
    pub name: &'static str,
    /// `mapped`, `warning` or `error`.
    pub fate: &'static str,
    /// How, or why.
    pub words: &'static str,
}

/// The rows of a table in words.
pub(super) fn told(table: &'static [Row]) -> impl Iterator<Item = Told> {
    table.iter().map(|(name, fate, _)| match *fate {
        Fate::Mapped(words) => Told { name, fate: "mapped", words },
        Fate::Warned(words) => Told { name, fate: "warning", words },
        Fate::Refused(words) => Told { name, fate: "error", words },
    })
}

/// Reports or refuses the fields that nothing has taken. `table` is sorted by name.
pub(super) fn judge(table: &[Row], fields: &Map<String, Value>, losses: &mut Vec<Loss>) -> Result<()> {
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        let row = table.binary_search_by(|(known, ..)| (*known).cmp(name)).ok().and_then(|row| table.get(row));
        match row {
            Some((_, _, asks_nothing)) if asks_nothing(value) => {}
            Some((_, Fate::Mapped(_), _)) => {}
            Some((_, Fate::Warned(why), _)) => {
                losses.push(Loss::of(LossCode::UnsupportedField, name, format!("Left out: {why}.")));
            }
            Some((_, Fate::Refused(why), _)) => {
                let refused = Error::invalid(name, format!("cannot be done: {why}."));
                return Err(refused.coded(ApiCode::UnsupportedParameter));
            }
            None => {
                let message = "This field is not known and was left out. Members of the model's own body go into \
                               additionalModelRequestFields.";
                losses.push(Loss::of(LossCode::UnsupportedField, name, message));
            }
        }
    }
    Ok(())
}

/// The body as an object, with the members of `extra_body` in it as other clients send them.
pub(super) fn object(body: Value, members: &str) -> Result<Map<String, Value>> {
    let Value::Object(mut fields) = body else {
        return Err(Error::wrong_type("body", &format!("an object with {members}"), &body));
    };
    for (name, value) in take_object(&mut fields, "extra_body")?.unwrap_or_default() {
        fields.entry(name).or_insert(value);
    }
    Ok(fields)
}

/// Takes a field that is there and not `null`.
pub(super) fn take(fields: &mut Map<String, Value>, name: &str) -> Option<Value> {
    fields.remove(name).filter(|value| !value.is_null())
}

/// Takes the text that has to be there.
pub(super) fn take_required_text(fields: &mut Map<String, Value>, name: &str, what: &str) -> Result<String> {
    match take_text(fields, name)? {
        None => Err(Error::missing(name, what)),
        Some(text) if text.trim().is_empty() => Err(Error::invalid(name, format!("must not be empty; {what}."))),
        Some(text) => Ok(text),
    }
}

/// Takes a text.
pub(super) fn take_text(fields: &mut Map<String, Value>, name: &str) -> Result<Option<String>> {
    match take(fields, name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(Error::wrong_type(name, "a string", &other)),
    }
}

/// Takes true or false.
pub(super) fn take_flag(fields: &mut Map<String, Value>, name: &str) -> Result<Option<bool>> {
    match take(fields, name) {
        None => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(flag)),
        Some(other) => Err(Error::wrong_type(name, "true or false", &other)),
    }
}

/// Takes a whole number between bounds; JavaScript has one number type, so 3.0 is 3.
pub(super) fn take_whole(fields: &mut Map<String, Value>, name: &str, least: u32, most: u32) -> Result<Option<u32>> {
    let Some(value) = take(fields, name) else { return Ok(None) };
    let number = match &value {
        Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
        other => return Err(Error::wrong_type(name, "a whole number", other)),
    };
    match number.and_then(|number| u32::try_from(number).ok()) {
        Some(number) if (least..=most).contains(&number) => Ok(Some(number)),
        _ if most == u32::MAX => Err(Error::invalid(name, format!("must be a whole number, {least} or more."))),
        _ => Err(Error::invalid(name, format!("must be a whole number from {least} to {most}."))),
    }
}

/// Takes a number.
pub(super) fn take_number(fields: &mut Map<String, Value>, name: &str) -> Result<Option<f64>> {
    let Some(value) = take(fields, name) else { return Ok(None) };
    value.as_f64().map(Some).ok_or_else(|| Error::wrong_type(name, "a number", &value))
}

/// Takes an object.
pub(super) fn take_object(fields: &mut Map<String, Value>, name: &str) -> Result<Option<Map<String, Value>>> {
    match take(fields, name) {
        None => Ok(None),
        Some(Value::Object(members)) => Ok(Some(members)),
        Some(other) => Err(Error::wrong_type(name, "an object", &other)),
    }
}

/// Takes the members of the model's own body.
pub(super) fn take_extra(fields: &mut Map<String, Value>) -> Result<Map<String, Value>> {
    take_object(fields, "additionalModelRequestFields").map(Option::unwrap_or_default)
}

/// The number in a float that holds a whole one.
pub(super) fn whole(number: f64) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
    (number >= 0.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0).then_some(number as u64)
}

pub(super) fn never(_: &Value) -> bool {
    false
}

#[cfg(test)]
pub(super) fn is_sorted(table: &[Row]) -> bool {
    table.is_sorted_by(|(name, ..), (next, ..)| name < next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TABLE: &[Row] = &[
        ("a", Fate::Mapped("carried over"), never),
        ("b", Fate::Refused("there is no such thing"), |value| value == "none"),
        ("c", Fate::Warned("nobody needs it"), never),
    ];

    fn judged(fields: Value) -> Result<Vec<Loss>> {
        let mut losses = Vec::new();
        judge(TABLE, &object(fields, "a")?, &mut losses).map(|()| losses)
    }

    #[test]
    fn what_asks_for_nothing_is_silent_and_the_rest_is_not() {
        assert_eq!(judged(json!({"a": 1, "b": "none", "c": null})).unwrap(), []);
        let params: Vec<_> =
            judged(json!({"c": 1, "d": 2})).unwrap().into_iter().filter_map(|loss| loss.param).collect();
        assert_eq!(params, ["c", "d"]);
        assert_eq!(judged(json!({"b": "some"})).unwrap_err().message, "b: cannot be done: there is no such thing.");
    }

    #[test]
    fn extra_body_gives_what_is_not_there_already() {
        let fields = object(json!({"a": 1, "extra_body": {"a": 2, "b": 3}}), "a").unwrap();
        assert_eq!(Value::Object(fields), json!({"a": 1, "b": 3}));
        assert!(object(json!([1]), "a").is_err() && object(json!({"extra_body": 1}), "a").is_err());
    }

    #[test]
    fn values_are_read_strictly_and_errors_name_the_field() {
        let mut fields = json!({"n": 3.0, "half": 0.5, "word": "x", "no": null, "minus": -1});
        let fields = fields.as_object_mut().unwrap();
        assert_eq!(take_whole(fields, "n", 1, 10).unwrap(), Some(3));
        assert_eq!(take_whole(fields, "no", 1, 10).unwrap(), None);
        for (name, message) in [
            ("half", "half: must be a whole number from 1 to 10."),
            ("minus", "minus: must be a whole number from 1 to 10."),
            ("word", "word: must be a whole number, not a string."),
        ] {
            assert_eq!(take_whole(fields, name, 1, 10).unwrap_err().message, message);
        }
    }
}
