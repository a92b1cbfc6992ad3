//! A key as it is kept: its SHA-256, from which nobody gets it back.
//!
//! A key of [`new_key`] has 256 random bits, so that a fast hash is as safe as a slow one: there is no list of likely keys
//! to try. A word that people make up is not; docs/gateway-keys.md says so.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::crypto::ring::default_provider;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::error::{Error, Kind, Result};

const PREFIX: &str = "sha256:";

/// SHA-256 of a key, written `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// Of a key in the clear.
    pub fn of(key: &str) -> KeyHash {
        KeyHash(Sha256::digest(key.as_bytes()).into())
    }
}

/// A key that nobody has: `sk-bw-` and 43 letters that stand for 256 random bits.
pub fn new_key() -> Result<String> {
    let mut bytes = [0; 32];
    let missing = |_| Error::new(Kind::Internal, "The system gives no random bytes.");
    default_provider().secure_random.fill(&mut bytes).map_err(missing)?;
    Ok(format!("sk-bw-{}", URL_SAFE_NO_PAD.encode(bytes)))
}

impl FromStr for KeyHash {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<KeyHash, &'static str> {
        let wrong = "expected `sha256:` and 64 hexadecimal digits, as `bedrock-wrapper hash-key` prints them";
        let digits = text.trim().strip_prefix(PREFIX).ok_or(wrong)?.as_bytes();
        let mut hash = [0; 32];
        let (pairs, rest) = digits.as_chunks::<2>();
        if pairs.len() != hash.len() || !rest.is_empty() {
            return Err(wrong);
        }
        for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
            let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            *byte = digit(*high).ok_or(wrong)? << 4 | digit(*low).ok_or(wrong)?;
        }
        Ok(KeyHash(hash))
    }
}

impl fmt::Display for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Serialize for KeyHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<KeyHash, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-2, appendix B.1.
    const ABC: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_hash_is_read_as_it_is_written() {
        let hash = KeyHash::of("abc");
        assert_eq!(hash.to_string(), ABC);
        assert_eq!(ABC.parse(), Ok(hash));
        assert_eq!(format!("sha256:{}", ABC[7..].to_uppercase()).parse(), Ok(hash));
        assert_eq!(format!("{hash:?}"), "(hidden)");
        for wrong in ["", "sha256:", &ABC[7..], &ABC[..70], &format!("{ABC}0"), &ABC.replace("ba", "xy"), "sha256:é"] {
            assert!(wrong.parse::<KeyHash>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn new_keys_are_long_and_no_two_are_the_same() {
        let (one, other) = (new_key().unwrap(), new_key().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), "sk-bw-".len() + 43);
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    }
}
