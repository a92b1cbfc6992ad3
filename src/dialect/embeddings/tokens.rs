//! OpenAI's tokens back into text: inputs may be given as the tokens of cl100k_base, which Bedrock's models do not know.
//!
//! The vocabulary (`cl100k.bin`, made by `scripts/cl100k.py` from tiktoken's, MIT) is part of the program and unpacked at
//! the first use: 430 KB into 740 KB.

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::DeflateDecoder;

const PACKED: &[u8] = include_bytes!("cl100k.bin");

/// Tokens of the vocabulary; special ones come after them.
const TOKENS: usize = 100_256;

/// Tokens that stand for no text of the caller (tiktoken's `cl100k_base`).
const SPECIAL: &[(u64, &str)] = &[
    (100_257, "<|endoftext|>"),
    (100_258, "<|fim_prefix|>"),
    (100_259, "<|fim_middle|>"),
    (100_260, "<|fim_suffix|>"),
    (100_276, "<|endofprompt|>"),
];

struct Vocabulary {
    bytes: Vec<u8>,
    /// Where each token's bytes end in `bytes`.
    ends: Vec<u32>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut unpacked = Vec::new();
    // The file is part of the program and a test reads it all: were it broken, no token would be known.
    let complete = DeflateDecoder::new(PACKED).read_to_end(&mut unpacked).is_ok() && unpacked.len() >= TOKENS;
    let bytes = if complete { unpacked.split_off(TOKENS) } else { Vec::new() };
    let add = |end: &mut u32, length: &u8| {
        *end += u32::from(*length);
        Some(*end)
    };
    let ends = unpacked.iter().scan(0, add).collect();
    Vocabulary { bytes, ends }
});

/// The bytes of a token; `None` where cl100k_base has no such token.
pub(super) fn bytes(token: u64) -> Option<&'static [u8]> {
    if let Some((_, text)) = SPECIAL.iter().find(|(special, _)| *special == token) {
        return Some(text.as_bytes());
    }
    let index = usize::try_from(token).ok()?;
    let vocabulary: &'static Vocabulary = &VOCABULARY;
    let end = *vocabulary.ends.get(index)?;
    let start = index.checked_sub(1).and_then(|before| vocabulary.ends.get(before)).copied().unwrap_or(0);
    vocabulary.bytes.get(start as usize..end as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(tokens: &[u64]) -> String {
        let bytes: Vec<u8> = tokens.iter().flat_map(|token| bytes(*token).unwrap()).copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Tokens as tiktoken's `cl100k_base` makes them.
    #[test]
    fn tokens_are_the_text_that_tiktoken_made_them_of() {
        assert_eq!(text(&[9906, 11, 1917, 0]), "Hello, world!");
        assert_eq!(text(&[83, 1609, 5963, 374, 2294, 0]), "tiktoken is great!");
        assert_eq!(text(&[6600, 2448, 24352, 9608, 65994, 2312, 28584, 220, 57668, 53901]), "Grüße aus Köln 🙂 你好");
        assert_eq!(text(&[100_255]), " Conveyor");
        assert_eq!(text(&[9906, 100_257]), "Hello<|endoftext|>");
    }

    #[test]
    fn every_token_has_bytes_and_no_other_number_does() {
        assert!((0..TOKENS as u64).all(|token| bytes(token).is_some_and(|bytes| !bytes.is_empty())));
        assert_eq!(VOCABULARY.bytes.len(), 643_830);
        for unknown in [100_256, 100_261, 100_277, u64::MAX] {
            assert_eq!(bytes(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_packed_vocabulary_stays_small() {
        assert!(PACKED.len() < 500_000, "{} bytes", PACKED.len());
    }
}
