//! Base64 text that is known to be valid, standard and padded. Kept as text: what passes through is never decoded.

use std::fmt;
use std::sync::Arc;

use base64_simd::{STANDARD, forgiving_decode_to_vec};
use percent_encoding::percent_decode_str;

/// Valid standard base64, perhaps the tail of a longer text (a data URL). Cloning shares the text.
#[derive(Clone)]
pub(super) struct Base64 {
    /// `Arc<String>` and not `Arc<str>`: the caller's string is taken over without a copy of its megabytes.
    text: Arc<String>,
    start: usize,
}

impl Base64 {
    /// The base64 in `text` from byte `start`. White space, missing padding, the URL-safe alphabet and `%XX` escapes are
    /// put right; a text that is in order already is kept as it is.
    pub(super) fn check(text: Arc<String>, start: usize) -> Result<Self, Fault> {
        let payload = text.get(start..).unwrap_or_default();
        if STANDARD.check(payload.as_bytes()).is_ok() {
            return Ok(Base64 { text, start });
        }
        decode_tolerantly(payload).map(|bytes| Base64::encode(&bytes))
    }

    pub(super) fn encode(bytes: &[u8]) -> Self {
        Base64 { text: Arc::new(STANDARD.encode_to_string(bytes)), start: 0 }
    }

    pub(super) fn as_str(&self) -> &str {
        self.text.get(self.start..).unwrap_or_default()
    }

    /// The text alone; the caller's own where nobody else holds it.
    pub(super) fn into_string(self) -> String {
        let start = self.start;
        let mut text = Arc::try_unwrap(self.text).unwrap_or_else(|shared| shared.as_str().to_owned());
        text.drain(..start.min(text.len()));
        text
    }

    pub(super) fn decoded_len(&self) -> usize {
        let text = self.as_str();
        let padding = text.bytes().rev().take(2).filter(|&byte| byte == b'=').count();
        (text.len() / 4 * 3).saturating_sub(padding)
    }

    /// The bytes from `offset`, `len` of them or as many as there are. Decodes no more than the groups they lie in.
    pub(super) fn decode_range(&self, offset: usize, len: usize) -> Vec<u8> {
        let text = self.as_str().as_bytes();
        let first_group = offset / 3;
        let last_group = offset.saturating_add(len).div_ceil(3);
        let end = last_group.saturating_mul(4).min(text.len());
        let Some(groups) = text.get(first_group.saturating_mul(4)..end) else {
            return Vec::new();
        };
        // Whole groups of a checked text are valid by themselves.
        let mut bytes = STANDARD.decode_to_vec(groups).unwrap_or_default();
        bytes.drain(..(offset - first_group * 3).min(bytes.len()));
        bytes.truncate(len);
        bytes
    }

    pub(super) fn decode(&self) -> Vec<u8> {
        self.decode_range(0, self.decoded_len())
    }
}

/// Why a text is not base64.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A character outside the alphabet, and its byte offset.
    Character(char, usize),
    /// One character is left over, which is no whole byte.
    CutOff,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Character(character, offset) => {
                write!(f, "character {character:?} at offset {offset} is not base64")
            }
            Fault::CutOff => f.write_str("it ends in the middle of a byte; the data is cut off"),
        }
    }
}

fn decode_tolerantly(text: &str) -> Result<Vec<u8>, Fault> {
    let unescaped;
    let text = if text.contains('%') {
        unescaped = percent_decode_str(text).decode_utf8_lossy();
        unescaped.as_ref()
    } else {
        text
    };
    let body = text.trim_end_matches(|last: char| last == '=' || last.is_ascii_whitespace());
    let standard: Vec<u8> = body.bytes().map(to_standard_alphabet).collect();
    forgiving_decode_to_vec(&standard).map_err(|_| find_fault(body))
}

fn to_standard_alphabet(byte: u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    }
}

fn find_fault(text: &str) -> Fault {
    let in_alphabet = |letter: char| letter.is_ascii_alphanumeric() || "+/-_".contains(letter);
    text.char_indices()
        .find(|&(_, letter)| !in_alphabet(letter) && !letter.is_ascii_whitespace())
        .map_or(Fault::CutOff, |(offset, letter)| Fault::Character(letter, offset))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str) -> Result<Base64, Fault> {
        Base64::check(Arc::new(text.to_owned()), 0)
    }

    #[test]
    fn what_is_in_order_is_kept_and_the_rest_is_put_right() {
        let text = Arc::new("data:,+/+/".to_owned());
        let kept = Base64::check(Arc::clone(&text), 6).expect("valid");
        assert!(Arc::ptr_eq(&kept.text, &text), "no copy");
        for crooked in ["+/+/", "-_-_", "+/\r\n+/\n", "%2B%2F+/"] {
            assert_eq!(check(crooked).expect(crooked).as_str(), "+/+/");
        }
        for (crooked, straight) in [("YQ", "YQ=="), ("YQ=", "YQ=="), ("YR==", "YQ=="), ("YWI=\n", "YWI=")] {
            assert_eq!(check(crooked).expect(crooked).as_str(), straight);
        }
    }

    #[test]
    fn faults_are_located() {
        for (text, fault) in [
            ("YWJj\u{e4}", Fault::Character('\u{e4}', 4)),
            ("YW=jZGVm", Fault::Character('=', 2)),
            ("YWJ%zz", Fault::Character('%', 3)),
            ("YWJjZ", Fault::CutOff),
        ] {
            assert_eq!(check(text).map(|_| ()), Err(fault), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_range_is_the_same_as_slicing_the_whole(bytes: Vec<u8>, offset in 0usize..300, len in 0usize..300) {
            let base64 = Base64::encode(&bytes);
            prop_assert_eq!(base64.decoded_len(), bytes.len());
            prop_assert_eq!(base64.decode(), &bytes[..]);
            let expected: Vec<u8> = bytes.iter().skip(offset).take(len).copied().collect();
            prop_assert_eq!(base64.decode_range(offset, len), expected);
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = check(&text);
        }
    }
}
