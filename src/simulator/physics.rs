//! How fast an answer is spoken: the wait for the first token, tokens a second, unevenness, silences, and the size of
//! what is written at once. Pure: it says how long to wait, [`super::stream`] waits.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

/// The pace of answers. `Physics::default()` is as fast as the connection takes it, a token a frame.
/// As JSON: an object with some of these members in camelCase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Physics {
    /// Milliseconds before the first token, or before a whole answer. Default 0.
    pub time_to_first_token: u64,
    /// Tokens a second after the first. A whole answer takes as long as its tokens. Default 0: as fast as it goes.
    #[serde(deserialize_with = "not_negative")]
    pub tokens_per_second: f64,
    /// How uneven the waits are: each is longer or shorter by up to this part of itself, 0 to 1. Default 0.
    #[serde(deserialize_with = "fraction")]
    pub jitter: f64,
    /// Tokens in a piece of text, at least 1 (the default).
    pub tokens_per_chunk: usize,
    /// Silences in the middle of an answer. Default none.
    pub stalls: Vec<Stall>,
    /// Bytes of a stream written to the connection at once, wherever that cuts a frame. Default 0: whole frames.
    pub bytes_per_write: usize,
}

/// A silence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stall {
    /// Pieces of text that come before it.
    pub after: usize,
    /// How long it is, in milliseconds.
    #[serde(rename = "for")]
    pub milliseconds: u64,
}

impl Default for Physics {
    fn default() -> Physics {
        Physics {
            time_to_first_token: 0,
            tokens_per_second: 0.0,
            jitter: 0.0,
            tokens_per_chunk: 1,
            stalls: Vec::new(),
            bytes_per_write: 0,
        }
    }
}

fn not_negative<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    bounded(deserializer, f64::MAX, "0 or more")
}

fn fraction<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    bounded(deserializer, 1.0, "from 0 to 1")
}

fn bounded<'de, D: Deserializer<'de>>(deserializer: D, most: f64, wanted: &str) -> Result<f64, D::Error> {
    let number = f64::deserialize(deserializer)?;
    match (0.0..=most).contains(&number) {
        true => Ok(number),
        false => Err(serde::de::Error::custom(format!("{number} is not {wanted}"))),
    }
}

impl Physics {
    /// The wait before a whole answer of `tokens` tokens.
    pub(super) fn whole(&self, tokens: u64, random: &mut fastrand::Rng) -> Duration {
        let rest = self.per_token() * tokens.saturating_sub(1) as f64;
        seconds(uneven(self.time_to_first_token as f64 / 1000.0 + rest, self.jitter, random))
    }

    /// Seconds between two tokens.
    fn per_token(&self) -> f64 {
        if self.tokens_per_second > 0.0 { self.tokens_per_second.recip() } else { 0.0 }
    }
}

/// The pace of one answer on its way.
pub(super) struct Pace {
    first: f64,
    piece: f64,
    jitter: f64,
    stalls: VecDeque<Stall>,
    pieces: usize,
    random: fastrand::Rng,
}

impl Pace {
    pub(super) fn new(physics: &Physics, random: fastrand::Rng) -> Pace {
        let mut stalls = physics.stalls.clone();
        stalls.sort_by_key(|stall| stall.after);
        Pace {
            first: physics.time_to_first_token as f64 / 1000.0,
            piece: physics.per_token() * physics.tokens_per_chunk.max(1) as f64,
            jitter: physics.jitter,
            stalls: stalls.into(),
            pieces: 0,
            random,
        }
    }

    /// The wait before the answer begins.
    pub(super) fn start(&mut self) -> Duration {
        seconds(uneven(self.first, self.jitter, &mut self.random))
    }

    /// The wait between the piece before and the next one.
    pub(super) fn piece(&mut self) -> Duration {
        let mut wait = if self.pieces == 0 { 0.0 } else { uneven(self.piece, self.jitter, &mut self.random) };
        while let Some(stall) = self.stalls.pop_front_if(|stall| stall.after <= self.pieces) {
            wait += stall.milliseconds as f64 / 1000.0;
        }
        self.pieces += 1;
        seconds(wait)
    }
}

fn uneven(wait: f64, jitter: f64, random: &mut fastrand::Rng) -> f64 {
    if wait == 0.0 || jitter == 0.0 { wait } else { wait * (1.0 + jitter * (random.f64() * 2.0 - 1.0)) }
}

/// A time that is too long to be one is the longest there is; less than none is none.
fn seconds(wait: f64) -> Duration {
    Duration::try_from_secs_f64(wait.max(0.0)).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn physics(json: serde_json::Value) -> Physics {
        serde_json::from_value(json).unwrap()
    }

    fn random() -> fastrand::Rng {
        fastrand::Rng::with_seed(7)
    }

    #[test]
    fn pieces_come_at_the_pace_of_their_tokens() {
        let mut pace =
            Pace::new(&physics(json!({"timeToFirstToken": 300, "tokensPerSecond": 50, "tokensPerChunk": 5})), random());
        let waits = [pace.start(), pace.piece(), pace.piece(), pace.piece()].map(|wait| wait.as_millis());
        assert_eq!(waits, [300, 0, 100, 100]);
    }

    #[test]
    fn a_whole_answer_takes_as_long_as_a_stream() {
        let physics = physics(json!({"timeToFirstToken": 500, "tokensPerSecond": 100}));
        assert_eq!(physics.whole(51, &mut random()).as_millis(), 1000);
        assert_eq!(Physics::default().whole(51, &mut random()), Duration::ZERO);
    }

    #[test]
    fn silences_come_after_their_pieces() {
        let stalls = json!({"stalls": [{"after": 2, "for": 50}, {"after": 0, "for": 20}]});
        let mut pace = Pace::new(&physics(stalls), random());
        let waits = [pace.piece(), pace.piece(), pace.piece(), pace.piece()].map(|wait| wait.as_millis());
        assert_eq!(waits, [20, 0, 50, 0]);
    }

    #[test]
    fn jitter_is_bounded_even_on_average_and_follows_the_seed() {
        let uneven = physics(json!({"tokensPerSecond": 10, "jitter": 0.5}));
        let waits = || {
            let mut pace = Pace::new(&uneven, random());
            (0..500).map(|_| pace.piece().as_secs_f64()).skip(1).collect::<Vec<_>>()
        };
        assert_eq!(waits(), waits());
        assert!(waits().iter().all(|wait| (0.05..=0.15).contains(wait)));
        let mean = waits().iter().sum::<f64>() / 499.0;
        assert!((0.095..0.105).contains(&mean), "{mean}");
    }

    #[test]
    fn more_jitter_than_there_is_makes_no_wait_endless() {
        let wild = Physics { tokens_per_second: 10.0, jitter: 5.0, ..Physics::default() };
        assert!((0..100).all(|seed| wild.whole(2, &mut fastrand::Rng::with_seed(seed)) < Duration::from_secs(1)));
    }

    #[test]
    fn nonsense_is_refused() {
        for wrong in [json!({"jitter": 2}), json!({"tokensPerSecond": -1}), json!({"speed": 1})] {
            assert!(serde_json::from_value::<Physics>(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
