//! What a text says that a tool's input may need: places, names, numbers, quotations, values of an enumeration.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use super::mentions::{names, numbers, places, quotations, sum};
use super::phrases::{Phrase, words_of_name};
use super::schema::Hints;

/// What was found in a text; each thing is given away once.
#[derive(Clone)]
pub(super) struct Facts {
    text: String,
    /// The same in lower case, as far as ASCII goes; so it is as long.
    lower: String,
    phrase: Phrase,
    /// Numbers, and how they are spelled.
    numbers: VecDeque<(Value, String)>,
    quotations: VecDeque<String>,
    places: VecDeque<String>,
    names: VecDeque<String>,
    /// The places are a list ("Paris, Rome and Oslo"), not one with its country.
    is_list: bool,
    /// Members that are not required are wanted too.
    everything: bool,
}

/// Most bytes of a text that is searched for what tools need; whoever asks plainly asks soon.
const LONGEST: usize = 20_000;

/// Members that want the question's own words.
const WORDY: &[&str] =
    &["query", "question", "search", "prompt", "input", "text", "message", "topic", "subject", "term", "keyword", "q"];
/// Members that want a number though they are text.
const FIGURES: &[&str] = &["latitude", "longitude", "lat", "lon", "lng", "year", "amount", "price", "zip"];
/// Members that want a sum.
const SUMS: &[&str] = &["expression", "equation", "formula", "calculation", "expr"];
/// Members that want a place.
const PLACES: &[&str] =
    &["location", "city", "place", "country", "town", "region", "destination", "origin", "area", "address"];

/// As much of a text as is searched.
pub(super) fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default()
}

impl Facts {
    pub(super) fn of(text: &str) -> Facts {
        let text = beginning(text);
        let (places, is_list) = places(text);
        Facts {
            text: text.to_owned(),
            lower: text.to_ascii_lowercase(),
            phrase: Phrase::new(text),
            numbers: numbers(text),
            quotations: quotations(text),
            names: names(text),
            places,
            is_list,
            everything: false,
        }
    }

    /// Wants members that are not required, too.
    pub(super) fn complete(self) -> Facts {
        Facts { everything: true, ..self }
    }

    /// The places that the text lists.
    pub(super) fn listed(&self) -> Vec<String> {
        if self.is_list { self.places.iter().cloned().collect() } else { Vec::new() }
    }

    /// The same, with this place only.
    pub(super) fn with_only(self, place: &str) -> Facts {
        Facts { places: VecDeque::from([place.to_owned()]), is_list: false, ..self }
    }

    /// "city: Paris", "city = Paris".
    fn labelled(&self, name: &str) -> Option<&str> {
        let label = name.replace('_', " ");
        let found = [name.to_ascii_lowercase(), label.to_ascii_lowercase()].into_iter().find_map(|label| {
            let at = self.lower.find(&label)?;
            let before = self.text.get(..at)?.chars().next_back();
            let rest = self.text.get(at + label.len()..)?.trim_start_matches(['"', '`', '\'']).trim_start();
            let value = rest.strip_prefix([':', '='])?.trim_start();
            (!before.is_some_and(char::is_alphanumeric)).then_some(value)
        })?;
        let end = found.find([',', ';', '\n', ')', '}']).unwrap_or(found.len());
        let value = found.get(..end)?.trim().trim_end_matches(['.', '?', '!']).trim_matches(['"', '\'', '`']);
        (!value.is_empty()).then_some(value)
    }

    fn choice(&self, values: &[Value]) -> Option<Value> {
        let occurs = |value: &&Value| match value {
            Value::String(text) => self.phrase.has(&Phrase::new(&text.replace('_', " ")).words().join(" ")),
            number => self.numbers.iter().any(|(known, _)| known == *number),
        };
        values.iter().find(occurs).cloned()
    }

    fn text(&mut self, name: &str, schema: &Map<String, Value>) -> Option<String> {
        if let Some(value) = self.labelled(name) {
            return Some(value.to_owned());
        }
        let words = words_of_name(name);
        let is = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
        let tokens =
            || self.text.split_whitespace().map(|word| word.trim_matches(|c: char| ",.;:!?()<>\"'".contains(c)));
        match schema.get("format").and_then(Value::as_str) {
            Some("email") => return tokens().find(|word| word.contains('@')).map(str::to_owned),
            Some("uri" | "url") => return tokens().find(|word| word.contains("://")).map(str::to_owned),
            // Whatever has the shape: the sampler looks whether it fits.
            Some("date" | "date-time" | "uuid" | "ipv4" | "ipv6" | "time") => {
                return tokens()
                    .find(|word| word.starts_with(|c: char| c.is_ascii_hexdigit()) && word.len() > 6)
                    .map(str::to_owned);
            }
            _ => {}
        }
        if is(FIGURES) {
            return self.numbers.pop_front().map(|(_, spelled)| spelled);
        }
        if is(SUMS) {
            return sum(&self.text).or_else(|| self.quotations.pop_front());
        }
        if is(PLACES) {
            return self.places.pop_front().or_else(|| self.quotations.pop_front()).or_else(|| self.names.pop_front());
        }
        if let Some(quotation) = self.quotations.pop_front() {
            return Some(quotation);
        }
        if is(&["id", "number", "code", "sku"]) {
            return tokens()
                .find(|word| word.contains(|c: char| c.is_ascii_digit()))
                .map(|word| word.trim_start_matches('#').to_owned());
        }
        if is(WORDY) {
            return Some(self.subject().trim().to_owned()).filter(|subject| !subject.is_empty());
        }
        self.names.pop_front()
    }

