//! JSON that is valid for the schema that a question gives.

use serde_json::{Map, Value, json};

use super::arguments::Facts;
use super::schema::{Hints, fits, sample};

/// Members that the answer's own words fit into.
const WORDS: &[&str] =
    &["answer", "reply", "response", "result", "message", "content", "output", "summary", "explanation"];

/// The JSON for `schema`: from the question's `text` where that says what is wanted, with `answer` where words are.
pub(super) fn fill(schema: &Value, text: &str, answer: &str) -> String {
    let value = value(schema, Facts::of(text).complete(), answer);
    let worded = json!({ "answer": answer });
    let is_open = value == json!({}) && fits(schema, &worded);
    if is_open { worded.to_string() } else { value.to_string() }
}

/// A value for `schema` from what is known, with `answer` where words are wanted.
pub(super) fn value(schema: &Value, facts: Facts, answer: &str) -> Value {
    sample(schema, &mut Filled { facts, answer })
}

struct Filled<'a> {
    facts: Facts,
    answer: &'a str,
}

impl Hints for Filled<'_> {
    fn hint(&mut self, name: &str, schema: &Map<String, Value>) -> Option<Value> {
        match WORDS.contains(&name) && schema.get("type").is_some_and(|kind| kind == "string") {
            true => Some(self.answer.into()),
            false => self.facts.hint(name, schema),
        }
    }

    fn wants(&mut self, name: &str, schema: &Map<String, Value>) -> bool {
        self.facts.wants(name, schema)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_filled_with_what_there_is() {
        let city = json!({
            "type": "object",
            "properties": {"city": {"type": "string"}, "size": {"type": "integer"}, "answer": {"type": "string"}},
            "required": ["city"],
        });
        assert_eq!(fill(&city, "Tell me of Rome.", "Hm."), r#"{"city":"Rome","size":1,"answer":"Hm."}"#);
        assert_eq!(fill(&json!({}), "Hello", "Hi!"), r#"{"answer":"Hi!"}"#);
        assert_eq!(fill(&json!({"type": "object"}), "Hello", "Hi!"), r#"{"answer":"Hi!"}"#);
        assert_eq!(fill(&json!({"type": "array", "items": {"const": 1}}), "Hello", "Hi!"), "[1]");
    }
}
