//! Custom models: made by a customisation or copy job, or from an account's own artefacts.

use serde_json::{Value, json};

use super::base_model::{self, BaseModel};
use super::resource::{self, Filter, Kind, Resource};
use super::{Request, Store, deployments, foundation_models, provisioned_models};
use crate::simulator::exception::Exception;
use crate::simulator::wording;

pub(super) const KIND: Kind = Kind {
    resource: "custom-model",
    list: "modelSummaries",
    summary: &[
        ("baseModelArn", "baseModelArn"),
        ("baseModelName", "baseModelName"),
        ("creationTime", "creationTime"),
        ("customizationType", "customizationType"),
        ("modelArn", "modelArn"),
        ("modelName", "modelName"),
        ("modelStatus", "modelStatus"),
        ("ownerAccountId", "ownerAccountId"),
    ],
    filters: &[
        ("baseModelArnEquals", Filter::Equals("baseModelArn")),
        ("creationTimeAfter", Filter::After),
        ("creationTimeBefore", Filter::Before),
        ("foundationModelArnEquals", Filter::Equals("foundationModelArn")),
        ("modelStatus", Filter::Equals("modelStatus")),
        ("nameContains", Filter::Contains("modelName")),
    ],
    status: Some(("modelStatus", ["Creating", "Active", "Active", "Active"])),
    times: ("creationTime", None, None),
};

/// Artefacts do not say what they were trained from; this is what a model from them is taken to be.
const TRAINED_ELSEWHERE: &str = "amazon.nova-lite-v1:0";

/// A custom model that a job makes.
pub(super) fn after(request: &Request<'_>, job: &Resource, arn: &str, name: &str, base: &BaseModel) -> Resource {
    described(request, Resource::after(job, arn.to_owned(), name, json!({"modelArn": arn, "modelName": name})), base)
}

pub(super) fn create(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let name = request.text("modelName");
    store.check_name(&KIND, name)?;
    let base = base_model::find(request, store, TRAINED_ELSEWHERE)?;
    let arn = request.arn(KIND.resource, &format!("imported/{}", request.new_id()));
    let members = json!({
        "customizationType": "IMPORTED",
        "modelArn": arn,
        "modelKmsKeyArn": request.get("modelKmsKeyArn"),
        "modelName": name,
    });
    let model = described(request, Resource::soon(request, arn.clone(), name, members), &base);
    store.add(&KIND, model, request.get("modelTags"))?;
    Ok(json!({ "modelArn": arn }))
}

pub(super) fn list(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    // All models of the list are the account's own.
    let owned = request.query("isOwned") != Some("false");
    resource::list(request, &KIND, store.all(&KIND).iter().filter(|_| owned))
}

pub(super) fn get(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    Ok(store.get(&KIND, request.label("modelIdentifier"), request.now)?.whole(&KIND, request.now))
}

pub(super) fn delete(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let arn = store.get(&KIND, request.label("modelIdentifier"), request.now)?.arn.clone();
    let uses = |kind: &Kind| {
        store.all(kind).iter().any(|resource| resource.members.get("modelArn").is_some_and(|model| *model == arn))
    };
    if uses(&provisioned_models::KIND) || uses(&deployments::KIND) {
        return Err(Exception::new("ConflictException", wording::MODEL_IN_USE.fill(&[&arn])));
    }
    store.remove(&KIND, &arn);
    Ok(json!({}))
}

fn described(request: &Request<'_>, model: Resource, base: &BaseModel) -> Resource {
    let listed = json!({
        "baseModelName": base.id.split(':').next(),
        "foundationModelArn": foundation_models::arn(&request.region, &base.id),
        "ownerAccountId": request.account.id(),
    });
    model.with(json!({"baseModelArn": base.arn})).with_listed(listed).with_model(base.id.clone())
}
