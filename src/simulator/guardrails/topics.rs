//! Denied topics. AWS asks a model; the simulator compares words, so that a test can foresee the outcome.
//!
//! A topic is met when all words of its name are in the text, or when a sentence (or the whole text) and the definition
//! or one of the examples share at least [`THRESHOLD`] of the words of the shorter one. Words without a subject (`what`,
//! `about` …) and endings do not count.

use std::collections::HashSet;

use serde_json::Value;

use super::lexicon::{overlap, sentences, subject};

/// Share of common words from which on a text is about a topic.
const THRESHOLD: f64 = 0.6;

/// A topic that is not to be talked about.
#[derive(Debug)]
pub(super) struct Topic {
    pub(super) name: String,
    title: HashSet<String>,
    /// The words of the definition and of each example.
    phrases: Vec<HashSet<String>>,
}

impl Topic {
    pub(super) fn of(entry: &Value) -> Topic {
        let name = entry["name"].as_str().unwrap_or_default();
        let examples = entry["examples"].as_array().into_iter().flatten();
        let phrases = [&entry["definition"]].into_iter().chain(examples);
        Topic {
            name: name.to_owned(),
            title: subject(name),
            phrases: phrases.filter_map(Value::as_str).map(subject).collect(),
        }
    }

    pub(super) fn is_met(&self, text: &str) -> bool {
        let whole = subject(text);
        if !self.title.is_empty() && self.title.is_subset(&whole) {
            return true;
        }
        let is_close = |words: &HashSet<String>| self.phrases.iter().any(|phrase| overlap(words, phrase) >= THRESHOLD);
        is_close(&whole) || sentences(text).any(|sentence| is_close(&subject(sentence)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn name_definition_and_examples_count() {
        let topic = Topic::of(&json!({
            "name": "Investment advice",
            "definition": "Recommendations on which stocks or bonds to buy or sell.",
            "examples": ["Is it wise to put my savings into gold?"],
        }));
        for text in [
            "I need some advice on an investment",
            "Hello! Which stocks should I buy? Bye.",
            "should my savings go into gold",
        ] {
            assert!(topic.is_met(text), "{text}");
        }
        for text in ["What is the capital of France?", "Where can I buy shoes for my son?", "", "advice on love"] {
            assert!(!topic.is_met(text), "{text}");
        }
    }
}
