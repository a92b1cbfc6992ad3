//! The blocks of a written answer, and the values in them.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::scripted::list;
use crate::simulator::answer::{Block, Call, Spoken};
use crate::simulator::backend::tokens;

/// A block of an answer. In JSON the member tells which: `text`, `reasoning`, `redactedReasoning`, `toolUse`,
/// `toolResult`, `image`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Content {
    /// Text.
    Text(TextBlock),
    /// Reasoning.
    Reasoning(ReasoningBlock),
    /// Encrypted reasoning.
    Redacted {
        /// The bytes.
        redacted_reasoning: Base64,
    },
    /// A call of a tool.
    ToolUse {
        /// The call.
        tool_use: ToolUse,
    },
    /// The result of a tool that the service ran itself.
    ToolResult {
        /// Converse's `toolResult` object.
        tool_result: Value,
    },
    /// An image.
    Image {
        /// The image.
        image: Image,
    },
}

/// Text that the model says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextBlock {
    /// The text.
    pub text: Words,
    /// Converse's `Citation` objects.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "list")]
    pub citations: Vec<Value>,
}

/// What the model thinks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasoningBlock {
    /// The text.
    pub reasoning: Words,
    /// Default: made by the simulator, where the family signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolUse {
    /// The tool.
    pub name: String,
    /// Its input: an object; or its JSON text, whole or in the pieces of a stream (which then need not be JSON).
    #[serde(default = "no_input")]
    pub input: Value,
    /// Default: made by the simulator, as the family does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Converse's `type`, such as `server_tool_use`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// `png`, `jpeg`, `gif` or `webp`. Default: what the bytes look like, else `png`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The bytes of its file.
    pub base64: Base64,
}

/// Text, whole or in the pieces in which a stream brings it. In JSON a string or a list of strings.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Words {
    /// The simulator cuts it.
    Whole(String),
    /// Cut like this.
    Pieces(Vec<String>),
}

/// Bytes, base64 in JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Base64(pub Vec<u8>);

impl Words {
    fn spoken(self) -> Spoken {
        match self {
            Words::Whole(text) => Spoken::Whole(text),
            Words::Pieces(pieces) => Spoken::Pieces(pieces),
        }
    }
}

impl<T: Into<String>> From<T> for Words {
    fn from(text: T) -> Words {
        Words::Whole(text.into())
    }
}

fn no_input() -> Value {
    json!({})
}

impl Content {
    pub(super) fn into_block(self) -> Block {
        match self {
            Content::Text(TextBlock { text, citations }) => Block::Text { text: text.spoken(), citations },
            Content::Reasoning(ReasoningBlock { reasoning, signature }) => {
                Block::Reasoning { text: reasoning.spoken(), signature }
            }
            Content::Redacted { redacted_reasoning: bytes } => Block::Redacted(BASE64_STANDARD.encode(bytes.0)),
            Content::ToolUse { tool_use } => {
                let input = tool_use.spoken_input();
                Block::ToolUse { call: Call { id: tool_use.id, name: tool_use.name, kind: tool_use.kind }, input }
            }
            Content::ToolResult { tool_result } => Block::ToolResult(tool_result),
            Content::Image { image } => {
                let format = image.format.unwrap_or_else(|| format_of(&image.base64.0).to_owned());
                Block::Image { format, bytes: image.base64.0 }
            }
        }
    }
}

/// Tokens that the block costs, by the simulator's own count.
pub(super) fn tokens(content: &Content) -> u64 {
    let text = match content {
        Content::Text(block) => block.text.clone().spoken(),
        Content::Reasoning(block) => block.reasoning.clone().spoken(),
        Content::ToolUse { tool_use } => tool_use.spoken_input(),
        Content::Redacted { .. } | Content::ToolResult { .. } | Content::Image { .. } => return 0,
    };
    tokens::count(&text.text())
}

impl ToolUse {
    fn spoken_input(&self) -> Spoken {
        match &self.input {
            Value::String(text) => Spoken::Whole(text.clone()),
            Value::Array(pieces) if pieces.iter().all(Value::is_string) => {
                Spoken::Pieces(pieces.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            }
            input => Spoken::Whole(input.to_string()),
        }
    }
}

fn format_of(bytes: &[u8]) -> &'static str {
    match image::guess_format(bytes) {
        Ok(image::ImageFormat::Jpeg) => "jpeg",
        Ok(image::ImageFormat::Gif) => "gif",
        Ok(image::ImageFormat::WebP) => "webp",
        _ => "png",
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Content, D::Error> {
        let mut value = Value::deserialize(deserializer)?;
        let has = |key: &str| value.get(key).is_some();
        let content = if has("text") {
            serde_json::from_value(value).map(Content::Text)
        } else if has("reasoning") {
            serde_json::from_value(value).map(Content::Reasoning)
        } else if let Some((name, member)) = only_member(&mut value) {
            match name {
                "redactedReasoning" => {
                    serde_json::from_value(member).map(|bytes| Content::Redacted { redacted_reasoning: bytes })
                }
                "toolUse" => serde_json::from_value(member).map(|tool_use| Content::ToolUse { tool_use }),
                "toolResult" => Ok(Content::ToolResult { tool_result: member }),
                "image" => serde_json::from_value(member).map(|image| Content::Image { image }),
                _ => return Err(D::Error::custom(UNKNOWN_BLOCK)),
            }
        } else {
            return Err(D::Error::custom(UNKNOWN_BLOCK));
        };
        content.map_err(D::Error::custom)
    }
}

const UNKNOWN_BLOCK: &str =
    "a block has one of `text`, `reasoning`, `redactedReasoning`, `toolUse`, `toolResult` and `image`";

fn only_member(value: &mut Value) -> Option<(&str, Value)> {
    let members = value.as_object_mut().filter(|members| members.len() == 1)?;
    members.iter_mut().next().map(|(name, member)| (name.as_str(), member.take()))
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Words, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Words::Whole(text)),
            pieces => match list(pieces) {
                Ok(pieces) => Ok(Words::Pieces(pieces)),
                Err(_) => Err(D::Error::custom("expected a string or a list of strings")),
            },
        }
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&base64::display::Base64Display::new(&self.0, &BASE64_STANDARD))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Base64, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_STANDARD.decode(text).map(Base64).map_err(|error| D::Error::custom(format!("not base64: {error}")))
    }
}
