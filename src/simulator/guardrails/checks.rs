//! InvokeGuardrailChecks: chosen detectors over messages, with scores and places, without a guardrail.
//!
//! A confidence of LOW, MEDIUM or HIGH scores 0.3, 0.6 or 0.9. Offsets count Unicode characters.

use serde_json::{Map, Value, json};

use super::assess::TEXT_UNIT;
use super::content::Category;
use super::pii::Kind;
use super::policy::Level;
use crate::simulator::control::{Request, Store};
use crate::simulator::exception::Exception;

/// A check that gives each of its categories a score, and where it lists them.
const SCORED: &[&str] = &["contentFilter", "promptAttack"];

/// A text and where it is in the request.
struct Part<'a> {
    message: usize,
    content: usize,
    text: &'a str,
}

/// InvokeGuardrailChecks.
pub(in crate::simulator) fn check(request: &Request<'_>, _: &mut Store) -> Result<Value, Exception> {
    let parts = parts(request.get("messages"));
    let checks = request.get("checks");
    let units = parts.iter().map(|part| part.text.chars().count()).sum::<usize>().div_ceil(TEXT_UNIT);
    let (mut results, mut usage) = (Map::new(), Map::new());
    let mut add = |name: &str, result: Value| {
        results.insert(name.to_owned(), result);
        usage.insert(name.to_owned(), json!({ "textUnits": units }));
    };
    for name in SCORED {
        if checks[*name].is_object() {
            add(name, json!({"results": scores(&checks[*name]["categories"], &parts)}));
        }
    }
    if checks["sensitiveInformation"].is_object() {
        let found = entities(&checks["sensitiveInformation"]["entities"], &parts);
        add("sensitiveInformation", json!({"results": found, "truncated": false}));
    }
    Ok(json!({"results": results, "usage": usage}))
}

fn parts(messages: &Value) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for (message, given) in messages.as_array().into_iter().flatten().enumerate() {
        for (content, block) in given["content"].as_array().into_iter().flatten().enumerate() {
            parts.push(Part { message, content, text: block["text"].as_str().unwrap_or_default() });
        }
    }
    parts
}

fn scores(categories: &Value, parts: &[Part<'_>]) -> Vec<Value> {
    let names = categories.as_array().into_iter().flatten().filter_map(|category| category["category"].as_str());
    names
        .filter_map(|name| {
            let category = Category::of(name)?;
            let confidence = parts.iter().map(|part| category.confidence(part.text)).max().unwrap_or(Level::None);
            Some(json!({"category": name, "severityScore": score(confidence)}))
        })
        .collect()
}

fn score(confidence: Level) -> f64 {
    match confidence {
        Level::None => 0.0,
        Level::Low => 0.3,
        Level::Medium => 0.6,
        Level::High => 0.9,
    }
}

fn entities(wanted: &Value, parts: &[Part<'_>]) -> Vec<Value> {
    let kinds = wanted.as_array().into_iter().flatten().filter_map(|entity| Kind::of(entity["type"].as_str()?));
    let kinds: Vec<Kind> = kinds.collect();
    let mut found = Vec::new();
    for part in parts {
        let offset = |at: usize| part.text.get(..at).unwrap_or_default().chars().count();
        for kind in &kinds {
            found.extend(kind.find(part.text).into_iter().map(|range| {
                json!({
                    "type": kind.name(),
                    "confidenceScore": 1.0,
                    "beginOffset": offset(range.start),
                    "endOffset": offset(range.end),
                    "messageIndex": part.message,
                    "contentIndex": part.content,
                })
            }));
        }
    }
    found
}
