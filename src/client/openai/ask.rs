//! One chat request, put to the first model that can answer it.

use crate::client::Client;
use crate::client::asking::{self, Asked, Asking};
use crate::conversation::{Loss, LossCode};
use crate::dialect::chat::ChatCall;
use crate::error::{Error, Kind, Result};

/// Asks the models of `call` in turn until one answers. What another model may do better goes on to it: whatever is not
/// the caller's mistake.
pub(super) async fn ask(client: &Client, call: &mut ChatCall, losses: &mut Vec<Loss>) -> Result<Asked> {
    let mut model = call.model.clone();
    for next in &call.fallbacks {
        let told = losses.len();
        match asking::ask(client, Asking::new(&model, call.request.clone(), call.n), losses).await {
            Err(error) if another_may(&error) => {
                losses.truncate(told);
                let message = format!("{model} did not answer ({}); {next} was asked.", why(&error));
                losses.push(Loss::of(LossCode::Fallback, "model", message));
                model.clone_from(next);
            }
            asked => return asked,
        }
    }
    asking::ask(client, Asking::new(&model, std::mem::take(&mut call.request), call.n), losses).await
}

fn another_may(error: &Error) -> bool {
    !matches!(error.kind, Kind::InvalidRequest | Kind::InvalidImage | Kind::Configuration | Kind::Aborted)
}

/// What went wrong, in AWS's words or by its name alone: what else is known of it is about machines between.
fn why(error: &Error) -> String {
    match error.exception() {
        Some(name) => format!("{name}: {error}"),
        None => error.name().to_owned(),
    }
}
