//! How many further attempts all requests together may make, so that an outage does not multiply the load that it meets.

use std::sync::atomic::{AtomicI64, Ordering};

/// What a request adds, in thousandths of an attempt: one further attempt for five requests in the long run.
const EACH: i64 = 200;
/// What an attempt costs.
const ATTEMPT: i64 = 1000;
/// The most that is saved up: 500 attempts, enough for all requests that were under way at a target that fails.
const MOST: i64 = 500 * ATTEMPT;

/// What is left.
#[derive(Debug)]
pub(super) struct Budget(AtomicI64);

impl Default for Budget {
    fn default() -> Budget {
        Budget(AtomicI64::new(MOST))
    }
}

impl Budget {
    /// Notes that a request has come.
    pub(super) fn earn(&self) {
        if self.0.load(Ordering::Relaxed) < MOST {
            self.0.fetch_add(EACH, Ordering::Relaxed);
        }
    }

    /// Takes an attempt, if one is left.
    pub(super) fn take(&self) -> bool {
        let taken = |left: i64| (left >= ATTEMPT).then_some(left - ATTEMPT);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_adds_a_fifth_once_what_was_saved_is_gone() {
        let budget = Budget::default();
        let saved = (0..10_000).filter(|_| budget.take()).count();
        assert_eq!(saved, 500);
        let in_outage = (0..1000).filter(|_| {
            budget.earn();
            budget.take()
        });
        assert_eq!(in_outage.count(), 200);
        (0..10_000).for_each(|_| budget.earn());
        assert_eq!((0..10_000).filter(|_| budget.take()).count(), 500, "no more is saved than that");
    }
}
