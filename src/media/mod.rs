//! Images and files on their way into a request: understood, bounded, converted; remote ones fetched behind one guarded door.
//!
//! ```text
//! text of the caller ── Source::parse ──┬─ Inline ─────────────── prepare_inline ──┐
//!                                       └─ Remote ── Fetcher ─── prepare_bytes ──┴─ Image ── request body
//! ```
//!
//! - The type of an image is what its first bytes say (`sniff.rs`), never its label.
//! - An image within the [`Limits`] passes through byte for byte: its base64 text is checked and kept, not decoded.
//! - Any other is decoded, turned upright, scaled and encoded (`fit/`). What that costs beyond size is in
//!   [`Image::notes`].
//! - Documents, video and sound pass through as they are, under the format that their bytes tell (`file/`).
//! - [`prepare_inline`] and [`prepare_bytes`] are plain functions that can take tens of milliseconds of CPU when an image
//!   has to be rebuilt: on an async runtime call them in `tokio::task::spawn_blocking`.
//! - Only [`fetch`] opens connections. Nothing here knows a model: its limits come in as [`Limits`].

mod base64;
pub mod fetch;
mod file;
mod fit;
mod header;
mod image;
mod limits;
mod permit;
mod prepare;
mod reach;
mod sniff;
mod source;
mod window;

pub use fetch::{FetchLimits, Fetcher};
pub use file::{FileClass, ReadyFile, about_a_file, prepare_file_bytes, prepare_file_inline};
pub use image::{Format, Image};
pub use limits::Limits;
pub use permit::{Permit, Remote};
pub use prepare::{prepare_bytes, prepare_inline};
pub use reach::Reach;
pub use source::{Inline, Source};

use crate::error::{Error, Kind};

/// Standard base64 of `bytes`.
pub fn encode_base64(bytes: &[u8]) -> String {
    base64_simd::STANDARD.encode_to_string(bytes)
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(Kind::InvalidImage, message)
}