    /// What follows "about" or "search for", else the whole text.
    fn subject(&self) -> &str {
        let after = |marker: &str| {
            let at = self.lower.find(marker)? + marker.len();
            self.text.get(at..)
        };
        let found = after(" about ").or_else(|| after("search for ")).unwrap_or(&self.text);
        found.trim_end_matches(['.', '?', '!'])
    }

    fn list(&mut self, schema: &Map<String, Value>) -> Option<Value> {
        let items = schema.get("items")?;
        if let Some(values) = items["enum"].as_array() {
            let found: Vec<Value> =
                values.iter().filter_map(|value| self.choice(std::slice::from_ref(value))).collect();
            return (!found.is_empty()).then(|| found.into());
        }
        let found: Vec<Value> = match items["type"].as_str() {
            Some("number" | "integer") => self.numbers.drain(..).map(|(number, _)| number).collect(),
            Some("string") if self.quotations.is_empty() => self.places.drain(..).map(Value::from).collect(),
            Some("string") => self.quotations.drain(..).map(Value::from).collect(),
            _ => Vec::new(),
        };
        (!found.is_empty()).then(|| found.into())
    }
}

impl Hints for Facts {
    fn hint(&mut self, name: &str, schema: &Map<String, Value>) -> Option<Value> {
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return self.choice(values);
        }
        let kind = match schema.get("type") {
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
            kind => kind.and_then(Value::as_str),
        };
        match kind? {
            "string" => self.text(name, schema).map(Value::from),
            "integer" | "number" => {
                let labelled = self.labelled(name).and_then(|value| serde_json::from_str::<Value>(value).ok());
                labelled.filter(Value::is_number).or_else(|| self.numbers.pop_front().map(|(number, _)| number))
            }
            "boolean" => {
                let label = words_of_name(name).join(" ");
                let denied = ["not", "no", "without"].iter().any(|no| self.phrase.has(&format!("{no} {label}")));
                self.phrase.has(&label).then_some(json!(!denied))
            }
            "array" => self.list(schema),
            _ => None,
        }
    }

    fn wants(&mut self, name: &str, schema: &Map<String, Value>) -> bool {
        let values = schema.get("enum").and_then(Value::as_array);
        self.everything || self.labelled(name).is_some() || values.is_some_and(|values| self.choice(values).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::{fits, sample};
    use super::*;

    fn input(text: &str, schema: Value) -> Value {
        let value = sample(&schema, &mut Facts::of(text));
        assert!(fits(&schema, &value), "{value} for {schema}");
        value
    }

    #[test]
    fn arguments_are_taken_from_the_text() {
        let string = json!({"type": "string"});
        let object = |properties: Value| {
            let required: Vec<&String> = properties.as_object().unwrap().keys().collect();
            json!({"type": "object", "required": required, "properties": properties})
        };
        let cases = [
            ("weather in paris please", object(json!({"city": string})), json!({"city": "paris"})),
            ("Fly from Oslo to Rome", object(json!({"origin": string})), json!({"origin": "Oslo"})),
            ("Book a table for Ada Lovelace", object(json!({"guest": string})), json!({"guest": "Ada Lovelace"})),
            (
                "Is it over 20 in Rome in fahrenheit?",
                object(
                    json!({"city": string, "unit": {"enum": ["celsius", "fahrenheit"]}, "limit": {"type": "integer"}}),
                ),
                json!({"city": "Rome", "unit": "fahrenheit", "limit": 20}),
            ),
            (
                "Send it to ada@example.org.",
                object(json!({"to": {"type": "string", "format": "email"}})),
                json!({"to": "ada@example.org"}),
            ),
            (
                "On 2025-02-28?",
                object(json!({"day": {"type": "string", "format": "date"}})),
                json!({"day": "2025-02-28"}),
            ),
            ("What is 15 * (2 + 3)?", object(json!({"expression": string})), json!({"expression": "15 * (2 + 3)"})),
            ("Search for red shoes.", object(json!({"query": string})), json!({"query": "red shoes"})),
            ("Find order A-77.", object(json!({"order_id": string})), json!({"order_id": "A-77"})),
            (
                "Call it with city: Bern, days=3",
                object(json!({"city": string, "days": {"type": "integer"}})),
                json!({"city": "Bern", "days": 3}),
            ),
            (
                "Add 1, 2 and 1,000.5",
                object(json!({"numbers": {"type": "array", "items": {"type": "number"}}})),
                json!({"numbers": [1, 2, 1000.5]}),
            ),
            (
                "Hello",
                object(json!({"city": string, "n": {"type": "integer", "minimum": 5}})),
                json!({"city": "Paris", "n": 5}),
            ),
        ];
        for (text, schema, expected) in cases {
            assert_eq!(input(text, schema), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_required_is_given_when_it_is_said() {
        let schema = json!({"type": "object", "properties": {"unit": {"enum": ["c", "f"]}, "city": {"type": "string"}}, "required": ["city"]});
        assert_eq!(input("weather in Rome in f", schema.clone()), json!({"unit": "f", "city": "Rome"}));
        assert_eq!(input("weather in Rome", schema), json!({"city": "Rome"}));
    }
}
