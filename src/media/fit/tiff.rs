//! Whether a TIFF has pages behind its first: each page ends with the offset of the next. Source: TIFF 6.0, section 2.

use super::super::window::Window;

/// `false` also for a file that is cut off.
pub(in super::super) fn has_more_pages(image: &Window<'_>) -> bool {
    next_page(image).is_some_and(|offset| offset != 0)
}

fn next_page(image: &Window<'_>) -> Option<u32> {
    let big_endian = &image.array::<2>(0)? == b"MM";
    let long = |offset| image.array(offset).map(if big_endian { u32::from_be_bytes } else { u32::from_le_bytes });
    let short = |offset| image.array(offset).map(if big_endian { u16::from_be_bytes } else { u16::from_le_bytes });
    let page = usize::try_from(long(4)?).ok()?;
    let entries = usize::from(short(page)?);
    const ENTRY: usize = 12;
    long(page + 2 + entries * ENTRY)
}
