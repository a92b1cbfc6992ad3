//! `bedrockWrapper`: one call, its answer as text.

use std::mem;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::pictures;
use super::question::Question;
use super::reply::Reply;
use crate::catalog::{self, Reasoning as Manner, Target};
use crate::config::{Account, Options, Patience, process_environment};
use crate::conversation::{Event, Loss, LossCode, StopReason, Usage};
use crate::dialect::text::{self, Call, Shown, TextRenderer};
use crate::error::{Error, Result};
use crate::family::Api;
use crate::transport::{Connection, Particulars};

/// The three arguments of `bedrockWrapper`, as JSON.
#[derive(Debug, Deserialize)]
pub struct TextCall {
    /// `awsCreds`.
    pub credentials: Value,
    /// The request.
    #[serde(default)]
    pub request: Value,
    /// `options`.
    pub options: Value,
}

/// What a call told besides its text.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Tokens, as the service counted them.
    pub usage: Option<Usage>,
    /// Why the model stopped, in Converse's spelling.
    pub stop_reason: Option<String>,
    /// `x-amzn-RequestId`.
    pub request_id: Option<String>,
    /// What could not be carried over.
    pub warnings: Vec<Loss>,
}

/// An answer as text, batch by batch. Nothing is sent before the first [`next_batch`](Self::next_batch).
pub struct TextAnswer {
    state: State,
    outcome: Outcome,
}

enum State {
    Refused(Box<Error>),
    Asked(Box<Prepared>),
    Answering(Box<Answering>),
    Over,
}

/// A call that has passed every check that needs no network.
struct Prepared {
    connection: Arc<Connection>,
    target: Target,
    call: Call,
    api: Api,
    patience: Patience,
}

/// An answer being read.
struct Answering {
    reply: Reply,
    renderer: TextRenderer,
    /// Whether all thinking goes before all text, as bedrock-wrapper 2.12.0 has it for Converse's whole answers.
    thinking_first: bool,
    asked_for_thinking: bool,
}

impl TextAnswer {
    /// Reads the arguments and the environment; what is wrong with them is the first batch's error.
    pub fn new(call: TextCall) -> TextAnswer {
        let mut warnings = Vec::new();
        let state = match prepare(call, &mut warnings) {
            Ok(prepared) => State::Asked(Box::new(prepared)),
            Err(error) => State::Refused(Box::new(error)),
        };
        TextAnswer { state, outcome: Outcome { warnings, ..Outcome::default() } }
    }

    /// All text that is ready, at least one piece; `None` at the end. After an error nothing more comes.
    pub async fn next_batch(&mut self) -> Result<Option<Vec<String>>> {
        loop {
            match mem::replace(&mut self.state, State::Over) {
                State::Refused(error) => return Err(*error),
                State::Asked(prepared) => {
                    let answering = prepared.ask(&mut self.outcome).await?;
                    self.state = State::Answering(Box::new(answering));
                }
                State::Answering(mut answering) => {
                    let mut text = Vec::new();
                    let more = answering.step(&mut self.outcome, &mut text).await;
                    self.state = match more {
                        Ok(true) => State::Answering(answering),
                        Ok(false) => State::Over,
                        Err(error) => State::Refused(Box::new(error)),
                    };
                    if !text.is_empty() {
                        return Ok(Some(text));
                    }
                }
                State::Over => return Ok(None),
            }
        }
    }

    /// What the call told so far; complete once the answer has ended.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }
}

impl Prepared {
    async fn ask(self, outcome: &mut Outcome) -> Result<Answering> {
        let Prepared { connection, target, call, api, patience } = self;
        let shown = shown(&call, &target);
        let request = call.request;
        let question = Question {
            connection: &connection,
            target: &target,
            api,
            request,
            fetcher: pictures::fetcher(),
            particulars: Particulars::default(),
            patience,
            cross_region: true,
        };
        let fitted = question.fit(&mut outcome.warnings).await?;
        let reply = fitted.send(&mut outcome.warnings).await?;
        outcome.request_id = reply.request_id().map(str::to_owned);
        let thinking_first = api == Api::Converse && !reply.is_streamed();
        let renderer = TextRenderer::new(shown, fitted.plan.cut_at);
        Ok(Answering { reply, renderer, thinking_first, asked_for_thinking: call.include_thinking })
    }
}

