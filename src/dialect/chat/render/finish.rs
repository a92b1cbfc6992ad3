//! Why an answer ended, in the words of OpenAI's API.

use serde::Serialize;

use crate::conversation::StopReason;
use crate::error::{Error, Kind, Result};

/// `finish_reason`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Finish {
    Stop,
    Length,
    ToolCalls,
    ContentFilter,
    FunctionCall,
}

impl Finish {
    /// OpenAI's word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Finish::Stop => "stop",
            Finish::Length => "length",
            Finish::ToolCalls => "tool_calls",
            Finish::ContentFilter => "content_filter",
            Finish::FunctionCall => "function_call",
        }
    }
}

/// Converse's words (`StopReason`), and Claude's `refusal`. A word that is not here is a way to be done: `stop`.
const FINISHES: &[(&str, Option<Finish>)] = &[
    ("end_turn", Some(Finish::Stop)),
    ("stop_sequence", Some(Finish::Stop)),
    ("tool_use", Some(Finish::ToolCalls)),
    ("max_tokens", Some(Finish::Length)),
    ("model_context_window_exceeded", Some(Finish::Length)),
    ("guardrail_intervened", Some(Finish::ContentFilter)),
    ("content_filtered", Some(Finish::ContentFilter)),
    ("refusal", Some(Finish::ContentFilter)),
    ("malformed_model_output", None),
    ("malformed_tool_use", None),
];

/// What the end of an answer depends on besides the model's own word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shown {
    /// Whether a call of the caller's tools shows.
    pub(super) calls: bool,
    /// Whether it shows as `function_call`.
    pub(super) legacy: bool,
}

/// The finish reason; an error where the model said none, or broke its own form.
pub(super) fn finish(reason: Option<&StopReason>, shown: Shown) -> Result<Finish> {
    let Some(word) = reason.map(StopReason::as_str) else {
        let message = "The answer ended before the model said why, so it may be incomplete. Try again.";
        return Err(Error::new(Kind::BrokenStream, message));
    };
    let known = FINISHES.iter().find(|(converse, _)| *converse == word);
    let finish = match known {
        Some((_, Some(finish))) => *finish,
        Some((_, None)) => return Err(malformed(word)),
        None => Finish::Stop,
    };
    // Some open models call tools and end their turn; a turn may also wait for nothing but Bedrock's own tools.
    Ok(match finish {
        Finish::Stop | Finish::ToolCalls if !shown.calls => Finish::Stop,
        Finish::Stop | Finish::ToolCalls if shown.legacy => Finish::FunctionCall,
        Finish::Stop | Finish::ToolCalls => Finish::ToolCalls,
        other => other,
    })
}

fn malformed(word: &str) -> Error {
    let what = if word == "malformed_tool_use" { "a tool call" } else { "an answer" };
    Error::new(Kind::ModelError, format!("The model wrote {what} that Bedrock could not read ({word}). Try again."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_ends_as_openai_says_it() {
        let said = |word: &str, calls, legacy| {
            finish(Some(&StopReason::parse(word)), Shown { calls, legacy })
                .map(Finish::as_str)
                .map_err(|error| error.kind)
        };
        for (word, plain, with_calls, with_function) in [
            ("end_turn", "stop", "tool_calls", "function_call"),
            ("stop_sequence", "stop", "tool_calls", "function_call"),
            ("tool_use", "stop", "tool_calls", "function_call"),
            ("a_word_of_tomorrow", "stop", "tool_calls", "function_call"),
            ("max_tokens", "length", "length", "length"),
            ("model_context_window_exceeded", "length", "length", "length"),
            ("guardrail_intervened", "content_filter", "content_filter", "content_filter"),
            ("content_filtered", "content_filter", "content_filter", "content_filter"),
            ("refusal", "content_filter", "content_filter", "content_filter"),
        ] {
            assert_eq!(said(word, false, false), Ok(plain), "{word}");
            assert_eq!(said(word, true, false), Ok(with_calls), "{word}");
            assert_eq!(said(word, true, true), Ok(with_function), "{word}");
        }
        assert_eq!(said("malformed_model_output", false, false), Err(Kind::ModelError));
        assert_eq!(said("malformed_tool_use", true, false), Err(Kind::ModelError));
        assert_eq!(finish(None, Shown::default()).unwrap_err().kind, Kind::BrokenStream);
    }
}
