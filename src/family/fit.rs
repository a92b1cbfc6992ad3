//! What a model cannot take, changed into what it can: each change is one rule here and one [`Loss`] for the caller.
//!
//! After this a request can be encoded for the model without anything left to decide.

use crate::catalog::Reasoning as Manner;
use crate::catalog::{Model, Sampling, Status, Support, Target};
use crate::conversation::{Loss, LossCode, Reasoning, Request, Role};
use crate::error::{Error, Result};
use crate::family::Api;

/// Tokens of thinking that the `-Thinking` names ask for when the answer has room for them (bedrock-wrapper 2.12.0).
const BUDGET: u32 = 16_000;
/// The least budget Claude takes ("Extended thinking": 1,024).
const LEAST_BUDGET: u32 = 1_024;
/// The share of the answer that thinking may take, and the room it must leave (bedrock-wrapper 2.12.0: 80 %, 20 %).
const BUDGET_SHARE: f64 = 0.8;
const ROOM: f64 = 1.2;

/// What is left to do on our side of the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Stop sequences that the model does not know: the answer is cut at the first of them.
    pub cut_at: Vec<String>,
}

/// Changes `request` into what `target` takes over `api`.
pub fn fit(request: &mut Request, target: &Target, api: Api, losses: &mut Vec<Loss>) -> Result<Plan> {
    let model = target.model;
    let chat = matches!(api, Api::Invoke(family) if family.is_openai());
    require_question(request, chat)?;
    if !chat {
        drop_names(request, losses);
    }
    refuse_images(request, model)?;
    end_of_life(model, losses);
    max_tokens(request, model, losses);
    thinking(request, target, losses);
    sampling(request, model, losses);
    prefill(request, model, losses);
    instructions(request, model, api, losses);
    Ok(Plan { cut_at: stop_sequences(request, model, api, losses) })
}

/// Only OpenAI's chat style answers instructions alone.
fn require_question(request: &Request, chat: bool) -> Result<()> {
    let asked = request.messages.iter().any(|message| message.role == Role::User);
    if asked || (chat && !request.system.is_empty()) {
        return Ok(());
    }
    Err(Error::invalid("messages", "must hold at least one user message that is not empty."))
}

fn drop_names(request: &mut Request, losses: &mut Vec<Loss>) {
    for message in &mut request.messages {
        if let Some(name) = message.name.take() {
            let message = format!("The name {name:?} was left out: this API has no place for it.");
            losses.push(Loss::of(LossCode::UnsupportedField, "messages[].name", message));
        }
    }
}

fn refuse_images(request: &Request, model: &Model) -> Result<()> {
    let image = request.messages.iter().flat_map(|message| message.content.images()).next();
    match image {
        Some(image) if !model.vision => {
            let message = format!("{} takes text only. Leave the image out or choose a model with vision", model.id);
            Err(Error::invalid(image.param.clone(), format!("{message}.")))
        }
        _ => Ok(()),
    }
}

fn end_of_life(model: &Model, losses: &mut Vec<Loss>) {
    let message = match model.end_of_life {
        Some(date) => format!("{} reached its end of life on {date}; the service may refuse it.", model.id),
        None if model.status == Status::EndOfLife => {
            format!("{} has reached its end of life; the service may refuse it.", model.id)
        }
        None => return,
    };
    losses.push(Loss::of(LossCode::EndOfLife, "model", message));
}

fn max_tokens(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    let Some(most) = model.max_output else { return };
    match request.parameters.max_tokens {
        Some(asked) if asked > most => {
            let message = format!("{asked} is more than {} gives; {most} was sent.", model.id);
            losses.push(Loss::of(LossCode::ValueAdjusted, "max_tokens", message));
            request.parameters.max_tokens = Some(most);
        }
        Some(_) => {}
        None => request.parameters.max_tokens = Some(most),
    }
}

