//! One request, put to one model as often as answers are wanted.

use futures::stream::{self, StreamExt, TryStreamExt};

use super::question::{Fitted, Question};
use super::reading::Reading;
use super::reply::{Head, Reply};
use super::{Client, repair, resolve};
use crate::catalog::Target;
use crate::conversation::{Loss, LossCode, Request};
use crate::error::{ApiCode, Error, Result};
use crate::family::Api;
use crate::transport::Particulars;

/// Heads of answers that are waited for at the same time.
const AT_ONCE: usize = 16;

/// What is asked, and how.
pub(super) struct Asking<'a> {
    /// The model, as the caller names it.
    pub(super) model: &'a str,
    /// The question.
    pub(super) request: Request,
    /// How many answers are wanted.
    pub(super) n: u32,
    /// What is particular about the calls.
    pub(super) particulars: Particulars,
    /// Whether frames of a stream are wanted as they come.
    pub(super) with_frames: bool,
    /// What `model` stands for, where that is known already: the account's lists are then not asked.
    pub(super) target: Option<Target>,
}

impl<'a> Asking<'a> {
    /// A question with nothing particular about it.
    pub(super) fn new(model: &'a str, request: Request, n: u32) -> Asking<'a> {
        Asking { model, request, n, particulars: Particulars::default(), with_frames: false, target: None }
    }
}

/// The answers to a request.
pub(super) struct Asked {
    /// The model that answers, with the id that was called.
    pub(super) target: Target,
    /// `x-amzn-RequestId` of the first answer.
    pub(super) request_id: Option<String>,
    /// How the first answer was asked for, and what came before it.
    pub(super) head: Head,
    /// One for each answer that was asked for.
    pub(super) readings: Vec<Reading>,
}

/// Asks for answers.
pub(super) async fn ask(client: &Client, asking: Asking<'_>, losses: &mut Vec<Loss>) -> Result<Asked> {
    let Asking { model, request, n, particulars, with_frames, target } = asking;
    let mut target = match target {
        Some(target) => target,
        None => resolve::for_chat(client, model).await?,
    };
    target.require_text()?;
    resolve::through_profile(client, &mut target, losses);
    let question = Question {
        connection: client.connection(),
        fetcher: client.fetcher().clone(),
        target: &target,
        api: Api::Converse,
        request,
        patience: client.patience(),
        cross_region: client.manner().cross_region,
        particulars,
    };
    let told = losses.len();
    let mut fitted = question.fit(losses).await?;
    if client.manner().strict_params {
        refuse(losses.get(told..).unwrap_or_default())?;
    }
    let mut first = fitted.ask(client.learned(), losses).await?;
    let head = first.head();
    let request_id = first.request_id().map(str::to_owned);
    // What is lost is the same for all answers.
    let more = stream::iter(1..n).map(|_| async { fitted.send(&mut Vec::new()).await });
    let mut replies = vec![first];
    replies.extend(more.buffered(AT_ONCE).try_collect::<Vec<Reply>>().await?);
    if with_frames {
        replies = replies.into_iter().map(Reply::with_frames).collect();
    }
    let readings = read(client, &fitted, replies, losses).await?;
    let wire_id = fitted.wire_id().to_owned();
    Ok(Asked { target: Target { wire_id, ..target.clone() }, request_id, head, readings })
}

/// With `strictParams` nothing of a request is left out because of the model either.
fn refuse(lost: &[Loss]) -> Result<()> {
    let Some(lost) = lost.iter().find(|loss| loss.code == LossCode::UnsupportedField) else { return Ok(()) };
    let message = format!("cannot be carried out: {} Leave it out, or do without strictParams.", lost.message);
    let param = lost.param.as_deref().unwrap_or("model");
    Err(Error::invalid(param, message).coded(ApiCode::UnsupportedParameter))
}

/// Answers that must fit a schema on our side are read, and put right, before anything is given out.
async fn read(
    client: &Client,
    fitted: &Fitted<'_>,
    replies: Vec<Reply>,
    losses: &mut Vec<Loss>,
) -> Result<Vec<Reading>> {
    let mut readings = Vec::with_capacity(replies.len());
    for reply in replies {
        let reading = Reading::new(reply, &fitted.plan, client.memory().clone());
        readings.push(match fitted.plan.must_check() {
            Some(schema) if fitted.plan.asks_whole() || !fitted.request.stream => {
                repair::put_right(client, fitted, schema, reading, losses).await?
            }
            _ => reading,
        });
    }
    Ok(readings)
}
