//! Put, Get and DeleteModelInvocationLoggingConfiguration. What they turn on is in [`crate::simulator::logging`].

use serde_json::{Value, json};

use super::{Request, Store};
use crate::simulator::exception::Exception;
use crate::simulator::wording;

pub(super) fn put(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let config = request.get("loggingConfig");
    let destinations = [&config["s3Config"], &config["cloudWatchConfig"]["largeDataDeliveryS3Config"]];
    for destination in destinations.into_iter().filter(|destination| destination.is_object()) {
        let bucket = destination["bucketName"].as_str().unwrap_or_default();
        check(request, bucket, destination["keyPrefix"].as_str().unwrap_or_default())
            .map_err(|_| wording::BUCKET.refuse(&[&bucket]))?;
    }
    store.logging = Some(config.clone());
    Ok(json!({}))
}

pub(super) fn get(_: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    Ok(store.logging.as_ref().map_or_else(|| json!({}), |config| json!({ "loggingConfig": config })))
}

pub(super) fn delete(_: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    store.logging = None;
    Ok(json!({}))
}

/// Writes the empty object with which the service finds out whether it may write there.
fn check(request: &Request<'_>, bucket: &str, prefix: &str) -> std::io::Result<()> {
    let Some(objects) = request.state.objects() else { return Ok(()) };
    let name = "amazon-bedrock-logs-permission-check";
    let key = format!("AWSLogs/{}/BedrockModelInvocationLogs/{name}", request.account.id());
    objects.put(bucket, &below(prefix, &key), &[])
}

/// A key below a prefix.
pub(in crate::simulator) fn below(prefix: &str, key: &str) -> String {
    match prefix.trim_end_matches('/') {
        "" => key.to_owned(),
        prefix => format!("{prefix}/{key}"),
    }
}
