//! Converse, ConverseStream, InvokeModel and InvokeModelWithResponseStream: from a permitted request to an answer.

use std::sync::Arc;
use std::time::SystemTime;

use axum::body::Body;
use http::{HeaderValue, Response, header, request};

use super::account::Account;
use super::answer::{Answer, Cut};
use super::backend;
use super::connection::Connection;
use super::events::Padding;
use super::exception::Exception;
use super::faults::Action;
use super::models::{Family, Kind, Model, OnDemand, Thinking};
use super::native::{self, Body as Fields, Opening};
use super::physics::Pace;
use super::question::Question;
use super::route::Operation;
use super::sources::{self, Asked, Live};
use super::state::State;
use super::stream::{Speaker, Telling, broken_after, exception_for};
use super::{converse, rules, shapes};

/// What Converse says to an embedding, image or video model.
const NOT_A_CHAT_MODEL: &str =
    "This action doesn't support the model that you provided. Try again with a supported text or chat model.";

/// One request after authentication.
pub(super) struct Call<'a> {
    pub(super) state: &'a State,
    pub(super) account: &'a Arc<Account>,
    pub(super) operation: Operation,
    pub(super) head: &'a request::Parts,
    pub(super) started: SystemTime,
    pub(super) connection: Option<Connection>,
}

/// An answer that is ready, or one that is told frame by frame.
pub(super) enum Outcome {
    Whole(Response<Body>),
    Stream(Response<()>, Box<Telling>),
}

