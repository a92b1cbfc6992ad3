//! Events into text, and what there is to say about it in the end.

use super::Outcome;
use crate::conversation::{Event, Loss, LossCode, StopReason};
use crate::dialect::text::TextRenderer;

/// A renderer and what the caller expects of it.
pub(super) struct Reading {
    pub(super) renderer: TextRenderer,
    pub(super) asked_for_thinking: bool,
}

impl Reading {
    /// Adds to `outcome` what the text itself does not tell.
    pub(super) fn report(&self, outcome: &mut Outcome) {
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
pub(super) fn note(event: &Event, outcome: &mut Outcome) {
    match event {
        Event::Stop(reason) => outcome.stop_reason = Some(reason.as_str().to_owned()),
        Event::Usage(usage) => outcome.usage.get_or_insert_default().update(*usage),
        _ => {}
    }
}
