//! Files: pictures, documents, videos and sounds, in the shapes of both versions of the specification.
//!
//! Version 4 wraps the data: `{"type": "data" | "url" | "text" | "reference", …}`. Version 3 has base64 or a URL.

use serde_json::Value;

use super::marks::Marks;
use super::options::{NAMESPACE, OLDER_NAMESPACE};
use crate::conversation::{Block, File, FileKind, FileSource, Image, ImageSource, Stored};
use crate::dialect::formats::{ending, format, stored};
use crate::dialect::read::Object;
use crate::error::{ApiCode, Error, Result};

const IN_S3: &str = "s3://";

/// What a file is said to be.
struct Said {
    /// The media type in lower case, without parameters; empty where none is given.
    media_type: String,
    /// The ending of its name or URL.
    ending: Option<String>,
}

/// Where its bytes are.
enum Data {
    /// Base64, or a URL.
    Reference(String),
    /// In S3.
    Stored(Stored),
    /// Plain text.
    Text(String),
}

/// `{"data", "mediaType", "filename"}`
pub(super) fn file(part: &mut Object<'_>, marks: &Marks) -> Result<Block> {
    let data = data(part, "data")?;
    block(part, "data", data, marks)
}

/// The same with the data in another member: `{"url"}`, of parts that older versions have in results of tools.
pub(super) fn file_in(member: &'static str, part: &mut Object<'_>, marks: &Marks) -> Result<Block> {
    let data = data(part, member)?;
    block(part, member, data, marks)
}

fn block(part: &mut Object<'_>, member: &str, data: Data, marks: &Marks) -> Result<Block> {
    let name = part.string("filename")?.filter(|name| !name.is_empty());
    let media_type = part.string("mediaType")?.unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let reference = match &data {
        Data::Reference(url) if url.contains("://") => Some(url.as_str()),
        Data::Stored(stored) => Some(stored.uri.as_str()),
        Data::Reference(_) | Data::Text(_) => None,
    };
    let named = name.as_deref().and_then(ending).or(reference.and_then(ending));
    let said = Said { media_type, ending: named.map(str::to_ascii_lowercase) };
    let param = part.at(member).into();
    if said.is_image() {
        let source = match data {
            Data::Reference(reference) => ImageSource::Reference(reference),
            Data::Stored(stored) => ImageSource::Stored(Stored { format: said.subtype(), ..stored }),
            Data::Text(_) => return Err(Error::invalid(part.at("mediaType"), "text is no image.")),
        };
        return Ok(Block::Image(Image { param, source, guarded: marks.guarded == Some(true) }));
    }
    let (kind, format) = said.kind_and_format();
    let source = match data {
        Data::Reference(reference) => FileSource::Reference(reference),
        Data::Stored(stored) => FileSource::Stored(stored),
        Data::Text(text) => FileSource::Text(text),
    };
    Ok(Block::File(File {
        param,
        kind: if matches!(source, FileSource::Text(_)) { FileKind::Document } else { kind },
        format: format.map(str::to_owned),
        name: marks.title.clone().or(name),
        source,
        citations: marks.citations == Some(true),
        context: marks.context.clone(),
    }))
}

fn data(part: &mut Object<'_>, member: &str) -> Result<Data> {
    match part.take(member) {
        Some(Value::String(given)) => reference(given, part, member),
        Some(given @ Value::Object(_)) => wrapped(given, part, member),
        None => Err(Error::missing(part.at(member), "give the bytes, a URL or a text")),
        Some(other) => Err(Error::wrong_type(part.at(member), "bytes, a URL or an object with a type", &other)),
    }
}

fn reference(given: String, part: &Object<'_>, member: &str) -> Result<Data> {
    if given.is_empty() {
        return Err(Error::missing(part.at(member), "give the bytes, a URL or a text"));
    }
    match given.starts_with(IN_S3) {
        true => in_s3(&given, part, member),
        false => Ok(Data::Reference(given)),
    }
}

fn in_s3(uri: &str, part: &Object<'_>, member: &str) -> Result<Data> {
    stored(uri, part.at(member)).map(Data::Stored)
}

fn wrapped(given: Value, part: &Object<'_>, member: &str) -> Result<Data> {
    let mut data = Object::read(given, part.at(member), "an object with a type")?;
    let kind = data.required_string("type", "give data, url, text or reference")?;
    match kind.as_str() {
        "data" | "url" => {
            let given = data.required_string(&kind, "give the bytes or a URL")?;
            reference(given, part, member)
        }
        "text" => data.required_string("text", "give the text").map(Data::Text),
        "reference" => {
            let references = data.map("reference")?.unwrap_or_default();
            let own = references.get(NAMESPACE).or_else(|| references.get(OLDER_NAMESPACE)).and_then(Value::as_str);
            match own.filter(|uri| uri.starts_with(IN_S3)) {
                Some(uri) => in_s3(uri, part, member),
                None => {
                    let message = "Bedrock keeps no files of its own. Give the bytes, a URL, or an s3:// URI.";
                    Err(Error::invalid(data.at("reference"), message).coded(ApiCode::UnsupportedValue))
                }
            }
        }
        _ => Err(Error::invalid(data.at("type"), "must be data, url, text or reference.")),
    }
}

impl Said {
    fn is_image(&self) -> bool {
        match self.top() {
            "" => crate::dialect::formats::is_image(None, self.ending.as_deref()),
            top => top == "image",
        }
    }

    /// `image` of `image/png`, of `image/*` and of `image` alone; nothing where it says nothing.
    fn top(&self) -> &str {
        match self.media_type.as_str() {
            "*" | "*/*" | "application/octet-stream" => "",
            full => full.split('/').next().unwrap_or_default(),
        }
    }

    /// `png` of `image/png`.
    fn subtype(&self) -> Option<String> {
        self.media_type.split_once('/').map(|(_, subtype)| subtype.to_owned()).filter(|subtype| subtype != "*")
    }

    /// The media type comes before the name; where both say nothing, bytes do.
    fn kind_and_format(&self) -> (FileKind, Option<&'static str>) {
        let kind = match self.top() {
            "video" => Some(FileKind::Video),
            "audio" => Some(FileKind::Audio),
            "" => None,
            _ => Some(FileKind::Document),
        };
        let words = [Some(self.media_type.as_str()), self.ending.as_deref()];
        match words.into_iter().flatten().find_map(|word| format(kind, word)) {
            Some((kind, format, _)) => (*kind, Some(format)),
            None if self.media_type.starts_with("text/") => (FileKind::Document, Some("txt")),
            None => (kind.unwrap_or(FileKind::Document), None),
        }
    }
}
