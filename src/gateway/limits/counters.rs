//! What a key has had, and whether it may have more. Pure: the time is passed in.
//!
//! Requests and tokens a minute are leaky buckets: what was taken runs out evenly over a minute, so that a key may spend
//! its minute at once and then goes on at its rate. Budgets are charged the estimate at once and set right afterwards.
//! `shared/admit.lua` and `shared/settle.lua` are the same for Redis.

use std::time::Duration;

use super::quota::{Cost, Now, Quota};

const MINUTE: f64 = 60_000.0;
/// Sums of fractions are never quite whole.
const NEARLY: f64 = 1e-6;

/// The account of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Counters {
    /// When what is in the buckets was reckoned, in milliseconds since 1970.
    pub(super) at: u64,
    /// Requests that have not run out of the bucket.
    pub(super) requests: f64,
    /// The same of tokens.
    pub(super) tokens: f64,
    pub(super) in_flight: u64,
    /// The period that the budget is spent in.
    pub(super) period: u64,
    pub(super) spent: Cost,
}

/// What there is too little of, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Short {
    Requests(Duration),
    Tokens(Duration),
    Concurrency,
    Budget,
}

/// What became of asking, and how the account stands then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) short: Option<Short>,
    pub(super) standing: Counters,
}

impl Counters {
    /// Takes a request and what is reserved for it, or nothing at all.
    pub(super) fn admit(&mut self, quota: &Quota, reserved: Cost, now: Now) -> Verdict {
        self.advance(quota, now);
        let short = self.short(quota, reserved);
        if short.is_none() {
            self.requests += 1.0;
            self.tokens += reserved.tokens as f64;
            self.in_flight += 1;
            self.spent.tokens = self.spent.tokens.saturating_add(reserved.tokens);
            self.spent.nanos = self.spent.nanos.saturating_add(reserved.nanos);
        }
        Verdict { short, standing: *self }
    }

    /// Sets right what a request was taken to cost. What belongs to a period that is over changes nothing of this one.
    pub(super) fn settle(&mut self, reserved: Cost, actual: Cost, period: u64) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.tokens = (self.tokens + actual.tokens as f64 - reserved.tokens as f64).max(0.0);
        if self.period == period {
            let right = |spent: u64, actual: u64, reserved: u64| spent.saturating_add(actual).saturating_sub(reserved);
            self.spent.tokens = right(self.spent.tokens, actual.tokens, reserved.tokens);
            self.spent.nanos = right(self.spent.nanos, actual.nanos, reserved.nanos);
        }
    }

    fn advance(&mut self, quota: &Quota, now: Now) {
        let elapsed = now.millis.saturating_sub(self.at) as f64;
        self.at = self.at.max(now.millis);
        let left = |used: f64, limit: Option<u64>| limit.map_or(0.0, |limit| used - elapsed * rate(limit)).max(0.0);
        self.requests = left(self.requests, quota.requests);
        self.tokens = left(self.tokens, quota.tokens);
        if now.period > self.period {
            self.period = now.period;
            self.spent = Cost::default();
        }
    }

    fn short(&self, quota: &Quota, reserved: Cost) -> Option<Short> {
        let spent = |spent: u64, budget: Option<u64>| budget.is_some_and(|budget| spent >= budget);
        if spent(self.spent.tokens, quota.budget_tokens) || spent(self.spent.nanos, quota.budget_nanos) {
            return Some(Short::Budget);
        }
        if quota.concurrency.is_some_and(|most| self.in_flight >= most) {
            return Some(Short::Concurrency);
        }
        let wait = |used: f64, more: f64, limit: Option<u64>| {
            let limit = limit?;
            let over = used + more - limit as f64;
            (over > NEARLY).then(|| Duration::from_millis((over / rate(limit)).ceil() as u64))
        };
        let requests = wait(self.requests, 1.0, quota.requests).map(Short::Requests);
        requests.or_else(|| wait(self.tokens, reserved.tokens as f64, quota.tokens).map(Short::Tokens))
    }
}

