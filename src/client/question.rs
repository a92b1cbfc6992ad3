//! One call of a model: made ready, fitted to the model, sent.

use bytes::Bytes;

use super::pictures;
use super::reply::Reply;
use crate::catalog::{self, Target};
use crate::config::Patience;
use crate::conversation::{Loss, LossCode, Request};
use crate::error::Result;
use crate::family::{self, Api, fit};
use crate::transport::{Call, Connection, Operation};

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
    /// How long the service may be silent.
    pub(super) patience: Patience,
}

impl Question<'_> {
    /// Sends it and waits for the head of the answer; says what is left to do on our side.
    pub(super) async fn ask(mut self, losses: &mut Vec<Loss>) -> Result<(Reply, fit::Plan)> {
        pictures::make_ready(&mut self.request, losses).await?;
        let plan = fit::fit(&mut self.request, self.target, self.api, losses)?;
        let body = Bytes::from(family::encode(self.api, &self.request, self.target.model));
        let (operation, streamed) = self.operation(losses);
        let call = Call {
            operation,
            model_id: &self.target.wire_id,
            region: self.target.region(), // an ARN is served where it says
            body,
            patience: self.patience,
        };
        let answer = self.connection.send(call).await?;
        let reply = if streamed { Reply::streamed } else { Reply::whole };
        Ok((reply(answer, self.api, self.target), plan))
    }

    /// The operation, and whether its answer is a stream.
    fn operation(&self, losses: &mut Vec<Loss>) -> (Operation, bool) {
        let Target { model, wire_id, .. } = self.target;
        match self.api {
            Api::Converse if self.request.stream => (Operation::ConverseStream, true),
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
