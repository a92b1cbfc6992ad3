//! Values as the service prints them in its messages: it is written in Java, and uses `toString`.

use serde_json::Value;

use super::model::{Kind, Model, Number, Shape};

/// Longest print; the service's own limit is not known.
const LONGEST: usize = 2048;

pub(super) fn print(model: &Model, shape: &Shape, value: &Value) -> String {
    let mut out = String::new();
    write(model, shape, value, &mut out);
    if let Some((cut, _)) = out.char_indices().nth(LONGEST) {
        out.truncate(cut);
    }
    out
}

fn write(model: &Model, shape: &Shape, value: &Value, out: &mut String) {
    if out.len() > LONGEST * 4 {
        return;
    }
    match (&shape.kind, value) {
        (_, Value::Null) => out.push_str("null"),
        (Kind::Structure { members, .. }, Value::Object(given)) => {
            let given = members.iter().filter_map(|member| Some((member, given.get(&member.name)?)));
            out.push_str(&shape.name);
            list('(', ')', given, out, |(member, value), out| {
                out.push_str(&member.name);
                out.push('=');
                write(model, model.shape(member.shape), value, out);
            });
        }
        (Kind::List(member), Value::Array(items)) => {
            list('[', ']', items.iter(), out, |item, out| write(model, model.shape(*member), item, out));
        }
        (Kind::Map(_, member), Value::Object(entries)) => list('{', '}', entries.iter(), out, |(key, value), out| {
            out.push_str(key);
            out.push('=');
            write(model, model.shape(*member), value, out);
        }),
        (Kind::Number(Number::Float | Number::Double), value) => match value.as_f64() {
            Some(number) => out.push_str(&format!("{number:?}")),
            None => out.push_str(&value.to_string()),
        },
        (_, Value::String(text)) => out.push_str(text),
        (_, other) => out.push_str(&other.to_string()),
    }
}

fn list<T>(
    open: char,
    close: char,
    items: impl Iterator<Item = T>,
    out: &mut String,
    mut write: impl FnMut(T, &mut String),
) {
    out.push(open);
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write(item, out);
    }
    out.push(close);
}
