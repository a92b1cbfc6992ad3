//! What a model answers, as it comes. A whole answer is the same events at once.

use serde::Serialize;
use serde_json::Value;

/// One step of an answer. `index` is the content block it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// More text of the answer.
    Text {
        /// Content block.
        index: u32,
        /// The piece, never split inside a character.
        text: String,
    },
    /// More reasoning.
    Reasoning {
        /// Content block.
        index: u32,
        /// The piece.
        text: String,
    },
    /// The signature that lets reasoning be sent back.
    Signature {
        /// Content block.
        index: u32,
        /// Opaque text.
        signature: String,
    },
    /// Reasoning that the provider hides.
    Redacted {
        /// Content block.
        index: u32,
        /// Opaque data, base64.
        data: String,
    },
    /// The model calls a tool; its input follows in [`Event::ToolInput`].
    ToolUse {
        /// Content block.
        index: u32,
        /// Identifier of the call.
        id: String,
        /// The tool.
        name: String,
    },
    /// The model calls a tool that Bedrock runs itself; its input follows, its result is [`Event::Other`].
    ServerTool {
        /// Content block.
        index: u32,
        /// Identifier of the call.
        id: String,
        /// The tool.
        name: String,
    },
    /// More of the input of the tool call in this block: pieces of one JSON text.
    ToolInput {
        /// Content block.
        index: u32,
        /// The piece.
        json: String,
    },
    /// The text of this block rests on this place.
    Citation {
        /// Content block.
        index: u32,
        /// `Citation` of Converse: `title`, `source`, `sourceContent`, `location`.
        citation: Value,
    },
    /// Something this package does not interpret, kept as it came.
    Other {
        /// What the wire calls it.
        name: String,
        /// As it came.
        value: Value,
    },
    /// A frame of the stream as it came, where the caller wants them; what it says follows.
    Raw {
        /// Its `:event-type`.
        name: String,
        /// Its JSON.
        payload: String,
    },
    /// The content block is complete.
    BlockStop {
        /// Content block.
        index: u32,
    },
    /// The text that follows is the input of the tool that stands for the answer.
    JsonTool,
    /// Why the model stopped, in its own words; [`Event::Stop`] follows, and means something else to the caller.
    StopAsWritten(StopReason),
    /// Why the model stopped.
    Stop(StopReason),
    /// What the call cost; a later one replaces the fields it has.
    Usage(Usage),
    /// What the call cost as the service wrote it; [`Event::Usage`] follows.
    UsageAsWritten(Value),
    /// The service tier that served the call, in Converse's spelling.
    ServiceTier(String),
    /// How long the service worked on the call, in milliseconds.
    Latency(u64),
    /// What the guardrail or the prompt router did (`trace` of Converse).
    Trace(Value),
    /// How the call was served (`performanceConfig` of Converse).
    PerformanceConfig(Value),
    /// What the model tells outside of its message (`additionalModelResponseFields` of Converse).
    AdditionalFields(Value),
}

/// Why the model stopped, in Converse's spelling (`StopReason` of the Converse API).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// It was done.
    EndTurn,
    /// It waits for a tool's result.
    ToolUse,
    /// The token limit was reached.
    MaxTokens,
    /// A stop sequence came up; which one, if the model says so.
    StopSequence(Option<String>),
    /// A guardrail stepped in.
    GuardrailIntervened,
    /// The provider's filter stepped in.
    ContentFiltered,
    /// Anything else, as it came.
    Other(String),
}

impl StopReason {
    /// The reason as a family spells it. All families' words differ enough that one table serves them.
    pub fn parse(word: &str) -> StopReason {
        match word {
            "end_turn" | "stop" | "FINISH" | "COMPLETE" | "endoftext" => StopReason::EndTurn,
            "tool_use" | "tool_calls" => StopReason::ToolUse,
            "max_tokens" | "length" | "LENGTH" | "MAX_TOKENS" => StopReason::MaxTokens,
            "stop_sequence" | "STOP_CRITERIA_MET" | "STOP_SEQUENCE" => StopReason::StopSequence(None),
            "guardrail_intervened" => StopReason::GuardrailIntervened,
            "content_filtered" | "content_filter" | "CONTENT_FILTERED" | "ERROR_TOXIC" => StopReason::ContentFiltered,
            other => StopReason::Other(other.to_owned()),
        }
    }

    /// Converse's word for it, or the word that came.
    pub fn as_str(&self) -> &str {
        match self {
            StopReason::EndTurn => "end_turn",
            StopReason::ToolUse => "tool_use",
            StopReason::MaxTokens => "max_tokens",
            StopReason::StopSequence(_) => "stop_sequence",
            StopReason::GuardrailIntervened => "guardrail_intervened",
            StopReason::ContentFiltered => "content_filtered",
            StopReason::Other(word) => word,
        }
    }
}

/// Tokens, as the service counted them. `None`: the service did not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// Tokens of the request that were neither read from nor written to the prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Tokens of the answer, reasoning included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// All tokens of the call, cached ones included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_tokens: Option<u64>,
    /// Tokens read from the prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_read_input_tokens: Option<u64>,
    /// Tokens written to the prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_write_input_tokens: Option<u64>,
}

impl Usage {
    /// Takes over what `later` says, keeps the rest, and fills in the total.
    pub fn update(&mut self, later: Usage) {
        self.input_tokens = later.input_tokens.or(self.input_tokens);
        self.output_tokens = later.output_tokens.or(self.output_tokens);
        self.cache_read_input_tokens = later.cache_read_input_tokens.or(self.cache_read_input_tokens);
        self.cache_write_input_tokens = later.cache_write_input_tokens.or(self.cache_write_input_tokens);
        self.total_tokens = later.total_tokens.or_else(|| self.sum());
    }

    /// Adds what another call cost.
    pub fn add(&mut self, other: Usage) {
        let add = |sum: &mut Option<u64>, more: Option<u64>| {
            *sum = more.map_or(*sum, |more| Some(sum.unwrap_or(0).saturating_add(more)));
        };
        add(&mut self.input_tokens, other.input_tokens);
        add(&mut self.output_tokens, other.output_tokens);
        add(&mut self.total_tokens, other.total_tokens);
        add(&mut self.cache_read_input_tokens, other.cache_read_input_tokens);
        add(&mut self.cache_write_input_tokens, other.cache_write_input_tokens);
    }

    fn sum(&self) -> Option<u64> {
        let cached = self.cache_read_input_tokens.unwrap_or(0) + self.cache_write_input_tokens.unwrap_or(0);
        Some(self.input_tokens? + self.output_tokens? + cached)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_that_comes_in_parts_adds_up() {
        let mut usage = Usage::default();
        usage.update(Usage { input_tokens: Some(20), output_tokens: Some(1), ..Usage::default() });
        usage.update(Usage { output_tokens: Some(17), cache_read_input_tokens: Some(3), ..Usage::default() });
        assert_eq!(usage.total_tokens, Some(40));
        assert_eq!(usage.input_tokens, Some(20));
    }

    #[test]
    fn a_stop_reason_nobody_knows_is_kept() {
        assert_eq!(StopReason::parse("malformed_tool_use").as_str(), "malformed_tool_use");
    }
}
