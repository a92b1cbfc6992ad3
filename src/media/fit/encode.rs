//! Pixels to bytes, and the ladder of encodings to go down while the bytes are too many.

use std::fmt;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageFormat};

use super::super::image::Format;
use crate::error::{Error, Kind, Result};

/// How pixels are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Lossless, with transparency.
    Png,
    /// At a quality of 1 to 100, opaque pictures only.
    Jpeg(u8),
}

/// One rung: how to encode, and at what share of the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) encoding: Encoding,
    pub(super) percent: u32,
}

const fn step(encoding: Encoding, percent: u32) -> Step {
    Step { encoding, percent }
}

/// Opaque pictures. Those that came lossless start with PNG; for the others it would only add bytes.
const OPAQUE: &[Step] = &[
    step(Encoding::Png, 100),
    step(Encoding::Jpeg(90), 100),
    step(Encoding::Jpeg(80), 100),
    step(Encoding::Jpeg(70), 75),
    step(Encoding::Jpeg(70), 50),
    step(Encoding::Jpeg(70), 25),
];

/// Pictures with transparency, which only PNG keeps.
const TRANSPARENT: &[Step] =
    &[step(Encoding::Png, 100), step(Encoding::Png, 75), step(Encoding::Png, 50), step(Encoding::Png, 25)];

/// The rungs for a picture that came as `source`, best first. WebP counts as lossy here, which most of it is.
pub(super) fn ladder(picture: &DynamicImage, source: ImageFormat) -> &'static [Step] {
    if picture.color().has_alpha() {
        return TRANSPARENT;
    }
    match source {
        ImageFormat::Jpeg | ImageFormat::WebP => OPAQUE.get(1..).unwrap_or(OPAQUE),
        _ => OPAQUE,
    }
}

impl Encoding {
    pub(super) fn format(self) -> Format {
        match self {
            Encoding::Png => Format::Png,
            Encoding::Jpeg(_) => Format::Jpeg,
        }
    }

    pub(super) fn encode(self, picture: &DynamicImage) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let written = match self {
            Encoding::Png => picture.write_with_encoder(PngEncoder::new_with_quality(
                &mut bytes,
                CompressionType::Fast,
                FilterType::Adaptive,
            )),
            Encoding::Jpeg(quality) => picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)),
        };
        // The layouts that `decode` leaves are those that both encoders take.
        written.map_err(|error| Error::new(Kind::Internal, format!("cannot encode the image as {self}: {error}")))?;
        Ok(bytes)
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Encoding::Png => f.write_str("PNG"),
            Encoding::Jpeg(quality) => write!(f, "JPEG (quality {quality})"),
        }
    }
}
