//! The decision: does an image pass through as it is, or must it be rebuilt?

use bytes::Bytes;
use image::ImageFormat;
use image::metadata::Orientation;

use super::base64::Base64;
use super::fit::{Original, rebuild};
use super::header::{self, Header};
use super::image::{Format, Image};
use super::limits::Limits;
use super::sniff::{HEAD, Sniffed, sniff};
use super::source::Inline;
use super::window::Window;
use super::{fit, invalid};
use crate::error::Result;

/// An image that came with the request. One that passes through costs a check of its base64 and a look at its header;
/// its text is taken over. CPU-bound otherwise: see the module's notes.
pub fn prepare_inline(inline: Inline, limits: &Limits) -> Result<Image> {
    let base64 = inline.into_base64()?;
    match plan(&Window::Base64(&base64), limits)? {
        Plan::Keep(kept) => Ok(kept.with(base64)),
        Plan::Rebuild(original) => rebuild(&base64.decode(), original, limits),
    }
}

/// An image as bytes, for example fetched. CPU-bound: see the module's notes.
pub fn prepare_bytes(bytes: &Bytes, limits: &Limits) -> Result<Image> {
    if bytes.is_empty() {
        return Err(invalid("the image is empty: no bytes"));
    }
    match plan(&Window::Raw(bytes), limits)? {
        Plan::Keep(kept) => Ok(kept.with(Base64::encode(bytes))),
        Plan::Rebuild(original) => rebuild(bytes, original, limits),
    }
}

enum Plan {
    Keep(Kept),
    Rebuild(Original),
}

struct Kept {
    format: Format,
    header: Header,
    notes: Vec<String>,
}

impl Kept {
    fn with(self, base64: Base64) -> Image {
        Image::new(self.format, (self.header.width, self.header.height), base64, self.notes)
    }
}

fn plan(image: &Window<'_>, limits: &Limits) -> Result<Plan> {
    let head = image.read(0, HEAD);
    match sniff(&head) {
        Some(Sniffed::Sendable(format)) => plan_sendable(format, image, limits),
        Some(Sniffed::Convertible(format)) => Ok(Plan::Rebuild(Original {
            format,
            orientation: None,
            more_frames: format == ImageFormat::Tiff && fit::tiff_has_more_pages(image),
        })),
        Some(Sniffed::Unreadable(name)) => {
            Err(invalid(format!("the image is {name}; send PNG, JPEG, GIF, WebP, BMP, TIFF or ICO")))
        }
        None => Err(invalid(format!(
            "this is not an image: it starts with `{}`; send PNG, JPEG, GIF, WebP, BMP, TIFF or ICO",
            head.escape_ascii()
        ))),
    }
}

fn plan_sendable(format: Format, image: &Window<'_>, limits: &Limits) -> Result<Plan> {
    let Some(header) = header::read(format, image) else {
        return Err(invalid(format!("the {format} image is cut off or broken: its header does not tell its size")));
    };
    let fits = header.width.max(header.height) <= limits.max_side && image.len() <= limits.max_bytes;
    let upright = header.orientation == Orientation::NoTransforms;
    if fits && upright {
        return Ok(Plan::Keep(Kept { format, header, notes: Vec::new() }));
    }
    let animated = header::is_animated(format, image);
    // Turning an animation would leave one frame of it: the frames are worth more than the turn.
    if fits && animated {
        let notes = vec!["the animation was sent as stored, its EXIF orientation not applied".to_owned()];
        return Ok(Plan::Keep(Kept { format, header, notes }));
    }
    Ok(Plan::Rebuild(Original {
        format: image_format(format),
        orientation: Some(header.orientation),
        more_frames: animated,
    }))
}

fn image_format(format: Format) -> ImageFormat {
    match format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Gif => ImageFormat::Gif,
        Format::Webp => ImageFormat::WebP,
    }
}

#[cfg(test)]
mod tests;
