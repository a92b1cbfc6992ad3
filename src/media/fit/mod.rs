//! Rebuilding an image that may not be sent as it is: decode, scale, turn upright, encode until it is small enough.
//!
//! Metadata and colour profiles are not carried over: models read the numbers as sRGB.

mod decode;
mod encode;
mod scale;
mod tiff;

use image::metadata::Orientation;
use image::{DynamicImage, ImageFormat};

use super::base64::Base64;
use super::image::Image;
use super::invalid;
use super::limits::Limits;
use crate::error::Result;

pub(super) use tiff::has_more_pages as tiff_has_more_pages;

/// What is known of the image before it is decoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Original {
    /// What the bytes are.
    pub(super) format: ImageFormat,
    /// Orientation from its header; `None` leaves it to the decoder.
    pub(super) orientation: Option<Orientation>,
    /// Whether there are frames or pages behind the first one, which alone is kept.
    pub(super) more_frames: bool,
}

/// Formats that Bedrock does not take.
const CONVERTED: &[ImageFormat] = &[ImageFormat::Bmp, ImageFormat::Ico, ImageFormat::Tiff];

/// The first frame of `bytes` as a new PNG or JPEG within `limits`.
pub(super) fn rebuild(bytes: &[u8], original: Original, limits: &Limits) -> Result<Image> {
    let (picture, orientation) = decode::decode(bytes, &original, limits)?;
    let given = (picture.width(), picture.height());
    let size = scale::fit_inside(given, limits.max_side);
    let mut picture = scale::scale(picture, size);
    picture.apply_orientation(orientation);
    let mut notes = Vec::new();
    if size != given {
        notes.push(format!("the image was scaled from {}x{} to {}x{}", given.0, given.1, size.0, size.1));
    }
    if orientation != Orientation::NoTransforms {
        notes.push("the image was turned upright and encoded anew".to_owned());
    }
    if CONVERTED.contains(&original.format) {
        notes.push(format!("the image was converted from {}", original.format.to_mime_type()));
    }
    if original.more_frames {
        notes.push(first_frame_note(original.format));
    }
    encode_within(&picture, original.format, limits, notes)
}

fn first_frame_note(format: ImageFormat) -> String {
    let what = if format == ImageFormat::Tiff { "page" } else { "frame of the animation" };
    format!("only the first {what} was sent: the image had to be scaled or converted")
}

/// Goes down the ladder of encodings until one is within `limits.max_bytes`. The ladder is short, so this ends.
fn encode_within(
    picture: &DynamicImage,
    source: ImageFormat,
    limits: &Limits,
    mut notes: Vec<String>,
) -> Result<Image> {
    let mut smallest = usize::MAX;
    for (index, step) in encode::ladder(picture, source).iter().enumerate() {
        let size = scale::percent((picture.width(), picture.height()), step.percent);
        let bytes = match step.percent {
            100 => step.encoding.encode(picture)?,
            _ => step.encoding.encode(&scale::scale(picture.clone(), size))?,
        };
        if bytes.len() <= limits.max_bytes {
            if index > 0 {
                notes.push(format!(
                    "the image was sent as {} of {}x{} to stay within {} bytes",
                    step.encoding, size.0, size.1, limits.max_bytes
                ));
            }
            return Ok(Image::new(step.encoding.format(), size, Base64::encode(&bytes), notes));
        }
        smallest = smallest.min(bytes.len());
    }
    Err(invalid(format!(
        "the image cannot be made to fit: still {smallest} bytes at its smallest, the limit is {} bytes",
        limits.max_bytes
    )))
}
