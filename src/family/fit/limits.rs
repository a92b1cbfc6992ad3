//! How much and until where a model answers: its output limit, stop sequences, end of life.

use crate::catalog::{Model, Status, Support};
use crate::conversation::{Loss, LossCode, Request};

pub(super) fn end_of_life(model: &Model, losses: &mut Vec<Loss>) {
    let message = match model.end_of_life {
        Some(date) => format!("{} reached its end of life on {date}; the service may refuse it.", model.id),
        None if model.status == Status::EndOfLife => {
            format!("{} has reached its end of life; the service may refuse it.", model.id)
        }
        None => return,
    };
    losses.push(Loss::of(LossCode::EndOfLife, "model", message));
}

/// Asks for no more tokens than `most`.
pub(super) fn max_tokens(request: &mut Request, model: &str, most: Option<u32>, losses: &mut Vec<Loss>) {
    let (Some(asked), Some(most)) = (request.parameters.max_tokens, most) else { return };
    if asked > most {
        let message = format!("{asked} is more than {model} gives; {most} was sent.");
        losses.push(Loss::of(LossCode::ValueAdjusted, "max_tokens", message));
        request.parameters.max_tokens = Some(most);
    }
}

/// Sequences of white space alone, which Claude refuses, are left to us as well.
pub(super) fn blank_stop_sequences(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) -> Vec<String> {
    let stop = &mut request.parameters.stop;
    stop.retain(|sequence| !sequence.is_empty());
    if !model.is_claude() {
        return Vec::new();
    }
    let blank: Vec<String> = stop.extract_if(.., |sequence| sequence.trim().is_empty()).collect();
    if !blank.is_empty() {
        let message = format!("{} takes no stop sequence of white space; the answer is cut on our side.", model.id);
        losses.push(Loss::of(LossCode::Emulated, "stop", message));
    }
    blank
}

/// Takes the sequences out that the model cannot be given and returns those to cut at on our side.
pub(super) fn stop_sequences(
    request: &mut Request,
    model: &Model,
    support: Support,
    losses: &mut Vec<Loss>,
) -> Vec<String> {
    let param = if request.as_given { "stop_sequences" } else { "stop" };
    let stop = &mut request.parameters.stop;
    if stop.is_empty() {
        return Vec::new();
    }
    if support == Support::Unsupported {
        let message = format!("{} has no stop sequences on this API; the answer is cut on our side.", model.id);
        losses.push(Loss::of(LossCode::Emulated, param, message));
        return std::mem::take(stop);
    }
    let Some(limit) = model.stop.limit.map(usize::from).filter(|&limit| stop.len() > limit) else { return Vec::new() };
    let message = format!("{} takes {limit} stop sequences; at the others the answer is cut on our side.", model.id);
    losses.push(Loss::of(LossCode::Emulated, param, message));
    stop.split_off(limit)
}
