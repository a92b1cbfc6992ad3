//! Requests that go out as the caller put them: what bedrock-wrapper 2.12.0 changed is changed, and nothing else.

use super::{Plan, files, limits, reasoning, sampling, turns};
use crate::catalog::{Reasoning as Manner, Sampling, Target};
use crate::conversation::{Loss, LossCode, Reasoning, Request, Role};
use crate::error::Result;
use crate::family::Api;

/// Tokens of thinking that the `-Thinking` names ask for when the answer has room for them (bedrock-wrapper 2.12.0).
const BUDGET: u32 = 16_000;
/// The share of the answer that thinking may take, and the room it must leave (bedrock-wrapper 2.12.0: 80 %, 20 %).
const BUDGET_SHARE: f64 = 0.8;
const ROOM: f64 = 1.2;

pub(super) fn fit(request: &mut Request, target: &Target, api: Api, losses: &mut Vec<Loss>) -> Result<Plan> {
    let model = target.model;
    let chat = matches!(api, Api::Invoke(family) if family.is_openai());
    turns::require_question(request, chat)?;
    if !chat {
        drop_names(request, losses);
    }
    files::refuse(request, model)?;
    limits::end_of_life(model, losses);
    limits::max_tokens(request, model.id, model.max_output, losses);
    request.parameters.max_tokens = request.parameters.max_tokens.or(model.max_output);
    thinking(request, target, api, losses);
    sampling::fit(&mut request.parameters, model, losses);
    prefill(request, target, losses);
    if api == Api::Converse {
        turns::instructions(request, model, losses);
    }
    let support = if api == Api::Converse { model.stop.converse } else { model.stop.invoke };
    Ok(Plan { cut_at: limits::stop_sequences(request, model, support, losses), ..Plan::default() })
}

fn drop_names(request: &mut Request, losses: &mut Vec<Loss>) {
    for message in &mut request.messages {
        if let Some(name) = message.name.take() {
            let message = format!("The name {name:?} was left out: this API has no place for it.");
            losses.push(Loss::of(LossCode::UnsupportedField, "messages[].name", message));
        }
    }
}

/// The `-Thinking` names of Claude: how much of the answer is for thinking is computed from this call alone.
fn thinking(request: &mut Request, target: &Target, api: Api, losses: &mut Vec<Loss>) {
    if !target.thinking {
        return;
    }
    let asked = request.parameters.max_tokens.unwrap_or(BUDGET);
    // Both factors are small and the product of two u32-sized numbers fits; truncation is meant.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0.8 × u32 fits into u32")]
    let share = (f64::from(asked) * BUDGET_SHARE) as u32;
    let budget = share.clamp(reasoning::LEAST_BUDGET, BUDGET);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1.2 × 16,000 fits into u32")]
    let least = (f64::from(budget) * ROOM) as u32;
    if asked < least {
        let message = format!(
            "Thinking takes at least {} tokens, so {least} were sent instead of {asked}.",
            reasoning::LEAST_BUDGET
        );
        losses.push(Loss::of(LossCode::ValueAdjusted, "max_tokens", message));
        request.parameters.max_tokens = Some(least);
    }
    let adaptive = matches!(target.model.reasoning, Manner::Adaptive | Manner::AdaptiveOn | Manner::AdaptiveAlways);
    let manner = if adaptive { Reasoning::Adaptive } else { Reasoning::Budget(budget) };
    request.reasoning = Some(manner);
    if api == Api::Converse {
        reasoning::write_thinking(request, target.model, manner);
    }
    sampling::drop(&mut request.parameters.top_p, "top_p", "Thinking allows no top_p; it was left out.", losses);
    if target.model.sampling != Sampling::Neither {
        if request.parameters.temperature.is_some_and(|temperature| temperature != 1.0) {
            let message = "Thinking allows no other temperature than 1; 1 was sent.";
            losses.push(Loss::of(LossCode::ValueAdjusted, "temperature", message));
        }
        request.parameters.temperature = Some(1.0);
    }
}

/// Claude 4.6 and later refuse a conversation that ends with the beginning of the answer; the service says so itself.
fn prefill(request: &Request, target: &Target, losses: &mut Vec<Loss>) {
    let model = target.model;
    let prefilled = request.messages.last().is_some_and(|message| message.role == Role::Assistant);
    if prefilled && !model.prefill {
        let message = format!("{} does not continue an assistant message; the service will refuse it.", model.id);
        losses.push(Loss::of(LossCode::UnsupportedField, "messages", message));
    }
}
