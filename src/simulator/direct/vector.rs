//! Deterministic vectors that mean a little: texts that share words are near each other.
//!
//! Every word has a direction of its own, drawn from its SHA-256. A text's vector is the sum of its words' directions,
//! each weighted by how often it occurs (logarithmically) and a little by its length, and of a faint direction of the
//! text as a whole, so that two orders of the same words are near but not the same. Words are compared without case.
//! So cosine similarity is 1 for equal texts, high for texts with common words, and about 0 for texts without.
//! Pictures and sounds have the direction of their bytes: equal files are equal, others are unrelated.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// Weight of the direction of the text as a whole, beside 1 for a word.
const WHOLE: f32 = 0.25;
/// Longest list of different words that is looked at; the rest adds nothing.
const MOST_WORDS: usize = 2000;

/// The vector of a text, not normalised.
pub(in crate::simulator) fn of_text(text: &str, dimensions: usize) -> Vec<f32> {
    let mut words: BTreeMap<String, u32> = BTreeMap::new();
    for word in words_of(text).take(MOST_WORDS) {
        *words.entry(word).or_default() += 1;
    }
    let mut sum = vec![0.0; dimensions];
    for (word, times) in &words {
        let weight = (1.0 + (*times as f32).ln()) * (0.5 + (word.chars().count().min(10) as f32) / 10.0);
        add_direction(&mut sum, word.as_bytes(), weight);
    }
    add_direction(&mut sum, text.as_bytes(), WHOLE);
    sum
}

/// The vector of something that is not text, not normalised.
pub(super) fn of_bytes(bytes: &[u8], dimensions: usize) -> Vec<f32> {
    let mut sum = vec![0.0; dimensions];
    add_direction(&mut sum, bytes, 1.0);
    sum
}

/// The words of a text, without case.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// The sum of two vectors of one length.
pub(super) fn sum(left: &[f32], right: &[f32]) -> Vec<f32> {
    left.iter().zip(right).map(|(left, right)| left + right).collect()
}

/// The vector of length one in the same direction.
pub(super) fn normalised(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
    vector
}

/// Numbers as they are written: eight decimals.
pub(super) fn written(vector: &[f32]) -> Vec<f64> {
    vector.iter().map(|value| (f64::from(*value) * 1e8).round() / 1e8).collect()
}

/// Numbers from −127 to 127, the greatest of the vector at the end of the range.
pub(super) fn as_int8(vector: &[f32]) -> Vec<i64> {
    let greatest = vector.iter().fold(0.0f32, |most, value| most.max(value.abs()));
    let scale = if greatest > 0.0 { 127.0 / greatest } else { 0.0 };
    vector.iter().map(|value| (value * scale).round() as i64).collect()
}

/// A bit a number, set where it is positive, eight in a byte, the first highest.
pub(super) fn as_bits(vector: &[f32]) -> Vec<u8> {
    let byte = |chunk: &[f32]| chunk.iter().fold(0u8, |byte, value| byte << 1 | u8::from(*value > 0.0));
    vector.chunks(8).map(byte).collect()
}

/// Adds the direction of `name`: evenly distributed numbers of variance `1 / dimensions`, so of length about one.
fn add_direction(sum: &mut [f32], name: &[u8], weight: f32) {
    let digest = Sha256::digest(name);
    let seed = digest.iter().take(8).fold(0u64, |seed, byte| seed << 8 | u64::from(*byte));
    let mut random = fastrand::Rng::with_seed(seed);
    let scale = weight * (12.0 / sum.len().max(1) as f32).sqrt();
    sum.iter_mut().for_each(|value| *value += (random.f32() - 0.5) * scale);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cosine(left: &str, right: &str) -> f32 {
        let (left, right) = (normalised(of_text(left, 512)), normalised(of_text(right, 512)));
        left.iter().zip(&right).map(|(left, right)| left * right).sum()
    }

    #[test]
    fn texts_that_share_words_are_nearer() {
        let query = "how do I reset my password";
        let near = cosine(query, "Reset a forgotten password");
        let far = cosine(query, "Shipping takes three days");
        assert!(near > 0.35 && far < 0.15, "{near} {far}");
        assert!((cosine(query, query) - 1.0).abs() < 1e-5);
        let turned = cosine("dog bites man", "man bites dog");
        assert!(turned > 0.9 && turned < 0.999, "{turned}");
    }

    #[test]
    fn vectors_have_the_length_asked_for_and_length_one() {
        for dimensions in [256, 1024, 3072] {
            let vector = normalised(of_text("Hello", dimensions));
            let length: f32 = vector.iter().map(|value| value * value).sum();
            assert!(vector.len() == dimensions && (length - 1.0).abs() < 1e-4, "{dimensions} {length}");
        }
        assert_eq!(of_bytes(b"x", 8), of_bytes(b"x", 8));
        assert_ne!(of_bytes(b"x", 8), of_bytes(b"y", 8));
    }

    #[test]
    fn quantised_vectors_keep_signs() {
        let vector = [0.5, -0.25, 0.1, -0.1, 0.2, 0.3, -0.4, 0.01];
        assert_eq!(as_int8(&vector)[..2], [127, -64]);
        assert_eq!(as_bits(&vector), [0b1010_1101]);
    }
}
