//! ListFoundationModels, GetFoundationModel and GetFoundationModelAvailability.
//!
//! What an item says is in [`models::listings`]; the members that AWS's service model does not name, and the geographies
//! of inference profiles, are in `foundation_models.json`.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::{Request, Store};
use crate::simulator::exception::Exception;
use crate::simulator::models::{self, Listing};
use crate::simulator::wording;

static FILE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("foundation_models.json")).unwrap_or_default());

/// Whether a model has what a filter of the list asks for.
type Filter = fn(&Listing, &str) -> bool;

const FILTERS: &[(&str, Filter)] = &[
    ("byCustomizationType", |model, wanted| model.customizations.contains(&wanted)),
    ("byInferenceType", |model, wanted| model.inference.contains(&wanted)),
    ("byOutputModality", |model, wanted| model.output.contains(&wanted)),
    ("byProvider", |model, wanted| model.provider().eq_ignore_ascii_case(wanted)),
];

pub(super) fn list(request: &Request<'_>, _: &mut Store) -> Result<Value, Exception> {
    let fits = |model: &&Listing| {
        FILTERS.iter().all(|(name, fits)| request.query(name).is_none_or(|wanted| fits(model, wanted)))
    };
    let summaries: Vec<Value> = models::listings().filter(fits).map(|model| summary(model, &request.region)).collect();
    Ok(json!({ "enableAccessToAllModelsByDefault": true, "modelSummaries": summaries }))
}

pub(super) fn get(request: &Request<'_>, _: &mut Store) -> Result<Value, Exception> {
    let model = find(request.label("modelIdentifier"))?;
    Ok(json!({ "modelDetails": summary(model, &request.region) }))
}

/// Every model of the list is open to every account.
pub(super) fn availability(request: &Request<'_>, _: &mut Store) -> Result<Value, Exception> {
    let model = find(request.label("modelId"))?;
    Ok(json!({
        "agreementAvailability": {"status": "AVAILABLE"},
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "modelId": model.id,
        "regionAvailability": "AVAILABLE",
    }))
}

/// The model of this id or ARN.
fn find(identifier: &str) -> Result<&'static Listing, Exception> {
    let id = match identifier.split_once(":foundation-model/") {
        Some((_, id)) => id,
        None => identifier,
    };
    let unknown = || Exception::new("ResourceNotFoundException", wording::NO_FOUNDATION_MODEL.text());
    models::listings().find(|model| model.id == id).ok_or_else(unknown)
}

/// The ARN of a foundation model.
pub(super) fn arn(region: &str, id: &str) -> String {
    format!("arn:aws:bedrock:{region}::foundation-model/{id}")
}

/// The geographies in which a model has a system-defined inference profile.
pub(super) fn geographies(id: &str) -> impl Iterator<Item = &'static str> {
    FILE["models"][id]["profiles"].as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn summary(model: &Listing, region: &str) -> Value {
    let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let mut summary: Map<String, Value> = members(&FILE["usual"]);
    summary.extend(members(&FILE["models"][model.id]));
    summary.remove("profiles");
    summary.extend(members(&json!({
        "customizationsSupported": model.customizations,
        "inferenceTypesSupported": model.inference,
        "inputModalities": model.input,
        "modelArn": arn(region, model.id),
        "modelId": model.id,
        "modelLifecycle": {"status": if model.legacy { "LEGACY" } else { "ACTIVE" }},
        "modelName": model.name,
        "outputModalities": model.output,
        "providerName": model.provider(),
        "responseStreamingSupported": model.streams,
    })));
    summary.into()
}
