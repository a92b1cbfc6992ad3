//! Objects of a caller's request, read member by member. What is wrong is an error that names the member.
//!
//! A member that was read leaves `null` behind, and `null` counts as absent: what is not `null` at the end was not read.

use serde_json::{Map, Value};

use super::path::Path;
use crate::error::{ApiCode, Error, Result};

/// An object that is being read. Values are moved out of it, never copied.
pub(super) struct Object<'a> {
    members: Map<String, Value>,
    /// `None`: the request itself.
    path: Option<Path<'a>>,
}

impl<'a> Object<'a> {
    /// The request itself.
    pub(super) fn request(members: Map<String, Value>) -> Object<'a> {
        Object { members, path: None }
    }

    /// The object at `path`; `wanted` says what it must be.
    pub(super) fn read(value: Value, path: Path<'a>, wanted: &str) -> Result<Object<'a>> {
        match value {
            Value::Object(members) => Ok(Object { members, path: Some(path) }),
            other => Err(Error::wrong_type(path, wanted, &other)),
        }
    }

    /// Where the member `name` stands.
    pub(super) fn at<'b>(&'b self, name: &'b str) -> Path<'b> {
        match &self.path {
            Some(path) => path.member(name),
            None => Path::field(name),
        }
    }

    /// Where the object stands; nothing for the request itself.
    pub(super) fn place(&self) -> String {
        self.path.map(String::from).unwrap_or_default()
    }

    /// Whether the member is there and not `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(|value| !value.is_null())
    }

    /// The member as it is.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.members.get_mut(name).map(Value::take).filter(|value| !value.is_null())
    }

    /// Takes the member out where it is `expected`.
    pub(super) fn drop_if(&mut self, name: &str, expected: impl Fn(&Value) -> bool) {
        if self.members.get(name).is_some_and(expected) {
            self.take(name);
        }
    }

    /// Puts a member in.
    pub(super) fn put(&mut self, name: String, value: Value) {
        self.members.insert(name, value);
    }

    /// A string.
    pub(super) fn string(&mut self, name: &str) -> Result<Option<String>> {
        match self.take(name) {
            Some(Value::String(text)) => Ok(Some(text)),
            None => Ok(None),
            Some(other) => Err(Error::wrong_type(self.at(name), "a string", &other)),
        }
    }

    /// A string that must be there; `advice` says what to give.
    pub(super) fn required_string(&mut self, name: &str, advice: &str) -> Result<String> {
        let text = self.string(name)?;
        text.ok_or_else(|| Error::missing(self.at(name), advice))
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>> {
        match self.take(name) {
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            None => Ok(None),
            Some(other) => Err(Error::wrong_type(self.at(name), "true or false", &other)),
        }
    }

    /// A number.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<f64>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        match value.as_f64() {
            Some(number) => Ok(Some(number)),
            None => Err(Error::wrong_type(self.at(name), "a number", &value)),
        }
    }

    /// A whole number from `least`, such as `a whole number of tokens`.
    pub(super) fn whole(&mut self, name: &str, wanted: &str, least: u32) -> Result<Option<u32>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        if !value.is_number() {
            return Err(Error::wrong_type(self.at(name), wanted, &value));
        }
        let whole = whole_number(&value).and_then(|whole| u32::try_from(whole).ok()).filter(|&whole| whole >= least);
        let whole = whole.ok_or_else(|| {
            let error = Error::invalid(self.at(name), format!("must be {wanted}, {least} or more."));
            let is_decimal = value.as_f64().is_some_and(|number| number.fract() != 0.0);
            if is_decimal { error.coded(ApiCode::InvalidType) } else { error }
        });
        whole.map(Some)
    }

    /// An array.
    pub(super) fn array(&mut self, name: &str, wanted: &str) -> Result<Option<Vec<Value>>> {
        match self.take(name) {
            Some(Value::Array(items)) => Ok(Some(items)),
            None => Ok(None),
            Some(other) => Err(Error::wrong_type(self.at(name), wanted, &other)),
        }
    }

    /// A string, or an array of strings.
    pub(super) fn strings(&mut self, name: &str) -> Result<Vec<String>> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::String(one)) => Ok(vec![one]),
            Some(Value::Array(items)) => {
                let path = self.at(name);
                let string = |(index, item)| match item {
                    Value::String(text) => Ok(text),
                    other => Err(Error::wrong_type(path.item(index), "a string", &other)),
                };
                items.into_iter().enumerate().map(string).collect()
            }
            Some(other) => Err(Error::wrong_type(self.at(name), "a string or an array of strings", &other)),
        }
    }

    /// An object as it is.
    pub(super) fn map(&mut self, name: &str) -> Result<Option<Map<String, Value>>> {
        match self.take(name) {
            Some(Value::Object(members)) => Ok(Some(members)),
            None => Ok(None),
            Some(other) => Err(Error::wrong_type(self.at(name), "an object", &other)),
        }
    }

    /// What was not read, in the caller's order.
    pub(super) fn unread(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.members.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.as_str(), value))
    }
}

/// Two whole numbers from 1 to `most`, as in `1024x768` and `16:9`.
pub(super) fn pair(text: &str, separator: char, most: u32) -> Option<(u32, u32)> {
    let number = |text: &str| text.parse().ok().filter(|number| (1..=most).contains(number));
    let (first, second) = text.split_once(separator)?;
    Some((number(first)?, number(second)?))
}

/// A whole number from 0. JavaScript has one number type: 800.0 is 800.
pub(super) fn whole_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
        (number >= 0.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0).then_some(number as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Object<'static> {
        Object::read(value, Path::field("x"), "an object").unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn what_was_not_read_is_told_in_order() {
        let mut given = object(json!({"a": 1, "b": null, "c": "3", "d": true}));
        assert_eq!(given.string("c").unwrap().as_deref(), Some("3"));
        assert_eq!(given.unread().map(|(name, _)| name).collect::<Vec<_>>(), ["a", "d"]);
    }

    #[test]
    fn a_wrong_type_names_the_member() {
        let mut given = object(json!({"a": [], "list": ["x", 1], "whole": 1.5, "less": 0}));
        let error = given.string("a").unwrap_err();
        assert_eq!((error.param.as_deref(), error.api_code), (Some("x.a"), Some(ApiCode::InvalidType)));
        assert_eq!(given.strings("list").unwrap_err().param.as_deref(), Some("x.list[1]"));
        assert_eq!(given.whole("whole", "a whole number", 1).unwrap_err().api_code, Some(ApiCode::InvalidType));
        assert_eq!(given.whole("less", "a whole number", 1).unwrap_err().api_code, Some(ApiCode::InvalidValue));
        let error = given.required_string("none", "give one").unwrap_err();
        assert_eq!(error.api_code, Some(ApiCode::MissingRequiredParameter));
    }
}
