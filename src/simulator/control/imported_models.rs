//! Models that an import job has brought in. Their ARN is invoked as it is.

use serde_json::{Value, json};

use super::resource::{self, Filter, Kind};
use super::{Request, Store};
use crate::simulator::exception::Exception;

pub(super) const KIND: Kind = Kind {
    resource: "imported-model",
    list: "modelSummaries",
    summary: &[
        ("creationTime", "creationTime"),
        ("instructSupported", "instructSupported"),
        ("modelArn", "modelArn"),
        ("modelName", "modelName"),
    ],
    filters: &[
        ("creationTimeAfter", Filter::After),
        ("creationTimeBefore", Filter::Before),
        ("nameContains", Filter::Contains("modelName")),
    ],
    status: None,
    times: ("creationTime", None, None),
};

pub(super) fn list(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    resource::list(request, &KIND, store.all(&KIND))
}

pub(super) fn get(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    Ok(store.get(&KIND, request.label("modelIdentifier"), request.now)?.whole(&KIND, request.now))
}

pub(super) fn delete(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let arn = store.get(&KIND, request.label("modelIdentifier"), request.now)?.arn.clone();
    store.remove(&KIND, &arn);
    Ok(json!({}))
}
