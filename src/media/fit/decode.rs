//! Bytes to pixels, within bounds of size and memory, in one of three layouts: grey, RGB or RGBA of eight bits.

use std::io::Cursor;

use image::error::ImageError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Rgba};

use super::super::invalid;
use super::super::limits::Limits;
use super::Original;
use crate::error::{Error, Result};

/// The pixels as stored, and how they must be turned. Refuses an image of more than `limits.max_pixels` before any
/// memory is taken for it.
pub(super) fn decode(bytes: &[u8], original: &Original, limits: &Limits) -> Result<(DynamicImage, Orientation)> {
    let mut memory = memory_limits(limits);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), original.format);
    reader.limits(memory.clone());
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits.max_pixels {
        return Err(invalid(format!(
            "the image is {width}x{height}; more than {} pixels are not decoded, scale it down first",
            limits.max_pixels
        )));
    }
    memory.reserve(decoder.total_bytes()).map_err(unreadable)?;
    let orientation = match original.orientation {
        Some(orientation) => orientation,
        None => decoder.orientation().map_err(unreadable)?,
    };
    let picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    if picture.width() == 0 || picture.height() == 0 {
        return Err(invalid(format!("the image is {width}x{height}: it has no pixels")));
    }
    Ok((eight_bits(picture), orientation))
}

/// Four bytes a pixel: RGBA of eight bits.
fn memory_limits(limits: &Limits) -> image::Limits {
    let mut memory = image::Limits::no_limits();
    memory.max_alloc = Some(limits.max_pixels.saturating_mul(4));
    memory
}

/// Deeper pixels are cut to eight bits, and an alpha channel that hides nothing is dropped: models see no difference.
fn eight_bits(picture: DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => picture,
        DynamicImage::ImageLuma16(_) => picture.into_luma8().into(),
        picture if !picture.color().has_alpha() => picture.into_rgb8().into(),
        picture => {
            let rgba = picture.into_rgba8();
            let opaque = rgba.pixels().all(|&Rgba([.., alpha])| alpha == u8::MAX);
            let rgba = DynamicImage::from(rgba);
            if opaque { rgba.into_rgb8().into() } else { rgba }
        }
    }
}

fn unreadable(error: ImageError) -> Error {
    match error {
        ImageError::Limits(_) => invalid("the image needs too much memory to decode; scale it down first"),
        ImageError::Unsupported(error) => {
            invalid(format!("the image cannot be read here ({error}); save it as PNG or JPEG"))
        }
        error => invalid(format!("the image is broken: {error}")),
    }
}
