//! Why an answer ended, in the AI SDK's words.

use super::Specification;
use super::part::FinishReason;

/// Converse's words (`StopReason`), and Claude's `refusal`. A word that is not here is `other`.
const REASONS: &[(&str, &str)] = &[
    ("end_turn", "stop"),
    ("stop_sequence", "stop"),
    ("max_tokens", "length"),
    ("model_context_window_exceeded", "length"),
    ("content_filtered", "content-filter"),
    ("guardrail_intervened", "content-filter"),
    ("refusal", "content-filter"),
    ("tool_use", "tool-calls"),
];

/// How an answer came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It is whole.
    Whole,
    /// It ended before it was whole.
    CutOff,
    /// The service, or the connection, failed.
    Failed,
}

/// What an answer said of its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// Converse's word.
    pub(super) stop: Option<String>,
    /// The word before what fitting changed was undone.
    pub(super) raw: Option<String>,
    /// Whether one of the program's tools was called.
    pub(super) calls: bool,
    /// Whether the model refused (Claude's own word, where it was asked for).
    pub(super) refused: bool,
}

/// `finishReason`. Some open models call tools and end their turn.
pub(super) fn finish_reason(end: End, said: Said, specification: Specification) -> FinishReason {
    let word = said.stop.as_deref().unwrap_or_default();
    let unified = match (end, specification) {
        (End::CutOff, Specification::V4) => "interrupted",
        (End::CutOff | End::Failed, _) => "error",
        (End::Whole, _) if word == "end_turn" && said.refused => "content-filter",
        (End::Whole, _) if word == "end_turn" && said.calls => "tool-calls",
        (End::Whole, _) => REASONS.iter().find(|(converse, _)| *converse == word).map_or("other", |row| row.1),
    };
    FinishReason { unified, raw: said.raw.or(said.stop) }
}
