//! Who answers a request: the first source that has something to say.
//!
//! A source sees the request after authentication and validation, as [`Asked`]. It knows nothing of sockets, and of
//! wire shapes only what it quotes.

use std::sync::Arc;

use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use http::request;

use super::account::Account;
use super::answer::{Answer, Cut, Event};
use super::backend;
use super::exception::Exception;
use super::models::Model;
use super::native::Body;
use super::question::Question;
use super::route::Operation;
use super::state::State;

/// A request that wants an answer.
pub(super) struct Asked<'a> {
    pub(super) state: &'a State,
    pub(super) account: &'a Arc<Account>,
    pub(super) operation: Operation,
    pub(super) head: &'a request::Parts,
    pub(super) model: &'a Model,
    /// The body as sent.
    pub(super) body: &'a Body,
    /// What it asks.
    pub(super) question: &'a Question,
    /// Whether the model reasons before it speaks.
    pub(super) thinks: bool,
}

/// The steps of an answer that is being made while it is told. An error ends it: as an error status before the first
/// step, as an exception in the stream after it.
pub(super) type Live = BoxStream<'static, Result<Event, Exception>>;

/// What a source has to say.
pub(super) enum Reply {
    Answer(Answer),
    #[allow(dead_code, reason = "made by sources that ask another model")]
    Live(Live),
}

impl Reply {
    /// The steps of the answer, cut where the source leaves that open. An error that comes first is an error of the
    /// whole.
    pub(super) async fn into_events(self, cut: Cut) -> Result<Live, Exception> {
        match self {
            Reply::Answer(answer) => Ok(stream::iter(answer.events(cut).map(Ok)).boxed()),
            Reply::Live(mut live) => match live.next().await {
                None => Ok(live),
                Some(first) => Ok(stream::iter([Ok(first?)]).chain(live).boxed()),
            },
        }
    }

    /// The whole answer, when it is complete.
    pub(super) async fn into_answer(self) -> Result<Answer, Exception> {
        match self {
            Reply::Answer(answer) => Ok(answer),
            Reply::Live(live) => Answer::collect(live.try_collect().await?),
        }
    }
}

/// The answer to a request.
pub(super) async fn reply(asked: &Asked<'_>) -> Result<Reply, Exception> {
    Ok(Reply::Answer(backend::answer(asked.question, asked.thinks)))
}