/// The `-Thinking` names of Claude: how much of the answer is for thinking is computed from this call alone.
fn thinking(request: &mut Request, target: &Target, losses: &mut Vec<Loss>) {
    if !target.thinking {
        return;
    }
    let asked = request.parameters.max_tokens.unwrap_or(BUDGET);
    // Both factors are small and the product of two u32-sized numbers fits; truncation is meant.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0.8 × u32 fits into u32")]
    let share = (f64::from(asked) * BUDGET_SHARE) as u32;
    let budget = share.clamp(LEAST_BUDGET, BUDGET);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1.2 × 16,000 fits into u32")]
    let least = (f64::from(budget) * ROOM) as u32;
    if asked < least {
        let message =
            format!("Thinking takes at least {LEAST_BUDGET} tokens, so {least} were sent instead of {asked}.");
        losses.push(Loss::of(LossCode::ValueAdjusted, "max_tokens", message));
        request.parameters.max_tokens = Some(least);
    }
    let adaptive = matches!(target.model.reasoning, Manner::Adaptive | Manner::AdaptiveOn | Manner::AdaptiveAlways);
    request.reasoning = Some(if adaptive { Reasoning::Adaptive } else { Reasoning::Budget(budget) });
    drop_field(&mut request.parameters.top_p, "top_p", "Thinking allows no top_p; it was left out.", losses);
    if target.model.sampling != Sampling::Neither {
        if request.parameters.temperature.is_some_and(|temperature| temperature != 1.0) {
            let message = "Thinking allows no other temperature than 1; 1 was sent.";
            losses.push(Loss::of(LossCode::ValueAdjusted, "temperature", message));
        }
        request.parameters.temperature = Some(1.0);
    }
}

fn sampling(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    let parameters = &mut request.parameters;
    match model.sampling {
        Sampling::Both => {}
        Sampling::Either if parameters.temperature.is_some() => {
            let message = format!("{} takes temperature or top_p, not both; top_p was left out.", model.id);
            drop_field(&mut parameters.top_p, "top_p", &message, losses);
        }
        Sampling::Either => {}
        Sampling::Neither => {
            let message = format!("{} takes neither temperature nor top_p; it was left out.", model.id);
            drop_field(&mut parameters.temperature, "temperature", &message, losses);
            drop_field(&mut parameters.top_p, "top_p", &message, losses);
        }
    }
}

fn drop_field(field: &mut Option<f64>, param: &str, message: &str, losses: &mut Vec<Loss>) {
    if field.take().is_some() {
        losses.push(Loss::of(LossCode::UnsupportedField, param, message));
    }
}

/// Claude 4.6 and later refuse a conversation that ends with the beginning of the answer; the service says so itself.
fn prefill(request: &Request, model: &Model, losses: &mut Vec<Loss>) {
    let prefilled = request.messages.last().is_some_and(|message| message.role == Role::Assistant);
    if prefilled && !model.prefill {
        let message = format!("{} does not continue an assistant message; the service will refuse it.", model.id);
        losses.push(Loss::of(LossCode::UnsupportedField, "messages", message));
    }
}

/// Models without a system prompt on Converse get the instructions before the first user turn.
fn instructions(request: &mut Request, model: &Model, api: Api, losses: &mut Vec<Loss>) {
    if api != Api::Converse || model.system || request.system.is_empty() {
        return;
    }
    let system = request.instructions();
    let Some(first) = request.messages.iter_mut().find(|message| message.role == Role::User) else { return };
    request.system.clear();
    first.content.prepend(&format!("{system}\n\n"));
    let message = format!("{} has no system prompt; the instructions went into the first user message.", model.id);
    losses.push(Loss::of(LossCode::Emulated, "messages", message));
}

