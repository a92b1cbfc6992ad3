//! Whole images through the door: what passes, what is rebuilt, what is refused.

use std::io::Cursor;

use ::image::codecs::gif::GifEncoder;
use ::image::codecs::tiff::TiffEncoder;
use ::image::{DynamicImage, Frame, ImageEncoder, ImageFormat, Rgba, RgbaImage};
use base64_simd::STANDARD;
use proptest::prelude::*;

use super::super::source::Source;
use super::*;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../__test__/fixtures/images/", $name)).as_slice()
    };
}

fn inline(text: String) -> Result<Image> {
    match Source::parse(text)? {
        Source::Inline(inline) => prepare_inline(inline, &Limits::default()),
        Source::Remote(url) => panic!("{url} is no inline image"),
    }
}

fn bytes(bytes: &[u8]) -> Result<Image> {
    bytes_within(bytes, &Limits::default())
}

fn bytes_within(bytes: &[u8], limits: &Limits) -> Result<Image> {
    prepare_bytes(&Bytes::copy_from_slice(bytes), limits)
}

fn pixels(image: &Image) -> DynamicImage {
    let bytes = STANDARD.decode_to_vec(image.base64()).expect("base64");
    assert_eq!(bytes.len(), image.byte_len());
    let picture =
        ::image::load_from_memory_with_format(&bytes, image_format(image.format)).expect("decodes as declared");
    assert_eq!((picture.width(), picture.height()), (image.width, image.height), "declared size is that of the pixels");
    picture
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

/// Pixels that no encoder can shorten.
fn noise(width: u32, height: u32, alpha: bool) -> DynamicImage {
    let mut random = fastrand::Rng::with_seed(7);
    let picture = RgbaImage::from_fn(width, height, |_, _| {
        let [r, g, b, a] = random.u32(..).to_le_bytes();
        Rgba([r, g, b, if alpha { a } else { 255 }])
    });
    if alpha { picture.into() } else { DynamicImage::from(picture).into_rgb8().into() }
}

#[test]
fn images_within_the_limits_pass_byte_for_byte() {
    for (file, format, size) in [
        (fixture!("rgb-64x48.png"), Format::Png, (64, 48)),
        (fixture!("alpha-64x48.png"), Format::Png, (64, 48)),
        (fixture!("rgb-64x48.jpg"), Format::Jpeg, (64, 48)),
        (fixture!("rgb-64x48.webp"), Format::Webp, (64, 48)),
        (fixture!("anim-32x32.gif"), Format::Gif, (32, 32)),
        (fixture!("exact-2048x1024.png"), Format::Png, (2048, 1024)),
    ] {
        let text = STANDARD.encode_to_string(file);
        // The label is wrong for most of them, which must not matter.
        let as_url = inline(format!("data:image/gif;base64,{text}")).expect("data URL");
        for image in [as_url, inline(text.clone()).expect("base64"), bytes(file).expect("bytes")] {
            assert_eq!((image.format, (image.width, image.height)), (format, size));
            assert_eq!(image.base64(), text);
            assert!(image.notes.is_empty());
        }
    }
}

#[test]
fn large_images_are_scaled_to_the_side_limit() {
    for (file, size) in [(fixture!("large-3000x1500.png"), (2048, 1024)), (fixture!("tall-1000x4096.png"), (500, 2048))]
    {
        let image = inline(STANDARD.encode_to_string(file)).expect("prepared");
        assert_eq!((image.format, (image.width, image.height)), (Format::Png, size));
        assert!(image.notes[0].contains("scaled from"), "{:?}", image.notes);
        pixels(&image);
    }
}

#[test]
fn exif_orientation_is_applied_to_the_pixels() {
    let file = fixture!("exif6-60x40.jpg");
    let image = bytes(file).expect("prepared");
    assert_eq!((image.format, image.width, image.height), (Format::Jpeg, 40, 60));
    let stored = ::image::load_from_memory(file).expect("jpeg").into_rgb8();
    let upright = pixels(&image).into_rgb8();
    // A quarter turn to the right: what was at the left edge is at the top.
    for (x, y) in [(5, 5), (5, 34), (54, 5), (54, 34)] {
        let (before, after) = (stored.get_pixel(x, y), upright.get_pixel(39 - y, x));
        let close = before.0.iter().zip(after.0).all(|(&before, after)| before.abs_diff(after) < 24);
        assert!(close, "({x},{y}): {before:?} became {after:?}");
    }
    let again = inline(image.base64().to_owned()).expect("upright now");
    assert_eq!(again.base64(), image.base64());
}

#[test]
fn an_animation_that_fits_is_kept_even_if_it_lies_on_its_side() {
    let mut webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x0a\0\0\0\x1f\0\0\x0f\0\0".to_vec();
    webp.extend(b"EXIF\x1a\0\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0");
    let image = bytes(&webp).expect("kept");
    assert_eq!((image.format, image.width, image.height), (Format::Webp, 32, 16));
    assert_eq!(image.base64(), STANDARD.encode_to_string(&webp));
    assert!(image.notes.iter().any(|note| note.contains("orientation not applied")), "{:?}", image.notes);
}

#[test]
fn transparency_survives_scaling() {
    let mut picture = RgbaImage::from_pixel(100, 50, Rgba([10, 200, 30, 255]));
    for y in 0..50 {
        (0..50).for_each(|x| picture.put_pixel(x, y, Rgba([0, 0, 0, 0])));
    }
    let limits = Limits { max_side: 40, ..Limits::default() };
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let image = bytes_within(&encoded(&picture.clone().into(), format), &limits).expect("prepared");
        assert_eq!((image.format, image.width, image.height), (Format::Png, 40, 20));
        let scaled = pixels(&image).into_rgba8();
        assert_eq!(scaled.get_pixel(2, 10).0, [0, 0, 0, 0]);
        assert_eq!(scaled.get_pixel(37, 10).0, [10, 200, 30, 255]);
    }
}

