//! GIF: the size of the canvas in the first bytes, then a list of blocks; two image blocks make an animation.
//! Source: GIF89a specification.

use super::super::window::Window;
use super::Header;

pub(super) fn header(image: &Window<'_>) -> Option<Header> {
    let [w0, w1, h0, h1] = image.array(6)?;
    Some(Header::upright(u16::from_le_bytes([w0, w1]).into(), u16::from_le_bytes([h0, h1]).into()))
}

pub(super) fn is_animated(image: &Window<'_>) -> bool {
    count_frames(image, 2).is_some()
}

/// `Some` once `enough` image blocks were seen.
fn count_frames(image: &Window<'_>, enough: usize) -> Option<()> {
    const HEADER: usize = 13;
    let mut offset = HEADER + color_table(image.byte(10)?);
    let mut frames = 0;
    loop {
        match image.byte(offset)? {
            // Extension: introducer, label, sub-blocks.
            0x21 => offset = skip_sub_blocks(image, offset + 2)?,
            // Image: descriptor of ten bytes, colour table, code size, sub-blocks.
            0x2c => {
                frames += 1;
                if frames == enough {
                    return Some(());
                }
                offset = skip_sub_blocks(image, offset + 11 + color_table(image.byte(offset + 9)?))?;
            }
            _trailer => return None,
        }
    }
}

/// Bytes of the colour table that a packed field announces.
fn color_table(packed: u8) -> usize {
    if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 0x07) + 1) }
}

fn skip_sub_blocks(image: &Window<'_>, mut offset: usize) -> Option<usize> {
    loop {
        let length = usize::from(image.byte(offset)?);
        offset += 1 + length;
        if length == 0 {
            return Some(offset);
        }
    }
}
