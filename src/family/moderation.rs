//! ApplyGuardrail: parts in, findings out.
//!
//! Source: API reference of Amazon Bedrock Runtime, "ApplyGuardrail" and "GuardrailAssessment".

use serde_json::{Value, json as object};

use super::json;
use crate::conversation::moderation::{Assessment, Finding, Part};
use crate::error::Result;

/// A list of an assessment: its policy, its name there, the policy as callers are told it, and what names an item.
struct List {
    policy: &'static str,
    list: &'static str,
    told: &'static str,
    /// What an item is called by. What a word or an entity matched is the caller's text and is not repeated.
    name: &'static str,
}

const LISTS: &[List] = &[
    List { policy: "contentPolicy", list: "filters", told: "content", name: "type" },
    List { policy: "topicPolicy", list: "topics", told: "topic", name: "name" },
    List { policy: "wordPolicy", list: "customWords", told: "word", name: "" },
    List { policy: "wordPolicy", list: "managedWordLists", told: "word", name: "type" },
    List { policy: "sensitiveInformationPolicy", list: "piiEntities", told: "sensitive_information", name: "type" },
    List { policy: "sensitiveInformationPolicy", list: "regexes", told: "sensitive_information", name: "name" },
];

/// What an item without a name is: a word of the guardrail's own list.
const CUSTOM_WORD: &str = "CUSTOM_WORD";

/// How sure a guardrail is, as a number; the service tells four steps.
const CONFIDENCES: &[(&str, f64)] = &[("NONE", 0.0), ("LOW", 0.33), ("MEDIUM", 0.67), ("HIGH", 1.0)];

/// The body.
pub fn encode(parts: &[Part]) -> Vec<u8> {
    let content: Vec<Value> = parts.iter().filter_map(block).collect();
    object!({"source": "INPUT", "outputScope": "FULL", "content": content}).to_string().into_bytes()
}

fn block(part: &Part) -> Option<Value> {
    match part {
        Part::Text(text) => Some(object!({"text": {"text": text}})),
        Part::Image(image) => {
            let (format, base64) = image.ready()?;
            Some(object!({"image": {"format": format.to_string(), "source": {"bytes": base64}}}))
        }
    }
}

/// What was found.
pub fn decode(answer: &[u8]) -> Result<Assessment> {
    let answer: Value = json(answer)?;
    let intervened = answer["action"] == "GUARDRAIL_INTERVENED";
    let assessments = answer["assessments"].as_array().map(Vec::as_slice).unwrap_or_default();
    let findings = assessments.iter().flat_map(|assessment| LISTS.iter().flat_map(|list| list.read(assessment)));
    Ok(Assessment { intervened, findings: findings.collect() })
}

impl List {
    fn read<'a>(&'a self, assessment: &'a Value) -> impl Iterator<Item = Finding> + 'a {
        let items = assessment[self.policy][self.list].as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().map(|item| {
            let text = |name: &str| item.get(name).and_then(Value::as_str);
            let action = text("action");
            let confidence = text("confidence").and_then(|told| CONFIDENCES.iter().find(|(step, _)| *step == told));
            Finding {
                policy: self.told,
                name: text(self.name).unwrap_or(CUSTOM_WORD).to_owned(),
                // Older answers list only what was found, with what was done about it.
                detected: item["detected"].as_bool().unwrap_or(action.is_some_and(|action| action != "NONE")),
                action: action.map(str::to_owned),
                confidence: confidence.map(|(_, number)| *number),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_read_from_every_list_without_what_they_matched() {
        let answer = object!({
            "action": "GUARDRAIL_INTERVENED",
            "assessments": [{
                "contentPolicy": {"filters": [
                    {"type": "HATE", "confidence": "HIGH", "filterStrength": "HIGH", "action": "BLOCKED", "detected": true},
                    {"type": "VIOLENCE", "confidence": "NONE", "action": "NONE", "detected": false},
                ]},
                "wordPolicy": {"customWords": [{"match": "acme", "action": "BLOCKED"}], "managedWordLists": null},
                "sensitiveInformationPolicy": {"piiEntities": [{"type": "EMAIL", "match": "a@b.c", "action": "ANONYMIZED"}]},
                "topicPolicy": null,
            }],
        });
        let Assessment { intervened, findings } = decode(answer.to_string().as_bytes()).unwrap();
        let told: Vec<_> =
            findings.iter().map(|one| (one.policy, one.name.as_str(), one.detected, one.confidence)).collect();
        let expected = [
            ("content", "HATE", true, Some(1.0)),
            ("content", "VIOLENCE", false, Some(0.0)),
            ("word", "CUSTOM_WORD", true, None),
            ("sensitive_information", "EMAIL", true, None),
        ];
        assert!(intervened);
        assert_eq!(told, expected);
        assert_eq!(decode(b"{}").unwrap(), Assessment::default());
    }
}
