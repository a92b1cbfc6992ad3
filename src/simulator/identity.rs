//! Names that an answer carries: request ids, message ids, creation time. All from one seeded generator and one clock.

use std::fmt::Write as _;

const ALPHANUMERIC: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The random names of one answer.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    /// A version 4 uuid.
    pub(super) uuid: String,
    /// 22 letters and digits, as in `msg_bdrk_01…`.
    pub(super) token: String,
    /// Seconds since 1970.
    pub(super) created: u64,
}

impl Identity {
    pub(super) fn new(random: &mut fastrand::Rng, created: u64) -> Identity {
        Identity { uuid: uuid(random), token: token(random, 22), created }
    }

    /// A further name of the same answer: `length` letters and digits.
    pub(super) fn nth_token(&self, nth: usize, length: usize) -> String {
        token(&mut self.nth(nth), length)
    }

    /// A further uuid of the same answer.
    pub(super) fn nth_uuid(&self, nth: usize) -> String {
        uuid(&mut self.nth(nth))
    }

    fn nth(&self, nth: usize) -> fastrand::Rng {
        let seed = u64::from(crc32fast::hash(self.token.as_bytes()));
        fastrand::Rng::with_seed(seed << 32 | nth as u64)
    }
}

/// A random version 4 uuid, as AWS spells request ids.
pub(super) fn uuid(random: &mut fastrand::Rng) -> String {
    let bits = (random.u128(..) & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    let mut out = String::with_capacity(36);
    for (at, digit) in hex.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        out.push(digit);
    }
    out
}

/// `length` random letters and digits.
pub(super) fn token(random: &mut fastrand::Rng, length: usize) -> String {
    (0..length).map(|_| char::from(ALPHANUMERIC[random.usize(..ALPHANUMERIC.len())])).collect()
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_names_differ_and_follow_the_first() {
        let identity = Identity::new(&mut fastrand::Rng::with_seed(1), 0);
        assert_ne!(identity.nth_token(0, 22), identity.nth_token(1, 22));
        assert_eq!(identity.nth_uuid(3), identity.clone().nth_uuid(3));
        assert_ne!(identity.nth_uuid(0), identity.uuid);
    }

    #[test]
    fn uuids_are_version_four_and_follow_the_seed() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..50 {
            let id = uuid(&mut random);
            assert_eq!((id.len(), &id[14..15]), (36, "4"), "{id}");
            assert!("89ab".contains(&id[19..20]), "{id}");
        }
        assert_eq!(uuid(&mut fastrand::Rng::with_seed(5)), uuid(&mut fastrand::Rng::with_seed(5)));
    }
}
