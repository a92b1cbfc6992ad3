//! WebP: a RIFF file whose first chunk tells the size in one of three ways: lossy, lossless or extended.
//! Source: RFC 9649.

use super::super::window::Window;
use super::{Header, exif_orientation};

const FIRST_CHUNK: usize = 12;
const FIRST_DATA: usize = FIRST_CHUNK + 8;
const HAS_EXIF: u8 = 0x08;
const HAS_ANIMATION: u8 = 0x02;
/// More than any writer puts into EXIF; the orientation stands near its start.
const EXIF_HEAD: usize = 64 * 1024;

pub(super) fn header(image: &Window<'_>) -> Option<Header> {
    match &image.array::<4>(FIRST_CHUNK)? {
        b"VP8 " => lossy(image),
        b"VP8L" => lossless(image),
        b"VP8X" => extended(image),
        _ => None,
    }
}

pub(super) fn is_animated(image: &Window<'_>) -> bool {
    extended_flags(image).is_some_and(|flags| flags & HAS_ANIMATION != 0)
}

/// A VP8 key frame: a tag of three bytes, a start code, width and height in 14 bits each (above them the scale).
fn lossy(image: &Window<'_>) -> Option<Header> {
    let [0x9d, 0x01, 0x2a, w0, w1, h0, h1] = image.array(FIRST_DATA + 3)? else {
        return None;
    };
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
    Some(Header::upright(side(w0, w1), side(h0, h1)))
}

/// A signature byte, then width - 1 and height - 1 in 14 bits each.
fn lossless(image: &Window<'_>) -> Option<Header> {
    let [0x2f, b0, b1, b2, b3] = image.array(FIRST_DATA)? else {
        return None;
    };
    let bits = u32::from_le_bytes([b0, b1, b2, b3]);
    Some(Header::upright((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
}

/// Flags, three reserved bytes, width - 1 and height - 1 in 24 bits each.
fn extended(image: &Window<'_>) -> Option<Header> {
    let [w0, w1, w2, h0, h1, h2] = image.array(FIRST_DATA + 4)?;
    let side = |low, middle, high| u32::from_le_bytes([low, middle, high, 0]) + 1;
    let upright = Header::upright(side(w0, w1, w2), side(h0, h1, h2));
    if extended_flags(image)? & HAS_EXIF == 0 {
        return Some(upright);
    }
    let Some((data, length)) = find(image, b"EXIF") else {
        return Some(upright);
    };
    Some(Header { orientation: exif_orientation(&image.read(data, length.min(EXIF_HEAD))), ..upright })
}

fn extended_flags(image: &Window<'_>) -> Option<u8> {
    (&image.array::<4>(FIRST_CHUNK)? == b"VP8X").then(|| image.byte(FIRST_DATA)).flatten()
}

/// Offset and length of the data of the first chunk called `name`.
fn find(image: &Window<'_>, name: &[u8; 4]) -> Option<(usize, usize)> {
    let mut offset = FIRST_CHUNK;
    loop {
        let chunk: [u8; 4] = image.array(offset)?;
        let length = usize::try_from(u32::from_le_bytes(image.array(offset + 4)?)).ok()?;
        let data = offset + 8;
        if &chunk == name {
            return Some((data, length));
        }
        // Chunks are padded to an even length.
        offset = data.checked_add(length)?.checked_add(length % 2)?;
    }
}
