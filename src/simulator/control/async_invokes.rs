//! StartAsyncInvoke, GetAsyncInvoke, ListAsyncInvokes: models whose answer is written to S3. Here that is a folder.
//!
//! The files are there at once; the invocation says `Completed` when its time is over.

use serde_json::{Value, json};

use super::resource::{self, Filter, Kind, Resource};
use super::{Request, Store, foundation_models};
use crate::simulator::direct::asynchronous::{self, File};
use crate::simulator::exception::Exception;
use crate::simulator::models::Model;
use crate::simulator::native::Body;
use crate::simulator::objects::parse_uri;
use crate::simulator::wording;

const KIND: Kind = Kind {
    resource: "async-invoke",
    list: "asyncInvokeSummaries",
    summary: &[
        ("clientRequestToken", "clientRequestToken"),
        ("endTime", "endTime"),
        ("invocationArn", "invocationArn"),
        ("lastModifiedTime", "lastModifiedTime"),
        ("modelArn", "modelArn"),
        ("outputDataConfig", "outputDataConfig"),
        ("status", "status"),
        ("submitTime", "submitTime"),
    ],
    filters: &[
        ("statusEquals", Filter::Equals("status")),
        ("submitTimeAfter", Filter::After),
        ("submitTimeBefore", Filter::Before),
    ],
    status: Some(("status", ["InProgress", "Completed", "Failed", "Failed"])),
    times: ("submitTime", Some("lastModifiedTime"), Some("endTime")),
};

pub(super) fn start(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let model = Model::find(request.text("modelId")).ok_or_else(|| wording::UNKNOWN_MODEL.refuse(&[]))?;
    let id = request.new_id();
    let arn = request.arn(KIND.resource, &id);
    // The answer lies in a folder of its own, whose name the invocation tells.
    let mut output = request.get("outputDataConfig").clone();
    let given = output["s3OutputDataConfig"]["s3Uri"].as_str().unwrap_or_default().trim_end_matches('/').to_owned();
    let uri = format!("{given}/{id}");
    output["s3OutputDataConfig"]["s3Uri"] = uri.as_str().into();
    let input = Body::from_members(request.get("modelInput").as_object().cloned().unwrap_or_default());
    let objects = request.state.objects();
    let mut files = asynchronous::files(&model, &input, &uri, objects.is_some())?;
    let members = json!({
        "clientRequestToken": request.get("clientRequestToken"),
        "invocationArn": arn,
        "modelArn": foundation_models::arn(&request.region, &model.id),
        "outputDataConfig": output,
    });
    // What is refused leaves no files.
    store.add(&KIND, Resource::soon(request, arn.clone(), &id, members), request.get("tags"))?;
    if let Some(objects) = objects {
        files.push(manifest(&arn, &model, &files));
        let (bucket, key) = parse_uri(&uri).unwrap_or_default();
        let put = |file: &File| objects.put(bucket, &format!("{key}/{}", file.name), &file.bytes);
        if files.iter().try_for_each(put).is_err() {
            store.remove(&KIND, &arn);
            return Err(wording::NOT_WRITTEN.refuse(&[&uri]));
        }
    }
    Ok(json!({ "invocationArn": arn }))
}

/// What the folder holds. The service's own manifest is not documented.
fn manifest(arn: &str, model: &Model, files: &[File]) -> File {
    let listed: Vec<Value> = files.iter().map(|file| json!({"name": file.name, "size": file.bytes.len()})).collect();
    let manifest = json!({"invocationArn": arn, "modelId": model.id, "files": listed});
    File::json("manifest.json", &manifest)
}

pub(super) fn get(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    Ok(store.get(&KIND, request.label("invocationArn"), request.now)?.whole(&KIND, request.now))
}

pub(super) fn list(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    resource::list(request, &KIND, store.all(&KIND))
}
