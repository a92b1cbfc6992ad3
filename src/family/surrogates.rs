//! A character outside the basic plane, cut in half by the service: `\ud83d` at the end of one delta, `\udc4b` at the
//! beginning of the next (golden case `surrogate-pair-split-over-deltas`).
//!
//! Neither half is text, so JSON readers refuse the chunk. The first half is kept and put before the second.

/// The half that waits for the other.
#[derive(Debug, Default)]
pub struct Surrogates {
    /// Its escape, `\ud83d`.
    high: Option<[u8; 6]>,
}

/// What stands for a half that never meets the other.
const REPLACEMENT: &[u8] = b"\\ufffd";

impl Surrogates {
    /// `json` with halves joined: a lone first half is taken out and kept, a lone second half gets the one that was
    /// kept. `None` where there is nothing to join.
    pub fn join(&mut self, json: &[u8]) -> Option<Vec<u8>> {
        let mut joined = Vec::with_capacity(json.len() + 6);
        let mut changed = false;
        let mut rest = json;
        while !rest.is_empty() {
            let (token, tail) = token(rest);
            rest = tail;
            match half(token) {
                None => joined.extend_from_slice(token),
                Some((Half::High, escape)) => {
                    let (next, after) = self::token(tail);
                    if let Some((Half::Low, low)) = half(next) {
                        joined.extend([escape, low].as_flattened());
                        rest = after;
                        continue;
                    }
                    changed = true;
                    if self.high.replace(escape).is_some() {
                        joined.extend_from_slice(REPLACEMENT);
                    }
                }
                Some((Half::Low, escape)) => {
                    changed = true;
                    match self.high.take() {
                        Some(high) => joined.extend([high, escape].as_flattened()),
                        None => joined.extend_from_slice(REPLACEMENT),
                    }
                }
            }
        }
        changed.then_some(joined)
    }
}

enum Half {
    High,
    Low,
}

/// The next escape or byte, and what follows.
fn token(json: &[u8]) -> (&[u8], &[u8]) {
    let length = match json {
        [b'\\', b'u', ..] => 6,
        [b'\\', _, ..] => 2,
        _ => 1,
    };
    json.split_at(length.min(json.len()))
}

fn half(token: &[u8]) -> Option<(Half, [u8; 6])> {
    let escape: [u8; 6] = token.try_into().ok()?;
    let digits = std::str::from_utf8(escape.get(2..)?).ok()?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some((Half::High, escape)),
        0xdc00..=0xdfff => Some((Half::Low, escape)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(pieces: &[&str]) -> Vec<String> {
        let mut surrogates = Surrogates::default();
        let join = |piece: &&str| surrogates.join(piece.as_bytes()).unwrap_or_else(|| piece.as_bytes().to_vec());
        pieces.iter().map(join).map(|bytes| String::from_utf8(bytes).unwrap()).collect()
    }

    #[test]
    fn halves_in_two_chunks_meet() {
        assert_eq!(
            joined(&[r#"{"text":"Hi \ud83d"}"#, r#"{"text":"\udc4b!"}"#]),
            [r#"{"text":"Hi "}"#, r#"{"text":"\ud83d\udc4b!"}"#]
        );
    }

    #[test]
    fn whole_pairs_and_escaped_backslashes_are_left_alone() {
        for json in [r#"{"text":"\ud83d\udc4b"}"#, r#"{"text":"\\ud83d"}"#, r#"{"text":"\u00e9"}"#] {
            assert_eq!(joined(&[json]), [json]);
        }
    }

    #[test]
    fn a_half_that_stays_alone_is_replaced() {
        assert_eq!(joined(&[r#""\udc4b""#]), [r#""\ufffd""#]);
        assert_eq!(joined(&[r#""\ud83d""#, r#""\ud83d""#]), [r#""""#, r#""\ufffd""#]);
    }
}
