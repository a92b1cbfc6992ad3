//! Converse, ConverseStream, InvokeModel and InvokeModelWithResponseStream: from a permitted request to an answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes};
use http::{HeaderValue, Response, header, request};

use super::account::Account;
use super::answer::{Answer, Cut};
use super::backend;
use super::breaks::Breaker;
use super::connection::Connection;
use super::control::{self, Behind};
use super::events::Padding;
use super::exception::Exception;
use super::faults::{Action, message_for};
use super::guardrails;
use super::identity::Identity;
use super::journal::Guard;
use super::models::{Family, Kind, Model, Thinking};
use super::native::chat_completions::{self, ChatCompletions};
use super::native::responses::Responses;
use super::native::{self, Body as Fields, Codec, Opening};
use super::physics::{Pace, Physics};
use super::question::Question;
use super::quotas::Allowance;
use super::route::Operation;
use super::rules::Availability;
use super::sources::{self, Asked, Live, Reply, Sent, Speech};
use super::state::State;
use super::stream::{Speaker, Telling, broken_after};
use super::{auth, converse, direct, rules, shapes, wording};

/// One request after authentication.
pub(super) struct Call<'a> {
    pub(super) state: &'a State,
    pub(super) account: &'a Arc<Account>,
    pub(super) operation: Operation,
    pub(super) head: &'a request::Parts,
    pub(super) started: SystemTime,
    pub(super) connection: Option<Connection>,
    pub(super) journal: &'a Guard,
}

/// An answer that is ready, one that is told frame by frame, or one that came as it is.
pub(super) enum Outcome {
    Whole(Response<Body>),
    Raw(Response<Body>),
    Stream(Response<()>, Box<Telling>),
}

/// A request that the simulator would answer.
struct Understood {
    model: Model,
    fields: Fields,
    question: Question,
    /// Tokens of the question.
    input: u64,
    guard: Option<guardrails::Guard>,
}

