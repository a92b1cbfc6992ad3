//! Looks at the members of a body in the words of the service's JSON schema validator, as reports quote them.

use serde_json::Value;

use crate::simulator::exception::Exception;
use crate::simulator::native::Body;
use crate::simulator::native::body::malformed;

/// The text of a member; empty when it is missing.
pub(super) fn text<'a>(body: &'a Body, pointer: &str) -> Result<&'a str, Exception> {
    match body.at(pointer) {
        Value::Null => Ok(""),
        Value::String(text) => Ok(text),
        other => Err(wrong_type(pointer, "String", other)),
    }
}

/// The items of an array; none when it is missing.
pub(super) fn items<'a>(body: &'a Body, pointer: &str) -> Result<&'a [Value], Exception> {
    match body.at(pointer) {
        Value::Null => Ok(&[]),
        Value::Array(items) => Ok(items),
        other => Err(wrong_type(pointer, "JSONArray", other)),
    }
}

/// A number between bounds, or what it is when it is missing.
pub(super) fn number(body: &Body, pointer: &str, least: f64, most: f64, usual: f64) -> Result<f64, Exception> {
    let value = body.at(pointer);
    match value.as_f64() {
        None if value.is_null() => Ok(usual),
        None => Err(wrong_type(pointer, "Number", value)),
        Some(given) if given < least => Err(refuse(format!("#{pointer}: {value} is not greater or equal to {least}"))),
        Some(given) if given > most => Err(refuse(format!("#{pointer}: {value} is not less or equal to {most}"))),
        Some(given) => Ok(given),
    }
}

/// A whole number between bounds, or what it is when it is missing.
pub(super) fn count(body: &Body, pointer: &str, least: u64, most: u64, usual: u64) -> Result<u64, Exception> {
    let value = body.at(pointer);
    if !value.is_null() && value.as_u64().is_none() && value.as_i64().is_none() {
        return Err(wrong_type(pointer, "Integer", value));
    }
    number(body, pointer, least as f64, most as f64, usual as f64).map(|given| given as u64)
}

/// One of the texts or numbers of an enum, or the first when it is missing.
pub(super) fn one_of<'a, T>(body: &'a Body, pointer: &str, known: &[T]) -> Result<T, Exception>
where
    T: Copy + PartialEq<Value>,
    Value: PartialEq<T>,
{
    let value: &'a Value = body.at(pointer);
    let usual = known.first().copied().filter(|_| value.is_null());
    let given = usual.or_else(|| known.iter().copied().find(|one| *value == *one));
    given.ok_or_else(|| not_in_enum(pointer, value))
}

/// Refuses a value that its enum does not have.
pub(super) fn not_in_enum(pointer: &str, value: &Value) -> Exception {
    let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    refuse(format!("#{pointer}: {shown} is not a valid enum value"))
}

/// Refuses a text that is too long or too short; Titan's schema names no place.
pub(super) fn length(place: &str, text: &str, least: usize, most: usize) -> Result<(), Exception> {
    let place = if place.is_empty() { String::new() } else { format!("#{place}: ") };
    match text.chars().count() {
        actual if actual < least => Err(refuse(format!("{place}expected minLength: {least}, actual: {actual}"))),
        actual if actual > most => Err(refuse(format!("{place}expected maxLength: {most}, actual: {actual}"))),
        _ => Ok(()),
    }
}

/// Refuses a list of too few or too many items.
pub(super) fn item_count(pointer: &str, found: usize, least: usize, most: usize) -> Result<(), Exception> {
    if found < least {
        return Err(refuse(format!("#{pointer}: expected minimum item count: {least}, found: {found}")));
    }
    if found > most {
        return Err(refuse(format!("#{pointer}: expected maximum item count: {most}, found: {found}")));
    }
    Ok(())
}

/// Refuses the lack of a member.
pub(super) fn missing(pointer: &str, key: &str) -> Exception {
    refuse(format!("#{pointer}: required key [{key}] not found"))
}

fn wrong_type(pointer: &str, expected: &str, found: &Value) -> Exception {
    let found = match found {
        Value::Null => "Null",
        Value::Bool(_) => "Boolean",
        Value::Number(number) if number.is_f64() => "BigDecimal",
        Value::Number(_) => "Integer",
        Value::String(_) => "String",
        Value::Array(_) => "JSONArray",
        Value::Object(_) => "JSONObject",
    };
    refuse(format!("#{pointer}: expected type: {expected}, found: {found}"))
}

fn refuse(item: String) -> Exception {
    malformed(&[item])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_in_the_validators_words() {
        let body = Body::parse(br#"{"a": {"n": 9, "s": "x", "f": 1.5}, "l": [1]}"#).unwrap();
        let said = |refused: Exception| {
            let text = refused.message.strip_prefix("Malformed input request: ").unwrap().to_owned();
            text.strip_suffix(", please reformat your input and try again.").unwrap().to_owned()
        };
        assert_eq!(said(count(&body, "/a/n", 1, 5, 1).unwrap_err()), "#/a/n: 9 is not less or equal to 5");
        assert_eq!(
            said(count(&body, "/a/f", 1, 5, 1).unwrap_err()),
            "#/a/f: expected type: Integer, found: BigDecimal"
        );
        assert_eq!(said(one_of(&body, "/a/s", &["y"]).unwrap_err()), "#/a/s: x is not a valid enum value");
        assert_eq!(said(one_of(&body, "/a/n", &[1u64]).unwrap_err()), "#/a/n: 9 is not a valid enum value");
        assert_eq!(said(text(&body, "/l").unwrap_err()), "#/l: expected type: String, found: JSONArray");
        assert_eq!(said(length("", "", 1, 9).unwrap_err()), "expected minLength: 1, actual: 0");
        assert_eq!(said(length("/t/0", "abc", 1, 2).unwrap_err()), "#/t/0: expected maxLength: 2, actual: 3");
        assert_eq!(said(item_count("/l", 0, 1, 2).unwrap_err()), "#/l: expected minimum item count: 1, found: 0");
        assert_eq!(one_of(&body, "/a/none", &["y", "z"]).unwrap(), "y");
    }
}
