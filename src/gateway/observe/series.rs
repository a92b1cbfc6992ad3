//! The numbers of the gateway: one series for each set of labels, found once per request, then counted by atomics alone.
//!
//! Prometheus' text and OpenTelemetry's metrics are two renderings of these. The crates for either keep what their
//! histograms hold to themselves, so that each request would be counted twice.
//!
//! Labels are bounded: a model's name is the caller's word for it, and becomes a label only if Bedrock took it for a
//! model.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use indexmap::{Equivalent, IndexMap};

use super::histogram::{DURATION, FIRST_TOKEN, Histogram, OVERHEAD, PER_TOKEN, TOKENS};
use crate::gateway::exchange::{Exchange, Outcome};

/// The most models that have series of their own; the rest share those of [`OTHER`].
const MOST_MODELS: usize = 200;
/// The most series; what goes beyond shares one for its operation and status.
const MOST_SERIES: usize = 4000;
/// The most names of exceptions.
const MOST_EXCEPTIONS: usize = 64;
/// The longest name that is a label, in bytes.
const LONGEST_LABEL: usize = 256;
/// What is not told apart.
pub(super) const OTHER: &str = "other";

/// What a series is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Labels {
    /// The operation, [`OTHER`] where the path has none.
    pub(super) route: &'static str,
    pub(super) status: u16,
    /// As callers name it; empty where none was asked.
    pub(super) model: Box<str>,
    pub(super) region: Box<str>,
    pub(super) key: Box<str>,
}

/// [`Labels`] that own nothing; the fields are in the same order, so that they have the same hash.
#[derive(Clone, Copy, Hash)]
struct Sought<'a> {
    route: &'static str,
    status: u16,
    model: &'a str,
    region: &'a str,
    key: &'a str,
}

impl Equivalent<Labels> for Sought<'_> {
    fn equivalent(&self, labels: &Labels) -> bool {
        self.route == labels.route
            && self.status == labels.status
            && self.model == &*labels.model
            && self.region == &*labels.region
            && self.key == &*labels.key
    }
}

impl Sought<'_> {
    fn owned(&self) -> Labels {
        let Sought { route, status, model, region, key } = *self;
        Labels { route, status, model: model.into(), region: region.into(), key: key.into() }
    }
}

/// Kinds of tokens, as labels.
pub(super) const TOKEN_TYPES: [&str; 4] = ["input", "output", "cache_read", "cache_write"];

/// What is counted of requests with the same labels.
#[derive(Debug)]
pub(super) struct Series {
    /// Its count is the number of requests.
    pub(super) duration: Histogram,
    pub(super) overhead: Histogram,
    pub(super) first_token: Histogram,
    pub(super) per_token: Histogram,
    pub(super) input_tokens: Histogram,
    pub(super) output_tokens: Histogram,
    /// By [`TOKEN_TYPES`].
    pub(super) tokens: [AtomicU64; 4],
    /// In thousand-millionths of a dollar.
    pub(super) cost: AtomicU64,
    pub(super) cancelled: AtomicU64,
    /// Streams that ended with an error event.
    pub(super) broken: AtomicU64,
    /// Targets that were asked after another had failed.
    pub(super) retries: AtomicU64,
}

/// All series.
#[derive(Debug, Default)]
pub(super) struct AllSeries {
    known: RwLock<Known>,
    exceptions: RwLock<IndexMap<Box<str>, AtomicU64>>,
}

#[derive(Debug, Default)]
struct Known {
    series: IndexMap<Labels, Arc<Series>>,
    models: HashSet<Box<str>>,
}

impl AllSeries {
    /// Counts an exchange that is over.
    pub(super) fn count(&self, exchange: &Exchange) {
        let sought = Sought {
            route: exchange.operation.map_or(OTHER, |operation| operation.name()),
            status: exchange.status,
            model: model_label(exchange),
            region: exchange.told.region.as_deref().unwrap_or_default(),
            key: exchange.key.as_deref().unwrap_or_default(),
        };
        self.of(sought).count(exchange);
        exchange.failed.iter().for_each(|failed| self.count_exception(&failed.error));
        if let Some(refusal) = exchange.outcome.refusal() {
            match &refusal.exception {
                Some(exception) => self.count_exception(exception),
                None if exchange.attempts > 0 && refusal.status >= 500 => self.count_exception(refusal.code),
                None => {}
            }
        }
    }

    /// Shows all series, in the order they began in.
    pub(super) fn all(&self) -> Vec<(Labels, Arc<Series>)> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.series.iter().map(|(labels, series)| (labels.clone(), series.clone())).collect()
    }

    /// How often Bedrock failed, by exception.
    pub(super) fn exceptions(&self) -> Vec<(Box<str>, u64)> {
        let exceptions = self.exceptions.read().unwrap_or_else(PoisonError::into_inner);
        exceptions.iter().map(|(name, count)| (name.clone(), count.load(Ordering::Relaxed))).collect()
    }

    fn of(&self, sought: Sought<'_>) -> Arc<Series> {
        let beyond = Sought { model: OTHER, region: "", key: "", ..sought };
        {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            let found = known.series.get(&sought).or_else(|| {
                let is_full = known.series.len() >= MOST_SERIES || known.is_model_beyond(sought.model);
                known.series.get(&beyond).filter(|_| is_full)
            });
            if let Some(found) = found {
                return found.clone();
            }
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let is_full = known.series.len() >= MOST_SERIES || known.is_model_beyond(sought.model);
        let labels = if is_full { beyond.owned() } else { sought.owned() };
        known.models.insert(labels.model.clone());
        known.series.entry(labels).or_default().clone()
    }

    fn count_exception(&self, name: &str) {
        let count = |exceptions: &IndexMap<Box<str>, AtomicU64>, name: &str| {
            exceptions.get(name).map(|count| count.fetch_add(1, Ordering::Relaxed)).is_some()
        };
        if count(&self.exceptions.read().unwrap_or_else(PoisonError::into_inner), name) {
            return;
        }
        let mut exceptions = self.exceptions.write().unwrap_or_else(PoisonError::into_inner);
        let fits = exceptions.len() < MOST_EXCEPTIONS && name.len() <= LONGEST_LABEL;
        let name = if fits { name } else { OTHER };
        exceptions.entry(name.into()).or_default().fetch_add(1, Ordering::Relaxed);
    }
}

