//! One chat request, put to the first model that can answer it, as often as answers were asked for.

use futures::stream::{self, StreamExt, TryStreamExt};

use crate::catalog::{self, Target};
use crate::client::Client;
use crate::client::question::Question;
use crate::client::reply::Reply;
use crate::conversation::{Loss, LossCode};
use crate::dialect::chat::ChatCall;
use crate::error::{Error, Kind, Result};
use crate::family::{Api, fit};

/// Heads of answers that are waited for at the same time.
const AT_ONCE: usize = 16;

/// The answers to a request, none of them read.
pub(super) struct Asked {
    /// The model that answers.
    pub(super) target: Target,
    /// One for each answer that was asked for.
    pub(super) replies: Vec<Reply>,
    /// What is left to do on our side.
    pub(super) plan: fit::Plan,
}

/// Asks the models of `call` in turn until one answers. What another model may do better goes on to it: whatever is not
/// the caller's mistake.
pub(super) async fn ask(client: &Client, call: &ChatCall, losses: &mut Vec<Loss>) -> Result<Asked> {
    let mut model = call.model.as_str();
    for next in &call.fallbacks {
        let told = losses.len();
        match ask_one(client, model, call, losses).await {
            Err(error) if another_may(&error) => {
                losses.truncate(told);
                let message = format!("{model} did not answer ({}: {error}); {next} was asked.", error.name());
                losses.push(Loss::of(LossCode::Fallback, "model", message));
                model = next;
            }
            asked => return asked,
        }
    }
    ask_one(client, model, call, losses).await
}

fn another_may(error: &Error) -> bool {
    !matches!(error.kind, Kind::InvalidRequest | Kind::InvalidImage | Kind::Configuration | Kind::Aborted)
}

async fn ask_one(client: &Client, model: &str, call: &ChatCall, losses: &mut Vec<Loss>) -> Result<Asked> {
    let target = catalog::resolve(model)?;
    target.require_text()?;
    let question = || Question {
        connection: client.connection(),
        target: &target,
        api: Api::Converse,
        request: call.request.clone(),
        patience: client.patience(),
    };
    let (first, plan) = question().ask(losses).await?;
    // What is lost is the same for all answers.
    let more = stream::iter(1..call.n).map(|_| async { question().ask(&mut Vec::new()).await.map(|(reply, _)| reply) });
    let mut replies = vec![first];
    replies.extend(more.buffered(AT_ONCE).try_collect::<Vec<Reply>>().await?);
    Ok(Asked { target, replies, plan })
}
