//! Films of pictures: an MP4 whose frames are JPEGs, one a second.
//!
//! Boxes as in ISO/IEC 14496-12; the sample entry `jpeg` is QuickTime's Motion JPEG.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};

use super::picture;
use crate::simulator::exception::Exception;

/// What a film shows, and for how long.
pub(super) struct Scene {
    pub(super) prompt: String,
    pub(super) seed: u64,
    pub(super) seconds: u32,
}

/// Units of time a second.
const TIMESCALE: u32 = 24;

/// The bytes of a film.
pub(super) fn shoot(scenes: &[Scene], width: u32, height: u32) -> Result<Vec<u8>, Exception> {
    let mut frames = Vec::new();
    for scene in scenes {
        for second in 0..scene.seconds {
            // The shapes stay while the light moves: a seed a second.
            let seed = scene.seed.wrapping_mul(1000) + u64::from(second);
            let picture = DynamicImage::ImageRgba8(picture::paint(&scene.prompt, &[], seed, width, height));
            let mut jpeg = Cursor::new(Vec::new());
            let written = DynamicImage::ImageRgb8(picture.into_rgb8()).write_to(&mut jpeg, ImageFormat::Jpeg);
            written.map_err(|error| Exception::new("InternalServerException", error.to_string()))?;
            frames.push(jpeg.into_inner());
        }
    }
    Ok(file(&frames, width, height))
}

fn file(frames: &[Vec<u8>], width: u32, height: u32) -> Vec<u8> {
    let mut out = boxed(b"ftyp", &[b"isom", &u32s(&[512]), b"isom", b"iso2", b"mp41"]);
    let first = out.len() as u32 + 8;
    out.extend(boxed(b"mdat", &frames.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    out.extend(movie(frames, first, width, height));
    out
}

fn movie(frames: &[Vec<u8>], first: u32, width: u32, height: u32) -> Vec<u8> {
    let duration = frames.len() as u32 * TIMESCALE;
    let matrix = u32s(&[0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000]);
    let header = full(
        b"mvhd",
        0,
        &[
            &u32s(&[0, 0, TIMESCALE, duration, 0x1_0000]),
            &u16s(&[0x100, 0]),
            &u32s(&[0, 0]),
            &matrix,
            &[0; 24],
            &u32s(&[2]),
        ],
    );
    let track_header = full(
        b"tkhd",
        7,
        &[&u32s(&[0, 0, 1, 0, duration, 0, 0]), &u16s(&[0; 4]), &matrix, &u32s(&[width << 16, height << 16])],
    );
    let media_header = full(b"mdhd", 0, &[&u32s(&[0, 0, TIMESCALE, duration]), &u16s(&[0x55c4, 0])]);
    let handler = full(b"hdlr", 0, &[&u32s(&[0]), b"vide", &u32s(&[0; 3]), b"pictures\0"]);
    let references = boxed(b"dinf", &[&full(b"dref", 0, &[&u32s(&[1]), &full(b"url ", 1, &[])])]);
    let video =
        boxed(b"minf", &[&full(b"vmhd", 1, &[&u16s(&[0; 4])]), &references, &samples(frames, first, width, height)]);
    let media = boxed(b"mdia", &[&media_header, &handler, &video]);
    boxed(b"moov", &[&header, &boxed(b"trak", &[&track_header, &media])])
}

/// Where the frames are and how long each is shown.
fn samples(frames: &[Vec<u8>], first: u32, width: u32, height: u32) -> Vec<u8> {
    let count = frames.len() as u32;
    let entry = boxed(
        b"jpeg",
        &[
            &[0; 6],
            &u16s(&[1, 0, 0]),
            &[0; 12],
            &u16s(&[width as u16, height as u16]),
            &u32s(&[0x48_0000, 0x48_0000, 0]),
            &u16s(&[1]),
            &[0; 32],
            &u16s(&[24, 0xffff]),
        ],
    );
    let sizes: Vec<u32> = frames.iter().map(|frame| frame.len() as u32).collect();
    boxed(
        b"stbl",
        &[
            &full(b"stsd", 0, &[&u32s(&[1]), &entry]),
            &full(b"stts", 0, &[&u32s(&[1, count, TIMESCALE])]),
            &full(b"stsc", 0, &[&u32s(&[1, 1, count, 1])]),
            &full(b"stsz", 0, &[&u32s(&[0, count]), &u32s(&sizes)]),
            &full(b"stco", 0, &[&u32s(&[1, first])]),
        ],
    )
}

fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [&u32s(&[content.len() as u32 + 8]), kind.as_slice(), &content].concat()
}

/// A box with version 0 and flags.
fn full(kind: &[u8; 4], flags: u32, parts: &[&[u8]]) -> Vec<u8> {
    boxed(kind, &[&u32s(&[flags]), &parts.concat()])
}

fn u32s(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

fn u16s(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kind and content of the boxes in a row.
    fn boxes(mut bytes: &[u8]) -> Vec<(String, &[u8])> {
        let mut found = Vec::new();
        while let Some((head, _)) = bytes.split_at_checked(8) {
            let size = u32::from_be_bytes(head[..4].try_into().unwrap()) as usize;
            let (this, rest) = bytes.split_at(size);
            found.push((String::from_utf8_lossy(&head[4..]).into_owned(), &this[8..]));
            bytes = rest;
        }
        assert!(bytes.is_empty());
        found
    }

    fn inside<'a>(bytes: &'a [u8], path: &[&str]) -> &'a [u8] {
        path.iter().fold(bytes, |bytes, name| boxes(bytes).into_iter().find(|(kind, _)| kind == name).unwrap().1)
    }

    #[test]
    fn a_film_holds_a_picture_for_every_second_where_its_tables_say() {
        let film = shoot(&[Scene { prompt: "a cat".into(), seed: 1, seconds: 3 }], 64, 48).unwrap();
        let kinds: Vec<String> = boxes(&film).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["ftyp", "mdat", "moov"]);
        let table = |name: &str| {
            let table = inside(&film, &["moov", "trak", "mdia", "minf", "stbl", name]);
            table.chunks(4).map(|word| u32::from_be_bytes(word.try_into().unwrap())).collect::<Vec<_>>()
        };
        let (sizes, offsets) = (table("stsz"), table("stco"));
        assert_eq!((sizes[2], offsets[1], table("stts")[1..].to_vec()), (3, 1, vec![1, 3, TIMESCALE]));
        let mut at = offsets[2] as usize;
        for size in &sizes[3..] {
            let frame = image::load_from_memory(&film[at..at + *size as usize]).unwrap();
            assert_eq!((frame.width(), frame.height()), (64, 48));
            at += *size as usize;
        }
    }
}