impl Known {
    fn is_model_beyond(&self, model: &str) -> bool {
        self.models.len() >= MOST_MODELS && !self.models.contains(model)
    }
}

/// The caller's name of the model, where Bedrock did not say that there is none.
pub(super) fn model_label(exchange: &Exchange) -> &str {
    let is_model = match &exchange.outcome {
        Outcome::Answered | Outcome::Broken(_) => true,
        Outcome::Cancelled => exchange.told.model_id.is_some(),
        Outcome::Refused(refusal) => {
            let was_asked = refusal.exception.is_some() || exchange.attempts > 0 && refusal.status >= 500;
            was_asked && refusal.code != "model_not_found"
        }
    };
    match exchange.model.as_str() {
        "" => "",
        model if is_model && model.len() <= LONGEST_LABEL => model,
        _ => OTHER,
    }
}

impl Default for Series {
    fn default() -> Self {
        Series {
            duration: Histogram::new(DURATION),
            overhead: Histogram::new(OVERHEAD),
            first_token: Histogram::new(FIRST_TOKEN),
            per_token: Histogram::new(PER_TOKEN),
            input_tokens: Histogram::new(TOKENS),
            output_tokens: Histogram::new(TOKENS),
            tokens: Default::default(),
            cost: AtomicU64::default(),
            cancelled: AtomicU64::default(),
            broken: AtomicU64::default(),
            retries: AtomicU64::default(),
        }
    }
}

impl Series {
    fn count(&self, exchange: &Exchange) {
        self.duration.record(nanoseconds(exchange.duration));
        if let Some(overhead) = exchange.overhead() {
            self.overhead.record(nanoseconds(overhead));
        }
        if let Some(first) = exchange.first_content.filter(|_| exchange.streamed) {
            self.first_token.record(nanoseconds(first));
        }
        if let Some(per_token) = exchange.per_token() {
            self.per_token.record(nanoseconds(per_token));
        }
        let usage = &exchange.tally.usage;
        if let Some(input) = exchange.input_tokens() {
            self.input_tokens.record(input);
        }
        if let Some(output) = usage.output_tokens {
            self.output_tokens.record(output);
        }
        let by_type =
            [usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens, usage.cache_write_input_tokens];
        for (counter, tokens) in self.tokens.iter().zip(by_type) {
            add(counter, tokens.unwrap_or(0));
        }
        add(&self.cost, exchange.cost.unwrap_or(0));
        add(&self.cancelled, u64::from(exchange.outcome == Outcome::Cancelled));
        add(&self.broken, u64::from(matches!(exchange.outcome, Outcome::Broken(_))));
        add(&self.retries, u64::from(exchange.attempts.saturating_sub(1)));
    }
}

fn add(counter: &AtomicU64, more: u64) {
    if more > 0 {
        counter.fetch_add(more, Ordering::Relaxed);
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::observe::testing::{answered, refused};

    #[test]
    fn names_that_are_no_models_share_a_series() {
        let all = AllSeries::default();
        for name in 0..1000 {
            all.count(&refused(&format!("junk-{name}"), 404, "model_not_found", Some("ResourceNotFoundException")));
            all.count(&refused(&format!("junk-{name}"), 400, "missing_required_parameter", None));
        }
        let found = all.all();
        let models: Vec<&str> = found.iter().map(|(labels, _)| &*labels.model).collect();
        assert_eq!(models, [OTHER, OTHER]);
        assert_eq!(all.exceptions(), [("ResourceNotFoundException".into(), 1000)]);
    }

    #[test]
    fn models_and_series_are_bounded_whatever_comes() {
        let all = AllSeries::default();
        for name in 0..MOST_MODELS * 2 {
            for key in 0..30 {
                let mut exchange = answered(&format!("model-{name}"));
                exchange.key = Some(format!("key-{key}").into());
                all.count(&exchange);
            }
        }
        let found = all.all();
        assert!(found.len() <= MOST_SERIES + 1, "{}", found.len());
        let mut sum = super::super::histogram::Snapshot::empty(DURATION);
        found.iter().for_each(|(_, series)| series.duration.add_to(&mut sum));
        assert_eq!(sum.count(), MOST_MODELS as u64 * 60);
    }

    #[test]
    fn exceptions_are_bounded() {
        let all = AllSeries::default();
        for name in 0..1000 {
            all.count(&refused("m", 500, "server_error", Some(&format!("Exception{name}"))));
        }
        let found = all.exceptions();
        assert_eq!(found.len(), MOST_EXCEPTIONS + 1);
        assert_eq!(found.iter().map(|(_, count)| count).sum::<u64>(), 1000);
    }
}
