//! The picture of a prompt: drawn, not dreamt. A gradient, and a shape for each word of the prompt.
//!
//! A word has a form and a colour of its own; where it stands follows from the seed. So the same prompt and seed give
//! the same picture, another seed the same shapes elsewhere, another prompt other shapes. The colours that a prompt
//! names are the colours of the gradient.

use image::{Rgba, RgbaImage};
use sha2::{Digest, Sha256};

/// Most shapes in a picture.
const MOST_SHAPES: usize = 24;

/// Words for colours.
const COLOURS: &[(&str, [u8; 3])] = &[
    ("black", [20, 20, 20]),
    ("blue", [40, 80, 220]),
    ("brown", [120, 75, 40]),
    ("green", [40, 160, 70]),
    ("grey", [128, 128, 128]),
    ("gray", [128, 128, 128]),
    ("orange", [240, 140, 30]),
    ("pink", [245, 150, 190]),
    ("purple", [130, 60, 170]),
    ("red", [215, 40, 40]),
    ("white", [245, 245, 245]),
    ("yellow", [240, 215, 50]),
];

/// A shape: where it is and how large, as shares of the picture's shorter side.
struct Shape {
    form: u8,
    colour: [u8; 3],
    x: f32,
    y: f32,
    size: f32,
}

/// Draws the picture of a prompt. `palette` are the colours to use; without them the prompt's are.
pub(super) fn paint(prompt: &str, palette: &[[u8; 3]], seed: u64, width: u32, height: u32) -> RgbaImage {
    let words: Vec<String> = super::vector::words_of(prompt).collect();
    let (first, last) = gradient(prompt, &words, palette);
    let mut random = fastrand::Rng::with_seed(seed);
    let angle = random.f32() * std::f32::consts::TAU;
    let (across, down) = (angle.cos(), angle.sin());
    let shapes: Vec<Shape> = words.iter().take(MOST_SHAPES).map(|word| shape(word, palette, &mut random)).collect();
    let side = width.min(height).max(1) as f32;
    let (middle_x, middle_y) = (width as f32 / 2.0, height as f32 / 2.0);
    let reach = (middle_x * across.abs() + middle_y * down.abs()).max(1.0);
    RgbaImage::from_fn(width, height, |x, y| {
        let (from_x, from_y) = (x as f32 - middle_x, y as f32 - middle_y);
        let share = 0.5 + (from_x * across + from_y * down) / reach / 2.0;
        let ground = mixed(first, last, share);
        // Later shapes lie on top.
        let on_top = shapes.iter().rev().find(|shape| shape.covers(from_x / side, from_y / side));
        let [red, green, blue] = on_top.map_or(ground, |shape| mixed(ground, shape.colour, 0.85));
        Rgba([red, green, blue, 255])
    })
}

fn gradient(prompt: &str, words: &[String], palette: &[[u8; 3]]) -> ([u8; 3], [u8; 3]) {
    let named =
        words.iter().filter_map(|word| COLOURS.iter().find(|(name, _)| name == word)).map(|(_, colour)| *colour);
    let chosen: Vec<[u8; 3]> = if palette.is_empty() { named.collect() } else { palette.to_vec() };
    match chosen.as_slice() {
        [] => (colour_of(prompt, 0), colour_of(prompt, 3)),
        [only] => (mixed(*only, [255; 3], 0.15), mixed(*only, [0; 3], 0.15)),
        [first, .., last] => (*first, *last),
    }
}

fn shape(word: &str, palette: &[[u8; 3]], random: &mut fastrand::Rng) -> Shape {
    let digest = Sha256::digest(word);
    let form = digest.first().copied().unwrap_or_default();
    let chosen = palette.get(usize::from(form) % palette.len().max(1)).copied();
    Shape {
        form: form % 4,
        colour: chosen.unwrap_or_else(|| colour_of(word, 1)),
        x: random.f32() - 0.5,
        y: random.f32() - 0.5,
        size: 0.04 + 0.1 * random.f32(),
    }
}

impl Shape {
    fn covers(&self, x: f32, y: f32) -> bool {
        let (x, y) = (x - self.x, y - self.y);
        let from_middle = (x * x + y * y).sqrt();
        match self.form {
            0 => from_middle < self.size,
            1 => x.abs() < self.size && y.abs() < self.size,
            2 => (self.size * 0.6..self.size).contains(&from_middle),
            _ => y.abs() < self.size && x.abs() < (self.size + y) / 2.0,
        }
    }
}

/// Three bytes of the text's SHA-256.
fn colour_of(text: &str, at: usize) -> [u8; 3] {
    let digest = Sha256::digest(text);
    std::array::from_fn(|channel| digest.get(at + channel).copied().unwrap_or_default())
}

/// The colour a share of the way from one to the other.
pub(super) fn mixed(from: [u8; 3], to: [u8; 3], share: f32) -> [u8; 3] {
    let share = share.clamp(0.0, 1.0);
    let mut channels =
        from.into_iter().zip(to).map(|(from, to)| f32::from(from) * (1.0 - share) + f32::from(to) * share);
    std::array::from_fn(|_| channels.next().unwrap_or_default() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompt_seed_and_size_make_the_picture() {
        let picture = paint("a cat on a mat", &[], 7, 64, 48);
        assert_eq!(picture.dimensions(), (64, 48));
        assert_eq!(picture, paint("a cat on a mat", &[], 7, 64, 48));
        assert_ne!(picture, paint("a cat on a mat", &[], 8, 64, 48));
        assert_ne!(picture, paint("a dog on a mat", &[], 7, 64, 48));
    }

    #[test]
    fn colours_in_the_prompt_are_in_the_picture() {
        let mean = |picture: RgbaImage, channel: usize| {
            picture.pixels().map(|pixel| u64::from(pixel.0[channel])).sum::<u64>() / u64::from(64u32 * 64)
        };
        let red = paint("red", &[], 1, 64, 64);
        assert!(mean(red.clone(), 0) > 150 && mean(red, 2) < 120);
        let blue = paint("anything", &[[0, 0, 255]], 1, 64, 64);
        assert!(mean(blue.clone(), 2) > 200 && mean(blue, 0) < 60);
    }
}
