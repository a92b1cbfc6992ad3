//! JPEG: a list of segments; the size is in the frame header, the orientation in an EXIF segment before it.
//! Source: ITU-T T.81, annex B.

use image::metadata::Orientation;

use super::super::window::Window;
use super::{Header, exif_orientation};

pub(super) fn header(image: &Window<'_>) -> Option<Header> {
    let mut orientation = None;
    // Behind the start-of-image marker.
    let mut offset = 2;
    loop {
        let [0xff, marker] = image.array::<2>(offset)? else {
            return None;
        };
        if is_fill_or_standalone(marker) {
            offset += if marker == 0xff { 1 } else { 2 };
            continue;
        }
        let length = usize::from(u16::from_be_bytes(image.array(offset + 2)?));
        if is_frame_header(marker) {
            let [_precision, h1, h0, w1, w0] = image.array(offset + 4)?;
            return Some(Header {
                width: u16::from_be_bytes([w1, w0]).into(),
                height: u16::from_be_bytes([h1, h0]).into(),
                orientation: orientation.unwrap_or(Orientation::NoTransforms),
            });
        }
        if is_end(marker) || length < 2 {
            return None;
        }
        if marker == APP1 && orientation.is_none() && image.array(offset + 4) == Some(*b"Exif\0\0") {
            orientation = Some(exif_orientation(&image.read(offset + 4, length - 2)));
        }
        offset += 2 + length;
    }
}

const APP1: u8 = 0xe1;

/// 0xff pads before a marker; TEM and RSTn have no length.
fn is_fill_or_standalone(marker: u8) -> bool {
    matches!(marker, 0xff | 0x01 | 0xd0..=0xd7)
}

/// SOF0 to SOF15 without DHT, JPG and DAC, which lie between them.
fn is_frame_header(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// End of image, or start of the pixels: no frame header comes behind it.
fn is_end(marker: u8) -> bool {
    matches!(marker, 0xd9 | 0xda)
}
