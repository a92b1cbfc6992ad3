//! The parts of a turn.

use std::fmt;

use serde_json::Value;

use super::extras::CachePoint;
use crate::media;

/// One part of a turn.
#[derive(Clone, Debug)]
pub enum Block {
    /// Text.
    Text(String),
    /// A picture.
    Image(Image),
    /// A document, video or sound.
    File(File),
    /// The model called a tool.
    ToolUse(ToolUse),
    /// What a tool said.
    ToolResult(ToolResult),
    /// What the model thought; goes back with its signature.
    Reasoning(ReasoningText),
    /// Reasoning that the provider hides: opaque, base64.
    Redacted(String),
    /// Everything up to here is to be kept in the prompt cache.
    CachePoint(CachePoint),
    /// A content block of Converse as the caller wrote it (`guardContent`, `searchResult`, …).
    Verbatim(Value),
}

impl Block {
    /// The text of a text block.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Block::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A picture and where in the caller's request it stands.
#[derive(Clone, Debug)]
pub struct Image {
    /// Path of the field it came from, for errors.
    pub param: String,
    /// The picture.
    pub source: ImageSource,
    /// Whether a guardrail is to look at it (`guardContent`).
    pub guarded: bool,
}

impl Image {
    /// Format and base64 of the picture, once it has been made ready.
    pub fn ready(&self) -> Option<(media::Format, &str)> {
        match &self.source {
            ImageSource::Ready(image) => Some((image.format, image.base64())),
            ImageSource::Reference(_) | ImageSource::Stored(_) => None,
        }
    }
}

/// A picture as the caller gave it, or as it goes out.
#[derive(Clone)]
pub enum ImageSource {
    /// A data URL, an http(s) URL or bare base64, not looked at yet.
    Reference(String),
    /// Checked, within the limits, in a format that Bedrock takes.
    Ready(media::Image),
    /// In S3, where Bedrock reads it itself.
    Stored(Stored),
}

impl fmt::Debug for ImageSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImageSource::Reference(given) => write!(f, "Reference({} characters)", given.len()),
            ImageSource::Ready(image) => image.fmt(f),
            ImageSource::Stored(stored) => stored.fmt(f),
        }
    }
}

/// An object in S3 (`S3Location` of Converse).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// `s3://bucket/key`.
    pub uri: String,
    /// The account that owns the bucket, 12 digits.
    pub owner: Option<String>,
    /// The format, where the caller names it; else what the key ends with.
    pub format: Option<String>,
}

/// A document, video or sound, and where in the caller's request it stands.
#[derive(Clone, Debug)]
pub struct File {
    /// Path of the field it came from, for errors.
    pub param: String,
    /// What it is.
    pub kind: FileKind,
    /// The format in Converse's words (`pdf`, `mp4`, `wav`, …); `None` until its bytes or name told.
    pub format: Option<String>,
    /// The caller's name for it.
    pub name: Option<String>,
    /// Where its bytes are.
    pub source: FileSource,
    /// Whether the answer is to name the places it rests on (documents).
    pub citations: bool,
    /// What the model should know about a document besides its text.
    pub context: Option<String>,
}

/// What a [`File`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// `document`
    Document,
    /// `video`
    Video,
    /// `audio`
    Audio,
}

/// Where the bytes of a [`File`] are.
#[derive(Clone)]
pub enum FileSource {
    /// A data URL, an http(s) URL or bare base64, not looked at yet.
    Reference(String),
    /// Checked base64.
    Ready(String),
    /// Plain text (documents).
    Text(String),
    /// In S3, where Bedrock reads it itself.
    Stored(Stored),
}

impl fmt::Debug for FileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileSource::Reference(given) => write!(f, "Reference({} characters)", given.len()),
            FileSource::Ready(base64) => write!(f, "Ready({} characters)", base64.len()),
            FileSource::Text(text) => write!(f, "Text({} characters)", text.len()),
            FileSource::Stored(stored) => stored.fmt(f),
        }
    }
}

/// The model called a tool.
#[derive(Clone, Debug)]
pub struct ToolUse {
    /// Path of the call in the caller's request, for errors.
    pub param: String,
    /// Identifier of the call.
    pub id: String,
    /// The tool, as the caller calls it.
    pub name: String,
    /// Its input, a JSON object.
    pub input: Value,
}

/// What a tool said.
#[derive(Clone, Debug)]
pub struct ToolResult {
    /// Path of the message in the caller's request, for errors.
    pub param: String,
    /// The call it answers.
    pub id: String,
    /// Text, pictures, documents, or `Verbatim` JSON.
    pub content: Vec<Block>,
    /// Whether the tool failed.
    pub is_error: bool,
}

/// What the model thought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasoningText {
    /// The thought.
    pub text: String,
    /// What proves that it is the model's own.
    pub signature: Option<String>,
}
