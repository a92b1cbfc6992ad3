//! A request against the shape of its operation's input.

use http::HeaderMap;
use serde_json::Value;

use super::Parts;
use super::java::print;
use super::model::{Kind, Member, Model, Number, Operation, Place, Shape};
use super::violations::{Constraint, Path, Step, Violations};
use crate::simulator::exception::Exception;
use crate::simulator::timestamp;
use crate::simulator::wording::{self, Wording};

pub(super) fn check(model: &Model, operation: &Operation, parts: Parts<'_>) -> Result<(), Exception> {
    let Some(Kind::Structure { members, .. }) = operation.input.map(|input| &model.shape(input).kind) else {
        return Ok(());
    };
    let mut check = Check { model, found: Violations::default() };
    for member in members {
        let path = Path { parent: None, step: Step::Member(&member.name) };
        match given(parts, member, model.shape(member.shape)) {
            Given::Nowhere => {}
            Given::Here(value) => check.member(member, value, &path, false)?,
            Given::Text(value) => check.member(member, &value, &path, false)?,
        }
    }
    check.found.into_result()
}

/// A member of the input as the request holds it.
enum Given<'a> {
    /// In the body.
    Here(&'a Value),
    /// In the URI or a header: as JSON of its type.
    Text(Value),
    /// The body is not JSON; its reader checks it.
    Nowhere,
}

fn given<'a>(parts: Parts<'a>, member: &Member, shape: &Shape) -> Given<'a> {
    let text = |text: Option<String>| Given::Text(text.map_or(Value::Null, |text| typed(text, shape)));
    match &member.place {
        Place::Body => Given::Here(parts.body.get(&member.name).unwrap_or(&Value::Null)),
        Place::Payload => Given::Nowhere,
        Place::Label(name) => text(parts.labels.iter().find(|label| label.0 == name).map(|label| label.1.to_owned())),
        Place::Query(name) if matches!(shape.kind, Kind::List(_)) => {
            let values: Vec<Value> = query(parts.query, name).map(Value::String).collect();
            Given::Text(if values.is_empty() { Value::Null } else { Value::Array(values) })
        }
        Place::Query(name) => text(query(parts.query, name).next()),
        Place::Header(name) => text(header(parts.headers, name)),
    }
}

