//! What an image is and how large, read from the first bytes of its file.

/// A recognised image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulator) struct Image {
    pub(in crate::simulator) format: &'static str,
    pub(in crate::simulator) width: u32,
    pub(in crate::simulator) height: u32,
}

/// Looks at magic bytes and headers only; `None` for anything but a png, jpeg, gif or webp of a known size.
pub(in crate::simulator) fn sniff(bytes: &[u8]) -> Option<Image> {
    png(bytes).or_else(|| gif(bytes)).or_else(|| webp(bytes)).or_else(|| jpeg(bytes))
}

fn png(bytes: &[u8]) -> Option<Image> {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n").then_some(())?;
    Some(Image { format: "png", width: big(bytes.get(16..20)?), height: big(bytes.get(20..24)?) })
}

fn gif(bytes: &[u8]) -> Option<Image> {
    bytes.starts_with(b"GIF8").then_some(())?;
    Some(Image { format: "gif", width: little(bytes.get(6..8)?), height: little(bytes.get(8..10)?) })
}

fn webp(bytes: &[u8]) -> Option<Image> {
    (bytes.starts_with(b"RIFF") && bytes.get(8..12)? == b"WEBP").then_some(())?;
    let (width, height) = match bytes.get(12..16)? {
        b"VP8 " => (little(bytes.get(26..28)?) & 0x3fff, little(bytes.get(28..30)?) & 0x3fff),
        b"VP8L" => {
            let packed = little(bytes.get(21..25)?);
            ((packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1)
        }
        b"VP8X" => (little(bytes.get(24..27)?) + 1, little(bytes.get(27..30)?) + 1),
        _ => return None,
    };
    Some(Image { format: "webp", width, height })
}

/// Walks the segments to the frame header.
fn jpeg(bytes: &[u8]) -> Option<Image> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let (marker, after) = rest.strip_prefix(b"\xff")?.split_first()?;
        match marker {
            0xff => rest = &rest[1..],
            0x01 | 0xd0..=0xd7 => rest = after,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Some(Image { format: "jpeg", height: big(after.get(3..5)?), width: big(after.get(5..7)?) });
            }
            _ => rest = after.get(big(after.get(..2)?) as usize..)?,
        }
    }
}

fn big(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::image::{ExtendedColorType, ImageEncoder, codecs};
    use proptest::prelude::*;

    fn encoded(format: &str) -> Vec<u8> {
        let (pixels, mut out) = (vec![200u8; 64 * 48 * 3], Vec::new());
        match format {
            "png" => codecs::png::PngEncoder::new(&mut out).write_image(&pixels, 64, 48, ExtendedColorType::Rgb8),
            "jpeg" => codecs::jpeg::JpegEncoder::new(&mut out).write_image(&pixels, 64, 48, ExtendedColorType::Rgb8),
            "webp" => {
                codecs::webp::WebPEncoder::new_lossless(&mut out).write_image(&pixels, 64, 48, ExtendedColorType::Rgb8)
            }
            _ => codecs::gif::GifEncoder::new(&mut out).encode(&pixels, 64, 48, ExtendedColorType::Rgb8),
        }
        .unwrap();
        out
    }

    #[test]
    fn reads_format_and_size() {
        for format in ["png", "jpeg", "webp", "gif"] {
            assert_eq!(sniff(&encoded(format)), Some(Image { format, width: 64, height: 48 }), "{format}");
        }
        assert_eq!(sniff(b"not an image"), None);
    }

    proptest! {
        #[test]
        fn never_panics(mut bytes in proptest::collection::vec(any::<u8>(), 0..64), kind in 0..5usize) {
            let magic: &[u8] = [&b"\x89PNG\r\n\x1a\n"[..], b"GIF8", b"RIFF\0\0\0\0WEBPVP8X", b"\xff\xd8\xff", b""][kind];
            bytes.splice(0..0, magic.iter().copied());
            sniff(&bytes);
        }
    }
}
