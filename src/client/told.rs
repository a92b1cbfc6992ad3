//! What an answer tells besides its body: in its headers, and to whoever keeps account of it.

use super::{Client, resolve};
use crate::catalog::Target;
use crate::conversation::{Event, Loss, StopReason, Usage};

/// The most that warnings may take of a head, in bytes; servers between may refuse more.
const MOST_WARNINGS: usize = 6 * 1024;

/// The header that tells what could not be carried over.
pub(super) const WARNINGS: &str = "x-bedrock-warnings";

/// What is known when the head of the service's answer has come.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// `x-amzn-RequestId` of the (first) answer.
    pub request_id: Option<String>,
    /// `id` of the answer, where it is made here.
    pub answer_id: Option<String>,
    /// The id that was asked.
    pub model_id: Option<String>,
    /// The region that was asked.
    pub region: Option<String>,
    /// What could not be carried over.
    pub losses: Vec<Loss>,
}

/// What an answer came to. That of a stream grows until its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tokens, over all choices, as the service counted them.
    pub usage: Usage,
    /// Why each choice ended, in Converse's words.
    pub stop_reasons: Vec<StopReason>,
}

impl Tally {
    /// Takes what an event says of it.
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::Usage(usage) => self.usage.add(*usage),
            Event::Stop(reason) => self.stop_reasons.push(reason.clone()),
            _ => {}
        }
    }

    /// Of a call that only reads: so many tokens.
    pub(super) fn of_input(tokens: Option<u64>) -> Tally {
        let mut tally = Tally::default();
        tally.usage.add(Usage { input_tokens: tokens, total_tokens: tokens, ..Usage::default() });
        tally
    }
}

impl Told {
    /// Notes that `target` is asked.
    pub(super) fn asks(&mut self, client: &Client, target: &Target) {
        self.model_id = Some(target.wire_id.clone());
        self.region = target.region().or(client.connection().account().region.as_deref()).map(str::to_owned);
    }

    /// Notes that `target` was called through `profile` in the end, if it was.
    pub(super) fn asked_through(&mut self, target: &Target, profile: Option<String>) {
        if let Some(profile) = profile {
            self.losses.push(resolve::asked_through(target, &profile));
            self.model_id = Some(profile);
        }
    }

    /// What is known of a call of `target`.
    pub(super) fn of(target: &Target, region: Option<&str>) -> Told {
        let region = target.region().or(region).map(str::to_owned);
        Told { model_id: Some(target.wire_id.clone()), region, ..Told::default() }
    }

    /// The headers, with the type of the body first.
    pub(super) fn headers(&self, content_type: &str) -> Vec<(&'static str, String)> {
        let mut headers = vec![("content-type", content_type.to_owned())];
        let mut add = |name, value: Option<String>| headers.extend(value.map(|value| (name, value)));
        add("x-request-id", self.request_id.clone());
        add("x-bedrock-model-id", self.model_id.clone());
        add("x-bedrock-region", self.region.clone());
        headers.extend(self.warnings());
        headers
    }

    /// The header that tells the losses, if there are any.
    pub(super) fn warnings(&self) -> Option<(&'static str, String)> {
        warnings(&self.losses).map(|json| (WARNINGS, json))
    }
}

/// The warnings as a JSON list in ASCII, as many as there is room for.
fn warnings(losses: &[Loss]) -> Option<String> {
    let mut list = String::new();
    for loss in losses {
        // Strings and an enum: serialization has nothing to fail on.
        let warning = ascii(&serde_json::to_string(loss).unwrap_or_default());
        if list.len() + warning.len() > MOST_WARNINGS {
            break;
        }
        list.push(if list.is_empty() { '[' } else { ',' });
        list.push_str(&warning);
    }
    (!list.is_empty()).then(|| list + "]")
}

/// JSON text with every character beyond ASCII escaped, as a header wants it.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            text.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            text.push_str(&format!("\\u{unit:04x}"));
        }
    }
    text
}

/// Reads a header, whatever the case of its name.
pub(super) fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::conversation::LossCode;

    fn parsed(header: &str) -> Value {
        serde_json::from_str(header).unwrap()
    }

    #[test]
    fn warnings_are_json_in_ascii_and_never_too_long_for_a_head() {
        let loss = |text: &str| Loss::of(LossCode::UnsupportedField, "seed", text);
        let told = Told { losses: vec![loss("Größe 😀")], ..Told::default() };
        let headers = told.headers("application/json");
        let (name, value) = &headers[1];
        assert_eq!(*name, "x-bedrock-warnings");
        assert!(value.is_ascii());
        assert_eq!(parsed(value)[0]["message"], "Größe 😀");
        let many = Told { losses: vec![loss(&"x".repeat(1000)); 50], ..Told::default() }.headers("application/json");
        assert!(many[1].1.len() <= MOST_WARNINGS + 1);
        assert_eq!(parsed(&many[1].1).as_array().map(Vec::len), Some(5));
    }
}
