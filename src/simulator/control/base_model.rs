//! The model over which something is made: a foundation model, or a custom model of the account.

use super::{Request, Store, custom_models, foundation_models};
use crate::simulator::exception::Exception;
use crate::simulator::models::Model;
use crate::simulator::wording;

/// What an identifier in a request means.
pub(super) struct BaseModel {
    pub(super) arn: String,
    /// The foundation model that it is, or was made from.
    pub(super) id: String,
}

/// The model that an id, a name or an ARN means; a `ValidationException` when there is none.
pub(super) fn find(request: &Request<'_>, store: &mut Store, identifier: &str) -> Result<BaseModel, Exception> {
    if let Some(custom) = store.find(&custom_models::KIND, identifier, request.now) {
        let id = custom.model.clone().unwrap_or_default();
        return Ok(BaseModel { arn: custom.arn.clone(), id });
    }
    match Model::find(identifier) {
        Some(model) if !model.id.starts_with("arn:") => {
            Ok(BaseModel { arn: foundation_models::arn(&request.region, &model.id), id: model.id })
        }
        _ => Err(wording::UNKNOWN_MODEL.refuse(&[])),
    }
}