#[test]
fn other_formats_become_png() {
    let picture = noise(20, 10, true);
    for format in [ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::Ico] {
        let image = bytes(&encoded(&picture, format)).expect("converted");
        assert_eq!(image.format, Format::Png, "{format:?}");
        assert_eq!(pixels(&image).into_rgba8(), picture.to_rgba8(), "{format:?}");
        assert!(image.notes[0].contains("converted from"), "{format:?}: {:?}", image.notes);
    }
}

#[test]
fn each_source_has_its_target_format() {
    let limits = Limits { max_side: 16, ..Limits::default() };
    for (format, target) in [
        (ImageFormat::Jpeg, Format::Jpeg),
        (ImageFormat::Png, Format::Png),
        (ImageFormat::WebP, Format::Jpeg),
        (ImageFormat::Gif, Format::Png),
        (ImageFormat::Bmp, Format::Png),
    ] {
        let image = bytes_within(&encoded(&noise(32, 20, false), format), &limits).expect("scaled");
        assert_eq!((image.format, image.width, image.height), (target, 16, 10), "{format:?}");
        pixels(&image);
    }
}

#[test]
fn frames_and_pages_that_are_left_out_are_reported() {
    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new(&mut gif);
    for colour in [[255, 0, 0, 255], [0, 0, 255, 255]] {
        encoder.encode_frame(Frame::new(RgbaImage::from_pixel(30, 30, Rgba(colour)))).expect("frame");
    }
    drop(encoder);
    let image = bytes_within(&gif, &Limits { max_side: 15, ..Limits::default() }).expect("scaled");
    assert_eq!((image.format, image.width), (Format::Png, 15));
    assert_eq!(pixels(&image).into_rgb8().get_pixel(7, 7).0, [255, 0, 0]);
    assert!(image.notes.iter().any(|note| note.contains("first frame")), "{:?}", image.notes);

    let image = bytes(&two_page_tiff()).expect("converted");
    assert!(image.notes.iter().any(|note| note.contains("first page")), "{:?}", image.notes);
}

/// A one-page TIFF with its page directory once more at the end, and a link to that.
fn two_page_tiff() -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    TiffEncoder::new(&mut file).write_image(&[9; 12], 2, 2, ::image::ExtendedColorType::Rgb8).expect("tiff");
    let mut file = file.into_inner();
    assert_eq!(bytes(&file).expect("one page").notes.len(), 1, "the conversion is told, no page is missed");
    let page = u32::from_le_bytes(file[4..8].try_into().expect("offset")) as usize;
    let entries = usize::from(u16::from_le_bytes([file[page], file[page + 1]]));
    let link = page + 2 + entries * 12;
    let directory = file[page..link + 4].to_vec();
    let second = u32::try_from(file.len()).expect("small");
    file[link..link + 4].copy_from_slice(&second.to_le_bytes());
    file.extend(directory);
    file
}

