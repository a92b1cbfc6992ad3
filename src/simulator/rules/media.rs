//! What Converse and the models say about images, documents, video and audio.

use std::collections::HashSet;

use serde_json::Value;

use super::{Block, Request, Rule, list, messages};
use crate::simulator::backend::images::{self, Image};
use crate::simulator::exception::Exception;
use crate::simulator::models::Family;
use crate::simulator::native::body::decode;
use crate::simulator::wording;

/// Refused by Converse.
pub(super) const RULES: &[Rule] =
    &[modalities, document_without_text, document_names, document_count, document_sizes, s3_sources];

/// Refused by the model.
pub(super) const QUOTED: &[Rule] = &[image_count, images, documents_in_results];

/// Most documents in a request, and bytes of each (user guide, "Inference request restrictions").
const MOST_DOCUMENTS: usize = 5;
const LARGEST_DOCUMENT: usize = 4_718_592;
/// Claude's limits on Bedrock: images and documents together; base64 characters and pixels of each.
const MOST_IMAGES: usize = 20;
const LARGEST_IMAGE: usize = 5_242_880;
const MOST_PIXELS: u32 = 8000;

/// A medium with the block that it stands in: itself, or a tool result.
struct Medium<'a> {
    block: &'a Block<'a>,
    kind: &'a str,
    value: &'a Value,
}

fn media<'a>(request: &'a Request<'_>) -> impl Iterator<Item = Medium<'a>> {
    request.blocks.iter().flat_map(|block| {
        let own = (block.kind != "toolResult").then_some(Medium { block, kind: block.kind, value: block.value });
        let inner = if block.kind == "toolResult" { list(&block.value["content"]) } else { &[] };
        let inner = inner.iter().filter_map(Value::as_object).flatten();
        let inner = inner.map(move |(kind, value)| Medium { block, kind, value });
        own.into_iter().chain(inner).filter(|medium| medium.value.is_object())
    })
}

fn of_kind<'a>(request: &'a Request<'_>, kind: &'static str) -> impl Iterator<Item = Medium<'a>> {
    media(request).filter(move |medium| medium.kind == kind)
}

fn modalities(request: &Request) -> Option<Exception> {
    let series = request.model.series;
    let unsupported = media(request).find(|medium| match medium.kind {
        "image" => !series.images,
        "document" => !series.documents,
        "video" => !series.video,
        "audio" => !series.audio,
        _ => false,
    })?;
    Some(wording::MODALITY.refuse(&[&unsupported.kind]))
}

fn document_without_text(request: &Request) -> Option<Exception> {
    let has = |at: usize, kind: &str| request.blocks_of(at).iter().any(|block| block.kind == kind);
    let mut numbers = 0..messages(request).len();
    numbers.any(|at| has(at, "document") && !has(at, "text")).then(|| wording::DOCUMENT_WITHOUT_TEXT.refuse(&[]))
}

/// Also within tool results, and unique across messages. The underscore passes although the message does not name it
/// (vercel/ai#20366, strands-agents/harness-sdk#3019).
fn document_names(request: &Request) -> Option<Exception> {
    let mut seen = HashSet::new();
    let names = of_kind(request, "document").filter_map(|document| document.value["name"].as_str());
    names.into_iter().find_map(|name| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '(' | ')' | '[' | ']');
        if !name.chars().all(plain) || name.contains("  ") {
            return Some(wording::DOCUMENT_NAME.refuse(&[]));
        }
        (!seen.insert(name)).then(|| wording::DUPLICATE_DOCUMENT.refuse(&[]))
    })
}

fn document_count(request: &Request) -> Option<Exception> {
    (of_kind(request, "document").count() > MOST_DOCUMENTS).then(|| wording::TOO_MANY_DOCUMENTS.refuse(&[]))
}

/// Larger PDFs for Claude 4 and later, larger PDF and DOCX for Nova.
fn document_sizes(request: &Request) -> Option<Exception> {
    let exempt = |format: &str| match request.model.series.family {
        Family::Claude => {
            format == "pdf" && !request.model.is("anthropic.claude-3") && !request.model.is("anthropic.claude-v")
        }
        Family::Nova => matches!(format, "pdf" | "docx"),
        _ => false,
    };
    let mut documents = of_kind(request, "document");
    let large = documents.find(|document| {
        let size = base64(document.value).len() / 4 * 3;
        size > LARGEST_DOCUMENT && !exempt(document.value["format"].as_str().unwrap_or_default())
    })?;
    Some(wording::DOCUMENT_SIZE.refuse(&[&large.block.message, &large.block.at]))
}

/// Claude reads images from the request only, also in tool results; documents may lie in S3 (recordings of Sonnet 4.5).
fn s3_sources(request: &Request) -> Option<Exception> {
    let found = of_kind(request, "image").any(|image| image.value["source"]["s3Location"].is_object());
    (found && request.model.series.family == Family::Claude).then(|| wording::S3_URI.refuse(&[]))
}

fn image_count(request: &Request) -> Option<Exception> {
    let (images, documents) = (of_kind(request, "image").count(), of_kind(request, "document").count());
    (request.model.series.family == Family::Claude && images + documents > MOST_IMAGES)
        .then(|| wording::TOO_MANY_IMAGES.refuse(&[&images, &documents]))
}

/// Claude 4 and later compare an image with what the request says of it (Claude 3.5 is recorded without); bytes that are
/// no image at all pass here.
fn images(request: &Request) -> Option<Exception> {
    if request.model.series.family != Family::Claude {
        return None;
    }
    of_kind(request, "image").find_map(|image| {
        let Medium { block: Block { message, at, .. }, value, .. } = image;
        let base64 = base64(value);
        if base64.len() > LARGEST_IMAGE {
            return Some(wording::IMAGE_SIZE.refuse(&[message, at, &base64.len()]));
        }
        let said = value["format"].as_str().unwrap_or_default();
        let Image { format, width, height } = images::sniff(&decode(base64))?;
        if said != format && !request.model.is("anthropic.claude-3") {
            return Some(wording::IMAGE_TYPE.refuse(&[message, at, &said, &format]));
        }
        (width.max(height) > MOST_PIXELS).then(|| wording::IMAGE_PIXELS.refuse(&[message, at]))
    })
}

/// Nova's body has no documents in tool results.
fn documents_in_results(request: &Request) -> Option<Exception> {
    let found = of_kind(request, "document").find(|document| document.block.kind == "toolResult")?;
    (request.model.series.family == Family::Nova).then(|| {
        let item = wording::NOVA_DOCUMENT_RESULT.fill(&[&found.block.message, &found.block.at]);
        wording::MALFORMED.refuse(&[&item])
    })
}

fn base64(medium: &Value) -> &str {
    medium["source"]["bytes"].as_str().unwrap_or_default()
}
