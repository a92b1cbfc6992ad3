//! Stream parts, in the members that `@ai-sdk/provider` 4.0.38 gives them (`LanguageModelV4StreamPart`). Those of v3 have
//! the same, but for what [`super::Specification`] decides where they are made.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::usage::TokenUsage;

/// One step of an answer.
#[derive(Debug)]
pub(super) enum Step {
    /// More of the block of this kind that began last.
    Delta(Kind, String),
    /// Anything else.
    Part(Part),
}

/// A kind of block that is said piece by piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Reasoning,
    ToolInput,
}

impl Kind {
    /// More of the block `id`.
    pub(super) fn delta(self, id: String, delta: String) -> Part {
        match self {
            Kind::Text => Part::TextDelta { id, delta },
            Kind::Reasoning => Part::ReasoningDelta { id, delta, provider_metadata: None },
            Kind::ToolInput => Part::ToolInputDelta { id, delta },
        }
    }
}

/// A stream part; the parts of whole answers are among them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(super) enum Part {
    TextStart {
        id: String,
    },
    TextDelta {
        id: String,
        delta: String,
    },
    TextEnd {
        id: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        citations: Vec<Citation>,
    },
    ReasoningStart {
        id: String,
    },
    ReasoningDelta {
        id: String,
        delta: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        provider_metadata: Option<ProviderMetadata>,
    },
    ReasoningEnd {
        id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        provider_metadata: Option<ProviderMetadata>,
    },
    ToolInputStart {
        id: String,
        tool_name: String,
        #[serde(flatten)]
        runner: Runner,
    },
    ToolInputDelta {
        id: String,
        delta: String,
    },
    ToolInputEnd {
        id: String,
    },
    ToolCall {
        tool_call_id: String,
        tool_name: String,
        /// JSON text.
        input: String,
        #[serde(flatten)]
        runner: Runner,
    },
    ToolResult {
        tool_call_id: String,
        tool_name: String,
        result: Value,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_error: bool,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        dynamic: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        provider_metadata: Option<ProviderMetadata>,
    },
    Source(Source),
    File {
        media_type: String,
        data: FileData,
    },
    Raw {
        raw_value: Value,
    },
    Finish(Box<Finish>),
}

/// Who runs a tool: the program, or Bedrock itself (`provider_executed`), which also has tools that the program has not
/// declared (`dynamic`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Runner {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) provider_executed: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) dynamic: bool,
}

/// What an answer rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Source {
    pub(super) source_type: &'static str,
    pub(super) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) media_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) filename: Option<String>,
    pub(super) provider_metadata: ProviderMetadata,
}

/// A source, and the words of it that a text rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Citation {
    /// [`Part::Source`]
    pub(super) source: Part,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cited_text: Option<String>,
}

/// What a file holds, base64.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum FileData {
    /// v4
    Tagged { r#type: &'static str, data: String },
    /// v3
    Bare(String),
}

/// The end of an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finish {
    pub(super) finish_reason: FinishReason,
    pub(super) usage: TokenUsage,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) provider_metadata: Option<ProviderMetadata>,
}

/// Why an answer ended: in the AI SDK's word, and in the service's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct FinishReason {
    pub(super) unified: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) raw: Option<String>,
}

/// `providerMetadata`, the same under both names that `@ai-sdk/amazon-bedrock` gives it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ProviderMetadata(pub(super) Value);

impl Serialize for ProviderMetadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("amazonBedrock", &self.0)?;
        map.serialize_entry("bedrock", &self.0)?;
        map.end()
    }
}
