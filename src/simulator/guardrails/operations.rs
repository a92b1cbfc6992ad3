//! The management operations: create, get, list, update, number, delete. A guardrail is ready as soon as it is made.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::store::{DRAFT, Edition, Guardrail, MOST_GUARDRAILS, MOST_VERSIONS};
use crate::simulator::control::{Request, Store, page};
use crate::simulator::exception::Exception;
use crate::simulator::timestamp::milliseconds;
use crate::simulator::wording;

/// CreateGuardrail.
pub(in crate::simulator) fn create(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let draft = edition(request)?;
    refuse_taken(store, draft.text("name"), "")?;
    if store.guardrails.are_full() {
        return Err(too_many(MOST_GUARDRAILS, "guardrail"));
    }
    let id = request.new_id();
    let arn = request.arn("guardrail", &id);
    store.tags.open(&arn, request.get("tags"))?;
    store.guardrails.add(Guardrail::new(id.clone(), arn.clone(), draft));
    Ok(json!({"guardrailId": id, "guardrailArn": arn, "version": DRAFT, "createdAt": milliseconds(request.now)}))
}

/// GetGuardrail: the draft, or a version of it.
pub(in crate::simulator) fn get(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let guardrail = store.guardrails.find(request.label(IDENTIFIER)).ok_or_else(unknown)?;
    let version = request.query("guardrailVersion").unwrap_or(DRAFT);
    let edition = guardrail.edition(version).ok_or_else(unknown)?;
    let mut shown = edition.config.as_object().cloned().unwrap_or_default();
    shown.extend(facts(version, edition));
    shown.insert("guardrailId".into(), guardrail.id.as_str().into());
    shown.insert("guardrailArn".into(), guardrail.arn.as_str().into());
    for empty in ["statusReasons", "failureRecommendations"] {
        shown.insert(empty.into(), json!([]));
    }
    Ok(shown.into())
}

/// ListGuardrails: all drafts, or the draft and the versions of one.
pub(in crate::simulator) fn list(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let summaries: Vec<Value> = match request.query(IDENTIFIER) {
        Some(identifier) => {
            let guardrail = store.guardrails.find(identifier).ok_or_else(unknown)?;
            guardrail.editions().map(|(version, edition)| summary(guardrail, &version, edition)).collect()
        }
        None => store.guardrails.iter().map(|guardrail| summary(guardrail, DRAFT, &guardrail.draft)).collect(),
    };
    page(request, "guardrails", summaries)
}

/// UpdateGuardrail: the draft is replaced as a whole.
pub(in crate::simulator) fn update(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let mut draft = edition(request)?;
    let id = store.guardrails.find(request.label(IDENTIFIER)).ok_or_else(unknown)?.id.clone();
    refuse_taken(store, draft.text("name"), &id)?;
    let guardrail = store.guardrails.find_mut(&id).ok_or_else(unknown)?;
    draft.created = guardrail.draft.created;
    guardrail.draft = Arc::new(draft);
    Ok(json!({
        "guardrailId": guardrail.id,
        "guardrailArn": guardrail.arn,
        "version": DRAFT,
        "updatedAt": milliseconds(request.now),
    }))
}

/// CreateGuardrailVersion: the draft under the next number.
pub(in crate::simulator) fn add_version(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let guardrail = store.guardrails.find_mut(request.label(IDENTIFIER)).ok_or_else(unknown)?;
    let number = guardrail.add_version(request.get("description").as_str(), request.now);
    let number = number.ok_or_else(|| too_many(MOST_VERSIONS, "guardrail version"))?;
    Ok(json!({"guardrailId": guardrail.id, "version": number.to_string()}))
}

/// DeleteGuardrail: one version, or the guardrail with all of them.
pub(in crate::simulator) fn delete(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let guardrail = store.guardrails.find_mut(request.label(IDENTIFIER)).ok_or_else(unknown)?;
    match request.query("guardrailVersion") {
        Some(version) if guardrail.remove_version(version) => {}
        Some(_) => return Err(unknown()),
        None => {
            let (id, arn) = (guardrail.id.clone(), guardrail.arn.clone());
            store.guardrails.remove(&id);
            store.tags.close(&arn);
        }
    }
    Ok(json!({}))
}

const IDENTIFIER: &str = "guardrailIdentifier";

/// What the management API and ApplyGuardrail say to a guardrail or version that is not there.
pub(super) fn unknown() -> Exception {
    Exception::new("ResourceNotFoundException", wording::UNKNOWN_GUARDRAIL.text())
}

fn too_many(most: usize, kind: &str) -> Exception {
    Exception::new("ServiceQuotaExceededException", wording::TOO_MANY_RESOURCES.fill(&[&most, &kind]))
}

fn refuse_taken(store: &Store, name: &str, id: &str) -> Result<(), Exception> {
    match store.guardrails.has_name(name, id) {
        true => Err(Exception::new("ConflictException", wording::GUARDRAIL_NAME_TAKEN.text())),
        false => Ok(()),
    }
}

/// The draft that the body of a request describes.
fn edition(request: &Request<'_>) -> Result<Edition, Exception> {
    let parsed = Edition::parse(&request.body, request.now);
    let mut edition = parsed.map_err(|pattern| wording::GUARDRAIL_REGEX.refuse(&[&pattern]))?;
    if edition.policies.filters_attacks_by_models() {
        return Err(wording::PROMPT_ATTACK_OUTPUT.refuse(&[]));
    }
    if let Some(key) = request.get("kmsKeyId").as_str() {
        edition.config["kmsKeyArn"] = match key.starts_with("arn:") {
            true => key.into(),
            false => request.arn("key", key).replace(":bedrock:", ":kms:").into(),
        };
    }
    if let Some(profile) = request.get("crossRegionConfig")["guardrailProfileIdentifier"].as_str() {
        let id = profile.rsplit('/').next().unwrap_or_default();
        let arn = request.arn("guardrail-profile", id);
        edition.config["crossRegionDetails"] = json!({"guardrailProfileId": id, "guardrailProfileArn": arn});
    }
    Ok(edition)
}

fn summary(guardrail: &Guardrail, version: &str, edition: &Edition) -> Value {
    let mut summary = facts(version, edition);
    summary.insert("id".into(), guardrail.id.as_str().into());
    summary.insert("arn".into(), guardrail.arn.as_str().into());
    for key in ["name", "description", "crossRegionDetails"] {
        if let Some(value) = edition.config.get(key) {
            summary.insert(key.into(), value.clone());
        }
    }
    summary.into()
}

fn facts(version: &str, edition: &Edition) -> Map<String, Value> {
    let facts = [
        ("version", version.to_owned()),
        ("status", "READY".to_owned()),
        ("createdAt", milliseconds(edition.created)),
        ("updatedAt", milliseconds(edition.updated)),
    ];
    facts.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect()
}