#[test]
fn too_many_bytes_are_brought_down_in_steps_that_are_reported() {
    let png = encoded(&noise(128, 128, false), ImageFormat::Png);
    let limits = Limits { max_bytes: 30_000, ..Limits::default() };
    let image = bytes_within(&png, &limits).expect("fits as JPEG");
    assert_eq!((image.format, image.width), (Format::Jpeg, 128));
    assert!(image.byte_len() <= 30_000 && image.notes.len() == 1, "{image:?}");
    pixels(&image);

    let transparent = encoded(&noise(128, 128, true), ImageFormat::Png);
    let image = bytes_within(&transparent, &limits).expect("fits when smaller");
    assert_eq!((image.format, image.width), (Format::Png, 64));
    assert!(image.notes[0].contains("64x64"), "{image:?}");

    let error = bytes_within(&png, &Limits { max_bytes: 100, ..limits }).expect_err("cannot fit");
    assert!(error.message.contains("limit is 100 bytes"), "{}", error.message);
}

#[test]
fn decompression_bombs_are_refused_before_they_are_decoded() {
    let mut bomb = fixture!("large-3000x1500.png").to_vec();
    bomb[16..20].copy_from_slice(&60_000u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&60_000u32.to_be_bytes());
    let crc = crc32fast::hash(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    let error = bytes(&bomb).expect_err("3.6 gigapixels");
    assert!(error.message.contains("60000x60000") || error.message.contains("too much memory"), "{}", error.message);

    let bmp = encoded(&noise(20, 20, false), ImageFormat::Bmp);
    let error = bytes_within(&bmp, &Limits { max_pixels: 399, ..Limits::default() }).expect_err("400 pixels");
    assert!(error.message.contains("20x20"), "{}", error.message);
}

#[test]
fn what_is_no_image_is_refused_by_name() {
    for (file, part) in [
        (fixture!("not-an-image.bin"), "this is not an image: it starts with `this is not an i`"),
        (b"\0\0\0\x20ftypheic\0\0\0\0".as_slice(), "a HEIC image"),
        (b"<!doctype html><title>404</title>", "an HTML page"),
        (b"\x89PNG\r\n\x1a\n\0\0", "cut off or broken"),
        (b"\xff\xd8\xff\xe0", "cut off or broken"),
        (b"BM, no bitmap", "broken"),
        (b"", "empty"),
    ] {
        let error = bytes(file).expect_err(part);
        assert!(error.message.contains(part), "{}", error.message);
        assert_eq!(error.kind, crate::error::Kind::InvalidImage);
    }
}

#[test]
fn debug_shows_no_bytes() {
    let image = bytes(fixture!("rgb-64x48.png")).expect("png");
    assert_eq!(format!("{image:?}"), "Image(png 64x48, 130 bytes)");
}

const SMALL: &[&[u8]] =
    &[fixture!("alpha-64x48.png"), fixture!("exif6-60x40.jpg"), fixture!("rgb-64x48.webp"), fixture!("anim-32x32.gif")];

#[test]
fn no_prefix_panics() {
    let limits = Limits { max_side: 8, ..Limits::default() };
    let others =
        [ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::Ico].map(|format| encoded(&noise(5, 4, true), format));
    for file in SMALL.iter().copied().chain(others.iter().map(Vec::as_slice)) {
        for end in (0..file.len()).step_by(1 + file.len() / 200) {
            let _ = bytes_within(&file[..end], &limits);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn broken_files_never_panic(
        file in 0..SMALL.len(),
        holes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut broken = SMALL[file].to_vec();
        for (index, value) in holes {
            let index = index.index(broken.len());
            broken[index] = value;
        }
        let _ = bytes_within(&broken, &Limits { max_side: 8, max_pixels: 1_000_000, ..Limits::default() });
    }
}
