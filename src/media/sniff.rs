//! What a file is, by its first bytes. Labels (media types, extensions, `Content-Type`) are never asked.

use image::ImageFormat;

use super::image::Format;

/// What the first bytes say, and what can be done with such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sniffed {
    /// Bedrock takes it as it is.
    Sendable(Format),
    /// It can be decoded here and sent as PNG.
    Convertible(ImageFormat),
    /// Known by name, but neither Bedrock nor this crate reads it.
    Unreadable(&'static str),
}

/// How many leading bytes [`sniff`] looks at.
pub(super) const HEAD: usize = 16;

/// What a file that begins with `head` is; `None` when nothing is known about it.
pub(super) fn sniff(head: &[u8]) -> Option<Sniffed> {
    SIGNATURES.iter().find(|signature| signature.matches(head)).map(|signature| signature.means)
}

struct Signature {
    offset: usize,
    magic: &'static [u8],
    means: Sniffed,
}

impl Signature {
    fn matches(&self, head: &[u8]) -> bool {
        head.get(self.offset..).is_some_and(|rest| rest.starts_with(self.magic))
    }
}

const fn at(offset: usize, magic: &'static [u8], means: Sniffed) -> Signature {
    Signature { offset, magic, means }
}

/// First match wins. The weakest signature, BMP's two letters, stands last.
const SIGNATURES: &[Signature] = &[
    at(0, b"\x89PNG\r\n\x1a\n", Sniffed::Sendable(Format::Png)),
    at(0, b"\xff\xd8\xff", Sniffed::Sendable(Format::Jpeg)),
    at(0, b"GIF87a", Sniffed::Sendable(Format::Gif)),
    at(0, b"GIF89a", Sniffed::Sendable(Format::Gif)),
    // RIFF, its length, WEBP: other RIFF files are sound or video.
    at(8, b"WEBPVP8", Sniffed::Sendable(Format::Webp)),
    at(0, b"II*\0", Sniffed::Convertible(ImageFormat::Tiff)),
    at(0, b"MM\0*", Sniffed::Convertible(ImageFormat::Tiff)),
    at(0, b"\0\0\x01\0", Sniffed::Convertible(ImageFormat::Ico)),
    at(4, b"ftypavi", Sniffed::Unreadable("an AVIF image")),
    at(4, b"ftyphe", Sniffed::Unreadable("a HEIC image")),
    at(4, b"ftypmif1", Sniffed::Unreadable("a HEIC image")),
    at(4, b"ftypmsf1", Sniffed::Unreadable("a HEIC image")),
    at(4, b"ftyp", Sniffed::Unreadable("a video or sound file")),
    at(4, b"JXL \r\n", Sniffed::Unreadable("a JPEG XL image")),
    at(0, b"\xff\x0a", Sniffed::Unreadable("a JPEG XL image")),
    at(4, b"jP  \r\n", Sniffed::Unreadable("a JPEG 2000 image")),
    at(0, b"8BPS", Sniffed::Unreadable("a Photoshop document")),
    at(0, b"%PDF-", Sniffed::Unreadable("a PDF document")),
    at(0, b"<svg", Sniffed::Unreadable("an SVG drawing")),
    at(0, b"<?xml", Sniffed::Unreadable("an XML or SVG document")),
    at(0, b"<!DOCTYPE", Sniffed::Unreadable("an HTML page")),
    at(0, b"<!doctype", Sniffed::Unreadable("an HTML page")),
    at(0, b"<html", Sniffed::Unreadable("an HTML page")),
    at(0, b"\x1f\x8b", Sniffed::Unreadable("compressed with gzip")),
    at(0, b"BM", Sniffed::Convertible(ImageFormat::Bmp)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_lie_in_the_head_and_none_hides_a_later_one() {
        for (index, signature) in SIGNATURES.iter().enumerate() {
            assert!(signature.offset + signature.magic.len() <= HEAD);
            let mut file = vec![0xaa; signature.offset];
            file.extend_from_slice(signature.magic);
            let first = SIGNATURES.iter().position(|other| other.matches(&file));
            assert_eq!(first, Some(index), "{} is found as itself", signature.magic.escape_ascii());
        }
    }

    #[test]
    fn the_label_does_not_matter_and_text_is_no_image() {
        assert_eq!(sniff(b"RIFF\x24\0\0\0WEBPVP8X"), Some(Sniffed::Sendable(Format::Webp)));
        assert_eq!(sniff(b"RIFF\x24\0\0\0WAVEfmt "), None);
        assert_eq!(sniff(b"this is not an image"), None);
        assert_eq!(sniff(b""), None);
    }
}
