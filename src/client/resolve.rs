//! Which model a caller of OpenAI's API means, and by which id it is called in the client's region.

use super::Client;
use crate::catalog::{self, Target};
use crate::conversation::{Loss, LossCode};
use crate::error::Result;

/// Finds what `model` stands for: what the catalog knows, and for a client that takes any model what the account's lists
/// have: an application inference profile by its ARN or name, or a model newer than the catalog by its short name.
pub(super) async fn known(client: &Client, model: &str) -> Result<Target> {
    let meant = catalog::meant(model);
    let is_clear = meant.as_ref().is_ok_and(|target| !(target.is_resource() && target.model.derived));
    if is_clear || !client.takes_any_model() {
        return meant;
    }
    let Some(listed) = client.models().find(client, catalog::without_prefix(model)).await else { return meant };
    let behind = listed.behind.as_deref().and_then(|id| catalog::resolve(id).ok());
    let own = catalog::resolve(&listed.id).unwrap_or_else(|_| Target::opaque(&listed.id));
    Ok(Target { model: behind.map_or(own.model, |behind| behind.model), ..own })
}

/// The same for a conversation: what nobody knows is the service's to judge, if the client takes any model.
pub(super) async fn for_chat(client: &Client, model: &str) -> Result<Target> {
    match known(client, model).await {
        Err(_) if client.takes_any_model() => Ok(Target::opaque(catalog::without_prefix(model))),
        found => found,
    }
}

/// Calls `target` through an inference profile where its id alone is known not to do: by the catalog, or by what the service
/// has said before.
pub(super) fn through_profile(client: &Client, target: &mut Target, losses: &mut Vec<Loss>) {
    if !client.manner().cross_region {
        return;
    }
    let region = client.connection().account().region.as_deref();
    let learned = || client.learned().profile_of(&target.wire_id);
    let Some(profile) = region.and_then(|region| target.needed_profile_in(region)).or_else(learned) else { return };
    losses.push(asked_through(target, &profile));
    target.wire_id = profile;
}

/// What is told of it.
pub(super) fn asked_through(target: &Target, profile: &str) -> Loss {
    let message = format!("{} is served through inference profiles only; {profile} was asked.", target.wire_id);
    Loss::of(LossCode::Fallback, "model", message)
}
