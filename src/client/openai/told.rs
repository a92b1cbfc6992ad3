//! What an answer tells in its headers besides the body.

use crate::catalog::Target;
use crate::conversation::Loss;

/// The most that warnings may take of a head, in bytes; servers between may refuse more.
const MOST_WARNINGS: usize = 6 * 1024;

/// What is known when the head of the service's answer has come.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// `x-amzn-RequestId` of the (first) answer.
    pub(super) request_id: Option<String>,
    /// The id that was asked.
    pub(super) model_id: Option<String>,
    /// The region that was asked.
    pub(super) region: Option<String>,
    /// What could not be carried over.
    pub(super) losses: Vec<Loss>,
}

impl Told {
    /// What is known of a call of `target`.
    pub(super) fn of(target: &Target, region: Option<&str>) -> Told {
        let region = target.region().or(region).map(str::to_owned);
        Told { model_id: Some(target.wire_id.clone()), region, ..Told::default() }
    }

    /// The headers, with the type of the body first.
    pub(super) fn headers(self, content_type: &str) -> Vec<(&'static str, String)> {
        let mut headers = vec![("content-type", content_type.to_owned())];
        let mut add = |name, value: Option<String>| headers.extend(value.map(|value| (name, value)));
        add("x-request-id", self.request_id);
        add("x-bedrock-model-id", self.model_id);
        add("x-bedrock-region", self.region);
        add("x-bedrock-warnings", warnings(&self.losses));
        headers
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
