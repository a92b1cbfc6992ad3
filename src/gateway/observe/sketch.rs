//! Quantiles of durations in little memory: counts in buckets that grow by a seventh each, so that what is read is wrong
//! by less than 8 %.

use std::time::Duration;

/// Up to 20 minutes.
const BUCKETS: usize = 104;
const GROWTH: f64 = 1.15;
/// The upper bound of the first bucket in milliseconds.
const FIRST: f64 = 0.5;

/// Durations, roughly.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    /// Empty until there is something to count.
    counts: Vec<u32>,
}

impl Sketch {
    /// Counts one.
    pub(super) fn record(&mut self, duration: Duration) {
        self.counts.resize(BUCKETS, 0);
        let steps = (duration.as_secs_f64() * 1000.0 / FIRST).max(1.0).ln() / GROWTH.ln();
        let bucket = (steps.ceil() as usize).min(BUCKETS - 1);
        if let Some(count) = self.counts.get_mut(bucket) {
            *count = count.saturating_add(1);
        }
    }

    /// The duration in milliseconds that this share of them does not exceed.
    pub(super) fn quantile(&self, share: f64) -> Option<f64> {
        let all: u64 = self.counts.iter().copied().map(u64::from).sum();
        let wanted = ((all as f64 * share).ceil() as u64).max(1);
        let mut seen = 0;
        let bucket = self.counts.iter().position(|count| {
            seen += u64::from(*count);
            seen >= wanted
        })?;
        // The middle of the bucket.
        Some(FIRST * GROWTH.powf(bucket as f64 - 0.5))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_right_within_eight_percent() {
        let mut sketch = Sketch::default();
        assert_eq!(sketch.quantile(0.5), None);
        (1..=1000).for_each(|ms| sketch.record(Duration::from_millis(ms)));
        for (share, wanted) in [(0.5, 500.0), (0.95, 950.0), (1.0, 1000.0)] {
            let found = sketch.quantile(share).unwrap();
            assert!((found / wanted - 1.0).abs() < 0.08, "{share}: {found}");
        }
    }

    #[test]
    fn nothing_is_too_short_or_too_long() {
        let mut sketch = Sketch::default();
        sketch.record(Duration::ZERO);
        assert!(sketch.quantile(0.5).unwrap() < 1.0);
        sketch.record(Duration::from_secs(86_400));
        assert!(sketch.quantile(1.0).unwrap() > 600_000.0);
    }
}
