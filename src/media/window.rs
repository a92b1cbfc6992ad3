//! Random access to the bytes of an image, whether they are raw or still base64: headers are read without decoding the
//! rest.

use super::base64::Base64;

/// An image's bytes as a header reader sees them.
#[derive(Clone, Copy)]
pub(super) enum Window<'a> {
    /// Decoded where looked at.
    Base64(&'a Base64),
    /// At hand.
    Raw(&'a [u8]),
}

impl Window<'_> {
    /// Size of the image in bytes.
    pub(super) fn len(&self) -> usize {
        match self {
            Window::Base64(base64) => base64.decoded_len(),
            Window::Raw(bytes) => bytes.len(),
        }
    }

    /// The bytes from `offset`, `len` of them or as many as there are.
    pub(super) fn read(&self, offset: usize, len: usize) -> Vec<u8> {
        match self {
            Window::Base64(base64) => base64.decode_range(offset, len),
            Window::Raw(bytes) => bytes.iter().skip(offset).take(len).copied().collect(),
        }
    }

    /// Exactly `N` bytes from `offset`, or `None` past the end.
    pub(super) fn array<const N: usize>(&self, offset: usize) -> Option<[u8; N]> {
        self.read(offset, N).try_into().ok()
    }

    /// The byte at `offset`.
    pub(super) fn byte(&self, offset: usize) -> Option<u8> {
        self.array::<1>(offset).map(|[byte]| byte)
    }
}
