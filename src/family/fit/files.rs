//! Pictures, documents, video and sound: which of them a model takes, and what documents need beside them.
//!
//! Facts: "Supported models and model features" (user guide); Converse's refusals ("This model doesn't support the video
//! content block", "A text block must be included when using documents", names of documents, at most five); "Inference
//! request restrictions" for sizes.

use std::collections::HashSet;

use super::turns::blocks_of;
use crate::catalog::Model;
use crate::conversation::{
    Block, Content, File, FileKind, FileSource, Image, ImageSource, Loss, LossCode, Message, Request, Stored,
};
use crate::error::{ApiCode, Error, Result};
use crate::media;

const MOST_DOCUMENTS: usize = 5;
/// 4.5 MB.
const LARGEST_DOCUMENT: usize = 4_718_592;
const LONGEST_NAME: usize = 200;
const PICTURE_FORMATS: &[&str] = &["png", "jpeg", "gif", "webp"];

/// Refuses what the model cannot take, with the path of the part.
pub(super) fn refuse(request: &Request, model: &Model) -> Result<()> {
    let parts = request.messages.iter().flat_map(|message| parts(&message.content));
    for (block, in_result) in parts {
        match block {
            Block::Image(image) => refuse_picture(image, model)?,
            Block::File(file) => refuse_file(file, in_result, model)?,
            _ => {}
        }
    }
    Ok(())
}

/// Every part, those of tool results too, and whether it is one of those.
fn parts(content: &Content) -> impl Iterator<Item = (&Block, bool)> {
    let blocks = match content {
        Content::Text(_) => &[],
        Content::Blocks(blocks) => blocks.as_slice(),
    };
    blocks.iter().flat_map(|block| {
        let inner = match block {
            Block::ToolResult(result) => result.content.as_slice(),
            _ => &[],
        };
        std::iter::once((block, false)).chain(inner.iter().map(|block| (block, true)))
    })
}

fn refuse_picture(image: &Image, model: &Model) -> Result<()> {
    if !model.vision {
        let message = format!("{} takes text only. Leave the image out or choose a model with vision.", model.id);
        return Err(not_taken(&image.param, message));
    }
    match &image.source {
        ImageSource::Stored(_) if !model.s3 => Err(no_s3(&image.param, model)),
        _ => Ok(()),
    }
}

fn no_s3(param: &str, model: &Model) -> Error {
    not_taken(param, format!("{} reads nothing from S3. Give the bytes or an http(s) URL.", model.id))
}

/// Something that other models take.
fn not_taken(param: &str, message: String) -> Error {
    Error::invalid(param, message).coded(ApiCode::UnsupportedValue)
}

