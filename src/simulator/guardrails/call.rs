//! Where a guardrail enters an inference: before the question is asked, and before the answer is told.

use std::sync::PoisonError;

use super::guard::Guard;
use super::wanted::Wanted;
use crate::simulator::answer::Answer;
use crate::simulator::control;
use crate::simulator::exception::Exception;
use crate::simulator::identity::Identity;
use crate::simulator::inference::Call;
use crate::simulator::models::Family;
use crate::simulator::native::{self, Body, Opening};
use crate::simulator::sources::Speech;

/// Options for guardrails in an InvokeModel body.
const CONFIG: &str = "amazon-bedrock-guardrailConfig";

impl Call<'_> {
    /// The guardrail that the request names. Options for it are no part of the model's own body, and are taken out.
    pub(in crate::simulator) fn wanted_guardrail(&self, body: &mut Body) -> Option<Wanted> {
        if self.operation.is_converse() {
            return Wanted::in_converse(self.operation, body);
        }
        let config = body.members_mut().shift_remove(CONFIG);
        Wanted::in_headers(self.operation, &self.head.headers, &config.unwrap_or_default())
    }

    /// Has a guardrail judge what is asked, and mask it in the body.
    pub(in crate::simulator) async fn screen(
        &self,
        wanted: &Wanted,
        body: &mut Body,
        family: Family,
        identity: &Identity,
    ) -> Result<Guard, Exception> {
        let (state, mut last) = (self.state.clone(), self.state.now());
        let stopwatch = Box::new(move || {
            let latency = state.elapsed(last);
            last = state.now();
            latency
        });
        let name = identity.uuid.get(..8).unwrap_or_default();
        let store = self.account.store(&control::region(self));
        let applied = wanted.find(&store.lock().unwrap_or_else(PoisonError::into_inner).guardrails)?;
        Guard::screen(applied, wanted, body, family, name, stopwatch).await
    }

    /// The answer as the guardrail lets it through; one that is judged while it is told is left as it is.
    pub(in crate::simulator) async fn judge(
        &self,
        guard: Option<&mut Guard>,
        opening: &Opening<'_>,
        speech: Speech,
    ) -> Result<Speech, Exception> {
        let is_left =
            |guard: &&mut Guard| guard.has_blocked_input() || (guard.is_asynchronous() && self.operation.is_stream());
        let Some(guard) = guard.filter(|guard| !is_left(guard)) else { return Ok(speech) };
        let answer = speech.into_answer().await?;
        let told = |answer: &Answer| match self.operation.is_stream() {
            true => answer.text(),
            false => native::codec(opening.model, opening.body).whole(opening, answer).to_string(),
        };
        Ok(Speech::Whole(guard.judge(answer, told).await?))
    }
}
