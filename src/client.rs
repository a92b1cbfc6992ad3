//! The engine: configuration, catalog, dialect, family and transport put together into an answer.

use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::catalog::{self, Target};
use crate::config::{Account, Options, process_environment};
use crate::conversation::{Event, Loss, LossCode, StopReason, Usage};
use crate::dialect::text::{self, Call, Shown, TextRenderer};
use crate::error::{Error, Result};
use crate::family::{self, Api, ReasoningTags, StreamDecoder, fit};
use crate::pictures;
use crate::transport::{self, Answer, Frames, Operation};

/// The three arguments of `bedrockWrapper`, as JSON.
#[derive(Debug)]
pub struct TextCall {
    /// `awsCreds`.
    pub credentials: Value,
    /// The request.
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
    Asked(Box<Prepared>),
    Whole(Vec<String>),
    Streaming(Box<Streaming>),
    Over,
}

/// A call that has passed every check that needs no network.
struct Prepared {
    account: Account,
    target: Target,
    call: Call,
    api: Api,
    idle: Duration,
}

impl TextAnswer {
    /// Reads the arguments and the environment; what is wrong with them is the first batch's error.
    pub fn new(call: TextCall) -> Result<TextAnswer> {
        let mut warnings = Vec::new();
        let prepared = prepare(call, &mut warnings)?;
        Ok(TextAnswer {
            state: State::Asked(Box::new(prepared)),
            outcome: Outcome { warnings, ..Outcome::default() },
        })
    }

    /// All text that is ready, at least one piece; `None` at the end. After an error nothing more comes.
    pub async fn next_batch(&mut self) -> Result<Option<Vec<String>>> {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Asked(prepared) => {
                self.state = self.ask(*prepared).await?;
                Box::pin(self.next_batch()).await
            }
            State::Whole(text) => Ok((!text.is_empty()).then_some(text)),
            State::Streaming(mut streaming) => {
                let batch = streaming.next_batch(&mut self.outcome).await?;
                if batch.is_some() {
                    self.state = State::Streaming(streaming);
                }
                Ok(batch)
            }
            State::Over => Ok(None),
        }
    }

    /// What the call told so far; complete once the answer has ended.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    async fn ask(&mut self, prepared: Prepared) -> Result<State> {
        let Prepared { account, target, mut call, api, idle } = prepared;
        pictures::make_ready(&mut call.request, &mut self.outcome.warnings).await?;
        let plan = fit::fit(&mut call.request, &target, api, &mut self.outcome.warnings)?;
        let body = Bytes::from(family::encode(api, &call.request, target.model));
        let (operation, streamed) = operation(api, &call, &target, &mut self.outcome.warnings);
        let answer = transport::send(&account, operation, &target.wire_id, body, idle).await?;
        self.outcome.request_id.clone_from(&answer.request_id);
        let renderer = TextRenderer::new(shown(&call, &target), plan.cut_at);
        let reading = Reading { renderer, asked_for_thinking: call.include_thinking };
        if streamed {
            return Ok(State::Streaming(Box::new(Streaming::new(answer, api, &target, reading))));
        }
        self.whole(answer, api, &target, reading).await.map(State::Whole)
    }

    async fn whole(&mut self, mut answer: Answer, api: Api, target: &Target, mut reading: Reading) -> Result<Vec<String>> {
        let body = answer.whole().await.map_err(|error| error.answered(None, answer.request_id.clone()))?;
        let events = family::decode(api, target.model, &body)?;
        events.iter().for_each(|event| note(event, &mut self.outcome));
        if self.outcome.usage.is_none() {
            self.outcome.usage = usage_in_headers(answer.token_counts);
        }
        let mut text = Vec::new();
        reading.renderer.whole(events, &mut text);
        reading.report(&mut self.outcome);
        Ok(vec![text.concat()].into_iter().filter(|text| !text.is_empty()).collect())
    }
}