fn refuse_file(file: &File, in_result: bool, model: &Model) -> Result<()> {
    let (takes, what) = match file.kind {
        FileKind::Document => (model.documents, "documents"),
        FileKind::Video => (model.video, "video"),
        FileKind::Audio => (model.audio, "audio"),
    };
    if !takes {
        let message = format!("{} takes no {what}. Leave it out or choose another model.", model.id);
        return Err(not_taken(&file.param, message));
    }
    if in_result && file.kind == FileKind::Document && model.is_nova() {
        let message = format!("{} takes no documents in tool results. Give it in a user message.", model.id);
        return Err(not_taken(&file.param, message));
    }
    match &file.source {
        FileSource::Stored(_) if file.kind != FileKind::Document && !model.s3 => Err(no_s3(&file.param, model)),
        FileSource::Ready(base64) if file.kind == FileKind::Document => {
            let size = base64.len() / 4 * 3;
            if size > LARGEST_DOCUMENT && !takes_large(file, model) {
                let message = format!("the document has {size} bytes; Bedrock takes 4.5 MB ({LARGEST_DOCUMENT}).");
                return Err(Error::invalid(file.param.clone(), message));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Larger PDFs for Claude, larger PDF and DOCX for Nova; models that are not known decide themselves.
fn takes_large(file: &File, model: &Model) -> bool {
    match file.format.as_deref() {
        Some("pdf") => model.is_claude() || model.is_nova() || model.derived,
        Some("docx") => model.is_nova() || model.derived,
        _ => model.derived,
    }
}

/// Gives pictures in S3 their format, documents names that Bedrock takes, and text beside documents.
pub(super) fn fit(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) -> Result<()> {
    let mut names = Names { taken: HashSet::new(), count: 0, changed: 0 };
    for message in &mut request.messages {
        let Content::Blocks(blocks) = &mut message.content else { continue };
        for block in blocks.iter_mut() {
            match block {
                Block::ToolResult(result) => {
                    result.content.iter_mut().try_for_each(|part| fit_part(part, model, &mut names))?;
                }
                part => fit_part(part, model, &mut names)?,
            }
        }
    }
    if names.changed > 0 {
        let message = format!(
            "Names of documents were changed ({}): Bedrock takes letters, digits, single spaces, hyphens, parentheses and \
             brackets, and each name once.",
            names.changed
        );
        losses.push(Loss::of(LossCode::ValueAdjusted, "messages", message));
    }
    request.messages.iter_mut().for_each(|message| text_beside_documents(message, losses));
    Ok(())
}

fn fit_part(part: &mut Block, model: &Model, names: &mut Names) -> Result<()> {
    match part {
        Block::Image(Image { param, source: ImageSource::Stored(stored), .. }) => picture_format(stored, param),
        Block::File(file) => {
            file_format(file)?;
            if file.kind == FileKind::Document { names.name(file, model) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

fn picture_format(stored: &mut Stored, param: &str) -> Result<()> {
    let extension = stored.uri.rsplit(['/', '.']).next().unwrap_or_default();
    let told = stored.format.as_deref().unwrap_or(extension).to_ascii_lowercase();
    let format = if told == "jpg" { "jpeg".to_owned() } else { told };
    if !PICTURE_FORMATS.contains(&format.as_str()) {
        let message = "its format is not known: let the key end with .png, .jpg, .gif or .webp.";
        return Err(Error::invalid(param, message));
    }
    stored.format = Some(format);
    Ok(())
}

/// Bytes tell their format when they are made ready; an object in S3 has its key alone.
fn file_format(file: &mut File) -> Result<()> {
    match &file.source {
        FileSource::Text(_) => file.format = file.format.take().or_else(|| Some("txt".to_owned())),
        FileSource::Stored(stored) => file.format = file.format.take().or_else(|| stored.format.clone()),
        FileSource::Ready(_) | FileSource::Reference(_) => {}
    }
    if file.format.is_some() {
        return Ok(());
    }
    let message = "its format is not known: let the name end with it (.pdf, .mp4, .wav), or name the format.";
    Err(Error::invalid(file.param.clone(), message))
}

struct Names {
    taken: HashSet<String>,
    count: usize,
    changed: usize,
}

impl Names {
    fn name(&mut self, file: &mut File, model: &Model) -> Result<()> {
        self.count += 1;
        if self.count > MOST_DOCUMENTS {
            let message = format!("a request may hold {MOST_DOCUMENTS} documents; this is number {}.", self.count);
            return Err(Error::invalid(file.param.clone(), message));
        }
        if let (FileSource::Text(text), false) = (&file.source, model.is_claude()) {
            file.source = FileSource::Ready(media::encode_base64(text.as_bytes()));
        }
        let given = file.name.take();
        let plain = given.as_deref().map(plain).filter(|name| !name.is_empty());
        let base = plain.unwrap_or_else(|| format!("document-{}", self.count));
        let mut name = base.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{base} ({number})");
            number += 1;
        }
        // That an extension is left out need not be told: the format tells it.
        self.changed += usize::from(given.is_some_and(|given| stem(&given) != name));
        file.name = Some(name);
        Ok(())
    }
}

/// The name without its extension, whose dot Bedrock refuses.
fn stem(given: &str) -> &str {
    given.rsplit_once('.').map_or(given, |(stem, _)| if stem.is_empty() { given } else { stem })
}

/// The name in the characters that Bedrock takes.
fn plain(given: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-()[]".contains(c);
    let spaced: String = stem(given).chars().map(|c| if allowed(c) { c } else { ' ' }).collect();
    let words: Vec<&str> = spaced.split_ascii_whitespace().collect();
    // Room for the number of a name that comes again.
    words.join(" ").chars().take(LONGEST_NAME - 8).collect::<String>().trim_end().to_owned()
}

fn text_beside_documents(message: &mut Message, losses: &mut Vec<Loss>) {
    let Content::Blocks(blocks) = &message.content else { return };
    let is_document = |block: &&Block| matches!(block, Block::File(file) if file.kind == FileKind::Document);
    let Some(Block::File(file)) = blocks.iter().find(is_document) else { return };
    if blocks.iter().any(|block| block.as_text().is_some()) {
        return;
    }
    let told = "Bedrock wants text beside documents; a sentence was added.";
    losses.push(Loss::of(LossCode::Emulated, file.param.clone(), told));
    blocks_of(&mut message.content).push(Block::Text("Read the attached document.".to_owned()));
}
