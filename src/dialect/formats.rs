//! Files of a request, as callers tell of them: formats by media type and by the ending of a name, objects in S3.

use super::path::Path;
use super::read::Object;
use crate::conversation::{FileKind, Stored};
use crate::error::{Error, Result};

use FileKind::{Audio, Document, Video};

/// A format in Converse's word (`DocumentFormat`, `VideoFormat`, `AudioFormat`), and what else it is called: media
/// types and endings of names.
pub(super) type Format = (FileKind, &'static str, &'static [&'static str]);

/// A video stands before a sound of the same name.
#[rustfmt::skip]
pub(super) const FORMATS: &[Format] = &[
    (Document, "csv",  &["text/csv"]),
    (Document, "doc",  &["application/msword"]),
    (Document, "docx", &["application/vnd.openxmlformats-officedocument.wordprocessingml.document"]),
    (Document, "html", &["text/html", "htm"]),
    (Document, "md",   &["text/markdown", "markdown"]),
    (Document, "pdf",  &["application/pdf"]),
    (Document, "txt",  &["text/plain", "text", "log"]),
    (Document, "xls",  &["application/vnd.ms-excel"]),
    (Document, "xlsx", &["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]),
    (Video, "flv",      &["video/x-flv"]),
    (Video, "mkv",      &["video/x-matroska", "video/matroska"]),
    (Video, "mov",      &["video/quicktime"]),
    (Video, "mp4",      &["video/mp4", "m4v"]),
    (Video, "mpeg",     &["video/mpeg"]),
    (Video, "mpg",      &[]),
    (Video, "three_gp", &["video/3gpp", "3gp"]),
    (Video, "webm",     &["video/webm"]),
    (Video, "wmv",      &["video/x-ms-wmv"]),
    (Audio, "aac",   &["audio/aac"]),
    (Audio, "flac",  &["audio/flac", "audio/x-flac"]),
    (Audio, "m4a",   &["audio/m4a", "audio/x-m4a"]),
    (Audio, "mka",   &["audio/x-matroska"]),
    (Audio, "mkv",   &[]),
    (Audio, "mp3",   &["audio/mpeg", "audio/mp3"]),
    (Audio, "mp4",   &["audio/mp4"]),
    (Audio, "mpeg",  &[]),
    (Audio, "mpga",  &[]),
    (Audio, "ogg",   &["audio/ogg", "oga"]),
    (Audio, "opus",  &["audio/opus"]),
    (Audio, "pcm",   &["audio/pcm", "audio/l16"]),
    (Audio, "wav",   &["audio/wav", "audio/x-wav", "audio/wave"]),
    (Audio, "webm",  &["audio/webm"]),
    (Audio, "x-aac", &["audio/x-aac"]),
];

const IMAGES: &[&str] = &["gif", "jpeg", "jpg", "png", "webp"];

/// What a format of Converse is called elsewhere.
pub(super) fn media_type(kind: FileKind, format: &str) -> Option<&'static str> {
    let row = FORMATS.iter().find(|row| (row.0, row.1) == (kind, format))?;
    row.2.iter().find(|name| name.contains('/')).copied()
}

/// The format that `word` names: its own, a media type or an ending.
pub(super) fn format(kind: Option<FileKind>, word: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|row| kind.is_none_or(|kind| row.0 == kind) && (row.1 == word || row.2.contains(&word)))
}

/// The media type of a data URL.
pub(super) fn label(reference: &str) -> Option<&str> {
    let rest = reference.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:")).and(reference.get(5..))?;
    rest.split([';', ',']).next().filter(|label| !label.is_empty())
}

/// The ending of a file's name, or of the path of a URL.
pub(super) fn ending(name: &str) -> Option<&str> {
    const LONGEST: usize = 2_048;
    if label(name).is_some() || name.len() > LONGEST {
        return None;
    }
    let path = if name.contains("://") { name.split(['?', '#']).next()? } else { name };
    let last = path.rsplit('/').next()?;
    last.rsplit_once('.').map(|(_, ending)| ending)
}

/// Whether it is a picture, by its media type or the ending of its name.
pub(super) fn is_image(label: Option<&str>, ending: Option<&str>) -> bool {
    match label {
        Some(label) => label.starts_with("image/"),
        None => ending.is_some_and(|ending| IMAGES.contains(&ending)),
    }
}

/// The object in S3 at `uri`, which stands at `path`.
pub(super) fn stored(uri: &str, path: Path<'_>) -> Result<Stored> {
    let parts = uri.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
    if parts.is_none_or(|(bucket, key)| bucket.is_empty() || key.is_empty()) {
        return Err(Error::invalid(path, "must have the form s3://bucket/key."));
    }
    Ok(Stored { uri: uri.to_owned(), owner: None, format: None })
}

/// `citations`: `{"enabled": true}` or `true`.
pub(super) fn citations(holder: &mut Object<'_>) -> Result<bool> {
    let Some(given) = holder.take("citations") else { return Ok(false) };
    if let Some(flag) = given.as_bool() {
        return Ok(flag);
    }
    let mut citations = Object::read(given, holder.at("citations"), "an object with enabled")?;
    Ok(citations.flag("enabled")?.unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_stands_once_for_its_kind_and_each_name_means_one_format() {
        for (index, row) in FORMATS.iter().enumerate() {
            for other in &FORMATS[index + 1..] {
                assert!((row.0, row.1) != (other.0, other.1), "{} stands twice", row.1);
                assert!(row.2.iter().all(|name| !other.2.contains(name)), "{} and {} share a name", row.1, other.1);
            }
        }
    }

    #[test]
    fn endings_and_labels_are_read() {
        assert_eq!(label("data:application/pdf;base64,AAAA"), Some("application/pdf"));
        assert_eq!((label("data:,x"), label("é"), label("AAAA")), (None, None, None));
        assert_eq!(ending("https://example.com/a.b/report.pdf?x=1.doc#y"), Some("pdf"));
        assert_eq!((ending("a.b/report"), ending("data:text/plain,a.b")), (None, None));
    }
}
