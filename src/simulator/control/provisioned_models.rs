//! Provisioned throughput: a model under an ARN of the account, which inference takes.

use std::time::Duration;

use serde_json::{Value, json};

use super::resource::{self, Filter, Kind, Phase, Resource};
use super::{Request, Store, base_model, foundation_models};
use crate::simulator::exception::Exception;
use crate::simulator::{timestamp, wording};

const DAY: u64 = 86_400;

pub(super) const KIND: Kind = Kind {
    resource: "provisioned-model",
    list: "provisionedModelSummaries",
    summary: &[
        ("commitmentDuration", "commitmentDuration"),
        ("commitmentExpirationTime", "commitmentExpirationTime"),
        ("creationTime", "creationTime"),
        ("desiredModelArn", "desiredModelArn"),
        ("desiredModelUnits", "desiredModelUnits"),
        ("foundationModelArn", "foundationModelArn"),
        ("lastModifiedTime", "lastModifiedTime"),
        ("modelArn", "modelArn"),
        ("modelUnits", "modelUnits"),
        ("provisionedModelArn", "provisionedModelArn"),
        ("provisionedModelName", "provisionedModelName"),
        ("status", "status"),
    ],
    filters: &[
        ("creationTimeAfter", Filter::After),
        ("creationTimeBefore", Filter::Before),
        ("modelArnEquals", Filter::Equals("modelArn")),
        ("nameContains", Filter::Contains("provisionedModelName")),
        ("statusEquals", Filter::Equals("status")),
    ],
    status: Some(("status", ["Creating", "InService", "InService", "InService"])),
    times: ("creationTime", Some("lastModifiedTime"), None),
};

pub(super) fn create(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let name = request.text("provisionedModelName");
    let base = base_model::find(request, store, request.text("modelId"))?;
    let arn = request.arn(KIND.resource, &request.new_id());
    let term = match request.text("commitmentDuration") {
        "OneMonth" => Some(30 * DAY),
        "SixMonths" => Some(182 * DAY),
        _ => None,
    };
    let expires = term.map(|seconds| timestamp::milliseconds(request.now + Duration::from_secs(seconds)));
    let members = json!({
        "commitmentDuration": request.get("commitmentDuration"),
        "commitmentExpirationTime": expires,
        "desiredModelArn": base.arn,
        "desiredModelUnits": request.get("modelUnits"),
        "foundationModelArn": foundation_models::arn(&request.region, &base.id),
        "modelArn": base.arn,
        "modelUnits": request.get("modelUnits"),
        "provisionedModelArn": arn,
        "provisionedModelName": name,
    });
    store.add(&KIND, Resource::soon(request, arn.clone(), name, members).with_model(base.id), request.get("tags"))?;
    Ok(json!({ "provisionedModelArn": arn }))
}

pub(super) fn list(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    resource::list(request, &KIND, store.all(&KIND))
}

pub(super) fn get(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    Ok(store.get(&KIND, request.label("provisionedModelId"), request.now)?.whole(&KIND, request.now))
}

pub(super) fn update(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let identifier = request.label("provisionedModelId");
    store.get(&KIND, identifier, request.now)?;
    let desired = request.get("desiredModelId").as_str();
    let base = desired.map(|model| base_model::find(request, store, model)).transpose()?;
    let provisioned = store.get(&KIND, identifier, request.now)?;
    if let Some(name) = request.get("desiredProvisionedModelName").as_str() {
        provisioned.name = name.to_owned();
        provisioned.members.insert("provisionedModelName".into(), name.into());
    }
    if let Some(base) = base {
        let outcome = json!({"modelArn": base.arn});
        provisioned.change(request, "Updating", json!({"desiredModelArn": base.arn}), outcome);
        provisioned.model = Some(base.id);
    }
    Ok(json!({}))
}

pub(super) fn delete(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let provisioned = store.get(&KIND, request.label("provisionedModelId"), request.now)?;
    // "You can't delete a Provisioned Throughput before the commitment term is over" (API reference).
    let bound = provisioned.members.contains_key("commitmentExpirationTime");
    if bound || provisioned.phase(request.now) == Phase::Working {
        return Err(Exception::new("ConflictException", wording::CANNOT_DELETE.fill(&[&provisioned.arn])));
    }
    let arn = provisioned.arn.clone();
    store.remove(&KIND, &arn);
    Ok(json!({}))
}
