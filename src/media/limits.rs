//! What an image may be at most, and where the numbers come from.

/// Bounds of one image. The defaults hold for every model of Bedrock; a catalog row may give others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest side in pixels of what is sent; longer images are scaled to it. Default 2048: the bound that the JS
    /// package has always scaled to. (Bedrock itself refuses sides above 8000 px, Claude scales to 1568 px.)
    pub max_side: u32,
    /// Largest image in bytes, before base64. Default 3.75 MiB = 3,932,160, which is 5 MiB of base64: `ImageBlock` in
    /// the Converse user guide, "each image's size … no more than 3.75 MB".
    pub max_bytes: usize,
    /// Largest image in pixels that is decoded at all, so that a small file cannot claim gigabytes. Default 100 million,
    /// which is 400 MB of memory.
    pub max_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_side: 2048, max_bytes: 3_932_160, max_pixels: 100_000_000 }
    }
}
