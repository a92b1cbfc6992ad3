//! Jobs that customise a model. Nothing is trained: when its time is over, a job has made a custom model that answers as
//! its base model does.

use serde_json::{Value, json};

use super::resource::{self, Filter, Kind, Phase, Resource};
use super::{Request, Store, base_model, custom_models};
use crate::simulator::exception::Exception;
use crate::simulator::wording;

pub(super) const KIND: Kind = Kind {
    resource: "model-customization-job",
    list: "modelCustomizationJobSummaries",
    summary: &[
        ("baseModelArn", "baseModelArn"),
        ("creationTime", "creationTime"),
        ("customModelArn", "outputModelArn"),
        ("customModelName", "outputModelName"),
        ("customizationType", "customizationType"),
        ("endTime", "endTime"),
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
    status: Some(("status", ["InProgress", "Completed", "Stopping", "Stopped"])),
    times: ("creationTime", Some("lastModifiedTime"), Some("endTime")),
};

pub(super) fn create(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let (name, model_name) = (request.text("jobName"), request.text("customModelName"));
    store.check_name(&KIND, name)?;
    store.check_name(&custom_models::KIND, model_name)?;
    let base = base_model::find(request, store, request.text("baseModelIdentifier"))?;
    let arn = request.arn(KIND.resource, &format!("{}/{}", base.id, request.new_id()));
    let model_arn = request.arn(custom_models::KIND.resource, &format!("{}/{}", base.id, request.new_id()));
    let kind = request.get("customizationType").as_str().unwrap_or("FINE_TUNING");
    let or = |member: &str, usual: Value| match request.get(member) {
        Value::Null => usual,
        given => given.clone(),
    };
    let shared = json!({
        "customizationConfig": request.get("customizationConfig"),
        "customizationType": kind,
        "hyperParameters": or("hyperParameters", json!({})),
        "jobArn": arn,
        "jobName": name,
        "outputDataConfig": request.get("outputDataConfig"),
        "trainingDataConfig": request.get("trainingDataConfig"),
        "validationDataConfig": or("validationDataConfig", json!({"validators": []})),
    });
    let job = Resource::soon(request, arn.clone(), name, shared.clone()).with(json!({
        "baseModelArn": base.arn,
        "clientRequestToken": request.get("clientRequestToken"),
        "outputModelKmsKeyArn": request.get("customModelKmsKeyId"),
        "outputModelName": model_name,
        "roleArn": request.get("roleArn"),
        "vpcConfig": request.get("vpcConfig"),
    }));
    let job = job.with_outcome(json!({"outputModelArn": model_arn}));
    let model = custom_models::after(request, &job, &model_arn, model_name, &base)
        .with(shared)
        .with(json!({"modelKmsKeyArn": request.get("customModelKmsKeyId")}));
    let model = (&custom_models::KIND, model, request.get("customModelTags"));
    store.add_job((&KIND, job, request.get("jobTags")), model)?;
    Ok(json!({ "jobArn": arn }))
}

pub(super) fn list(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    resource::list(request, &KIND, store.all(&KIND))
}

pub(super) fn get(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    Ok(store.get(&KIND, request.label("jobIdentifier"), request.now)?.whole(&KIND, request.now))
}

pub(super) fn stop(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let job = store.get(&KIND, request.label("jobIdentifier"), request.now)?;
    if job.phase(request.now) != Phase::Working {
        return Err(Exception::new("ConflictException", wording::NOT_RUNNING.fill(&[&job.arn])));
    }
    job.stop(request);
    let model = job.outcome.get("outputModelArn").and_then(Value::as_str).unwrap_or_default().to_owned();
    store.remove(&custom_models::KIND, &model);
    Ok(json!({}))
}
