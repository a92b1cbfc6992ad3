//! Sizes and scaling. Never enlarges.

use image::imageops::FilterType;
use image::{DynamicImage, Rgba, RgbaImage};

/// Width and height in pixels.
type Size = (u32, u32);

/// The size with its longer side at most `max_side`, at the same aspect, rounded to whole pixels.
pub(super) fn fit_inside((width, height): Size, max_side: u32) -> Size {
    let longest = width.max(height);
    if longest <= max_side {
        return (width, height);
    }
    (ratio(width, max_side, longest), ratio(height, max_side, longest))
}

/// `percent` of a size.
pub(super) fn percent((width, height): Size, percent: u32) -> Size {
    (ratio(width, percent, 100), ratio(height, percent, 100))
}

/// `length * part / whole`, rounded, at least one pixel.
fn ratio(length: u32, part: u32, whole: u32) -> u32 {
    let scaled = (u64::from(length) * u64::from(part) + u64::from(whole) / 2) / u64::from(whole.max(1));
    u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
}

/// The picture at a smaller size; the same picture when it has that size.
pub(super) fn scale(picture: DynamicImage, size: Size) -> DynamicImage {
    if size == (picture.width(), picture.height()) {
        return picture;
    }
    match picture {
        DynamicImage::ImageRgba8(mut rgba) => {
            weight_by_alpha(&mut rgba);
            let mut scaled = shrink(rgba.into(), size).into_rgba8();
            unweight_by_alpha(&mut scaled);
            scaled.into()
        }
        opaque => shrink(opaque, size),
    }
}

/// A far larger picture is first averaged down to twice the size, which is quick and needs little memory; the good filter
/// does the rest.
fn shrink(picture: DynamicImage, (width, height): Size) -> DynamicImage {
    const FAR: u32 = 4;
    let far = picture.width() / FAR > width || picture.height() / FAR > height;
    let near = if far {
        let twice = |side: u32, have: u32| side.saturating_mul(2).min(have);
        picture.thumbnail_exact(twice(width, picture.width()), twice(height, picture.height()))
    } else {
        picture
    };
    near.resize_exact(width, height, FilterType::Lanczos3)
}

/// Multiplies colour by alpha, so that the invisible colour of transparent pixels does not bleed into their neighbours.
fn weight_by_alpha(picture: &mut RgbaImage) {
    for Rgba([red, green, blue, alpha]) in picture.pixels_mut() {
        for channel in [red, green, blue] {
            *channel = fraction(*channel, *alpha, u8::MAX);
        }
    }
}

fn unweight_by_alpha(picture: &mut RgbaImage) {
    for Rgba([red, green, blue, alpha]) in picture.pixels_mut() {
        for channel in [red, green, blue] {
            *channel = fraction(*channel, u8::MAX, *alpha);
        }
    }
}

/// `value * part / whole`, rounded; 0 of nothing.
fn fraction(value: u8, part: u8, whole: u8) -> u8 {
    let (value, part, whole) = (u32::from(value), u32::from(part), u32::from(whole));
    u8::try_from((value * part + whole / 2).checked_div(whole).unwrap_or(0)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_are_those_of_the_js_package() {
        assert_eq!(fit_inside((3000, 1500), 2048), (2048, 1024));
        assert_eq!(fit_inside((1000, 4096), 2048), (500, 2048));
        assert_eq!(fit_inside((2048, 1024), 2048), (2048, 1024));
        assert_eq!(fit_inside((60_000, 1), 2048), (2048, 1));
    }

    #[test]
    fn invisible_colour_does_not_bleed() {
        let mut picture = RgbaImage::from_pixel(64, 64, Rgba([255, 0, 0, 0]));
        for x in 0..32 {
            for y in 0..64 {
                picture.put_pixel(x, y, Rgba([0, 0, 255, 255]));
            }
        }
        let scaled = scale(picture.into(), (20, 20)).into_rgba8();
        for Rgba([red, _, blue, alpha]) in scaled.pixels() {
            assert!(*red == 0 && (*blue == 255 || *alpha < 8), "red {red} blue {blue} alpha {alpha}");
        }
    }

    #[test]
    fn far_larger_and_very_flat_pictures_come_out_at_their_size() {
        for (from, to) in [((4000, 3), (200, 1)), ((1, 900), (1, 100)), ((900, 900), (10, 10))] {
            let scaled = scale(DynamicImage::new_rgb8(from.0, from.1), to);
            assert_eq!((scaled.width(), scaled.height()), to);
        }
    }

    proptest! {
        #[test]
        fn a_fitted_size_is_inside_and_never_larger(width in 1u32.., height in 1u32.., max_side in 1u32..10_000) {
            let (w, h) = fit_inside((width, height), max_side);
            prop_assert!(w >= 1 && h >= 1 && w <= width && h <= height);
            prop_assert!(w.max(h) <= max_side.max(1));
        }
    }
}
