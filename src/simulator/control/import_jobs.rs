//! Jobs that import a model from an account's own weights.

use serde_json::{Value, json};

use super::resource::{self, Filter, Kind, Resource};
use super::{Request, Store, imported_models};
use crate::simulator::exception::Exception;

pub(super) const KIND: Kind = Kind {
    resource: "model-import-job",
    list: "modelImportJobSummaries",
    summary: &[
        ("creationTime", "creationTime"),
        ("endTime", "endTime"),
        ("importedModelArn", "importedModelArn"),
        ("importedModelName", "importedModelName"),
        ("jobArn", "jobArn"),
        ("jobName", "jobName"),
        ("lastModifiedTime", "lastModifiedTime"),
        ("status", "status"),
    ],
    filters: &[
        ("creationTimeAfter", Filter::After),
        ("creationTimeBefore", Filter::Before),
        ("nameContains", Filter::Contains("jobName")),
        ("statusEquals", Filter::Equals("status")),
    ],
    status: Some(("status", ["InProgress", "Completed", "Completed", "Completed"])),
    times: ("creationTime", Some("lastModifiedTime"), Some("endTime")),
};

pub(super) fn create(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let (name, model_name) = (request.text("jobName"), request.text("importedModelName"));
    store.check_name(&KIND, name)?;
    store.check_name(&imported_models::KIND, model_name)?;
    let arn = request.arn(KIND.resource, &request.new_id());
    let model_arn = request.arn(imported_models::KIND.resource, &request.new_id());
    let shared = json!({
        "jobArn": arn,
        "jobName": name,
        "modelDataSource": request.get("modelDataSource"),
    });
    let job = Resource::soon(request, arn.clone(), name, shared.clone())
        .with(json!({
            "importedModelKmsKeyArn": request.get("importedModelKmsKeyId"),
            "importedModelName": model_name,
            "roleArn": request.get("roleArn"),
            "vpcConfig": request.get("vpcConfig"),
        }))
        .with_outcome(json!({"importedModelArn": model_arn}));
    let model = Resource::after(&job, model_arn.clone(), model_name, shared).with(json!({
        "instructSupported": true,
        "modelArn": model_arn,
        "modelKmsKeyArn": request.get("importedModelKmsKeyId"),
        "modelName": model_name,
    }));
    let model = (&imported_models::KIND, model, request.get("importedModelTags"));
    store.add_job((&KIND, job, request.get("jobTags")), model)?;
    Ok(json!({ "jobArn": arn }))
}

pub(super) fn list(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    resource::list(request, &KIND, store.all(&KIND))
}

pub(super) fn get(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    Ok(store.get(&KIND, request.label("jobIdentifier"), request.now)?.whole(&KIND, request.now))
}
