//! What a key may have, and what a request is going to take of it.

use std::time::SystemTime;

use crate::gateway::settings::{KeySettings, NANOS, Period};

/// The most that a request is taken to cost: sums of it are exact in Redis' scripts too, whose numbers are doubles, so that
/// nobody sets a budget back by asking for more than there is.
pub(super) const MOST: Cost = Cost { tokens: 100_000_000, nanos: 1_000_000_000_000 };

/// The limits of a key. At least one of them is set.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::gateway) struct Quota {
    /// Requests a minute.
    pub(super) requests: Option<u64>,
    /// Tokens a minute.
    pub(super) tokens: Option<u64>,
    /// Requests at the same time.
    pub(super) concurrency: Option<u64>,
    /// Tokens in a period.
    pub(super) budget_tokens: Option<u64>,
    /// Thousand-millionths of a dollar in a period.
    pub(super) budget_nanos: Option<u64>,
    pub(super) period: Period,
}

/// What a request is taken to cost until it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) tokens: u64,
    /// Thousand-millionths of a dollar.
    pub(super) nanos: u64,
}

/// A moment as counters see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Now {
    /// Milliseconds since 1970.
    pub(super) millis: u64,
    /// Number of the period that budgets are in: it grows.
    pub(super) period: u64,
}

impl Quota {
    /// That of a key; `None` where nothing is limited.
    pub(in crate::gateway) fn of(key: &KeySettings) -> Option<Quota> {
        let quota = Quota {
            requests: key.requests_per_minute,
            tokens: key.tokens_per_minute,
            concurrency: key.concurrency,
            budget_tokens: key.budget_tokens,
            budget_nanos: key.budget_usd.map(|dollars| (dollars * NANOS) as u64),
            period: key.budget_period,
        };
        let limits = [quota.requests, quota.tokens, quota.concurrency, quota.budget_tokens, quota.budget_nanos];
        limits.iter().any(Option::is_some).then_some(quota)
    }

    /// Whether what it has costs dollars.
    pub(in crate::gateway) fn has_price(&self) -> bool {
        self.budget_nanos.is_some()
    }

    /// What is set aside for a request: what the estimate says beyond a whole minute's tokens would never be admitted.
    pub(super) fn reserve(&self, estimate: Cost) -> Cost {
        let most = self.tokens.map_or(MOST.tokens, |limit| limit.min(MOST.tokens));
        Cost { tokens: estimate.tokens.clamp(1, most), nanos: estimate.nanos.min(MOST.nanos) }
    }

    pub(super) fn now(&self, time: SystemTime) -> Now {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let days = since.as_secs() / (24 * 60 * 60);
        let period = match self.period {
            Period::Day => days,
            Period::Month => month(days),
            Period::Total => 0,
        };
        Now { millis: u64::try_from(since.as_millis()).unwrap_or(u64::MAX), period }
    }
}

/// Months since year 0 of the Gregorian calendar, from days since 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`: its years begin in March, so that leap days are at their end).
fn month(days: u64) -> u64 {
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    (era * 400 + year) * 12 + month_from_march + 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::keys::KeyHash;
    use std::time::Duration;

    #[test]
    fn months_begin_on_their_first_day() {
        let day = |days: u64| month(days);
        // 1970-01-31, -02-01; 2024-02-29, -03-01; 2026-12-31, 2027-01-01.
        for (last, first) in [(30, 31), (19_782, 19_783), (20_818, 20_819)] {
            assert_eq!(day(last) + 1, day(first));
            assert_eq!(day(last - 27), day(last));
        }
        assert_eq!(day(0), 1970 * 12);
    }

    #[test]
    fn periods_follow_each_other() {
        let of = |period: Period, seconds: u64| {
            let key = KeySettings { budget_usd: Some(1.5), budget_period: period, ..key() };
            Quota::of(&key).unwrap().now(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).period
        };
        assert_eq!((of(Period::Day, 86_399), of(Period::Day, 86_400)), (0, 1));
        assert_eq!((of(Period::Total, 0), of(Period::Total, u64::from(u32::MAX))), (0, 0));
        assert_eq!(of(Period::Month, 31 * 86_400), of(Period::Month, 0) + 1);
    }

    #[test]
    fn a_key_without_limits_has_no_quota() {
        assert_eq!(Quota::of(&key()), None);
        let quota = Quota::of(&KeySettings { tokens_per_minute: Some(100), ..key() }).unwrap();
        assert_eq!(quota.reserve(Cost { tokens: 7000, nanos: 1 }), Cost { tokens: 100, nanos: 1 });
        assert_eq!(quota.reserve(Cost::default()).tokens, 1);
        let quota = Quota::of(&KeySettings { budget_tokens: Some(100), ..key() }).unwrap();
        assert_eq!(quota.reserve(Cost { tokens: u64::MAX, nanos: u64::MAX }), MOST);
    }

    fn key() -> KeySettings {
        KeySettings::unlimited("k".to_owned(), KeyHash::of("k"))
    }
}
