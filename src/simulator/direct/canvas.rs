//! Pictures in and out of bodies, and what the editing tasks do with them.

use std::io::Cursor;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::imageops::{self, FilterType};
use image::{DynamicImage, GrayImage, ImageFormat, ImageReader, Limits, Luma, Rgba, RgbaImage};

use super::picture::mixed;
use crate::simulator::exception::Exception;
use crate::simulator::native::body::{decode, decode_data_url};
use crate::simulator::wording;

/// Longest side and most memory of a picture that is read.
const LONGEST_SIDE: u32 = 8192;
const MOST_MEMORY: u64 = 256 << 20;
/// How far a colour may be from that of the corner to be background.
const NEAR: i32 = 60;

/// The picture in a base64 member, `place` in the refusal of one that is none.
pub(super) fn read(base64: &str, place: &str) -> Result<RgbaImage, Exception> {
    let bytes = if base64.starts_with("data:") { decode_data_url(base64) } else { decode(base64) };
    let refuse = || wording::NO_PICTURE.refuse(&[&place]);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| refuse())?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    reader.decode().map(DynamicImage::into_rgba8).map_err(|_| refuse())
}

/// The picture as base64; JPEG has no transparency.
pub(super) fn write(picture: RgbaImage, format: ImageFormat) -> Result<String, Exception> {
    let opaque = format == ImageFormat::Jpeg || picture.pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let picture = DynamicImage::ImageRgba8(picture);
    let picture = if opaque { DynamicImage::ImageRgb8(picture.into_rgb8()) } else { picture };
    let mut bytes = Cursor::new(Vec::new());
    let written = picture.write_to(&mut bytes, format);
    written.map_err(|error| Exception::new("InternalServerException", error.to_string()))?;
    Ok(BASE64_STANDARD.encode(bytes.into_inner()))
}

/// The picture in another size.
pub(super) fn resized(picture: &RgbaImage, width: u32, height: u32) -> RgbaImage {
    match picture.dimensions() == (width, height) {
        true => picture.clone(),
        false => imageops::resize(picture, width, height, FilterType::Triangle),
    }
}

/// A picture over another, of which `share` shows.
pub(super) fn over(below: &RgbaImage, above: &RgbaImage, share: f32) -> RgbaImage {
    blend(below, above, |_, _| share)
}

/// A picture where the mask is black, another where it is white.
pub(super) fn masked(black: &RgbaImage, white: &RgbaImage, mask: &RgbaImage) -> RgbaImage {
    let mask = imageops::grayscale(&resized(mask, black.width(), black.height()));
    blend(black, white, |x, y| f32::from(mask.get_pixel(x, y).0[0]) / 255.0)
}

/// A mask of what a mask prompt would find: an oval in the middle, black.
pub(super) fn middle(width: u32, height: u32) -> RgbaImage {
    let mask = GrayImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32 / width as f32 - 0.5, y as f32 / height as f32 - 0.5);
        Luma([if x * x + y * y < 0.09 { 0 } else { 255 }])
    });
    DynamicImage::ImageLuma8(mask).into_rgba8()
}

/// The picture without what has the colour of its top left corner.
pub(super) fn without_background(mut picture: RgbaImage) -> RgbaImage {
    let corner = picture.get_pixel_checked(0, 0).copied().unwrap_or(Rgba([0; 4]));
    for pixel in picture.pixels_mut() {
        let apart: i32 = (0..3).map(|channel| (i32::from(pixel.0[channel]) - i32::from(corner.0[channel])).abs()).sum();
        if apart < NEAR {
            pixel.0[3] = 0;
        }
    }
    picture
}

fn blend(below: &RgbaImage, above: &RgbaImage, share: impl Fn(u32, u32) -> f32) -> RgbaImage {
    RgbaImage::from_fn(below.width(), below.height(), |x, y| {
        let Some(top) = above.get_pixel_checked(x, y) else { return *below.get_pixel(x, y) };
        let [red, green, blue, alpha] = below.get_pixel(x, y).0;
        let [top_red, top_green, top_blue, _] = top.0;
        let [red, green, blue] = mixed([red, green, blue], [top_red, top_green, top_blue], share(x, y));
        Rgba([red, green, blue, alpha])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(colour: [u8; 4]) -> RgbaImage {
        RgbaImage::from_pixel(8, 8, Rgba(colour))
    }

    #[test]
    fn pictures_survive_the_way_out_and_in() {
        let picture = plain([10, 20, 30, 255]);
        for format in [ImageFormat::Png, ImageFormat::WebP] {
            assert_eq!(read(&write(picture.clone(), format).unwrap(), "image").unwrap(), picture);
        }
        let clear = plain([10, 20, 30, 0]);
        assert_eq!(read(&write(clear.clone(), ImageFormat::Png).unwrap(), "image").unwrap(), clear);
        assert!(read(&write(clear, ImageFormat::Jpeg).unwrap(), "image").is_ok());
        assert!(read("AAAA", "image").unwrap_err().message.contains("image"));
    }

    #[test]
    fn masks_choose_between_two_pictures() {
        let (black, white) = (plain([0, 0, 0, 255]), plain([255, 255, 255, 255]));
        assert_eq!(masked(&black, &white, &black), black);
        assert_eq!(masked(&black, &white, &white), white);
        assert_eq!(over(&black, &white, 0.5).get_pixel(0, 0).0[0], 127);
        assert_eq!(without_background(white).get_pixel(3, 3).0[3], 0);
    }
}
