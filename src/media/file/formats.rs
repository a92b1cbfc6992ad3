//! The formats of Converse, and how files begin.
//!
//! Facts: `DocumentFormat`, `VideoFormat` and `AudioFormat` of bedrock-runtime.

/// What a file is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileClass {
    /// Something to read.
    Document,
    /// Something to watch.
    Video,
    /// Something to hear.
    Audio,
}

const DOCUMENTS: &[&str] = &["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"];
const VIDEOS: &[&str] = &["mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"];
const SOUNDS: &[&str] =
    &["mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg", "mpga", "pcm", "webm"];

/// How many leading bytes are looked at: enough to meet the first folder of an Office document.
pub(super) const HEAD: usize = 4096;

/// Offset, bytes there, and the formats that begin so: what the caller calls one of them it is, else the first.
type Signature = (usize, &'static [u8], &'static [&'static str]);

/// First match wins.
const SIGNATURES: &[Signature] = &[
    (0, b"%PDF-", &["pdf"]),
    (0, b"PK\x03\x04", &["docx", "xlsx"]),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", &["doc", "xls"]),
    (8, b"WAVE", &["wav"]),
    (0, b"ID3", &["mp3", "mpga", "mpeg"]),
    (0, b"\xff\xfb", &["mp3", "mpga", "mpeg"]),
    (0, b"\xff\xf3", &["mp3", "mpga", "mpeg"]),
    (0, b"\xff\xf2", &["mp3", "mpga", "mpeg"]),
    (0, b"\xff\xf1", &["aac", "x-aac"]),
    (0, b"\xff\xf9", &["aac", "x-aac"]),
    (0, b"OggS", &["ogg", "opus"]),
    (0, b"fLaC", &["flac"]),
    (0, b"\x1a\x45\xdf\xa3", &["webm", "mkv", "mka"]),
    (4, b"ftypqt", &["mov"]),
    (4, b"ftyp3g", &["three_gp", "mp4"]),
    (4, b"ftypM4A", &["m4a", "mp4"]),
    (4, b"ftyp", &["mp4", "m4a", "mov"]),
    (0, b"FLV\x01", &["flv"]),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", &["wmv"]),
    (0, b"\0\0\x01\xba", &["mpeg", "mpg"]),
    (0, b"\0\0\x01\xb3", &["mpeg", "mpg"]),
    (0, b"\x89PNG", &["png"]),
    (0, b"\xff\xd8\xff", &["jpeg"]),
    (0, b"GIF8", &["gif"]),
];

impl FileClass {
    fn formats(self) -> &'static [&'static str] {
        match self {
            FileClass::Document => DOCUMENTS,
            FileClass::Video => VIDEOS,
            FileClass::Audio => SOUNDS,
        }
    }

    fn noun(self) -> &'static str {
        match self {
            FileClass::Document => "document",
            FileClass::Video => "video",
            FileClass::Audio => "sound",
        }
    }

    /// The format of a file that begins with `head` and is `called` so.
    pub(super) fn format(self, head: &[u8], called: Option<&str>) -> Result<&'static str, String> {
        let called = called.map(str::to_ascii_lowercase);
        let called = called.and_then(|called| self.formats().iter().find(|format| **format == called)).copied();
        match beginning(head) {
            Some(formats) => {
                let same = called.filter(|called| formats.contains(called));
                let inner = office(head).filter(|inner| formats.contains(inner));
                let first = formats.iter().copied().find(|format| self.formats().contains(format));
                inner.or(same).or(first).ok_or_else(|| {
                    let is = formats.first().copied().unwrap_or_default();
                    format!("the bytes are those of a {is} file, which is no {} that Bedrock takes", self.noun())
                })
            }
            None if called.is_some() => called.ok_or_else(String::new),
            None if self == FileClass::Document && is_text(head) => Ok("txt"),
            None => Err(format!(
                "the format of the {} is not known: give its name an ending, or name the format: {}",
                self.noun(),
                self.formats().join(", ")
            )),
        }
    }
}

fn beginning(head: &[u8]) -> Option<&'static [&'static str]> {
    let begins = |(offset, magic, _): &&Signature| head.get(*offset..).is_some_and(|rest| rest.starts_with(magic));
    SIGNATURES.iter().find(begins).map(|signature| signature.2)
}

/// Office documents are archives; the folder in them tells which.
fn office(head: &[u8]) -> Option<&'static str> {
    if !head.starts_with(b"PK\x03\x04") {
        return None;
    }
    let holds = |folder: &[u8]| head.windows(folder.len()).any(|window| window == folder);
    match () {
        () if holds(b"word/") => Some("docx"),
        () if holds(b"xl/") => Some("xlsx"),
        () => None,
    }
}

/// UTF-8 without control characters; the last character may be cut.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(head.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty() && !text.chars().any(|c| c.is_control() && !c.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signature_is_found_as_itself() {
        for (index, (offset, magic, formats)) in SIGNATURES.iter().enumerate() {
            let mut file = vec![0xaa; *offset];
            file.extend_from_slice(magic);
            assert!(file.len() <= HEAD && !formats.is_empty());
            let first = SIGNATURES
                .iter()
                .position(|(at, bytes, _)| file.get(*at..).is_some_and(|rest| rest.starts_with(bytes)));
            assert_eq!(first, Some(index), "{}", magic.escape_ascii());
        }
    }

    #[test]
    fn bytes_come_before_names_and_names_before_guesses() {
        use FileClass::{Audio, Document, Video};
        for (class, head, called, format) in [
            (Document, b"%PDF-1.7".as_slice(), Some("txt"), "pdf"),
            (Document, b"PK\x03\x04....xl/workbook.xml", Some("docx"), "xlsx"),
            (Document, b"PK\x03\x04....", Some("xlsx"), "xlsx"),
            (Document, b"a,b\n1,2", Some("CSV"), "csv"),
            (Document, "Grüße".as_bytes(), None, "txt"),
            (Document, "Grü".as_bytes().split_at(3).0, None, "txt"),
            (Video, b"\x1a\x45\xdf\xa3", Some("mkv"), "mkv"),
            (Video, b"\x1a\x45\xdf\xa3", None, "webm"),
            (Audio, b"\0\0\0\x20ftypisom", Some("m4a"), "m4a"),
            (Audio, b"\x01\x02", Some("pcm"), "pcm"),
        ] {
            assert_eq!(class.format(head, called), Ok(format), "{}", head.escape_ascii());
        }
        assert!(Document.format(b"\x89PNG\r\n", Some("pdf")).unwrap_err().contains("png"));
        assert!(Document.format(b"\x01\x02", None).unwrap_err().contains("pdf, csv"));
        assert!(Video.format(b"text", None).is_err());
    }
}