impl Call<'_> {
    pub(super) async fn answer(self, id: &str, bytes: &[u8]) -> Result<Outcome, Exception> {
        let fault = self.take_fault(id).await?;
        let model = self.find(id)?;
        self.permit(&model)?;
        let fields = Fields::parse(bytes)?;
        let question = self.read(&model, &fields)?;
        let thinks = self.thinks(&model, &question);
        let identity = self.state.identity();
        let opening = Opening {
            question: &question,
            model: &model,
            identity: &identity,
            input: backend::input_tokens(&question),
            body: &fields,
        };
        let asked = Asked {
            state: self.state,
            account: self.account,
            operation: self.operation,
            head: self.head,
            model: &model,
            body: &fields,
            question: &question,
            thinks,
        };
        let reply = sources::reply(&asked).await?;
        match self.operation.is_stream() {
            true => {
                let live = reply.into_events(self.cut(&model)).await?;
                self.stream(&opening, live, fault)
            }
            false => self.whole(&opening, &reply.into_answer().await?, fault).await,
        }
    }

    /// The fault that this request meets, where it lets the answer begin; an error or a reset before it happens here.
    pub(super) async fn take_fault(&self, model: &str) -> Result<Option<Action>, Exception> {
        let fault = self.state.take_fault(self.account, self.operation, model);
        if let Some(Action::Error { code, message, retry_after }) = &fault {
            return Err(exception_for(code, message.as_deref(), *retry_after));
        }
        if let (Some(Action::Reset { frame: 0 }), Some(connection)) = (&fault, &self.connection) {
            connection.reset();
            std::future::pending::<()>().await;
        }
        Ok(fault)
    }

    fn find(&self, id: &str) -> Result<Model, Exception> {
        let model =
            Model::find(id).ok_or_else(|| Exception::validation("The provided model identifier is invalid."))?;
        let refused = match model.series.on_demand {
            OnDemand::Yes => false,
            OnDemand::SomeRegions => self.state.options().require_profiles,
            OnDemand::No => true,
        };
        if refused && model.is_bare() {
            return Err(Exception::validation(format!(
                "Invocation of model ID {id} with on-demand throughput isn\u{2019}t supported. Retry your request with the ID or ARN of an inference profile that contains this model."
            )));
        }
        Ok(model)
    }

    /// Refuses an operation that the model does not have.
    fn permit(&self, model: &Model) -> Result<(), Exception> {
        match model.series.family {
            Family::Pegasus if self.operation.is_converse() => Err(Exception::validation(NOT_A_CHAT_MODEL)),
            family if family.kind() == Kind::Text => Ok(()),
            _ => Err(Exception::validation(NOT_A_CHAT_MODEL)),
        }
    }

    /// Validates the body and finds the question in it.
    fn read(&self, model: &Model, fields: &Fields) -> Result<Question, Exception> {
        self.check_shape(model, fields)?;
        if self.operation.is_converse() {
            rules::converse(model, fields)?;
            return Ok(converse::read(fields));
        }
        rules::invoke(model, fields)?;
        let question = native::codec(model, fields).read(fields)?;
        rules::images(model, &question)?;
        Ok(question)
    }

    fn check_shape(&self, model: &Model, fields: &Fields) -> Result<(), Exception> {
        let (labels, none) = ([("modelId", model.requested.as_str())], serde_json::Map::new());
        let parts = shapes::Parts {
            labels: &labels,
            query: self.head.uri.query().unwrap_or_default(),
            headers: &self.head.headers,
            body: if self.operation.is_converse() { fields.members() } else { &none },
        };
        shapes::operation(self.operation.name()).map_or(Ok(()), |operation| operation.check(parts))
    }

    fn thinks(&self, model: &Model, question: &Question) -> bool {
        // No recording shows where these put their reasoning in a native body; they answer without.
        if !self.operation.is_converse() && model.series.family == Family::OpenAi {
            return false;
        }
        match model.series.thinking {
            Thinking::Never => false,
            Thinking::OnRequest => question.thinking,
            Thinking::Always => true,
        }
    }

    fn cut(&self, model: &Model) -> Cut {
        let tokens = self.state.options().physics.tokens_per_chunk;
        if self.operation.is_converse() { converse::cut(model, tokens) } else { tokens.into() }
    }

    async fn whole(&self, opening: &Opening<'_>, answer: &Answer, fault: Option<Action>) -> Result<Outcome, Exception> {
        let wait = self.state.options().physics.whole(answer.usage.output, &mut self.state.random());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let latency = self.state.elapsed(self.started);
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let body = if self.operation.is_converse() {
            converse::whole(opening.model, opening.body, answer, latency, self.state.random())
        } else {
            headers.insert("x-amzn-bedrock-input-token-count", answer.usage.input.into());
            headers.insert("x-amzn-bedrock-output-token-count", answer.usage.output.into());
            headers.insert("x-amzn-bedrock-invocation-latency", latency.into());
            native::codec(opening.model, opening.body).whole(opening, answer).to_string().into_bytes()
        };
        fill(&mut response, body, fault).await;
        Ok(Outcome::Whole(response))
    }

    fn stream(self, opening: &Opening, events: Live, fault: Option<Action>) -> Result<Outcome, Exception> {
        let mut response = Response::new(());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.amazon.eventstream"));
        let speaker = if self.operation.is_converse() {
            Speaker::Converse(Box::new(converse::Stream::new(opening.model, opening.body, self.state.random())))
        } else {
            headers.insert("x-amzn-bedrock-content-type", HeaderValue::from_static("application/json"));
            Speaker::Native(native::codec(opening.model, opening.body).stream(opening)?)
        };
        let telling = Telling {
            state: self.state.clone(),
            speaker,
            events,
            started: self.started,
            fault,
            connection: self.connection,
            pace: Pace::new(&self.state.options().physics, self.state.random()),
            padding: Padding::new(self.state.options().padding.then(|| self.state.random())),
        };
        Ok(Outcome::Stream(response, Box::new(telling)))
    }
}

/// Puts a whole body into an answer: all of it, half of it, or none for ever, as the fault has it.
pub(super) async fn fill(response: &mut Response<Body>, body: Vec<u8>, fault: Option<Action>) {
    match fault {
        Some(Action::Stall { .. }) => std::future::pending().await,
        Some(Action::Truncate { .. }) => {
            response.headers_mut().insert(header::CONTENT_LENGTH, body.len().into());
            *response.body_mut() = broken_after(body.get(..body.len() / 2).unwrap_or_default());
        }
        _ => *response.body_mut() = Body::from(body),
    }
}
