//! Size, orientation and animation of the four sendable formats, read from their headers alone.
//!
//! Nothing here decodes pixels or checks them: a file whose header is in order and whose pixels are not is for the
//! service to refuse.

mod gif;
mod jpeg;
mod png;
mod webp;

use image::metadata::Orientation;

use super::image::Format;
use super::window::Window;

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Width in pixels as stored, before [`Header::orientation`].
    pub(super) width: u32,
    /// Height in pixels as stored.
    pub(super) height: u32,
    /// How the stored pixels must be turned to stand upright (EXIF tag 0x0112).
    pub(super) orientation: Orientation,
}

impl Header {
    fn upright(width: u32, height: u32) -> Self {
        Header { width, height, orientation: Orientation::NoTransforms }
    }
}

/// The header of an image of `format`, or `None` when it is cut off or broken.
pub(super) fn read(format: Format, image: &Window<'_>) -> Option<Header> {
    let header = match format {
        Format::Png => png::header(image),
        Format::Jpeg => jpeg::header(image),
        Format::Gif => gif::header(image),
        Format::Webp => webp::header(image),
    }?;
    (header.width > 0 && header.height > 0).then_some(header)
}

/// Whether an image of `format` has more than one frame. For GIF this walks the whole file.
pub(super) fn is_animated(format: Format, image: &Window<'_>) -> bool {
    match format {
        Format::Png => png::is_animated(image),
        Format::Jpeg => false,
        Format::Gif => gif::is_animated(image),
        Format::Webp => webp::is_animated(image),
    }
}

/// Orientation of an EXIF block, with or without the `Exif\0\0` that JPEG puts before it.
fn exif_orientation(block: &[u8]) -> Orientation {
    let tiff = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    Orientation::from_exif_chunk(tiff).unwrap_or(Orientation::NoTransforms)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::base64::Base64;
    use super::*;

    const FILES: &[(&str, Format, &[u8], Header, bool)] = &[
        ("png", Format::Png, include_bytes!("../../../__test__/fixtures/images/alpha-64x48.png"), flat(64, 48), false),
        ("jpeg", Format::Jpeg, include_bytes!("../../../__test__/fixtures/images/rgb-64x48.jpg"), flat(64, 48), false),
        ("webp", Format::Webp, include_bytes!("../../../__test__/fixtures/images/rgb-64x48.webp"), flat(64, 48), false),
        ("gif", Format::Gif, include_bytes!("../../../__test__/fixtures/images/anim-32x32.gif"), flat(32, 32), true),
        (
            "exif",
            Format::Jpeg,
            include_bytes!("../../../__test__/fixtures/images/exif6-60x40.jpg"),
            Header { width: 60, height: 40, orientation: Orientation::Rotate90 },
            false,
        ),
    ];

    const fn flat(width: u32, height: u32) -> Header {
        Header { width, height, orientation: Orientation::NoTransforms }
    }

    #[test]
    fn headers_say_the_same_raw_and_in_base64() {
        for &(name, format, bytes, header, animated) in FILES {
            let base64 = Base64::encode(bytes);
            for window in [Window::Raw(bytes), Window::Base64(&base64)] {
                assert_eq!(read(format, &window), Some(header), "{name}");
                assert_eq!(is_animated(format, &window), animated, "{name}");
            }
        }
    }

    #[test]
    fn a_cut_file_has_its_header_or_none_but_never_a_wrong_size() {
        for &(name, format, bytes, header, _) in FILES {
            for end in 0..bytes.len() {
                let cut = Window::Raw(bytes.get(..end).unwrap_or_default());
                if let Some(found) = read(format, &cut) {
                    assert_eq!((found.width, found.height), (header.width, header.height), "{name} cut at {end}");
                }
                is_animated(format, &cut);
            }
        }
    }

    proptest! {
        #[test]
        fn broken_bytes_never_panic(file in 0..FILES.len(), holes: Vec<(prop::sample::Index, u8)>) {
            let (_, format, bytes, ..) = FILES[file];
            let mut bytes = bytes.to_vec();
            for (index, value) in holes {
                let index = index.index(bytes.len());
                bytes[index] = value;
            }
            let window = Window::Raw(&bytes);
            read(format, &window);
            is_animated(format, &window);
        }
    }
}