fn prepare(call: TextCall, losses: &mut Vec<Loss>) -> Result<Prepared> {
    let options = Options::resolve(&call.options, losses)?;
    let mut account = Account::resolve(&call.credentials, &process_environment, losses)?;
    let call = text::parse(call.request, losses)?;
    let target = catalog::resolve(&call.model)?;
    target.require_text()?;
    if let Some(region) = target.region() {
        account.region = Some(region.to_owned()); // an ARN is served where it says
    }
    let api = api(&target, options.use_converse_api, losses);
    Ok(Prepared { account, target, call, api, idle: options.idle_timeout })
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

/// The operation, and whether its answer is a stream.
fn operation(api: Api, call: &Call, target: &Target, losses: &mut Vec<Loss>) -> (Operation, bool) {
    match api {
        Api::Converse if call.stream => (Operation::ConverseStream, true),
        Api::Converse => (Operation::Converse, false),
        Api::Invoke(_) if !call.stream => (Operation::InvokeModel, false),
        Api::Invoke(_) if target.model.invoke_stream == catalog::Support::Native => {
            (Operation::InvokeModelWithResponseStream, true)
        }
        Api::Invoke(_) => {
            let message = format!("{} has no stream on InvokeModel; the answer came in one piece.", target.wire_id);
            losses.push(Loss::of(LossCode::Fallback, "stream", message));
            (Operation::InvokeModel, false)
        }
    }
}

/// Names decide: the `-Thinking` names of gpt-oss and Kimi show reasoning always, Claude's thinking shows when asked.
fn shown(call: &Call, target: &Target) -> Shown {
    if target.keep_reasoning {
        return Shown::Reasoning;
    }
    let taggable = target.model.shows_thinking();
    if call.include_thinking && taggable { Shown::Think } else { Shown::Hidden }
}

fn usage_in_headers((input, output): (Option<u64>, Option<u64>)) -> Option<Usage> {
    if input.is_none() && output.is_none() {
        return None;
    }
    let mut usage = Usage::default();
    usage.update(Usage { input_tokens: input, output_tokens: output, ..Usage::default() });
    Some(usage)
}

/// Keeps what an event tells besides text.
fn note(event: &Event, outcome: &mut Outcome) {
    match event {
        Event::Stop(reason) => outcome.stop_reason = Some(reason.as_str().to_owned()),
        Event::Usage(usage) => outcome.usage.get_or_insert_default().update(*usage),
        _ => {}
    }
}

/// Events into text, and what there is to say about it in the end.
struct Reading {
    renderer: TextRenderer,
    asked_for_thinking: bool,
}

impl Reading {
    fn report(&self, outcome: &mut Outcome) {
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

struct Streaming {
    answer: Answer,
    frames: Frames,
    decoder: Box<dyn StreamDecoder>,
    chunked: bool,
    tags: Option<ReasoningTags>,
    reading: Reading,
    /// What ends the stream once the text before it has been given out.
    failure: Option<Error>,
    over: bool,
}

impl Streaming {
    fn new(answer: Answer, api: Api, target: &Target, reading: Reading) -> Self {
        Streaming {
            answer,
            frames: Frames::default(),
            decoder: family::stream_decoder(api),
            chunked: api != Api::Converse,
            tags: target.model.reasoning_tags.then(ReasoningTags::default),
            reading,
            failure: None,
            over: false,
        }
    }

    async fn next_batch(&mut self, outcome: &mut Outcome) -> Result<Option<Vec<String>>> {
        let mut text = Vec::new();
        while text.is_empty() {
            if let Some(failure) = self.failure.take() {
                return Err(failure.answered(None, self.answer.request_id.clone()));
            }
            if self.over {
                return Ok(None);
            }
            if let Err(failure) = self.advance(outcome, &mut text).await {
                self.failure = Some(failure);
            }
        }
        Ok(Some(text))
    }

    /// Reads one piece of the body and everything that is whole in it.
    async fn advance(&mut self, outcome: &mut Outcome, text: &mut Vec<String>) -> Result<()> {
        let Some(bytes) = self.answer.chunk().await? else {
            self.frames.finish()?;
            self.decoder.finish()?;
            self.end(outcome, text);
            return Ok(());
        };
        self.frames.push(&bytes);
        let mut events = Vec::new();
        while let Some(frame) = self.frames.next_frame()? {
            let chunk;
            let payload = if self.chunked && frame.event_type == "chunk" {
                chunk = family::invoke::native_chunk(&frame.payload)?;
                chunk.as_slice()
            } else {
                &frame.payload
            };
            self.decoder.step(&frame.event_type, payload, &mut events)?;
            self.render(&mut events, outcome, text);
            if self.reading.renderer.cut_at().is_some() {
                self.end(outcome, text);
                return Ok(());
            }
        }
        Ok(())
    }

    fn render(&mut self, events: &mut Vec<Event>, outcome: &mut Outcome, text: &mut Vec<String>) {
        let Some(tags) = &mut self.tags else {
            for event in events.drain(..) {
                note(&event, outcome);
                self.reading.renderer.step(event, text);
            }
            return;
        };
        let mut split = Vec::new();
        events.drain(..).for_each(|event| tags.step(event, &mut split));
        for event in split {
            note(&event, outcome);
            self.reading.renderer.step(event, text);
        }
    }

    fn end(&mut self, outcome: &mut Outcome, text: &mut Vec<String>) {
        let mut rest = Vec::new();
        if let Some(tags) = &mut self.tags {
            tags.finish(&mut rest);
        }
        rest.into_iter().for_each(|event| self.reading.renderer.step(event, text));
        self.reading.renderer.finish(text);
        self.reading.report(outcome);
        self.over = true;
    }
}

/// Every model name with its id, as `listBedrockWrapperSupportedModels` gives them: `{"modelName","modelId"}`.
pub fn supported_models() -> Vec<String> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Listed {
        model_name: &'static str,
        model_id: &'static str,
    }
    let listed = |name: &catalog::Name| Listed { model_name: name.name, model_id: name.id };
    // Two strings: serialization has nothing to fail on.
    catalog::names().map(|name| serde_json::to_string(&listed(name)).unwrap_or_default()).collect()
}
