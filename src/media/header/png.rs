//! PNG: a list of chunks; the size is in IHDR, the orientation in eXIf, an animation is announced by acTL.
//! Only the chunks before the pixels are looked at. Source: W3C PNG, third edition.

use super::super::window::Window;
use super::{Header, exif_orientation};

/// More than any writer puts into eXIf; the orientation stands near its start.
const EXIF_HEAD: usize = 64 * 1024;

pub(super) fn header(image: &Window<'_>) -> Option<Header> {
    let (data, _) = find(image, b"IHDR")?;
    let width = u32::from_be_bytes(image.array(data)?);
    let height = u32::from_be_bytes(image.array(data + 4)?);
    let upright = Header::upright(width, height);
    let Some((data, length)) = find(image, b"eXIf") else {
        return Some(upright);
    };
    Some(Header { orientation: exif_orientation(&image.read(data, length.min(EXIF_HEAD))), ..upright })
}

pub(super) fn is_animated(image: &Window<'_>) -> bool {
    find(image, b"acTL").is_some()
}

/// Offset and length of the data of the first chunk called `name` before the pixels.
fn find(image: &Window<'_>, name: &[u8; 4]) -> Option<(usize, usize)> {
    // Behind the signature.
    let mut offset = 8usize;
    loop {
        let length = usize::try_from(u32::from_be_bytes(image.array(offset)?)).ok()?;
        let chunk: [u8; 4] = image.array(offset + 4)?;
        let data = offset + 8;
        match &chunk {
            found if found == name => return Some((data, length)),
            b"IDAT" | b"IEND" => return None,
            _ => offset = data.checked_add(length)?.checked_add(4)?,
        }
    }
}
