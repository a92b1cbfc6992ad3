//! Jobs that invoke a model with many records: batch inference.
//!
//! The records are answered by the simulator, as [`super::batch`] has it, where a folder stands for S3; else a job only
//! takes its time.

use std::time::Duration;

use serde_json::{Value, json};

use super::resource::{self, Filter, Kind, Phase, Resource};
use super::{Request, Store, batch};
use crate::simulator::exception::Exception;
use crate::simulator::models::Model;
use crate::simulator::{timestamp, wording};

/// Hours that a job may take when it does not say (API reference).
const HOURS: u64 = 24;

pub(super) const KIND: Kind = Kind {
    resource: "model-invocation-job",
    list: "invocationJobSummaries",
    summary: &[
        ("clientRequestToken", "clientRequestToken"),
        ("endTime", "endTime"),
        ("errorRecordCount", "errorRecordCount"),
        ("inputDataConfig", "inputDataConfig"),
        ("jobArn", "jobArn"),
        ("jobExpirationTime", "jobExpirationTime"),
        ("jobName", "jobName"),
        ("lastModifiedTime", "lastModifiedTime"),
        ("message", "message"),
        ("modelId", "modelId"),
        ("modelInvocationType", "modelInvocationType"),
        ("outputDataConfig", "outputDataConfig"),
        ("processedRecordCount", "processedRecordCount"),
        ("roleArn", "roleArn"),
        ("status", "status"),
        ("submitTime", "submitTime"),
        ("successRecordCount", "successRecordCount"),
        ("timeoutDurationInHours", "timeoutDurationInHours"),
        ("totalRecordCount", "totalRecordCount"),
        ("vpcConfig", "vpcConfig"),
    ],
    filters: &[
        ("nameContains", Filter::Contains("jobName")),
        ("statusEquals", Filter::Equals("status")),
        ("submitTimeAfter", Filter::After),
        ("submitTimeBefore", Filter::Before),
    ],
    status: Some(("status", ["InProgress", "Completed", "Stopping", "Stopped"])),
    times: ("submitTime", Some("lastModifiedTime"), Some("endTime")),
};

pub(super) fn create(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let name = request.text("jobName");
    store.check_name(&KIND, name)?;
    let model = request.text("modelId");
    if store.model(model, request.now).is_none() && Model::find(model).is_none() {
        return Err(wording::UNKNOWN_MODEL.refuse(&[]));
    }
    let id = request.new_id();
    let arn = request.arn(KIND.resource, &id);
    let hours = request.get("timeoutDurationInHours").as_u64().unwrap_or(HOURS);
    let kind = request.get("modelInvocationType").as_str().unwrap_or("InvokeModel");
    let members = json!({
        "clientRequestToken": request.get("clientRequestToken"),
        "inputDataConfig": request.get("inputDataConfig"),
        "jobArn": arn,
        "jobExpirationTime": timestamp::milliseconds(request.now + Duration::from_secs(hours * 3600)),
        "jobName": name,
        "modelId": model,
        "modelInvocationType": kind,
        "outputDataConfig": request.get("outputDataConfig"),
        "roleArn": request.get("roleArn"),
        "timeoutDurationInHours": hours,
        "vpcConfig": request.get("vpcConfig"),
    });
    let mut job = Resource::soon(request, arn.clone(), name, members);
    job.work = batch::start(request, &id, kind == "Converse")?;
    store.add(&KIND, job, request.get("tags"))?;
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
    Ok(json!({}))
}
