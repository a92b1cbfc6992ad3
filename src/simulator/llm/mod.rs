//! Another model behind an OpenAI-compatible URL, in place of the built-in one: Ollama, LM Studio, llama.cpp, vLLM and
//! their like.
//!
//! ```text
//! Question → request → a target of the route → completion → Answer
//!                                            → sse → deltas → Events
//! ```
//!
//! What a target does not answer (no connection, 408, 429, 5xx) the next one is asked; after the first piece of an answer
//! nothing is tried again.

mod completion;
mod config;
mod deltas;
mod embeddings;
mod request;
mod routes;
mod service;
mod sse;
mod thoughts;

use futures::StreamExt as _;
use futures::stream;

use super::exception::Exception;
use super::models::Model;
use super::question::Question;
use super::sources::{Live, Speech};

pub use config::{Backend, ConfigError};
pub(super) use embeddings::fitted;
pub(super) use service::Service;

/// What is asked of it.
pub(super) struct Ask<'a> {
    pub(super) model: &'a Model,
    pub(super) question: &'a Question,
    /// Whether the model reasons before it speaks; thoughts are left out where it does not.
    pub(super) thinks: bool,
    /// Tokens of the question by the simulator's count, for services that do not count.
    pub(super) input: u64,
    pub(super) streams: bool,
}

/// An answer, and the target that gives it.
pub(super) struct Answered {
    pub(super) speech: Speech,
    pub(super) by: String,
}

impl Service {
    /// The answer of the first target that has one.
    pub(super) async fn answer(&self, ask: &Ask<'_>) -> Result<Answered, Exception> {
        let wanted = request::Wanted { question: ask.question, streams: ask.streams };
        let (target, answer) = self.post(ask.model, "chat/completions", |target| wanted.body(target)).await?;
        let by = format!("{} {}", target.backend, target.tag);
        let speech = if ask.streams {
            let deltas = deltas::Deltas::new(ask.thinks, ask.input);
            Speech::Live(live(sse::events(answer.into_body()), deltas))
        } else {
            let body = service::json(answer).await?;
            Speech::Whole(completion::answer(&body, ask.thinks, ask.input)?)
        };
        Ok(Answered { speech, by })
    }
}

/// The steps that the events of a stream tell.
fn live(events: sse::Events, deltas: deltas::Deltas) -> Live {
    let state = Some((events, deltas));
    stream::unfold(state, |state| async move {
        let (mut events, mut deltas) = state?;
        match events.next().await {
            Some(Ok(data)) => match deltas.step(&data) {
                Ok(steps) => Some((steps.into_iter().map(Ok).collect::<Vec<_>>(), Some((events, deltas)))),
                Err(exception) => Some((vec![Err(exception)], None)),
            },
            Some(Err(failure)) => Some((vec![Err(service::cut(&failure.to_string()))], None)),
            None => match deltas.finish() {
                Ok(steps) => Some((steps.into_iter().map(Ok).collect(), None)),
                Err(exception) => Some((vec![Err(exception)], None)),
            },
        }
    })
    .flat_map(stream::iter)
    .boxed()
}
