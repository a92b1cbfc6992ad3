//! The engine: configuration, catalog, dialect, family and transport put together into an answer.

mod pictures;
mod reading;
mod streaming;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::catalog::{self, Reasoning as Manner, Target};
use crate::config::{Account, Options, Patience, process_environment};
use crate::conversation::{Loss, LossCode, Usage};
use crate::dialect::text::{self, Call, Shown, TextRenderer};
use crate::error::{Error, Result};
use crate::family::{self, Api, fit};
use crate::transport::{self, Answer, Operation};
use reading::{Reading, note};
use streaming::Streaming;

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
    patience: Patience,
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
            match std::mem::replace(&mut self.state, State::Over) {
                State::Refused(error) => return Err(*error),
                State::Asked(prepared) => self.state = self.ask(*prepared).await?,
                State::Whole(text) => return Ok((!text.is_empty()).then_some(text)),
                State::Streaming(mut streaming) => {
                    let batch = streaming.next_batch(&mut self.outcome).await?;
                    if batch.is_some() {
                        self.state = State::Streaming(streaming);
                    }
                    return Ok(batch);
                }
                State::Over => return Ok(None),
            }
        }
    }

    /// What the call told so far; complete once the answer has ended.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    async fn ask(&mut self, prepared: Prepared) -> Result<State> {
        let Prepared { account, target, mut call, api, patience } = prepared;
        pictures::make_ready(&mut call.request, &mut self.outcome.warnings).await?;
        let plan = fit::fit(&mut call.request, &target, api, &mut self.outcome.warnings)?;
        let body = Bytes::from(family::encode(api, &call.request, target.model));
        let (operation, streamed) = operation(api, &call, &target, &mut self.outcome.warnings);
        let answer = transport::send(&account, operation, &target.wire_id, body, patience).await?;
        self.outcome.request_id.clone_from(&answer.request_id);
        let renderer = TextRenderer::new(shown(&call, &target), plan.cut_at);
        let reading = Reading { renderer, asked_for_thinking: call.include_thinking };
        if streamed {
            return Ok(State::Streaming(Box::new(Streaming::new(answer, api, &target, reading))));
        }
        self.whole(answer, api, &target, reading).await.map(State::Whole)
    }

    async fn whole(
        &mut self,
        mut answer: Answer,
        api: Api,
        target: &Target,
        mut reading: Reading,
    ) -> Result<Vec<String>> {
        let of_this_call = |error: Error| error.answered(None, self.outcome.request_id.clone());
        let body = answer.whole().await.map_err(of_this_call)?;
        let events = family::decode(api, target.model, &body).map_err(of_this_call)?;
        events.iter().for_each(|event| note(event, &mut self.outcome));
        if self.outcome.usage.is_none() {
            self.outcome.usage = usage_in_headers(answer.token_counts);
        }
        let mut text = Vec::new();
        // bedrock-wrapper 2.12.0 gives Converse's thinking in one piece before the text, InvokeModel's where it stands.
        reading.renderer.whole(events, api == Api::Converse, &mut text);
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
    Ok(Prepared { account, target, call, api, patience: options.patience })
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
        Api::Converse if call.request.stream => (Operation::ConverseStream, true),
        Api::Converse => (Operation::Converse, false),
        Api::Invoke(_) if !call.request.stream => (Operation::InvokeModel, false),
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

fn usage_in_headers((input, output): (Option<u64>, Option<u64>)) -> Option<Usage> {
    if input.is_none() && output.is_none() {
        return None;
    }
    let mut usage = Usage::default();
    usage.update(Usage { input_tokens: input, output_tokens: output, ..Usage::default() });
    Some(usage)
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