impl Answering {
    /// Adds the text that is ready, of a whole answer all as one piece; says whether more may come.
    async fn step(&mut self, outcome: &mut Outcome, text: &mut Vec<String>) -> Result<bool> {
        if self.reply.is_streamed() {
            return self.read(outcome, text).await;
        }
        let mut pieces = Vec::new();
        while self.read(outcome, &mut pieces).await? {}
        text.extend(Some(pieces.concat()).filter(|text| !text.is_empty()));
        Ok(false)
    }

    /// Adds the text that is ready; says whether more may come. Text before a failure is given out before it.
    async fn read(&mut self, outcome: &mut Outcome, text: &mut Vec<String>) -> Result<bool> {
        let events = match self.reply.next().await {
            Ok(events) => events,
            Err(failure) => {
                self.renderer.release(text);
                return Err(failure);
            }
        };
        let Some(events) = events else {
            self.end(outcome, text);
            return Ok(false);
        };
        for event in self.in_order(events) {
            note(&event, outcome);
            self.renderer.step(event, text);
        }
        // Nothing after the cut counts, not even a failure.
        if self.renderer.cut_at().is_some() {
            self.end(outcome, text);
            return Ok(false);
        }
        Ok(true)
    }

    fn in_order(&self, events: Vec<Event>) -> Vec<Event> {
        if self.thinking_first { self.renderer.thinking_first(events) } else { events }
    }

    fn end(&mut self, outcome: &mut Outcome, text: &mut Vec<String>) {
        self.renderer.finish(text);
        if let Some(sequence) = self.renderer.cut_at() {
            outcome.stop_reason = Some(StopReason::StopSequence(Some(sequence.to_owned())).as_str().to_owned());
        }
        if self.asked_for_thinking && self.renderer.omitted_reasoning() {
            let message = "The model reasoned, but this model name does not show reasoning in its text. Choose a \
                           -Thinking name where there is one.";
            outcome.warnings.push(Loss::of(LossCode::ReasoningOmitted, "include_thinking_data", message));
        }
    }
}

/// Keeps what an event tells besides text.
fn note(event: &Event, outcome: &mut Outcome) {
    match event {
        Event::Stop(reason) => outcome.stop_reason = Some(reason.as_str().to_owned()),
        Event::Usage(usage) => outcome.usage.get_or_insert_default().update(*usage),
        _ => {}
    }
}

fn prepare(call: TextCall, losses: &mut Vec<Loss>) -> Result<Prepared> {
    let options = Options::resolve(&call.options, losses)?;
    let account = Account::of_aws_creds(&call.credentials, &process_environment, losses)?;
    let call = text::parse(call.request, losses)?;
    let target = catalog::resolve(&call.model)?;
    target.require_text()?;
    let api = api(&target, options.use_converse_api, losses);
    Ok(Prepared { connection: Connection::shared(&account), target, call, api, patience: options.patience })
}

fn api(target: &Target, converse: bool, losses: &mut Vec<Loss>) -> Api {
    if converse {
        return Api::Converse;
    }
    match target.model.native_body() {
        Some(family) => Api::Invoke(family),
        None => {
            let message = format!("{} is not served through InvokeModel here; Converse was used.", target.wire_id);
            losses.push(Loss::of(LossCode::Fallback, "model", message));
            Api::Converse
        }
    }
}

/// Names decide: the `-Thinking` names of gpt-oss and Kimi always show reasoning; other models that reason of their own
/// accord show it never (bedrock-wrapper 2.12.0); thinking that a request can switch on shows when it is asked for.
fn shown(call: &Call, target: &Target) -> Shown {
    if target.keep_reasoning {
        return Shown::Reasoning;
    }
    if target.model.answers_in_reasoning {
        return Shown::AsText;
    }
    let own_accord = matches!(target.model.reasoning, Manner::Effort | Manner::Always | Manner::Undocumented);
    if call.include_thinking && !own_accord { Shown::Think } else { Shown::Hidden }
}