/// Takes the sequences out that the model cannot be given and returns those to cut at on our side.
fn stop_sequences(request: &mut Request, model: &Model, api: Api, losses: &mut Vec<Loss>) -> Vec<String> {
    let stop = &mut request.parameters.stop;
    let support = if api == Api::Converse { model.stop.converse } else { model.stop.invoke };
    if stop.is_empty() {
        return Vec::new();
    }
    if support == Support::Unsupported {
        let message = format!("{} has no stop sequences on this API; the answer is cut on our side.", model.id);
        losses.push(Loss::of(LossCode::Emulated, "stop_sequences", message));
        return std::mem::take(stop);
    }
    let Some(limit) = model.stop.limit.map(usize::from).filter(|&limit| stop.len() > limit) else { return Vec::new() };
    let message = format!("{} takes {limit} stop sequences; at the others the answer is cut on our side.", model.id);
    losses.push(Loss::of(LossCode::Emulated, "stop_sequences", message));
    stop.split_off(limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Family, resolve};
    use crate::conversation::{Content, Message, Parameters};

    const INVOKE_CLAUDE: Api = Api::Invoke(Family::Claude);

    fn asked(parameters: Parameters) -> Request {
        let message = Message { role: Role::User, content: Content::Text("Hi".to_owned()), name: None };
        Request { messages: vec![message], parameters, ..Request::default() }
    }

    fn fitted(model: &str, api: Api, parameters: Parameters) -> (Request, Plan, Vec<LossCode>) {
        let (mut request, mut losses) = (asked(parameters), Vec::new());
        let plan = fit(&mut request, &resolve(model).unwrap(), api, &mut losses).unwrap();
        (request, plan, losses.iter().map(|loss| loss.code).collect())
    }

    fn tokens(max_tokens: u32) -> Parameters {
        Parameters { max_tokens: Some(max_tokens), ..Parameters::default() }
    }

    #[test]
    fn thinking_gets_its_share_of_this_call_and_leaves_room_for_the_answer() {
        // max_tokens asked for, budget, max_tokens sent (golden cases `thinking-budget-*`).
        for (max_tokens, budget, sent) in
            [(500, 1024, 1228), (1500, 1200, 1500), (4000, 3200, 4000), (30_000, 16_000, 30_000)]
        {
            let (request, ..) = fitted("Claude-4-1-Opus-Thinking", INVOKE_CLAUDE, tokens(max_tokens));
            assert_eq!(request.reasoning, Some(Reasoning::Budget(budget)), "{max_tokens}");
            assert_eq!((request.parameters.max_tokens, request.parameters.temperature), (Some(sent), Some(1.0)));
        }
        let (request, ..) = fitted("Claude-Opus-4-7-Thinking", Api::Converse, tokens(4000));
        assert_eq!((request.reasoning, request.parameters.temperature), (Some(Reasoning::Adaptive), None));
    }

    #[test]
    fn what_a_model_refuses_is_left_out_and_told() {
        let both = || Parameters { temperature: Some(0.2), top_p: Some(0.9), ..Parameters::default() };
        let (request, _, losses) = fitted("Claude-4-5-Sonnet", INVOKE_CLAUDE, both());
        assert_eq!((request.parameters.temperature, request.parameters.top_p), (Some(0.2), None));
        assert_eq!(losses, [LossCode::UnsupportedField]);
        let (request, _, losses) = fitted("Nova-Pro", Api::Converse, both());
        assert_eq!((request.parameters.top_p, losses.len()), (Some(0.9), 0));
    }

    #[test]
    fn stop_sequences_that_cannot_be_sent_are_left_to_us() {
        let stop =
            |count: usize| Parameters { stop: (0..count).map(|n| n.to_string()).collect(), ..Parameters::default() };
        let (request, plan, losses) = fitted("Llama-3-3-70b", Api::Invoke(Family::Llama3), stop(2));
        assert_eq!((request.parameters.stop.len(), plan.cut_at.len()), (0, 2));
        assert_eq!(losses, [LossCode::Emulated]);
        let (request, plan, _) = fitted("Nova-Pro", Api::Converse, stop(6));
        assert_eq!((request.parameters.stop.len(), plan.cut_at), (4, vec!["4".to_owned(), "5".to_owned()]));
    }

    #[test]
    fn a_conversation_without_a_question_is_refused_unless_instructions_alone_will_do() {
        let instructed = || Request { system: vec![Content::Text("Say hi".to_owned())], ..Request::default() };
        let fit = |model: &str, api| fit(&mut instructed(), &resolve(model).unwrap(), api, &mut Vec::new());
        assert_eq!(fit("Claude-4-5-Sonnet", INVOKE_CLAUDE).unwrap_err().param.as_deref(), Some("messages"));
        assert!(fit("Gemma-3-4b", Api::Invoke(Family::OpenaiChat)).is_ok());
    }

    #[test]
    fn instructions_go_into_the_first_turn_where_there_is_no_place_for_them() {
        let (mut request, mut losses) = (asked(Parameters::default()), Vec::new());
        request.system.push(Content::Text("Be terse.".to_owned()));
        fit(&mut request, &resolve("Mistral-7b").unwrap(), Api::Converse, &mut losses).unwrap();
        assert!(request.system.is_empty());
        assert_eq!(request.messages[0].content.text("\n"), "Be terse.\n\nHi");
    }
}