impl Call<'_> {
    pub(super) async fn answer(self, id: &str, bytes: &Bytes) -> Result<Outcome, Exception> {
        let (id, script) = sources::split_script(id);
        let fault = self.take_fault(id).await?;
        let identity = self.state.identity();
        let Understood { model, fields, question, input, mut guard } = match self.understand(id, bytes, &identity).await
        {
            Ok(understood) => understood,
            // The service that is recorded may know better.
            Err(refusal) => return self.taped(bytes).await?.ok_or(refusal),
        };
        let thinks = self.thinks(&model, &question);
        let mut opening =
            Opening { question: &question, model: &model, identity: &identity, input, cache: None, body: &fields };
        let converses = model.series.family.kind() == Kind::Text;
        let allowance = match converses {
            true => {
                let quotas = &self.state.options().quotas;
                self.account.ledger().take(quotas, &model, opening.input, question.max_tokens, self.state.now())?
            }
            false => None,
        };
        if converses && let Some(cache) = self.account.prompts().take(&model, &question, self.state.now()) {
            opening.input = opening.input.saturating_sub(cache.read + cache.write);
            opening.cache = Some(cache);
        }
        let asked = Asked {
            state: self.state,
            account: self.account,
            operation: self.operation,
            head: self.head,
            model: &model,
            script,
            bytes,
            body: &fields,
            question: &question,
            thinks,
            input: opening.input,
            journal: self.journal,
        };
        if !converses {
            return match sources::raw_reply(&asked).await? {
                Some(response) => Ok(Outcome::Raw(response)),
                None => self.direct(model.clone(), fields.clone(), fault).await,
            };
        }
        let reply = match guard.as_ref().and_then(guardrails::Guard::refusal) {
            Some(refusal) => Reply::Speech(Speech::Whole(refusal), None),
            None => sources::reply(&asked).await?.cached(opening.cache),
        };
        let (speech, physics) = match reply {
            Reply::Speech(speech, physics) => (self.judge(guard.as_mut(), &opening, speech).await?, physics),
            Reply::Raw(response) => return Ok(Outcome::Raw(response)),
        };
        if let Speech::Whole(answer) = &speech {
            (opening.input, opening.cache) = (answer.usage.input, answer.usage.cache);
        }
        let physics = physics.unwrap_or_else(|| self.state.options().physics.clone());
        match self.operation.is_stream() {
            true => {
                let live = speech.into_events(self.cut(&model, &physics)).await?;
                self.stream(&opening, live, physics, fault, allowance, guard)
            }
            false => {
                let answer = speech.into_answer().await?;
                let whole = self.whole(&opening, &answer, &physics, fault, guard.as_ref()).await;
                if let Some(allowance) = allowance {
                    allowance.settle(answer.usage);
                }
                whole
            }
        }
    }

    /// What the cassette or the service that is recorded answers, whatever the simulator makes of the request.
    pub(super) async fn taped(&self, body: &Bytes) -> Result<Option<Outcome>, Exception> {
        let (account, now) = (self.account.id(), self.state.now());
        let sent = Sent { head: self.head, body, account, now, journal: self.journal };
        Ok(self.state.tape().reply(sent).await?.map(Outcome::Raw))
    }

    /// Validates the request, lets its guardrail judge it and finds the question in it; there is none in those to models
    /// that hold no conversation.
    async fn understand(&self, id: &str, bytes: &[u8], identity: &Identity) -> Result<Understood, Exception> {
        let model = self.find(id)?;
        self.permit(&model)?;
        let mut fields = Fields::parse(bytes)?;
        if model.series.family.kind() != Kind::Text {
            self.check_shape(&model, &fields)?;
            return Ok(Understood { model, fields, question: Question::default(), input: 0, guard: None });
        }
        let wanted = self.wanted_guardrail(&mut fields);
        let mut question = self.read(&model, &fields)?;
        let guard = match wanted {
            Some(wanted) => Some(self.screen(&wanted, &mut fields, model.series.family, identity).await?),
            None => None,
        };
        if guard.as_ref().is_some_and(guardrails::Guard::has_masked_input) {
            question = self.read(&model, &fields)?;
        }
        let input = backend::input_tokens(&question);
        rules::length(&model, &fields, self.operation.is_converse(), input)?;
        Ok(Understood { model, fields, question, input, guard })
    }

    /// The fault that this request meets, where it lets the answer begin; an error or a reset before it happens here.
    pub(super) async fn take_fault(&self, model: &str) -> Result<Option<Action>, Exception> {
        let fault = self.state.take_fault(self.account, self.operation.name(), self.operation.is_stream(), model);
        if let Some(action) = &fault {
            self.journal.fault(action.name());
        }
        match &fault {
            Some(Action::Error { code, message, retry_after, details }) => {
                let mut exception = Exception::new(code, message_for(code, message.as_deref()));
                exception.retry_after = *retry_after;
                exception.extra = details.clone().into_iter().collect();
                return Err(exception);
            }
            Some(Action::SlowHeaders { milliseconds }) => {
                tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            }
            Some(Action::Reset { frame: 0 }) => {
                if let Some(connection) = &self.connection {
                    self.journal.finish();
                    connection.reset();
                    std::future::pending::<()>().await;
                }
            }
            _ => {}
        }
        Ok(fault)
    }

    /// Puts a whole body into the response; a fault may hold it back or cut it.
    pub(super) async fn fill(&self, response: &mut Response<Body>, body: Vec<u8>, fault: Option<Action>) {
        match fault {
            Some(Action::Stall { milliseconds: None, .. }) => std::future::pending().await,
            Some(Action::Stall { milliseconds: Some(time), .. }) => {
                tokio::time::sleep(Duration::from_millis(time)).await
            }
            Some(Action::Truncate { .. }) => {
                response.headers_mut().insert(header::CONTENT_LENGTH, body.len().into());
                *response.body_mut() = broken_after(body.get(..body.len() / 2).unwrap_or_default());
                return;
            }
            _ => {}
        }
        let bytes = Bytes::from(body);
        self.journal.body(&bytes);
        *response.body_mut() = Body::from(bytes);
    }

    fn find(&self, id: &str) -> Result<Model, Exception> {
        if let Some(model) = self.own(id)? {
            return Ok(model);
        }
        let options = self.state.options();
        let region = auth::region(self.head);
        let given = Availability {
            require_profiles: options.require_profiles,
            end_of_life: options.end_of_life,
            now: self.started,
            region: region.as_deref(),
        };
        rules::find(id, &given)
    }

    /// The model behind an id or ARN that the management API gave out.
    fn own(&self, id: &str) -> Result<Option<Model>, Exception> {
        // Ids of foundation models and of AWS's profiles have a dot, own ids have none.
        if !id.starts_with("arn:") && id.contains('.') {
            return Ok(None);
        }
        let store = self.account.store(&control::region(self));
        let behind = store.lock().unwrap_or_else(PoisonError::into_inner).model(id, self.started);
        match behind {
            Some(Behind::Model(base)) => {
                Ok(Model::find(&base).map(|model| Model { requested: id.to_owned(), ..model }))
            }
            Some(Behind::NotReady) => {
                Err(Exception::new("ModelNotReadyException", message_for("ModelNotReadyException", None)))
            }
            None => Ok(None),
        }
    }

    /// Refuses an operation that the model does not have.
    fn permit(&self, model: &Model) -> Result<(), Exception> {
        let refusal = match (model.series.family, model.series.family.kind()) {
            (Family::Pegasus, _) if self.operation.is_converse() => wording::NOT_A_CHAT_MODEL,
            _ if self.operation.is_openais() && !chat_completions::has(model) => {
                return Err(wording::NO_CHAT_COMPLETIONS.refuse(&[&model.requested]));
            }
            (_, Kind::Text) => return Ok(()),
            _ if self.operation.is_converse() => wording::NOT_A_CHAT_MODEL,
            _ if self.operation.is_stream() => wording::NOT_STREAMED,
            (_, Kind::Video | Kind::Speech) => wording::NOT_SYNCHRONOUS,
            _ => return Ok(()),
        };
        Err(refusal.refuse(&[]))
    }

    /// The answer of a model that holds no conversation.
    async fn direct(&self, model: Model, fields: Fields, fault: Option<Action>) -> Result<Outcome, Exception> {
        let identity = self.state.identity();
        let made = direct::make(model, fields, identity, self.state.service()?.as_ref()).await?;
        self.pause(&self.state.options().physics, 0).await;
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(count) = made.input_tokens {
            headers.insert("x-amzn-bedrock-input-token-count", count.into());
        }
        headers.insert("x-amzn-bedrock-invocation-latency", self.state.elapsed(self.started).into());
        self.fill(&mut response, made.body.to_string().into(), fault).await;
        Ok(Outcome::Whole(response))
    }

    /// Validates the body and finds the question in it.
    fn read(&self, model: &Model, fields: &Fields) -> Result<Question, Exception> {
        self.check_shape(model, fields)?;
        if self.operation.is_converse() {
            rules::converse(model, fields, &self.head.headers, self.operation.is_stream())?;
            return Ok(converse::read(fields));
        }
        rules::invoke(model, fields, &self.head.headers, self.operation.is_stream())?;
        let question = self.codec(model, fields).read(fields)?;
        rules::images(model, &question)?;
        Ok(question)
    }

    /// Who reads and writes a body that is not Converse's.
    fn codec(&self, model: &Model, fields: &Fields) -> &'static dyn Codec {
        match self.operation {
            Operation::ChatCompletions { .. } => &ChatCompletions,
            Operation::Responses { .. } => &Responses,
            _ => native::codec(model, fields),
        }
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
        if !self.operation.is_converse() && !self.operation.is_openais() && model.series.family == Family::OpenAi {
            return false;
        }
        match model.series.thinking {
            Thinking::Never => false,
            Thinking::OnRequest => question.thinking,
            Thinking::Always => true,
        }
    }

    fn cut(&self, model: &Model, physics: &Physics) -> Cut {
        let tokens = physics.tokens_per_chunk;
        if self.operation.is_converse() { converse::cut(model, tokens) } else { tokens.into() }
    }

    async fn whole(
        &self,
        opening: &Opening<'_>,
        answer: &Answer,
        physics: &Physics,
        fault: Option<Action>,
        guard: Option<&guardrails::Guard>,
    ) -> Result<Outcome, Exception> {
        self.pause(physics, answer.usage.output).await;
        let latency = self.state.elapsed(self.started);
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let body = if self.operation.is_converse() {
            converse::whole(opening, answer, latency, self.state.random())
        } else if self.operation.is_openais() {
            self.codec(opening.model, opening.body).whole(opening, answer).to_string().into_bytes()
        } else {
            let is_refusal = guard.is_some_and(guardrails::Guard::has_blocked_input);
            if !is_refusal {
                headers.insert("x-amzn-bedrock-input-token-count", answer.usage.input.into());
                headers.insert("x-amzn-bedrock-output-token-count", answer.usage.output.into());
            }
            headers.insert("x-amzn-bedrock-invocation-latency", latency.into());
            if answer.usage.cache.is_some() || (!is_refusal && opening.model.series.family == Family::Nova) {
                let cache = answer.usage.cache.unwrap_or_default();
                headers.insert("x-amzn-bedrock-cache-read-input-token-count", cache.read.into());
                headers.insert("x-amzn-bedrock-cache-write-input-token-count", cache.write.into());
            }
            let mut body = native::codec(opening.model, opening.body).whole(opening, answer);
            if let Some(guard) = guard {
                guard.dress(&mut body);
            }
            body.to_string().into_bytes()
        };
        self.fill(&mut response, body, fault).await;
        Ok(Outcome::Whole(response))
    }

    /// Waits as long as a whole answer of so many tokens takes.
    async fn pause(&self, physics: &Physics, tokens: u64) {
        let wait = physics.whole(tokens, &mut self.state.random());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    fn stream(
        self,
        opening: &Opening,
        events: Live,
        physics: Physics,
        fault: Option<Action>,
        allowance: Option<Allowance>,
        guard: Option<guardrails::Guard>,
    ) -> Result<Outcome, Exception> {
        let mut response = Response::new(());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.amazon.eventstream"));
        let speaker = if self.operation.is_converse() {
            Speaker::Converse(Box::new(converse::Stream::new(opening.model, opening.body, self.state.random())))
        } else if self.operation.is_openais() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
            Speaker::ServerSent(self.codec(opening.model, opening.body).stream(opening)?)
        } else {
            headers.insert("x-amzn-bedrock-content-type", HeaderValue::from_static("application/json"));
            Speaker::Native(native::codec(opening.model, opening.body).stream(opening)?)
        };
        let guardrail = guard.map(|guard| Arc::new(Mutex::new(guard)));
        let events = match &guardrail {
            Some(guard) => guardrails::watch(guard, events, opening.input),
            None => events,
        };
        let telling = Telling {
            state: self.state.clone(),
            speaker,
            events,
            started: self.started,
            breaker: Breaker::new(fault),
            connection: self.connection,
            guardrail,
            pace: Pace::new(&physics, self.state.random()),
            bytes_per_write: physics.bytes_per_write,
            padding: Padding::new(self.state.options().padding.then(|| self.state.random())),
            allowance,
        };
        Ok(Outcome::Stream(response, Box::new(telling)))
    }
}
