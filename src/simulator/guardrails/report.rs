//! An assessment as JSON: what Converse, InvokeModel and ApplyGuardrail tell of a [`Verdict`].
//!
//! Members are in the order of InvokeModel's recordings; Converse and ApplyGuardrail sort theirs. Recordings of
//! September 2026 count automated reasoning in InvokeModel and ApplyGuardrail only.

use serde_json::{Map, Value, json};

use super::assess::{Coverage, List, Verdict};

/// Which findings are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulator) enum Scope {
    /// What was detected. Contextual grounding is always told (recordings).
    Interventions,
    /// All that was looked for, but for words and regular expressions (API reference).
    Full,
}

/// The guardrail that judged, as `appliedGuardrailDetails` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::simulator) struct Named {
    pub(in crate::simulator) id: String,
    pub(in crate::simulator) arn: String,
    pub(in crate::simulator) version: String,
}

/// Policy of the assessment, list in it, and which findings are in the list.
const LISTS: &[(&str, &str, List)] = &[
    ("topicPolicy", "topics", List::Topics),
    ("contentPolicy", "filters", List::Filters),
    ("wordPolicy", "customWords", List::CustomWords),
    ("wordPolicy", "managedWordLists", List::ManagedWords),
    ("sensitiveInformationPolicy", "piiEntities", List::Entities),
    ("sensitiveInformationPolicy", "regexes", List::Regexes),
    ("contextualGroundingPolicy", "filters", List::Grounding),
];

/// An assessment; `latency` in milliseconds. `reasoning` adds the counters of automated reasoning.
pub(super) fn assessment(verdict: &Verdict, named: &Named, scope: Scope, latency: u64, reasoning: bool) -> Value {
    let mut assessment = policies(verdict, scope);
    assessment.insert(
        "invocationMetrics".into(),
        json!({
            "guardrailProcessingLatency": latency,
            "usage": usage(verdict, reasoning),
            "guardrailCoverage": coverage(verdict),
        }),
    );
    assessment.insert(
        "appliedGuardrailDetails".into(),
        json!({
            "guardrailId": named.id,
            "guardrailVersion": named.version,
            "guardrailArn": named.arn,
            "guardrailOrigin": ["REQUEST"],
            "guardrailOwnership": "SELF",
        }),
    );
    assessment.into()
}

fn policies(verdict: &Verdict, scope: Scope) -> Map<String, Value> {
    let mut out = Map::new();
    for (policy, name, list) in LISTS {
        let is_told = scope == Scope::Full || *list == List::Grounding;
        let told = verdict.findings.iter().filter(|one| one.list == *list && (one.detected || is_told));
        let told: Vec<Value> = told.map(|finding| finding.to_json()).collect();
        if told.is_empty() {
            continue;
        }
        let policy = out.entry(*policy).or_insert_with(|| json!({}));
        policy[*name] = told.into();
    }
    out
}

/// The counters. Automated reasoning is not simulated; its counters are zero.
pub(super) fn usage(verdict: &Verdict, reasoning: bool) -> Value {
    let units = verdict.units;
    let mut usage = json!({
        "topicPolicyUnits": units.topics,
        "contentPolicyUnits": units.content,
        "wordPolicyUnits": units.words,
    });
    if reasoning {
        usage["automatedReasoningPolicyUnits"] = 0.into();
        usage["automatedReasoningPolicies"] = 0.into();
    }
    usage["sensitiveInformationPolicyUnits"] = units.sensitive.into();
    usage["sensitiveInformationPolicyFreeUnits"] = units.sensitive_free.into();
    usage["contextualGroundingPolicyUnits"] = units.grounding.into();
    usage["contentPolicyImageUnits"] = units.images.into();
    usage
}

/// How much was judged.
pub(super) fn coverage(verdict: &Verdict) -> Value {
    let of = |coverage: Coverage| json!({"guarded": coverage.guarded, "total": coverage.total});
    let mut out = json!({"textCharacters": of(verdict.characters)});
    if let Some(images) = verdict.images {
        out["images"] = of(images);
    }
    out
}