fn query(query: &str, name: &str) -> impl Iterator<Item = String> {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.filter(move |(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.as_bytes();
    Some(String::from_utf8_lossy(value).into_owned())
}

/// The text of a URI or header as the JSON that a body would hold.
fn typed(text: String, shape: &Shape) -> Value {
    match shape.kind {
        Kind::Number(_) | Kind::Boolean => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        _ => Value::String(text),
    }
}

struct Check<'a> {
    model: &'a Model,
    found: Violations,
}

/// What a value's type cannot be read as stops at once; what it violates is collected.
type Outcome = Result<(), Exception>;

impl Check<'_> {
    fn member(&mut self, member: &Member, value: &Value, path: &Path<'_>, hidden: bool) -> Outcome {
        if !value.is_null() {
            return self.value(self.model.shape(member.shape), value, path, hidden);
        }
        if member.required {
            self.found.add(wording::NULL_MEMBER.fill(&[path]));
        }
        Ok(())
    }

    fn value(&mut self, shape: &Shape, value: &Value, path: &Path<'_>, hidden: bool) -> Outcome {
        if self.found.are_enough() {
            return Ok(());
        }
        let hidden = hidden || shape.sensitive;
        convertible(shape, value)?;
        for constraint in constraints(shape).into_iter().flatten() {
            if breaks(shape, value, &constraint) {
                self.violation(shape, value, path, hidden, &constraint.to_string());
            }
        }
        match (&shape.kind, value) {
            (Kind::Structure { members, union }, Value::Object(given)) => {
                for member in members {
                    let path = Path { parent: Some(path), step: Step::Member(&member.name) };
                    self.member(member, given.get(&member.name).unwrap_or(&Value::Null), &path, hidden)?;
                }
                let set = |member: &&Member| given.get(&member.name).is_some_and(|value| !value.is_null());
                if *union && members.iter().filter(set).count() != 1 {
                    self.violation(shape, value, path, true, &wording::UNION.text());
                }
            }
            (Kind::List(member), Value::Array(items)) => {
                let member = self.model.shape(*member);
                let place = |at| Path { parent: Some(path), step: Step::Item(at) };
                let items = items.iter().enumerate().map(|(at, item)| (place(at), item));
                self.entries(shape, value, path, hidden, member, items, wording::LIST_MEMBERS)?;
            }
            (Kind::Map(key, member), Value::Object(entries)) => {
                let (key, member) = (self.model.shape(*key), self.model.shape(*member));
                if entries.keys().any(|text| is_broken(key, &Value::String(text.clone()))) {
                    let text = wording::MAP_KEYS.fill(&[&all(key)]);
                    self.violation(shape, value, path, hidden, &text);
                }
                let entries = entries.iter();
                let entries =
                    entries.map(|(key, value)| (Path { parent: Some(path), step: Step::Key(key.as_str()) }, value));
                self.entries(shape, value, path, hidden, member, entries, wording::MAP_VALUES)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The entries of a list or map. What a simple entry violates is told of the whole, with all its constraints.
    #[allow(clippy::too_many_arguments, reason = "a list and a map differ in all of them")]
    fn entries<'v>(
        &mut self,
        shape: &Shape,
        value: &Value,
        path: &Path<'_>,
        hidden: bool,
        member: &Shape,
        entries: impl Iterator<Item = (Path<'v>, &'v Value)>,
        wording: Wording,
    ) -> Outcome {
        let simple = !matches!(member.kind, Kind::Structure { .. } | Kind::List(_) | Kind::Map(..));
        let mut broken = false;
        for (path, entry) in entries {
            if entry.is_null() {
                broken |= !matches!(member.kind, Kind::Document);
            } else if simple {
                convertible(member, entry)?;
                broken |= is_broken(member, entry);
            } else {
                self.value(member, entry, &path, hidden)?;
            }
        }
        if broken {
            let told = if simple { all(member) } else { wording::NOT_NULL.text() };
            self.violation(shape, value, path, hidden || member.sensitive, &wording.fill(&[&told]));
        }
        Ok(())
    }

    fn violation(&mut self, shape: &Shape, value: &Value, path: &Path<'_>, hidden: bool, constraint: &str) {
        self.found.add(match hidden {
            true => wording::HIDDEN_VALUE.fill(&[path, &constraint]),
            false => wording::VALUE.fill(&[&print(self.model, shape, value), path, &constraint]),
        });
    }
}

/// The constraints of a shape, in the order in which the service tells them.
fn constraints(shape: &Shape) -> [Option<Constraint<'_>>; 4] {
    let (pattern, values) = match &shape.kind {
        Kind::String { pattern, values } => (pattern.as_ref(), values.as_slice()),
        _ => (None, [].as_slice()),
    };
    [
        shape.max.map(|most| Constraint::Most(shape, most)),
        shape.min.map(|least| Constraint::Least(shape, least)),
        pattern.map(|pattern| Constraint::Pattern(&pattern.text)),
        (!values.is_empty()).then_some(Constraint::Values(values)),
    ]
}

fn breaks(shape: &Shape, value: &Value, constraint: &Constraint<'_>) -> bool {
    match (constraint, &shape.kind) {
        (Constraint::Most(_, most), _) => size(shape, value).is_some_and(|size| size > *most),
        (Constraint::Least(_, least), _) => size(shape, value).is_some_and(|size| size < *least),
        (Constraint::Pattern(_), Kind::String { pattern: Some(pattern), .. }) => {
            value.as_str().is_some_and(|text| !pattern.matches(text))
        }
        (Constraint::Values(values), _) => value.as_str().is_some_and(|text| !values.iter().any(|known| known == text)),
        _ => value.is_null(),
    }
}

fn is_broken(shape: &Shape, value: &Value) -> bool {
    constraints(shape).iter().flatten().any(|constraint| breaks(shape, value, constraint))
}

/// All constraints of an entry, in one text.
fn all(shape: &Shape) -> String {
    let constraints = constraints(shape).into_iter().flatten().chain([Constraint::NotNull]);
    constraints.map(|constraint| constraint.to_string()).collect::<Vec<_>>().join(", ")
}

/// What `min` and `max` bound: the value of a number, the characters, bytes or entries of the others.
fn size(shape: &Shape, value: &Value) -> Option<f64> {
    let length = match (&shape.kind, value) {
        (Kind::Number(_), number) => return number.as_f64(),
        (Kind::Blob, Value::String(base64)) => base64.trim_end_matches('=').len() * 3 / 4,
        // Java counts UTF-16 units.
        (_, Value::String(text)) if text.is_ascii() => text.len(),
        (_, Value::String(text)) => text.encode_utf16().count(),
        (_, Value::Array(items)) => items.len(),
        (_, Value::Object(entries)) => entries.len(),
        _ => return None,
    };
    Some(length as f64)
}

/// Refuses JSON of another type than the shape's.
fn convertible(shape: &Shape, value: &Value) -> Outcome {
    let target = match (&shape.kind, value) {
        (Kind::Document, _)
        | (Kind::Structure { .. } | Kind::Map(..), Value::Object(_))
        | (Kind::List(_), Value::Array(_))
        | (Kind::String { .. }, Value::String(_))
        | (Kind::Boolean, Value::Bool(_) | Value::String(_)) => return Ok(()),
        (Kind::Number(kind), Value::Number(number)) => match kind {
            Number::Float | Number::Double => return Ok(()),
            Number::Integer if is_whole(number.as_f64(), f64::from(i32::MAX)) => return Ok(()),
            Number::Long if is_whole(number.as_f64(), i64::MAX as f64) => return Ok(()),
            Number::Integer => "an Integer",
            Number::Long => "a Long",
        },
        (Kind::Blob, Value::String(base64)) => {
            return is_base64(base64).then_some(()).ok_or_else(|| refuse(wording::BASE64));
        }
        (Kind::Timestamp, Value::String(text)) => {
            return timestamp::parse_extended(text).map(|_| ()).ok_or_else(|| refuse(wording::TIMESTAMP));
        }
        (_, Value::Object(_)) => return Err(refuse(wording::START_OF_STRUCTURE)),
        (_, Value::Array(_)) => return Err(refuse(wording::START_OF_LIST)),
        (Kind::List(_), _) => return Err(refuse(wording::EXPECTED_LIST)),
        (Kind::Map(..), _) => return Err(refuse(wording::EXPECTED_MAP)),
        (Kind::Structure { .. }, _) => return Err(refuse(wording::EXPECTED_STRUCTURE)),
        (Kind::Number(Number::Integer), _) => "an Integer",
        (Kind::Number(Number::Long), _) => "a Long",
        (Kind::Number(Number::Float), _) => "a Float",
        (Kind::Number(Number::Double), _) => "a Double",
        (Kind::Boolean, _) => "a Boolean",
        (Kind::String { .. } | Kind::Blob | Kind::Timestamp, _) => "a String",
    };
    let token = match value {
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::String(_) => "STRING_VALUE",
        _ => "NUMBER_VALUE",
    };
    Err(Exception::new("SerializationException", wording::CONVERT.fill(&[&token, &target])))
}

fn refuse(wording: Wording) -> Exception {
    Exception::new("SerializationException", wording.text())
}

fn is_whole(number: Option<f64>, most: f64) -> bool {
    number.is_some_and(|number| number.fract() == 0.0 && number.abs() <= most)
}

/// With or without padding, and with any bits after the last byte.
fn is_base64(text: &str) -> bool {
    let bare = text.trim_end_matches('=').as_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.len() - bare.len() <= 2
        && (base64_simd::STANDARD_NO_PAD.check(bare).is_ok() || (bare.len() % 4 != 1 && bare.iter().all(plain)))
}
