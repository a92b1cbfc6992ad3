//! Models that a key does not allow are not there for it.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::Caller;
use crate::client::openai::Body;
use crate::gateway::ask::Ask;
use crate::gateway::refusal::Refusal;
use crate::gateway::route::Operation;

/// Refuses to tell of a model, whose id ends `path`, that the caller's key does not allow.
pub(in crate::gateway) fn check(caller: &Caller, ask: &Ask, path: &str) -> Result<(), Refusal> {
    if ask.operation != Operation::Model || caller.sees_all() {
        return Ok(());
    }
    let id = path.split_once("/models/").map(|(_, id)| percent_decode_str(id).decode_utf8_lossy());
    match id {
        Some(id) if !caller.sees(&id) => {
            let message = format!("The model `{id}` does not exist or you do not have access to it.");
            Err(Refusal::invalid(404, "model_not_found", message).at("model"))
        }
        _ => Ok(()),
    }
}

/// Takes out of the list of models what the caller's key does not allow.
pub(in crate::gateway) fn narrow(caller: &Caller, ask: &Ask, body: &mut Body) {
    let Body::Whole(json) = body else { return };
    if ask.operation != Operation::Models || caller.sees_all() {
        return;
    }
    let Ok(mut list) = serde_json::from_str::<Value>(json) else { return };
    if let Some(Value::Array(models)) = list.get_mut("data") {
        models.retain(|model| model["id"].as_str().is_some_and(|id| caller.sees(id)));
    }
    *json = list.to_string();
}
