//! OpenAI's REST API, answered by Bedrock: a request in; a status, headers and a body out. No socket in between: the
//! boundary to Node calls this, and so can a server.

mod ask;
mod cached;
mod chat;
mod choices;
mod manner;
mod payload;
mod route;
pub(in crate::client) mod server_sent;
mod stream;
mod through;

pub use manner::Manner;
pub use payload::Payload;
pub use stream::Stream;

use serde_json::Value;

use super::Client;
use super::told::{Tally, Told, WARNINGS};
use crate::catalog::Listed;
use crate::conversation::Loss;
use crate::dialect::chat::error::ApiError;
use crate::dialect::models;
use crate::error::{Error, Result};
use route::Route;

/// A request as OpenAI's clients make it.
#[derive(Clone, Debug)]
pub struct Call {
    /// `POST`, `GET`.
    pub method: String,
    /// The path of the URL, below any base; a query says nothing.
    pub path: String,
    /// Headers; names are compared without regard to case.
    pub headers: Vec<(String, String)>,
    /// The body; empty for `GET`.
    pub payload: Payload,
    /// How a streamed answer is to come.
    pub form: Form,
}

/// How a streamed answer comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For a program that makes objects of it: a text of the first choice as it is, any other chunk as U+0000 and its
    /// JSON. A failure is an error.
    Items,
    /// Server-sent events as text. A failure is an event.
    ServerSentEvents,
}

/// An answer whose status is known.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
    /// Whom it came from, and what could not be carried over.
    pub told: Told,
    /// What a whole answer came to; a stream has a [`Stream::tally`] of its own.
    pub tally: Tally,
}

/// The body of an [`Answer`].
pub enum Body {
    /// JSON.
    Whole(String),
    /// Piece by piece, in the [`Form`] that was asked for.
    Streamed(Box<Stream>),
}

const JSON: &str = "application/json";
const EVENT_STREAM: &str = "text/event-stream; charset=utf-8";

/// Answers a call. What fails before the answer begins is an error; so is a refusal of the service.
pub async fn answer(client: &Client, call: Call) -> Result<Answer> {
    match route::route(&call.method, &call.path)? {
        Route::ChatCompletions => chat::answer(client, call).await,
        Route::Embeddings => made(call, async |body, told| super::embeddings(client, body, told).await).await,
        Route::Images => made(call, async |body, told| super::images(client, body, told).await).await,
        Route::Rerank => made(call, async |body, told| super::rerank(client, body, told).await).await,
        Route::Moderations => told(async |told| super::moderations::moderations(client, call, told).await).await,
        Route::Models => told(async |told| list(super::models(client, &mut told.losses).await)).await,
        Route::Model(model) => told(async |told| list(super::model(client, &model, &mut told.losses).await)).await,
    }
}

/// Answers a call with whatever comes: an error too is a status and a body.
pub async fn respond(client: &Client, call: Call) -> Answer {
    answer(client, call).await.unwrap_or_else(|error| Answer::refusal(&error))
}

/// The answer of an operation that makes one JSON of a body.
async fn made(call: Call, make: impl AsyncFnOnce(Value, &mut Told) -> Result<(String, Tally)>) -> Result<Answer> {
    let body = call.payload.parse().await?;
    told(async |told| make(body, told).await).await
}

/// An answer that is one JSON, with what could not be carried over.
async fn told(make: impl AsyncFnOnce(&mut Told) -> Result<(String, Tally)>) -> Result<Answer> {
    let mut told = Told::default();
    let (json, tally) = make(&mut told).await?;
    Ok(Answer::whole(json, told, tally))
}

/// A list costs nothing.
fn list(json: Result<String>) -> Result<(String, Tally)> {
    json.map(|json| (json, Tally::default()))
}

impl Answer {
    /// What `error` is as an answer.
    pub fn refusal(error: &Error) -> Answer {
        let told = Told { request_id: error.request_id.clone(), ..Told::default() };
        let refusal = ApiError::of(error);
        let headers = told.headers(JSON).into_iter().chain(refusal.headers()).collect();
        Answer { status: refusal.status, headers, body: Body::Whole(refusal.body()), told, tally: Tally::default() }
    }

    /// A list of models.
    pub fn of_models(models: &[Listed], losses: Vec<Loss>) -> Answer {
        let told = Told { losses, ..Told::default() };
        Answer::whole(models::render_list(models), told, Tally::default())
    }

    /// One model.
    pub fn of_model(model: &Listed, losses: Vec<Loss>) -> Answer {
        let told = Told { losses, ..Told::default() };
        Answer::whole(models::render(model), told, Tally::default())
    }

    /// Tells of one loss more.
    pub fn warn(&mut self, loss: Loss) {
        self.told.losses.push(loss);
        self.headers.retain(|(name, _)| *name != WARNINGS);
        self.headers.extend(self.told.warnings());
    }

    fn whole(json: String, told: Told, tally: Tally) -> Answer {
        Answer { status: 200, headers: told.headers(JSON), body: Body::Whole(json), told, tally }
    }

    fn streamed(stream: Stream, told: Told) -> Answer {
        let (headers, body) = (told.headers(EVENT_STREAM), Body::Streamed(Box::new(stream)));
        Answer { status: 200, headers, body, told, tally: Tally::default() }
    }
}
