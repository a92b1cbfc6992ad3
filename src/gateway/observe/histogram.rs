//! A histogram that many threads write without waiting for each other.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a histogram counts in.
#[derive(Debug)]
pub(super) struct Scale {
    /// Upper bounds of the buckets, ascending; beyond the last there is one more.
    pub(super) bounds: &'static [f64],
    /// How many of what is recorded make one of what is shown.
    per_unit: f64,
}

const NANOSECONDS: f64 = 1e9;

/// Of whole answers, in seconds: OpenTelemetry's for `gen_ai.client.operation.duration`, and on to eleven minutes.
pub(super) const DURATION: &Scale = &Scale {
    bounds: &[
        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68, 655.36,
    ],
    per_unit: NANOSECONDS,
};
/// Until the first content of a stream, in seconds: OpenTelemetry's for `gen_ai.server.time_to_first_token`, and on to
/// two minutes.
pub(super) const FIRST_TOKEN: &Scale = &Scale {
    bounds: &[
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 20.0, 60.0, 120.0,
    ],
    per_unit: NANOSECONDS,
};
/// Between tokens, in seconds: OpenTelemetry's for `gen_ai.server.time_per_output_token`, and from a millisecond.
pub(super) const PER_TOKEN: &Scale = &Scale {
    bounds: &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5],
    per_unit: NANOSECONDS,
};
/// What the gateway adds, in seconds.
pub(super) const OVERHEAD: &Scale = &Scale {
    bounds: &[0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0],
    per_unit: NANOSECONDS,
};
/// Tokens of one request: OpenTelemetry's for `gen_ai.client.token.usage`.
pub(super) const TOKENS: &Scale = &Scale {
    bounds: &[
        1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0, 16384.0, 65536.0, 262144.0, 1048576.0, 4194304.0, 16777216.0,
        67108864.0,
    ],
    per_unit: 1.0,
};

/// Counts by bucket.
#[derive(Debug)]
pub(super) struct Histogram {
    scale: &'static Scale,
    counts: Box<[AtomicU64]>,
    /// In what is recorded.
    sum: AtomicU64,
}

/// A histogram as it was, or several added up.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Snapshot {
    pub(super) bounds: &'static [f64],
    /// One for each bound, and one beyond.
    pub(super) counts: Vec<u64>,
    /// In what is shown.
    pub(super) sum: f64,
}

impl Histogram {
    pub(super) fn new(scale: &'static Scale) -> Histogram {
        let counts = (0..=scale.bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Histogram { scale, counts, sum: AtomicU64::new(0) }
    }

    /// Counts `value`: nanoseconds, or tokens.
    pub(super) fn record(&self, value: u64) {
        let shown = value as f64 / self.scale.per_unit;
        let bucket = self.scale.bounds.partition_point(|bound| *bound < shown);
        if let Some(count) = self.counts.get(bucket) {
            count.fetch_add(1, Ordering::Relaxed);
            self.sum.fetch_add(value, Ordering::Relaxed);
        }
    }

    /// Adds what it holds to `snapshot`, which must be of the same scale.
    pub(super) fn add_to(&self, snapshot: &mut Snapshot) {
        for (sum, count) in snapshot.counts.iter_mut().zip(&self.counts) {
            *sum += count.load(Ordering::Relaxed);
        }
        snapshot.sum += self.sum.load(Ordering::Relaxed) as f64 / self.scale.per_unit;
    }
}

impl Snapshot {
    /// One that holds nothing.
    pub(super) fn empty(scale: &'static Scale) -> Snapshot {
        Snapshot { bounds: scale.bounds, counts: vec![0; scale.bounds.len() + 1], sum: 0.0 }
    }

    pub(super) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_ascend() {
        for scale in [DURATION, FIRST_TOKEN, PER_TOKEN, OVERHEAD, TOKENS] {
            assert!(scale.bounds.is_sorted_by(|one, next| one < next));
        }
    }

    #[test]
    fn a_value_counts_in_the_bucket_whose_bound_it_does_not_exceed() {
        let histogram = Histogram::new(DURATION);
        for seconds in [0.01, 0.011, 1000.0] {
            histogram.record((seconds * 1e9) as u64);
        }
        let mut found = Snapshot::empty(DURATION);
        histogram.add_to(&mut found);
        histogram.add_to(&mut found);
        assert_eq!((found.counts[0], found.counts[1], *found.counts.last().unwrap()), (2, 2, 2));
        assert_eq!(found.count(), 6);
        assert!((found.sum - 2000.042).abs() < 1e-6);
    }
}
