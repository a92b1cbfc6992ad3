//! YAML as JSON values, as far as recorders write it: the core schema's scalars, `!!binary`, anchors.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value, json};

/// Deepest nesting.
const DEEPEST: usize = 100;
/// Most values, those of aliases counted each time.
const MOST_VALUES: usize = 5_000_000;
/// The member under which bytes stand, in base64.
pub(super) const BINARY: &str = "!binary";

/// What is being read: a list, or a mapping and the key that waits for its value.
enum Open {
    List(Vec<Value>, usize),
    Mapping(Map<String, Value>, Option<String>, usize),
}

/// The first document of a text.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let mut reading = Reading::default();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| error.to_string())?;
        if let Some(value) = reading.take(event)? {
            return Ok(value);
        }
    }
    Ok(Value::Null)
}

#[derive(Default)]
struct Reading {
    open: Vec<Open>,
    anchors: HashMap<usize, (Value, usize)>,
    values: usize,
}

impl Reading {
    /// Takes an event; the document, when it is complete.
    fn take(&mut self, event: Event<'_>) -> Result<Option<Value>, String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => self.add(scalar(&text, style, tag.as_deref()), anchor, 1),
            Event::SequenceStart(anchor, _) => self.push(Open::List(Vec::new(), anchor)),
            Event::MappingStart(anchor, _) => self.push(Open::Mapping(Map::new(), None, anchor)),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open::List(items, anchor)) => self.add(items.into(), anchor, 1),
                Some(Open::Mapping(members, _, anchor)) => self.add(members.into(), anchor, 1),
                None => Err("an end without a start".into()),
            },
            Event::Alias(anchor) => {
                let (value, size) = self.anchors.get(&anchor).cloned().ok_or("an alias without its anchor")?;
                self.add(value, 0, size)
            }
            _ => Ok(None),
        }
    }

    fn push(&mut self, open: Open) -> Result<Option<Value>, String> {
        if self.open.len() == DEEPEST {
            return Err(format!("nested deeper than {DEEPEST} levels"));
        }
        self.open.push(open);
        Ok(None)
    }

    fn add(&mut self, value: Value, anchor: usize, size: usize) -> Result<Option<Value>, String> {
        self.values = self.values.saturating_add(size);
        if self.values > MOST_VALUES {
            return Err(format!("more than {MOST_VALUES} values"));
        }
        if anchor > 0 {
            let size = count(&value);
            self.anchors.insert(anchor, (value.clone(), size));
        }
        match self.open.last_mut() {
            None => return Ok(Some(value)),
            Some(Open::List(items, _)) => items.push(value),
            Some(Open::Mapping(members, key, _)) => match key.take() {
                None => *key = Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
                Some(key) => drop(members.insert(key, value)),
            },
        }
        Ok(None)
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    match tag {
        Some(tag) if tag.suffix == "binary" => {
            let packed: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
            json!({ BINARY: packed })
        }
        Some(_) => text.into(),
        None if style == ScalarStyle::Plain => plain(text),
        None => text.into(),
    }
}

/// The core schema: null, booleans, decimal numbers; everything else is text.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => true.into(),
        "false" | "False" | "FALSE" => false.into(),
        _ => match text.parse::<i64>() {
            Ok(number) if !text.starts_with('+') => number.into(),
            _ => text.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_recorders_write() {
        let text = "
interactions:
- request:
    body: '{\"a\": 1}'
    headers: &id001
      Accept:
      - '*/*'
  response:
    headers: *id001
    body:
      string: !!binary |
        AAEC
        AwQ=
    status: {code: 200, message: OK}
    text: \"a\\u00e9\\n\"
    folded: a
      b
version: 1
";
        let headers = json!({"Accept": ["*/*"]});
        assert_eq!(
            parse(text).unwrap(),
            json!({"interactions": [{
                "request": {"body": "{\"a\": 1}", "headers": headers},
                "response": {
                    "headers": headers,
                    "body": {"string": {"!binary": "AAECAwQ="}},
                    "status": {"code": 200, "message": "OK"},
                    "text": "aé\n",
                    "folded": "a b",
                },
            }], "version": 1})
        );
    }

    #[test]
    fn bombs_and_nonsense_are_refused() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..12 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(",");
            bomb += &format!("a{level}: &a{level} [{aliases}]\n");
        }
        assert!(parse(&bomb).unwrap_err().starts_with("more than"));
        assert!(parse(&"[".repeat(1000)).is_err());
        assert!(parse("a: [").is_err());
        assert!(parse("*a").is_err());
        assert_eq!(parse(""), Ok(Value::Null));
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "[-a-z0-9:\\[\\]{}&*!|>'\", \n#?%]{0,60}") {
            let _ = parse(&text);
        }
    }
}
