//! What a text says that a tool's input may need: places, names, numbers, quotations, values of an enumeration.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use super::phrases::{Phrase, number, words_of_name};
use super::schema::Hints;

/// What was found in a text; each thing is given away once.
#[derive(Clone)]
pub(super) struct Facts {
    text: String,
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

/// Words before a place.
const BEFORE_PLACES: &[&str] = &["in", "at", "for", "near", "to", "from", "of", "around"];
/// Capitalised words that are no place or name.
const NO_NAMES: &[&str] = &["celsius", "fahrenheit", "json", "i", "i'm", "english", "please", "utc", "gmt"];
/// Words after which no place follows in lower case.
const NO_PLACES: &[&str] =
    &["the", "a", "an", "my", "your", "this", "that", "me", "it", "one", "order", "celsius", "fahrenheit"];
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

impl Facts {
    pub(super) fn of(text: &str) -> Facts {
        let (places, is_list) = places(text);
        Facts {
            text: text.to_owned(),
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
        let lower = self.text.to_ascii_lowercase();
        let found = [name.to_ascii_lowercase(), label.to_ascii_lowercase()].into_iter().find_map(|label| {
            let at = lower.find(&label)?;
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
            let at = self.text.to_ascii_lowercase().find(marker)? + marker.len();
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

/// Numbers in digits or words, and how they are spelled.
fn numbers(text: &str) -> VecDeque<(Value, String)> {
    let separated = text.split(|c: char| c.is_whitespace() || "+*/=()<>?!;:\"'×÷\u{00a0}".contains(c));
    let read = separated.filter_map(|word| {
        let word = word.trim_end_matches(['.', ',', '%', '°']).trim_start_matches(['$', '€', '£', ',']);
        let plain = word.replace(',', "");
        let spelled = || number(&word.to_lowercase()).map(Value::from);
        let value = match plain.parse::<f64>() {
            Ok(value) if value.fract() == 0.0 && !plain.contains('.') => plain.parse::<i64>().ok().map(Value::from),
            Ok(value) => serde_json::Number::from_f64(value).map(Value::Number),
            Err(_) => spelled(),
        };
        Some((value?, word.to_owned()))
    });
    read.collect()
}

/// What stands in quotation marks.
fn quotations(text: &str) -> VecDeque<String> {
    const MARKS: &[(char, char)] = &[('"', '"'), ('“', '”'), ('`', '`'), ('«', '»')];
    let mut out = VecDeque::new();
    let mut rest = text;
    while let Some((at, (open, close))) =
        rest.char_indices().find_map(|(at, c)| Some((at, MARKS.iter().find(|(open, _)| *open == c)?)))
    {
        let inside = rest.get(at + open.len_utf8()..).unwrap_or_default();
        let Some((quoted, after)) = inside.split_once(*close) else { break };
        if !quoted.trim().is_empty() {
            out.push_back(quoted.trim().to_owned());
        }
        rest = after;
    }
    out
}

/// The words of a text with the punctuation that follows them.
fn words(text: &str) -> Vec<(&str, &str)> {
    let split = |word| {
        let trimmed: &str = str::trim_start_matches(word, ['"', '(', '“']);
        let bare = trimmed.trim_end_matches(|c: char| !c.is_alphanumeric());
        (bare, trimmed.get(bare.len()..).unwrap_or_default())
    };
    text.split_whitespace().map(split).filter(|(word, _)| !word.is_empty()).collect()
}

fn is_name(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && !NO_NAMES.contains(&word.to_lowercase().as_str())
}

/// The places after the first "in", "at" …, and whether they are a list.
fn places(text: &str) -> (VecDeque<String>, bool) {
    let words = words(text);
    let before = |pair: &[(&str, &str)]| match pair {
        [(before, ""), (place, _)] => BEFORE_PLACES.contains(&before.to_lowercase().as_str()) && is_name(place),
        _ => false,
    };
    if let Some(at) = words.windows(2).position(before) {
        return run(words.get(at + 1..).unwrap_or_default());
    }
    // "in paris": one word, where nothing else can be meant.
    let lower = words.windows(2).find_map(|pair| match pair {
        [("in" | "for", ""), (place, _)] if place.chars().all(char::is_alphabetic) && !NO_PLACES.contains(place) => {
            Some((*place).to_owned())
        }
        _ => None,
    });
    (lower.into_iter().filter(|place| place.len() > 2).collect(), false)
}

/// "Paris", "New York City", "San Francisco, CA", "Oslo, Rome and Bern".
fn run(words: &[(&str, &str)]) -> (VecDeque<String>, bool) {
    let (mut items, mut open, mut joined) = (VecDeque::new(), String::new(), false);
    for (at, (word, gap)) in words.iter().enumerate() {
        let next_is_name = words.get(at + 1).is_some_and(|(next, _)| is_name(next));
        if matches!(*word, "and" | "or" | "&") && next_is_name && !open.is_empty() {
            items.push_back(std::mem::take(&mut open));
            joined = true;
            continue;
        }
        if !is_name(word) {
            break;
        }
        if !open.is_empty() {
            open.push(' ');
        }
        open.push_str(word);
        match *gap {
            "" => {}
            "," => {
                items.push_back(std::mem::take(&mut open));
                // "Oslo, Rome, and Bern".
                continue;
            }
            _ => break,
        }
    }
    if !open.is_empty() {
        items.push_back(open);
    }
    let after_comma = words.iter().any(|(word, _)| matches!(*word, "and" | "or")) && items.len() > 2;
    if joined || after_comma || items.len() < 2 {
        let several = items.len() > 1;
        return (items, several);
    }
    (VecDeque::from([Vec::from(items).join(", ")]), false)
}

/// Capitalised words that do not begin a sentence, those that follow each other as one.
fn names(text: &str) -> VecDeque<String> {
    let mut out: VecDeque<String> = VecDeque::new();
    let (mut begins, mut follows) = (true, false);
    for (word, gap) in words(text) {
        let named = !begins && is_name(word);
        match out.back_mut() {
            Some(last) if named && follows => *last = format!("{last} {word}"),
            _ if named => out.push_back(word.to_owned()),
            _ => {}
        }
        (begins, follows) = (gap.contains(['.', '?', '!', ':']), named && gap.is_empty());
    }
    out
}

/// The first sum as typed: `15 * (2 + 3)`.
fn sum(text: &str) -> Option<String> {
    let runs = text.split(|c: char| !(c.is_ascii_digit() || c.is_whitespace() || "+-*/^().%×÷".contains(c)));
    let tidy = runs.map(|run| run.trim().trim_end_matches('.').trim());
    let is_sum = |run: &&str| {
        run.contains(|c: char| "+-*/^×÷".contains(c)) && run.chars().filter(char::is_ascii_digit).count() > 1
    };
    tidy.into_iter().find(is_sum).map(str::to_owned)
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
