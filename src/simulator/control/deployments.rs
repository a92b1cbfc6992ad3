//! Deployments of custom models for inference on demand: a model under an ARN of the account, which inference takes.

use serde_json::{Value, json};

use super::resource::{self, Filter, Kind, Phase, Resource};
use super::{Request, Store, custom_models};
use crate::simulator::exception::Exception;
use crate::simulator::wording;

pub(super) const KIND: Kind = Kind {
    resource: "custom-model-deployment",
    list: "modelDeploymentSummaries",
    summary: &[
        ("createdAt", "createdAt"),
        ("customModelDeploymentArn", "customModelDeploymentArn"),
        ("customModelDeploymentName", "modelDeploymentName"),
        ("lastUpdatedAt", "lastUpdatedAt"),
        ("modelArn", "modelArn"),
        ("status", "status"),
    ],
    filters: &[
        ("createdAfter", Filter::After),
        ("createdBefore", Filter::Before),
        ("modelArnEquals", Filter::Equals("modelArn")),
        ("nameContains", Filter::Contains("modelDeploymentName")),
        ("statusEquals", Filter::Equals("status")),
    ],
    status: Some(("status", ["Creating", "Active", "Active", "Active"])),
    times: ("createdAt", Some("lastUpdatedAt"), None),
};

pub(super) fn create(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let name = request.text("modelDeploymentName");
    if store.check_name(&KIND, name).is_err() {
        return Err(wording::NAME_TAKEN.refuse(&[&name]));
    }
    let (model_arn, model) = active(request, store)?;
    let arn = request.arn(KIND.resource, &request.new_id());
    let members = json!({
        "customModelDeploymentArn": arn,
        "description": request.get("description"),
        "modelArn": model_arn,
        "modelDeploymentName": name,
    });
    store.add(&KIND, Resource::soon(request, arn.clone(), name, members).with_model(model), request.get("tags"))?;
    Ok(json!({ "customModelDeploymentArn": arn }))
}

pub(super) fn list(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    resource::list(request, &KIND, store.all(&KIND))
}

pub(super) fn get(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let identifier = request.label("customModelDeploymentIdentifier");
    Ok(store.get(&KIND, identifier, request.now)?.whole(&KIND, request.now))
}

pub(super) fn update(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let identifier = request.label("customModelDeploymentIdentifier");
    store.get(&KIND, identifier, request.now)?;
    let (model_arn, model) = active(request, store)?;
    let deployment = store.get(&KIND, identifier, request.now)?;
    let details = |status: &str| json!({"modelArn": model_arn, "updateStatus": status});
    let outcome = json!({"modelArn": model_arn, "updateDetails": details("UpdateCompleted")});
    deployment.change(request, "Active", json!({"updateDetails": details("Updating")}), outcome);
    deployment.model = Some(model);
    Ok(json!({ "customModelDeploymentArn": deployment.arn }))
}

pub(super) fn delete(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let arn = store.get(&KIND, request.label("customModelDeploymentIdentifier"), request.now)?.arn.clone();
    store.remove(&KIND, &arn);
    Ok(json!({}))
}

/// The custom model of the request, which must be active, and the foundation model behind it.
fn active(request: &Request<'_>, store: &mut Store) -> Result<(String, String), Exception> {
    let identifier = request.text("modelArn");
    let model = store.get(&custom_models::KIND, identifier, request.now)?;
    if model.phase(request.now) != Phase::Ready {
        return Err(wording::MODEL_NOT_ACTIVE.refuse(&[&identifier]));
    }
    Ok((model.arn.clone(), model.model.clone().unwrap_or_default()))
}
