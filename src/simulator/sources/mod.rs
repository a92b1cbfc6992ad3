//! Who answers a request: the first source that has something to say.
//!
//! A source sees the request after authentication and validation, as [`Asked`]. It knows nothing of sockets, and of
//! wire shapes only what it quotes.

mod cassette;
mod content;
mod inquiry;
mod matching;
mod raw;
mod rule;
mod script;
mod scripted;
#[cfg(test)]
mod testing;

use std::sync::Arc;

use axum::body::Body as HttpBody;
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use http::{Response, request};

use super::account::Account;
use super::answer::{Answer, Cache, Cut, Event};
use super::backend;
use super::exception::Exception;
use super::journal::Guard;
use super::llm;
use super::models::{Family, Model};
use super::native::Body;
use super::physics::Physics;
use super::question::Question;
use super::route::Operation;
use super::state::State;

pub use cassette::{Record, Replay};
pub use inquiry::{Heard, Inquiry};
pub use matching::{Expected, Pattern, ResultWhen, When};
pub use raw::{FrameKind, Raw, RawFrame, RawFrames};
pub use rule::{Answers, Responder, Rule};
pub use script::Script;
pub use scripted::{
    Base64, Content, Failure, Image, ReasoningBlock, Scripted, TextBlock, Told, ToolUse, UsageGiven, Words,
};

pub(super) use cassette::{Sent, Tape};
pub(super) use rule::Rulebook;
pub(super) use script::split as split_script;
pub(super) use scripted::list;

/// A request that wants an answer.
pub(super) struct Asked<'a> {
    pub(super) state: &'a State,
    pub(super) account: &'a Arc<Account>,
    pub(super) operation: Operation,
    pub(super) head: &'a request::Parts,
    pub(super) model: &'a Model,
    /// The script that the model id names.
    pub(super) script: Option<&'a str>,
    pub(super) bytes: &'a Bytes,
    /// The body as sent.
    pub(super) body: &'a Body,
    /// What it asks.
    pub(super) question: &'a Question,
    /// Whether the model reasons before it speaks.
    pub(super) thinks: bool,
    /// Tokens of the question, without those that the prompt cache takes.
    pub(super) input: u64,
    /// Learns who answers.
    pub(super) journal: &'a Guard,
}

impl<'a> Asked<'a> {
    fn sent(&self) -> Sent<'a> {
        Sent {
            head: self.head,
            body: self.bytes,
            account: self.account.id(),
            now: self.state.now(),
            journal: self.journal,
        }
    }
}

/// The steps of an answer that is being made while it is told. An error ends it: as an error status before the first
/// step, as an exception in the stream after it.
pub(super) type Live = BoxStream<'static, Result<Event, Exception>>;

/// What a source has to say.
pub(super) enum Reply {
    /// Words for the writers, at a pace of their own or the simulator's.
    Speech(Speech, Option<Physics>),
    /// An HTTP answer that no writer touches.
    Raw(Response<HttpBody>),
}

impl Reply {
    /// With what the prompt cache did, where the source does not say.
    pub(super) fn cached(mut self, cache: Option<Cache>) -> Reply {
        if let Reply::Speech(Speech::Whole(answer), _) = &mut self {
            answer.usage.cache = answer.usage.cache.or(cache);
        }
        self
    }
}

/// An answer without a body yet.
pub(super) enum Speech {
    Whole(Answer),
    Live(Live),
}

impl Speech {
    /// The steps of the answer, cut where the source leaves that open. An error that comes first is an error of the
    /// whole.
    pub(super) async fn into_events(self, cut: impl Into<Cut>) -> Result<Live, Exception> {
        let cut: Cut = cut.into();
        match self {
            Speech::Whole(answer) => Ok(stream::iter(answer.events(cut).map(Ok)).boxed()),
            Speech::Live(mut live) => match live.next().await {
                None => Ok(live),
                Some(first) => Ok(stream::iter([Ok(first?)]).chain(live).boxed()),
            },
        }
    }

    /// The whole answer, when it is complete.
    pub(super) async fn into_answer(self) -> Result<Answer, Exception> {
        match self {
            Speech::Whole(answer) => Ok(answer),
            Speech::Live(live) => Answer::collect(live.try_collect().await?),
        }
    }
}

/// The answer to a request.
pub(super) async fn reply(asked: &Asked<'_>) -> Result<Reply, Exception> {
    if let Some(reply) = written(asked).await? {
        return Ok(reply);
    }
    if let Some(response) = asked.state.tape().reply(asked.sent()).await? {
        return Ok(Reply::Raw(response));
    }
    if let Some(service) = asked.state.service()? {
        let ask = llm::Ask {
            model: asked.model,
            question: asked.question,
            thinks: asked.thinks,
            input: asked.input,
            streams: asked.operation.is_stream(),
        };
        let answered = service.answer(&ask).await?;
        asked.journal.answered_by(answered.by);
        return Ok(Reply::Speech(answered.speech, None));
    }
    Ok(Reply::Speech(Speech::Whole(built_in(asked)), None))
}

/// What the built-in model says.
fn built_in(asked: &Asked<'_>) -> Answer {
    let mut answer = backend::answer(asked.question, asked.thinks);
    answer.usage.input = asked.input;
    if asked.model.series.family == Family::Nova {
        // Nova does not tell what it thinks.
        answer.hide_reasoning("[REDACTED].");
    }
    answer
}

/// The HTTP answer to a request whose answer no writer renders: to an embedding, rerank or image model.
pub(super) async fn raw_reply(asked: &Asked<'_>) -> Result<Option<Response<HttpBody>>, Exception> {
    match written(asked).await? {
        None => asked.state.tape().reply(asked.sent()).await,
        Some(Reply::Raw(response)) => Ok(Some(response)),
        Some(Reply::Speech(speech, _)) => {
            speech.into_answer().await?;
            let text = format!("The answer of a rule for {} must be `raw` or `error`.", asked.model.requested);
            Err(Exception::new("InternalServerException", text))
        }
    }
}

/// What scripts and rules have to say.
async fn written(asked: &Asked<'_>) -> Result<Option<Reply>, Exception> {
    match script::reply(asked)? {
        Some(reply) => Ok(Some(reply)),
        None => rule::reply(asked).await,
    }
}
