//! Documents, videos and sounds.

use crate::conversation::{Block, File, FileKind, FileSource, Stored};
use crate::dialect::formats::{self, FORMATS, citations, ending, format, is_image, label};
use crate::dialect::losses::Losses;
use crate::dialect::read::Object;
use crate::error::{ApiCode, Error, Result};

use FileKind::{Audio, Document, Video};

/// `{"type": "file", "file": {"file_data", "filename"}}`; besides `citations`, `context` and `format`. What the data URL
/// or the name says is a picture, video or sound is one.
pub(super) fn file(part: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Block> {
    let given = part.take("file").ok_or_else(|| Error::missing(part.at("file"), "give file_data and filename"))?;
    let mut file = Object::read(given, part.at("file"), "an object with file_data")?;
    if file.has("file_id") && !file.has("file_data") {
        let message = "Bedrock keeps no files. Give file_data: a data URL, base64, an http(s) URL or an s3:// URL.";
        return Err(Error::invalid(file.at("file_id"), message).coded(ApiCode::UnsupportedValue));
    }
    let reference = file.required_string("file_data", "give a data URL, base64, an http(s) URL or an s3:// URL")?;
    let name = file.string("filename")?.filter(|name| !name.is_empty());
    let said = label(&reference).map(str::to_ascii_lowercase);
    let ending = name.as_deref().and_then(ending).or(ending(&reference)).map(str::to_ascii_lowercase);
    if is_image(said.as_deref(), ending.as_deref()) {
        let stored = stored(&reference, &mut file, "file_data")?;
        losses.unread(&file)?;
        return super::parts::image(reference, stored, file.at("file_data"));
    }
    let words = [said.as_deref(), ending.as_deref()];
    let known = words.into_iter().flatten().find_map(|word| format(None, word));
    let kind = known.map_or(Document, |row| row.0);
    let format = named_format(&mut file, kind)?.or(known.map(|row| row.1.to_owned()));
    let block = File {
        param: file.at("file_data").into(),
        kind,
        format,
        name,
        citations: citations(&mut file)?,
        context: file.string("context")?,
        source: source(reference, &mut file, "file_data")?,
    };
    losses.unread(&file)?;
    Ok(Block::File(block))
}

/// Anthropic's part: `{"type": "document", "source": {"type", "media_type", "data" | "url"}, "title", "context", "citations"}`.
pub(super) fn native_document(part: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Block> {
    let name = part.string("title")?.filter(|name| !name.is_empty());
    let citations = citations(part)?;
    let context = part.string("context")?;
    let given = part.take("source").unwrap_or_default();
    let mut holder = Object::read(given, part.at("source"), "an object with type and data")?;
    let text = holder.string("type")?.is_some_and(|kind| kind == "text");
    let media_type = holder.string("media_type")?;
    let member = if holder.has("url") { "url" } else { "data" };
    let data = holder.required_string(member, "give the document")?;
    let format = media_type.as_deref().or(label(&data)).and_then(|word| format(Some(Document), word));
    let format = if text { Some("txt") } else { format.map(|row| row.1) }.map(str::to_owned);
    let source = if text { FileSource::Text(data) } else { source(data, &mut holder, member)? };
    losses.unread(&holder)?;
    let param = holder.at(member).into();
    Ok(Block::File(File { param, kind: Document, format, name, source, citations, context }))
}

/// A sound or video: `{"type": "input_audio", "input_audio": {"data", "format"}}`, `input_video` in the same form, and
/// `{"type": "video_url", "video_url": {"url"}}`.
pub(super) fn clip(name: &str, part: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Block> {
    let kind = if name == "input_audio" { Audio } else { Video };
    let given = part.take(name).ok_or_else(|| Error::missing(part.at(name), "give data and format"))?;
    let mut clip = Object::read(given, part.at(name), "an object with data and format")?;
    let member = if clip.has("url") || name == "video_url" { "url" } else { "data" };
    let reference = clip.required_string(member, "give a data URL, base64, an http(s) URL or an s3:// URL")?;
    let words = [label(&reference), ending(&reference)];
    let known = words.into_iter().flatten().find_map(|word| format(Some(kind), &word.to_ascii_lowercase()));
    let format = named_format(&mut clip, kind)?.or(known.map(|row| row.1.to_owned()));
    let param = clip.at(member).into();
    let source = source(reference, &mut clip, member)?;
    losses.unread(&clip)?;
    Ok(Block::File(File { param, kind, format, name: None, source, citations: false, context: None }))
}

fn source(reference: String, holder: &mut Object<'_>, member: &str) -> Result<FileSource> {
    if reference.is_empty() {
        return Err(Error::missing(holder.at(member), "give a data URL, base64, an http(s) URL or an s3:// URL"));
    }
    Ok(stored(&reference, holder, member)?.map_or(FileSource::Reference(reference), FileSource::Stored))
}

/// An object in S3, with what the holder of `member` says of it: `format` and `bucketOwner`.
pub(super) fn stored(reference: &str, holder: &mut Object<'_>, member: &str) -> Result<Option<Stored>> {
    if !reference.starts_with("s3://") {
        return Ok(None);
    }
    let format = holder.string("format")?;
    let owner = holder.string("bucketOwner")?;
    let stored = formats::stored(reference, holder.at(member))?;
    let digits = |owner: &String| owner.len() == 12 && owner.bytes().all(|digit| digit.is_ascii_digit());
    if owner.as_ref().is_some_and(|owner| !digits(owner)) {
        return Err(Error::invalid(holder.at("bucketOwner"), "must be an account id of 12 digits."));
    }
    Ok(Some(Stored { owner, format, ..stored }))
}

/// `format`, in Converse's word or as a media type.
fn named_format(holder: &mut Object<'_>, kind: FileKind) -> Result<Option<String>> {
    let Some(word) = holder.string("format")? else { return Ok(None) };
    match format(Some(kind), &word.to_ascii_lowercase()) {
        Some((_, word, _)) => Ok(Some((*word).to_owned())),
        None => {
            let words: Vec<&str> = FORMATS.iter().filter(|row| row.0 == kind).map(|row| row.1).collect();
            Err(Error::invalid(holder.at("format"), format!("must be one of {}.", words.join(", "))))
        }
    }
}
