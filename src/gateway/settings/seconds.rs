//! A duration as settings write it: a number of seconds.

use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest that makes sense anywhere: a week.
const MOST: f64 = 7.0 * 24.0 * 3600.0;
/// The shortest of a limit that cannot be switched off.
const SHORTEST: Duration = Duration::from_millis(1);

/// Seconds, in JSON and TOML a number from 0 to 604,800.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seconds(Duration);

impl Seconds {
    /// So many.
    pub const fn whole(seconds: u64) -> Seconds {
        Seconds(Duration::from_secs(seconds))
    }

    /// So many thousandths.
    pub const fn thousandths(millis: u64) -> Seconds {
        Seconds(Duration::from_millis(millis))
    }

    /// As a duration.
    pub fn duration(self) -> Duration {
        self.0
    }

    /// As a time to wait; for 0 the longest.
    pub fn or_longest(self) -> Duration {
        self.unless_zero().unwrap_or(Duration::from_secs(MOST as u64))
    }

    /// As a duration; `None` for 0, which switches off what it is for.
    pub fn unless_zero(self) -> Option<Duration> {
        (!self.0.is_zero()).then_some(self.0)
    }
}

/// Seconds that must be some.
pub(super) fn above_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Seconds, D::Error> {
    let seconds = Seconds::deserialize(deserializer)?;
    let some = Some(seconds).filter(|seconds| seconds.duration() >= SHORTEST);
    some.ok_or_else(|| D::Error::custom("expected seconds, from 0.001 to 604800"))
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let seconds = self.0.as_secs_f64();
        if seconds.fract() == 0.0 {
            return serializer.serialize_u64(self.0.as_secs());
        }
        serializer.serialize_f64(seconds)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        let duration = Some(seconds).filter(|seconds| (0.0..=MOST).contains(seconds));
        let duration = duration.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        duration.map(Seconds).ok_or_else(|| D::Error::custom("expected seconds, from 0 to 604800"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, from_value, json, to_value};

    #[test]
    fn numbers_of_seconds_are_read_and_written() {
        let read = |given: Value| from_value::<Seconds>(given);
        assert_eq!(read(json!(1.5)).unwrap().duration(), Duration::from_millis(1500));
        assert_eq!(to_value(read(json!(30)).unwrap()).unwrap(), json!(30));
        assert_eq!(read(json!(0)).unwrap().unless_zero(), None);
        for wrong in [json!(-1), json!(1e300), json!("5"), json!(604_801)] {
            assert!(read(wrong).is_err());
        }
        assert!(above_zero(json!(0)).is_err() && above_zero(json!(0.001)).is_ok());
    }
}
