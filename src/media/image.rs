//! An image that is ready for a request body, and the four formats that Bedrock takes.

use std::fmt;

use super::base64::Base64;

/// The image formats of Bedrock: `ImageFormat` in the Converse API, `image/…` in the native bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// PNG, APNG included.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF, animated or not.
    Gif,
    /// WebP, animated or not.
    Webp,
}

impl Format {
    /// The value of Converse's `image.format`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Format::Png => "png",
            Format::Jpeg => "jpeg",
            Format::Gif => "gif",
            Format::Webp => "webp",
        }
    }

    /// The media type, as in `media_type` or a data URL.
    pub const fn mime(self) -> &'static str {
        match self {
            Format::Png => "image/png",
            Format::Jpeg => "image/jpeg",
            Format::Gif => "image/gif",
            Format::Webp => "image/webp",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An image within the limits, upright, with its true format. Cloning shares the bytes.
#[derive(Clone)]
pub struct Image {
    /// What the bytes are.
    pub format: Format,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What was lost on the way here beyond size, in sentences for the caller's warnings. Empty for most images.
    pub notes: Vec<String>,
    base64: Base64,
}

impl Image {
    pub(super) fn new(format: Format, (width, height): (u32, u32), base64: Base64, notes: Vec<String>) -> Self {
        Image { format, width, height, notes, base64 }
    }

    /// The image in standard base64 with padding: letters, digits, `+`, `/`, `=`, so it needs no escaping in JSON.
    pub fn base64(&self) -> &str {
        self.base64.as_str()
    }

    /// Size of the image in bytes, before base64.
    pub fn byte_len(&self) -> usize {
        self.base64.decoded_len()
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({} {}x{}, {} bytes", self.format, self.width, self.height, self.byte_len())?;
        self.notes.iter().try_for_each(|note| write!(f, ", {note}"))?;
        f.write_str(")")
    }
}
