//! Jobs that copy a custom model of the account.

use serde_json::{Value, json};

use super::base_model::BaseModel;
use super::resource::{self, Filter, Kind, Resource};
use super::{Request, Store, custom_models};
use crate::simulator::exception::Exception;

pub(super) const KIND: Kind = Kind {
    resource: "model-copy-job",
    list: "modelCopyJobSummaries",
    summary: &[
        ("creationTime", "creationTime"),
        ("jobArn", "jobArn"),
        ("sourceAccountId", "sourceAccountId"),
        ("sourceModelArn", "sourceModelArn"),
        ("sourceModelName", "sourceModelName"),
        ("status", "status"),
        ("targetModelArn", "targetModelArn"),
        ("targetModelKmsKeyArn", "targetModelKmsKeyArn"),
        ("targetModelName", "targetModelName"),
        ("targetModelTags", "targetModelTags"),
    ],
    filters: &[
        ("creationTimeAfter", Filter::After),
        ("creationTimeBefore", Filter::Before),
        ("outputModelNameContains", Filter::Contains("targetModelName")),
        ("sourceAccountEquals", Filter::Equals("sourceAccountId")),
        ("sourceModelArnEquals", Filter::Equals("sourceModelArn")),
        ("statusEquals", Filter::Equals("status")),
    ],
    status: Some(("status", ["InProgress", "Completed", "Completed", "Completed"])),
    times: ("creationTime", None, None),
};

pub(super) fn create(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let name = request.text("targetModelName");
    let source = store.get(&custom_models::KIND, request.text("sourceModelArn"), request.now)?;
    let base = BaseModel {
        arn: source.members.get("baseModelArn").and_then(Value::as_str).unwrap_or_default().to_owned(),
        id: source.model.clone().unwrap_or_default(),
    };
    let (source_arn, source_name) = (source.arn.clone(), source.name.clone());
    let made_from = source_arn.split('/').nth(1).unwrap_or_default();
    let arn = request.arn(KIND.resource, &request.new_id());
    let target = request.arn(custom_models::KIND.resource, &format!("{made_from}/{}", request.new_id()));
    let members = json!({
        "jobArn": arn,
        "sourceAccountId": request.account.id(),
        "sourceModelArn": source_arn,
        "sourceModelName": source_name,
        "targetModelArn": target,
        "targetModelKmsKeyArn": request.get("modelKmsKeyId"),
        "targetModelName": name,
        "targetModelTags": request.get("targetModelTags"),
    });
    let job = Resource::soon(request, arn.clone(), name, members);
    let copy = custom_models::after(request, &job, &target, name, &base);
    store.add_job((&KIND, job, &Value::Null), (&custom_models::KIND, copy, request.get("targetModelTags")))?;
    Ok(json!({ "jobArn": arn }))
}

pub(super) fn list(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    resource::list(request, &KIND, store.all(&KIND))
}

pub(super) fn get(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    Ok(store.get(&KIND, request.label("jobArn"), request.now)?.whole(&KIND, request.now))
}
