//! The parts of `content`.

use serde_json::{Map, Value};

use super::{caching, files, thoughts};
use crate::conversation::{Block, Content, Image, ImageSource, Stored, Ttl};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// Content blocks of Converse that are passed on as they are, where a caller gives them in place of a part.
const VERBATIM: &[&str] =
    &["audio", "citationsContent", "document", "guardContent", "image", "json", "searchResult", "video"];

/// Reads parts of messages.
pub(super) struct Parts<'r, 'l> {
    /// That of cache marks which have none.
    pub(super) ttl: Option<Ttl>,
    pub(super) losses: &'r mut Losses<'l>,
}

impl Parts<'_, '_> {
    /// A string, or an array of parts.
    pub(super) fn content(&mut self, given: Value, path: Path<'_>) -> Result<Content> {
        let parts = match given {
            Value::String(text) => return Ok(Content::Text(text)),
            Value::Array(parts) => parts,
            other => return Err(Error::wrong_type(path, "a string or an array of parts", &other)),
        };
        let mut blocks = Vec::with_capacity(parts.len());
        for (index, item) in parts.into_iter().enumerate() {
            self.part(item, path.item(index), &mut blocks)?;
        }
        Ok(Content::Blocks(blocks))
    }

    fn part(&mut self, item: Value, path: Path<'_>, blocks: &mut Vec<Block>) -> Result<()> {
        let mut part = Object::read(item, path, "an object with a type")?;
        let mark = caching::mark(&mut part, self.ttl, self.losses)?;
        match part.string("type")? {
            Some(kind) => blocks.push(self.typed(&kind, &mut part)?),
            None => match converse(&mut part)? {
                Some(block) => blocks.push(block),
                None if mark.is_some() => {}
                None => return Err(Error::missing(part.at("type"), "give text, image_url, file or input_audio")),
            },
        }
        blocks.extend(mark.map(Block::CachePoint));
        self.losses.unread(&part)
    }

    fn typed(&mut self, kind: &str, part: &mut Object<'_>) -> Result<Block> {
        match kind {
            "text" => part.required_string("text", "give the text").map(Block::Text),
            "refusal" => part.required_string("refusal", "give the text").map(Block::Text),
            "image_url" => image_url(part, self.losses),
            "image" if part.has("source") => native_image(part, self.losses),
            "file" => files::file(part, self.losses),
            "document" if part.has("source") => files::native_document(part, self.losses),
            "input_audio" | "input_video" | "video_url" => files::clip(kind, part, self.losses),
            "thinking" | "redacted_thinking" => thoughts::block(part, kind),
            _ => {
                let block = if part.has(kind) { converse(part)? } else { None };
                block.ok_or_else(|| {
                    Error::invalid(part.at("type"), "must be text, image_url, file, input_audio or video_url.")
                })
            }
        }
    }
}

/// A content block of Converse: `{"guardContent": {…}}`, also with a `type` of the same word.
fn converse(part: &mut Object<'_>) -> Result<Option<Block>> {
    if let Some(given) = part.take("reasoningContent") {
        return thoughts::converse(given, part.at("reasoningContent")).map(Some);
    }
    let Some(name) = VERBATIM.iter().find(|name| part.has(name)) else { return Ok(None) };
    match part.take(name) {
        // A tool may give any JSON.
        Some(given) if given.is_object() || *name == "json" => {
            Ok(Some(Block::Verbatim(Value::Object(Map::from_iter([((*name).to_owned(), given)])))))
        }
        given => Err(Error::wrong_type(part.at(name), "an object", &given.unwrap_or_default())),
    }
}

/// `{"url", "detail"}`, or the URL itself. An object in S3 may say its `format` and `bucketOwner`.
fn image_url(part: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Block> {
    let given = part.take("image_url");
    let given = given.ok_or_else(|| Error::missing(part.at("image_url"), "give an object with a url"))?;
    if let Value::String(url) = given {
        return image(url, None, part.at("image_url"));
    }
    let mut image_url = Object::read(given, part.at("image_url"), "an object with a url")?;
    // Bedrock looks as closely as it can, which is what these say.
    image_url.drop_if("detail", |detail| detail == "auto" || detail == "high" || detail == "original");
    if image_url.take("detail").is_some() {
        losses.left_out(image_url.at("detail"), "Bedrock decides itself how closely it looks")?;
    }
    let url = image_url.required_string("url", "give a data URL, an http(s) URL or an s3:// URL")?;
    let stored = files::stored(&url, &mut image_url, "url")?;
    losses.unread(&image_url)?;
    image(url, stored, image_url.at("url"))
}

/// Anthropic's part: `{"type": "base64", "media_type", "data"}` or `{"type": "url", "url"}`.
fn native_image(part: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Block> {
    let source = part.take("source").unwrap_or_default();
    let mut source = Object::read(source, part.at("source"), "an object with type and data")?;
    source.take("type");
    // The bytes tell what they are.
    source.take("media_type");
    let member = if source.has("url") { "url" } else { "data" };
    let reference = source.required_string(member, "give the image")?;
    let stored = files::stored(&reference, &mut source, member)?;
    losses.unread(&source)?;
    image(reference, stored, source.at(member))
}

pub(super) fn image(reference: String, stored: Option<Stored>, path: Path<'_>) -> Result<Block> {
    if reference.is_empty() {
        return Err(Error::missing(path, "give a data URL, base64, an http(s) URL or an s3:// URL"));
    }
    let source = stored.map_or(ImageSource::Reference(reference), ImageSource::Stored);
    Ok(Block::Image(Image { param: path.into(), source, guarded: false }))
}
