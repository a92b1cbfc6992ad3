//! Identifiers of tool calls: the caller's where the model takes them, else ones made from them.
//!
//! Facts: `ToolUseBlock` of Converse (1 to 64 of `[a-zA-Z0-9_.:-]`); Mistral's models take nine letters or digits. What is
//! made is the same in every request, so that a prompt cache holds.

use std::borrow::Cow;

const MOST: usize = 64;
const SHORT: usize = 9;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The id as it is sent for the `occurrence`-th call (from 0) that bears it: ids must be unique in a conversation, and
/// some clients count from 0 in every turn.
pub(super) fn sent(id: &str, occurrence: u32, short: bool) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || (!short && b"_.:-".contains(&byte));
    let fits = if short { id.len() == SHORT } else { (1..=MOST).contains(&id.len()) };
    if fits && occurrence == 0 && id.bytes().all(plain) {
        return Cow::Borrowed(id);
    }
    let digest = hash(id, occurrence);
    Cow::Owned(if short { digits(digest, SHORT) } else { format!("call_{}", digits(digest, 11)) })
}

/// FNV-1a, 64 bits.
fn hash(id: &str, occurrence: u32) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    if occurrence == 0 { hash } else { occurrence.to_le_bytes().into_iter().fold(hash, step) }
}

fn digits(mut number: u64, count: usize) -> String {
    let mut digit = || {
        let index = usize::try_from(number % 62).unwrap_or_default();
        number /= 62;
        char::from(DIGITS.get(index).copied().unwrap_or(b'0'))
    };
    (0..count).map(|_| digit()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_fit_are_kept_and_others_are_made_the_same_way_each_time() {
        assert_eq!(sent("call_abc.1:2-3", 0, false), "call_abc.1:2-3");
        assert_eq!(sent("a1B2c3D4e", 0, true), "a1B2c3D4e");
        for (id, occurrence, short) in [
            ("", 0, false),
            ("a b", 0, false),
            (&"x".repeat(65), 0, false),
            ("call_1", 1, false),
            ("call_abc", 0, true),
        ] {
            let made = sent(id, occurrence, short).into_owned();
            assert_eq!(made, sent(id, occurrence, short));
            assert!(made.len() == if short { 9 } else { 16 }, "{made}");
            assert!(made.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{made}");
        }
        assert_ne!(sent("call_1", 1, false), sent("call_1", 2, false));
        assert_ne!(sent("call_a", 0, true), sent("call_b", 0, true));
    }
}