/// What runs out of a bucket in a millisecond.
pub(super) fn rate(limit: u64) -> f64 {
    limit as f64 / MINUTE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::settings::Period;
    use proptest::prelude::*;

    const NONE: Quota = Quota {
        requests: None,
        tokens: None,
        concurrency: None,
        budget_tokens: None,
        budget_nanos: None,
        period: Period::Day,
    };

    fn at(millis: u64) -> Now {
        Now { millis, period: 1 }
    }

    fn tokens(tokens: u64) -> Cost {
        Cost { tokens, nanos: 0 }
    }

    #[test]
    fn a_minute_may_be_spent_at_once_and_comes_back_evenly() {
        let quota = Quota { requests: Some(3), ..NONE };
        let mut counters = Counters::default();
        for _ in 0..3 {
            assert_eq!(counters.admit(&quota, tokens(1), at(1000)).short, None);
        }
        let wait = Short::Requests(Duration::from_secs(20));
        assert_eq!(counters.admit(&quota, tokens(1), at(1000)).short, Some(wait));
        assert_eq!(
            counters.admit(&quota, tokens(1), at(20_999)).short,
            Some(Short::Requests(Duration::from_millis(1)))
        );
        assert_eq!(counters.admit(&quota, tokens(1), at(21_000)).short, None);
        assert_eq!(
            counters.admit(&quota, tokens(1), at(500)).short,
            Some(wait),
            "a clock that goes back gives nothing"
        );
        assert_eq!(counters.admit(&quota, tokens(1), at(600_000)).standing.requests, 1.0);
    }

    #[test]
    fn what_was_reserved_and_not_used_comes_back() {
        let quota = Quota { tokens: Some(1000), budget_tokens: Some(5000), ..NONE };
        let mut counters = Counters::default();
        assert_eq!(counters.admit(&quota, tokens(1000), at(0)).short, None);
        assert!(matches!(counters.admit(&quota, tokens(500), at(0)).short, Some(Short::Tokens(_))));
        counters.settle(tokens(1000), tokens(100), 1);
        assert_eq!((counters.spent.tokens, counters.tokens, counters.in_flight), (100, 100.0, 0));
        assert_eq!(counters.admit(&quota, tokens(500), at(0)).short, None);
        counters.settle(tokens(500), tokens(4900), 1);
        assert_eq!(counters.spent.tokens, 5000);
        assert_eq!(counters.admit(&quota, tokens(1), at(0)).short, Some(Short::Budget));
        assert_eq!(counters.admit(&quota, tokens(1), Now { millis: 600_000, period: 2 }).short, None);
        counters.settle(tokens(1), tokens(900), 1);
        assert_eq!(counters.spent.tokens, 1, "of a period that is over");
    }

    #[test]
    fn as_many_at_once_as_are_allowed() {
        let quota = Quota { concurrency: Some(2), ..NONE };
        let mut counters = Counters::default();
        counters.admit(&quota, tokens(1), at(0));
        counters.admit(&quota, tokens(1), at(0));
        assert_eq!(counters.admit(&quota, tokens(1), at(0)).short, Some(Short::Concurrency));
        counters.settle(tokens(1), tokens(1), 1);
        assert_eq!(counters.admit(&quota, tokens(1), at(0)).short, None);
    }

    proptest! {
        #[test]
        fn no_more_is_admitted_than_a_full_bucket_and_the_rate_give(
            limit in 1_u64..1000,
            steps in proptest::collection::vec((0_u64..5000, 1_u64..50, 0_u64..100), 1..200),
        ) {
            let quota = Quota { tokens: Some(limit), requests: Some(limit), ..NONE };
            let (mut counters, mut now, mut requests, mut used) = (Counters::default(), 0, 0, 0);
            for (pause, estimate, actual) in steps {
                now += pause;
                let reserved = quota.reserve(tokens(estimate));
                let verdict = counters.admit(&quota, reserved, at(now));
                if verdict.short.is_none() {
                    requests += 1;
                    // Where less is used than was reserved, the rest is there for others.
                    let actual = actual.min(reserved.tokens);
                    used += actual;
                    counters.settle(reserved, tokens(actual), 1);
                }
                let most = limit as f64 + now as f64 * rate(limit) + NEARLY * 200.0;
                prop_assert!(f64::from(requests) <= most && used as f64 <= most);
            }
        }

        #[test]
        fn whoever_waits_as_long_as_he_is_told_is_admitted(limit in 1_u64..100_000, used in 0_u64..200_000, want in 1_u64..100_000) {
            let quota = Quota { tokens: Some(limit), ..NONE };
            let mut counters = Counters { at: 1, tokens: used as f64, ..Counters::default() };
            let reserved = quota.reserve(tokens(want));
            if let Some(Short::Tokens(wait)) = counters.admit(&quota, reserved, at(1)).short {
                let then = 1 + u64::try_from(wait.as_millis()).unwrap();
                prop_assert_eq!(counters.admit(&quota, reserved, at(then)).short, None);
            }
        }
    }
}
