//! ApplyGuardrail: a guardrail judges texts without a model.

use serde_json::{Value, json};

use super::assess::{Content, Coverage, Outcome, Piece, Verdict, assess};
use super::operations::unknown;
use super::policy::Side;
use super::report::{Scope, assessment, coverage, usage};
use crate::simulator::control::{Request, Store};
use crate::simulator::exception::Exception;
use crate::simulator::wording;

/// Policies of an assessment, `null` where a guardrail found nothing to tell (recording).
const POLICIES: &[&str] = &[
    "automatedReasoningPolicy",
    "contentPolicy",
    "contextualGroundingPolicy",
    "sensitiveInformationPolicy",
    "topicPolicy",
    "wordPolicy",
];

/// ApplyGuardrail.
pub(in crate::simulator) fn apply(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let (identifier, version) = (request.label("guardrailIdentifier"), request.label("guardrailVersion"));
    let (named, edition) = store.guardrails.applied(identifier, version).ok_or_else(unknown)?;
    let is_output = request.text("source") == "OUTPUT";
    let side = if is_output { Side::Output } else { Side::Input };
    let content = content(request.get("content"));
    let grounds = content.grounds();
    if is_output && edition.policies.asks_for_grounds() && !grounds.are_given() {
        return Err(wording::NO_GROUNDING_SOURCE.refuse(&[]));
    }
    let verdict = assess(&edition.policies, side, &content, &grounds);
    let message = if is_output { "blockedOutputsMessaging" } else { "blockedInputMessaging" };
    let outputs = outputs(&verdict, edition.text(message));
    let scope = if request.text("outputScope") == "FULL" { Scope::Full } else { Scope::Interventions };
    let latency = request.state.elapsed(request.now);
    let mut assessment = assessment(&verdict, &named, scope, latency, true);
    complete(&mut assessment);
    let mut coverage = coverage(&verdict);
    with_images(&mut coverage);
    Ok(json!({
        "action": if verdict.outcome == Outcome::None { "NONE" } else { "GUARDRAIL_INTERVENED" },
        "actionReason": verdict.outcome.reason(),
        "assessments": [assessment],
        "blockedResponse": null,
        "guardrailCoverage": coverage,
        "output": outputs.clone(),
        "outputs": outputs,
        "usage": usage(&verdict, true),
    }))
}

fn content(blocks: &Value) -> Content {
    let mut content = Content::default();
    for block in blocks.as_array().into_iter().flatten() {
        if let Some(text) = block["text"]["text"].as_str() {
            content.pieces.push(Piece::qualified(text, &block["text"]["qualifiers"]));
        }
        let images = usize::from(block["image"].is_object());
        content.images = Coverage { guarded: content.images.guarded + images, total: content.images.total + images };
    }
    content
}

/// What is to be told instead: the guardrail's message, or each text as it is masked.
fn outputs(verdict: &Verdict, message: &str) -> Vec<Value> {
    match verdict.outcome {
        Outcome::None => Vec::new(),
        Outcome::Blocked => vec![json!({"text": message})],
        Outcome::Masked => verdict.texts.iter().map(|text| json!({"text": text})).collect(),
    }
}

/// The nulls of the recording: every policy, list and kind of coverage that could be there.
fn complete(assessment: &mut Value) {
    for policy in POLICIES {
        if assessment.get(*policy).is_none() {
            assessment[*policy] = Value::Null;
        }
    }
    for (policy, list) in [
        ("sensitiveInformationPolicy", "piiEntities"),
        ("sensitiveInformationPolicy", "regexes"),
        ("wordPolicy", "customWords"),
        ("wordPolicy", "managedWordLists"),
    ] {
        if assessment[policy].is_object() && assessment[policy].get(list).is_none() {
            assessment[policy][list] = Value::Null;
        }
    }
    with_images(&mut assessment["invocationMetrics"]["guardrailCoverage"]);
}

fn with_images(coverage: &mut Value) {
    if coverage.get("images").is_none() {
        coverage["images"] = Value::Null;
    }
}
