//! `ContentBlock` and its parts.

use serde::Serialize;
use serde_json::Value;

use crate::conversation::{
    Block, CachePoint, Content, File, FileKind, FileSource, Image, ImageSource, ReasoningText, Stored, ToolResult,
    ToolUse,
};

/// One content block. Nova's InvokeModel body has the same.
#[derive(Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(in crate::family) enum WireBlock<'a> {
    Text(&'a str),
    Image {
        format: &'a str,
        source: Source<'a>,
    },
    Document(Document<'a>),
    Video {
        format: &'a str,
        source: Source<'a>,
    },
    Audio {
        format: &'a str,
        source: Source<'a>,
    },
    ToolUse {
        tool_use_id: &'a str,
        name: &'a str,
        input: &'a Value,
    },
    ToolResult(WireToolResult<'a>),
    ReasoningContent(WireReasoning<'a>),
    CachePoint(WireCachePoint),
    GuardContent(Box<WireBlock<'a>>),
    #[serde(untagged)]
    Verbatim(&'a Value),
}

/// Where the bytes of a picture, document, video or sound are.
#[derive(Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(in crate::family) enum Source<'a> {
    Bytes(&'a str),
    Text(&'a str),
    S3Location {
        uri: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        bucket_owner: Option<&'a str>,
    },
}

#[derive(Serialize)]
pub(in crate::family) struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'a str>,
    name: &'a str,
    source: Source<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    citations: Option<Citations>,
}

#[derive(Serialize)]
struct Citations {
    enabled: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::family) struct WireToolResult<'a> {
    tool_use_id: &'a str,
    content: Vec<WireBlock<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(in crate::family) enum WireReasoning<'a> {
    ReasoningText {
        text: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        signature: Option<&'a str>,
    },
    RedactedContent(&'a str),
}

/// `cachePoint`, the same in messages, instructions and tools.
#[derive(Serialize)]
pub(in crate::family) struct WireCachePoint {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<&'static str>,
}

/// The content of a turn as Converse blocks.
pub(in crate::family) fn blocks(content: &Content) -> Vec<WireBlock<'_>> {
    match content {
        Content::Text(text) => vec![WireBlock::Text(text)],
        Content::Blocks(blocks) => blocks.iter().filter_map(block).collect(),
    }
}

pub(super) fn cache_point(point: CachePoint) -> WireCachePoint {
    WireCachePoint { kind: "default", ttl: point.ttl.map(|ttl| ttl.as_str()) }
}

/// `None` for a picture or file that was never made ready, which has no bytes to send.
fn block(block: &Block) -> Option<WireBlock<'_>> {
    Some(match block {
        Block::Text(text) => WireBlock::Text(text),
        Block::Image(image) => picture(image)?,
        Block::File(file) => file_block(file)?,
        Block::ToolUse(ToolUse { id, name, input, .. }) => WireBlock::ToolUse { tool_use_id: id, name, input },
        Block::ToolResult(result) => WireBlock::ToolResult(tool_result(result)),
        Block::Reasoning(ReasoningText { text, signature }) => {
            WireBlock::ReasoningContent(WireReasoning::ReasoningText { text, signature: signature.as_deref() })
        }
        Block::Redacted(data) => WireBlock::ReasoningContent(WireReasoning::RedactedContent(data)),
        Block::CachePoint(point) => WireBlock::CachePoint(cache_point(*point)),
        Block::Verbatim(value) => WireBlock::Verbatim(value),
    })
}

fn picture(image: &Image) -> Option<WireBlock<'_>> {
    let picture = bare_picture(image)?;
    Some(if image.guarded { WireBlock::GuardContent(Box::new(picture)) } else { picture })
}

fn bare_picture(image: &Image) -> Option<WireBlock<'_>> {
    let (format, source) = match &image.source {
        ImageSource::Ready(image) => (image.format.as_str(), Source::Bytes(image.base64())),
        ImageSource::Stored(stored) => (stored.format.as_deref()?, s3(stored)),
        ImageSource::Reference(_) => return None,
    };
    Some(WireBlock::Image { format, source })
}

fn file_block(file: &File) -> Option<WireBlock<'_>> {
    let source = match &file.source {
        FileSource::Ready(base64) => Source::Bytes(base64),
        FileSource::Text(text) => Source::Text(text),
        FileSource::Stored(stored) => s3(stored),
        FileSource::Reference(_) => return None,
    };
    let format = file.format.as_deref();
    Some(match file.kind {
        FileKind::Document => WireBlock::Document(Document {
            format,
            name: file.name.as_deref()?,
            source,
            context: file.context.as_deref(),
            citations: file.citations.then_some(Citations { enabled: true }),
        }),
        FileKind::Video => WireBlock::Video { format: format?, source },
        FileKind::Audio => WireBlock::Audio { format: format?, source },
    })
}

fn s3(stored: &Stored) -> Source<'_> {
    Source::S3Location { uri: &stored.uri, bucket_owner: stored.owner.as_deref() }
}

fn tool_result(result: &ToolResult) -> WireToolResult<'_> {
    WireToolResult {
        tool_use_id: &result.id,
        content: result.content.iter().filter_map(block).collect(),
        status: result.is_error.then_some("error"),
    }
}

/// About as many bytes as the content takes in the body.
pub(super) fn length(content: &Content) -> usize {
    match content {
        Content::Text(text) => text.len(),
        Content::Blocks(blocks) => blocks.iter().map(block_length).sum(),
    }
}

fn block_length(block: &Block) -> usize {
    const FRAME: usize = 96;
    let held = match block {
        Block::Text(text) | Block::Redacted(text) => text.len(),
        Block::Image(image) => image.ready().map_or(0, |(_, base64)| base64.len()),
        Block::File(file) => match &file.source {
            FileSource::Ready(text) | FileSource::Text(text) => text.len(),
            FileSource::Reference(_) | FileSource::Stored(_) => 0,
        },
        Block::ToolResult(result) => result.content.iter().map(block_length).sum(),
        Block::Reasoning(thought) => thought.text.len() + thought.signature.as_ref().map_or(0, String::len),
        Block::ToolUse(_) | Block::CachePoint(_) | Block::Verbatim(_) => 0,
    };
    held + FRAME
}
