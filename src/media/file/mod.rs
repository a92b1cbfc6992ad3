//! Documents, video and sound on their way into a request: what they are by their bytes, and base64 that is in order.
//!
//! They pass through as they are: nothing is converted. What is not known by its bytes is taken for what it is called.

mod formats;

use bytes::Bytes;

use super::base64::Base64;
use super::source::Inline;
use crate::error::{ApiCode, Error, Kind, Result};
pub use formats::FileClass;
use formats::HEAD;

/// Largest file in bytes: a body of Converse has at most 25,000,000, of which base64 takes a third.
const LARGEST: usize = 18_750_000;

/// A file that can be sent.
#[derive(Debug)]
pub struct ReadyFile {
    /// Its format in Converse's word.
    pub format: &'static str,
    /// Its bytes in standard base64.
    pub base64: String,
}

/// A file that came with the request; `called` is the format or ending that the caller gave it.
pub fn prepare_file_inline(inline: Inline, class: FileClass, called: Option<&str>) -> Result<ReadyFile> {
    let base64 = inline.into_base64().map_err(about_a_file)?;
    within(base64.decoded_len())?;
    let format = class.format(&base64.decode_range(0, HEAD), called).map_err(unsupported)?;
    Ok(ReadyFile { format, base64: base64.into_string() })
}

/// A file as bytes, for example fetched.
pub fn prepare_file_bytes(bytes: &Bytes, class: FileClass, called: Option<&str>) -> Result<ReadyFile> {
    if bytes.is_empty() {
        return Err(invalid("the file is empty: no bytes"));
    }
    within(bytes.len())?;
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let format = class.format(head, called).map_err(unsupported)?;
    Ok(ReadyFile { format, base64: Base64::encode(bytes).into_string() })
}

fn within(size: usize) -> Result<()> {
    if size <= LARGEST {
        return Ok(());
    }
    let message =
        format!("the file has {size} bytes; a request takes {LARGEST}. Put it into S3 where the model reads it");
    Err(invalid(message))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(Kind::InvalidRequest, message)
}

fn unsupported(message: String) -> Error {
    invalid(message).coded(ApiCode::UnsupportedValue)
}

/// The doors that pictures come through speak of images.
pub fn about_a_file(error: Error) -> Error {
    match error.kind {
        Kind::InvalidImage => invalid(error.message.replace("image", "file")),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;

    fn inline(text: &str, class: FileClass, called: Option<&str>) -> Result<ReadyFile> {
        match Source::parse(text) {
            Ok(Source::Inline(inline)) => prepare_file_inline(inline, class, called),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn bytes_decide_and_base64_is_put_in_order() {
        let pdf = inline("data:application/msword;base64,JVBERi0xLjQK", FileClass::Document, Some("doc")).unwrap();
        assert_eq!((pdf.format, pdf.base64.as_str()), ("pdf", "JVBERi0xLjQK"));
        let text = inline("data:text/csv,a%2Cb", FileClass::Document, Some("csv")).unwrap();
        assert_eq!((text.format, text.base64.as_str()), ("csv", "YSxi"));
        let bytes = Bytes::from_static(b"RIFF\x24\0\0\0WAVEfmt ");
        assert_eq!(prepare_file_bytes(&bytes, FileClass::Audio, None).unwrap().format, "wav");
    }

    #[test]
    fn what_cannot_be_sent_is_told_as_a_file() {
        let told = |result: Result<ReadyFile>| {
            let error = result.unwrap_err();
            assert_eq!(error.kind, Kind::InvalidRequest);
            error.message
        };
        assert!(
            told(inline("data:application/pdf;base64,????", FileClass::Document, None)).contains("file's data URL")
        );
        assert!(told(prepare_file_bytes(&Bytes::new(), FileClass::Video, None)).contains("empty"));
        let large = Bytes::from(vec![0; LARGEST + 1]);
        assert!(told(prepare_file_bytes(&large, FileClass::Video, Some("mp4"))).contains("18750000"));
        assert!(told(inline("JVBERi0xLjQK", FileClass::Audio, Some("mp3"))).contains("pdf"));
    }
}
