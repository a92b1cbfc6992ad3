//! One call of a model: made ready, fitted to the model, sent; sent again when a refusal says what to change.

use std::sync::Arc;

use bytes::Bytes;

use super::learned::Learned;
use super::reply::Reply;
use super::{files, pictures};
use crate::catalog::{self, Target};
use crate::config::Patience;
use crate::conversation::{Loss, LossCode, Request};
use crate::error::Result;
use crate::family::{self, Api, fit, learn};
use crate::media::Fetcher;
use crate::transport::{Call, Connection, Operation, Particulars};

/// Changes that refusals may ask for before the last of them stands.
const MOST_REMEDIES: usize = 3;

/// A request to a model that has passed every check that needs no network.
pub(super) struct Question<'a> {
    /// The way there, as the caller.
    pub(super) connection: &'a Connection,
    /// Whom to ask.
    pub(super) target: &'a Target,
    /// How the model is spoken to.
    pub(super) api: Api,
    /// What to ask.
    pub(super) request: Request,
    /// Gets what it refers to.
    pub(super) fetcher: Arc<Fetcher>,
    /// How long the service may be silent.
    pub(super) patience: Patience,
    /// Whether it may be put to an inference profile of the model.
    pub(super) cross_region: bool,
    /// What is particular about the call.
    pub(super) particulars: Particulars,
}

/// A question in a form that the model takes. It can be sent more than once.
pub(super) struct Fitted<'a> {
    connection: &'a Connection,
    target: &'a Target,
    api: Api,
    patience: Patience,
    cross_region: bool,
    particulars: Particulars,
    /// The id to call: the target's, or a profile of it.
    wire_id: String,
    /// What is asked.
    pub(super) request: Request,
    /// What is left to do on our side.
    pub(super) plan: fit::Plan,
}

impl<'a> Question<'a> {
    /// Fetches what it refers to and changes it into what the model takes.
    pub(super) async fn fit(mut self, losses: &mut Vec<Loss>) -> Result<Fitted<'a>> {
        pictures::make_ready(&mut self.request, &self.fetcher, losses).await?;
        files::make_ready(&mut self.request, &self.fetcher).await?;
        let plan = fit::fit(&mut self.request, self.target, self.api, losses)?;
        let Question { connection, target, api, request, patience, cross_region, particulars, fetcher: _ } = self;
        let wire_id = target.wire_id.clone();
        Ok(Fitted { connection, target, api, patience, cross_region, particulars, wire_id, request, plan })
    }
}

impl Fitted<'_> {
    /// The id that is called.
    pub(super) fn wire_id(&self) -> &str {
        &self.wire_id
    }

    /// The same once more, to be changed.
    pub(super) fn again(&self) -> Self {
        Fitted {
            wire_id: self.wire_id.clone(),
            request: self.request.clone(),
            plan: self.plan.clone(),
            connection: self.connection,
            target: self.target,
            api: self.api,
            patience: self.patience,
            cross_region: self.cross_region,
            particulars: self.particulars.clone(),
        }
    }

    /// Sends it with what is known to help, and again with what refusals teach; what helped is remembered.
    pub(super) async fn ask(&mut self, learned: &Learned, losses: &mut Vec<Loss>) -> Result<Reply> {
        for remedy in learned.about(&self.target.wire_id) {
            self.change(&remedy, losses)?;
        }
        let mut tried = Vec::new();
        loop {
            let error = match self.send(losses).await {
                Ok(reply) => {
                    tried.into_iter().for_each(|remedy| learned.keep(&self.target.wire_id, remedy));
                    return Ok(reply);
                }
                Err(error) => error,
            };
            let region = self.connection.account().region.as_deref();
            let remedy = learn::remedy(&error, &self.request, self.target, region);
            match remedy.filter(|remedy| self.cross_region || remedy.wire_id().is_none()) {
                Some(remedy) if tried.len() < MOST_REMEDIES && !tried.contains(&remedy) => {
                    self.change(&remedy, losses)?;
                    tried.push(remedy);
                }
                _ => return Err(error),
            }
        }
    }

    /// Sends it and waits for the head of the answer.
    pub(super) async fn send(&self, losses: &mut Vec<Loss>) -> Result<Reply> {
        let body = Bytes::from(family::encode(self.api, &self.request, self.target.model));
        let sent = self.particulars.keeps_head.then(|| body.clone());
        let (operation, streamed) = self.operation(losses);
        let call = Call {
            operation,
            model_id: &self.wire_id,
            region: self.target.region(), // an ARN is served where it says
            body,
            patience: self.patience,
            particulars: self.particulars.clone(),
        };
        let answer = self.connection.send(call).await?;
        let reply = if streamed { Reply::streamed } else { Reply::whole };
        Ok(reply(answer, self.api, self.target).to(sent))
    }

    fn change(&mut self, remedy: &learn::Remedy, losses: &mut Vec<Loss>) -> Result<()> {
        if let Some(id) = remedy.wire_id() {
            id.clone_into(&mut self.wire_id);
        }
        remedy.apply(&mut self.request, &mut self.plan, self.target, losses)
    }

    /// The operation, and whether its answer is a stream.
    fn operation(&self, losses: &mut Vec<Loss>) -> (Operation, bool) {
        let Target { model, wire_id, .. } = self.target;
        match self.api {
            Api::Converse if self.request.stream && !self.plan.asks_whole() => (Operation::ConverseStream, true),
            Api::Converse => (Operation::Converse, false),
            Api::Invoke(_) if !self.request.stream => (Operation::InvokeModel, false),
            Api::Invoke(_) if model.invoke_stream == catalog::Support::Native => {
                (Operation::InvokeModelWithResponseStream, true)
            }
            Api::Invoke(_) => {
                let message = format!("{wire_id} has no stream on InvokeModel; the answer came in one piece.");
                losses.push(Loss::of(LossCode::Fallback, "stream", message));
                (Operation::InvokeModel, false)
            }
        }
    }
}
