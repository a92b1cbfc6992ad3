//! The answer: OpenAI's categories, as far as a guardrail has the like, and all that it found.

use serde_json::{Map, Value, json};

use crate::conversation::moderation::{Assessment, Finding, Part};

/// OpenAI's categories (API reference, "Moderations"): whether OpenAI's types know them of pictures, and the filter of a
/// guardrail that looks for the like.
const CATEGORIES: &[(&str, bool, Option<&str>)] = &[
    ("harassment", false, Some("INSULTS")),
    ("harassment/threatening", false, None),
    ("hate", false, Some("HATE")),
    ("hate/threatening", false, None),
    ("illicit", false, Some("MISCONDUCT")),
    ("illicit/violent", false, None),
    ("self-harm", true, None),
    ("self-harm/instructions", true, None),
    ("self-harm/intent", true, None),
    ("sexual", true, Some("SEXUAL")),
    ("sexual/minors", false, None),
    ("violence", true, Some("VIOLENCE")),
    ("violence/graphic", true, None),
];

/// The JSON of OpenAI's `ModerationCreateResponse`. What has no category of OpenAI's, such as topics, words, personal data
/// and attacks on the prompt, is told with everything else below `bedrock`.
pub fn render(id: &str, model: &str, inputs: &[Vec<Part>], assessments: &[Assessment]) -> String {
    let results: Vec<Value> = inputs.iter().zip(assessments).map(|(parts, found)| result(parts, found)).collect();
    json!({"id": id, "model": model, "results": results}).to_string()
}

fn result(parts: &[Part], assessment: &Assessment) -> Value {
    let (mut categories, mut scores, mut applied) = (Map::new(), Map::new(), Map::new());
    for (category, of_pictures, filter) in CATEGORIES {
        let found = filter.and_then(|filter| assessment.findings.iter().find(|finding| is_filter(finding, filter)));
        let detected = found.is_some_and(|finding| finding.detected);
        let score = found.and_then(|finding| finding.confidence).unwrap_or(if detected { 1.0 } else { 0.0 });
        categories.insert((*category).to_owned(), detected.into());
        scores.insert((*category).to_owned(), score.into());
        applied.insert((*category).to_owned(), json!(input_types(parts, found.is_some(), *of_pictures)));
    }
    let flagged = assessment.intervened || assessment.findings.iter().any(|finding| finding.detected);
    let findings: Vec<Value> = assessment.findings.iter().map(told).collect();
    json!({
        "flagged": flagged,
        "categories": categories,
        "category_scores": scores,
        "category_applied_input_types": applied,
        "bedrock": {
            "action": if assessment.intervened { "GUARDRAIL_INTERVENED" } else { "NONE" },
            "findings": findings,
        },
    })
}

fn is_filter(finding: &Finding, filter: &str) -> bool {
    finding.policy == "content" && finding.name == filter
}

fn input_types(parts: &[Part], looked_for: bool, of_pictures: bool) -> Vec<&'static str> {
    let has = |image: bool| looked_for && parts.iter().any(|part| matches!(part, Part::Image(_)) == image);
    let types = [("text", has(false)), ("image", of_pictures && has(true))];
    types.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect()
}

fn told(finding: &Finding) -> Value {
    let Finding { policy, name, detected, action, confidence } = finding;
    json!({"policy": policy, "name": name, "detected": detected, "action": action, "confidence": confidence})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_become_categories_and_the_rest_is_told_besides() {
        let finding = |policy, name: &str, detected, confidence| Finding {
            policy,
            name: name.to_owned(),
            detected,
            action: None,
            confidence,
        };
        let assessment = Assessment {
            intervened: true,
            findings: vec![
                finding("content", "HATE", true, Some(0.67)),
                finding("content", "SEXUAL", false, Some(0.33)),
                finding("topic", "VIOLENCE", true, None),
            ],
        };
        let inputs = [vec![Part::Text("a".to_owned())]];
        let answer: Value = serde_json::from_str(&render("modr-1", "abc:1", &inputs, &[assessment])).unwrap();
        let result = &answer["results"][0];
        assert_eq!(
            (&answer["id"], &answer["model"], &result["flagged"]),
            (&json!("modr-1"), &json!("abc:1"), &json!(true))
        );
        assert_eq!((&result["categories"]["hate"], &result["category_scores"]["hate"]), (&json!(true), &json!(0.67)));
        assert_eq!(
            (&result["categories"]["sexual"], &result["category_scores"]["sexual"]),
            (&json!(false), &json!(0.33))
        );
        assert_eq!(result["categories"]["violence"], json!(false), "a topic of that name is no filter");
        assert_eq!(result["category_applied_input_types"]["hate"], json!(["text"]));
        assert_eq!(result["category_applied_input_types"]["self-harm"], json!([]));
        assert_eq!(result["bedrock"]["findings"].as_array().map(Vec::len), Some(3));
        assert_eq!(result["categories"].as_object().map(Map::len), Some(13));
    }
}
