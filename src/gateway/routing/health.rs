//! How one target does: a breaker for it and for each model on it, and how long each model takes. Time is passed in.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::breaker::{Breaker, Position};
use super::failover::Blame;

/// Models that are remembered; beyond it all are forgotten.
const MOST_MODELS: usize = 256;
/// How much the latest time counts against those before.
const SHARE: f64 = 0.3;
/// After so long half of what is known of a time is forgotten, so that a slow target is tried again.
const HALF_LIFE: Duration = Duration::from_secs(30);

/// One target's health.
#[derive(Debug, Default)]
pub(super) struct Health {
    whole: Breaker,
    models: HashMap<String, Model>,
}

#[derive(Debug, Default)]
struct Model {
    breaker: Breaker,
    /// Whole answers', then streams' seconds to the first content, and when the last was measured.
    times: [Option<(f64, Instant)>; 2],
}

/// What is known of a model on a target.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::gateway) struct ModelHealth {
    pub(in crate::gateway) model: String,
    pub(in crate::gateway) position: Position,
    /// Seconds to the first content of streams, else to whole answers.
    pub(in crate::gateway) seconds: Option<f64>,
}

impl Health {
    /// When a request for `model` may pass: `None`, at once.
    pub(super) fn due(&self, model: &str, now: Instant) -> Option<Instant> {
        let of_model = self.models.get(model).and_then(|model| model.breaker.due(now));
        self.whole.due(now).max(of_model)
    }

    /// Lets a request through.
    pub(super) fn pass(&mut self, model: &str, now: Instant) {
        self.whole.pass(now);
        if let Some(model) = self.models.get_mut(model) {
            model.breaker.pass(now);
        }
    }

    /// The request came to nothing either way.
    pub(super) fn abandoned(&mut self, model: &str, now: Instant) {
        self.whole.abandoned(now);
        if let Some(model) = self.models.get_mut(model) {
            model.breaker.abandoned(now);
        }
    }

    /// The request was answered after `taken`.
    pub(super) fn succeeded(&mut self, model: &str, streamed: bool, taken: Duration, now: Instant) {
        self.whole.succeeded();
        let model = self.model(model);
        model.breaker.succeeded();
        let [whole, stream] = &mut model.times;
        let time = if streamed { stream } else { whole };
        let before = time.map_or(taken.as_secs_f64(), |(seconds, _)| seconds);
        *time = Some((before + (taken.as_secs_f64() - before) * SHARE, now));
    }

    /// It was not; who is to blame, and how long the service wants to be left alone.
    pub(super) fn failed(&mut self, model: &str, blame: Blame, wait: Option<Duration>, now: Instant) {
        match blame {
            Blame::Nobody => {
                // It has answered, though with a refusal.
                self.whole.succeeded();
                if let Some(model) = self.models.get_mut(model) {
                    model.breaker.succeeded();
                }
            }
            Blame::Model => {
                self.whole.succeeded();
                self.model(model).breaker.failed(now, wait);
            }
            Blame::Target => {
                self.whole.failed(now, wait);
                if let Some(model) = self.models.get_mut(model) {
                    model.breaker.abandoned(now);
                }
            }
        }
    }

    /// How long an answer takes, in seconds; 0 where nothing is known.
    pub(super) fn seconds(&self, model: &str, streamed: bool, now: Instant) -> f64 {
        let Some(Model { times: [whole, stream], .. }) = self.models.get(model) else { return 0.0 };
        let Some((seconds, measured)) = (if streamed { stream } else { whole }) else { return 0.0 };
        let age = now.saturating_duration_since(*measured);
        seconds * 0.5_f64.powf(age.as_secs_f64() / HALF_LIFE.as_secs_f64())
    }

    /// The breaker of the target as a whole.
    pub(super) fn position(&self, now: Instant) -> Position {
        self.whole.position(now)
    }

    /// What is known of its models, in the order of their names.
    pub(super) fn models(&self, now: Instant) -> Vec<ModelHealth> {
        let known = |(name, model): (&String, &Model)| {
            let [whole, stream] = model.times;
            let seconds = stream.or(whole).map(|(seconds, _)| seconds);
            ModelHealth { model: name.clone(), position: model.breaker.position(now), seconds }
        };
        let mut models: Vec<ModelHealth> = self.models.iter().map(known).collect();
        models.sort_by(|a, b| a.model.cmp(&b.model));
        models
    }

    fn model(&mut self, name: &str) -> &mut Model {
        if !self.models.contains_key(name) {
            if self.models.len() >= MOST_MODELS {
                self.models.clear();
            }
            self.models.insert(name.to_owned(), Model::default());
        }
        self.models.entry(name.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_models_failures_are_no_other_models() {
        let (mut health, now) = (Health::default(), Instant::now());
        for _ in 0..5 {
            health.failed("a", Blame::Model, None, now);
        }
        assert!(health.due("a", now).is_some() && health.due("b", now).is_none());
        for _ in 0..5 {
            health.failed("b", Blame::Target, None, now);
        }
        assert!(health.due("c", now).is_some(), "the target as a whole");
        let later = now + SECOND * 5;
        health.pass("c", later);
        health.succeeded("c", true, SECOND, later);
        assert!(health.due("b", later).is_none());
    }

    #[test]
    fn a_refusal_is_a_sign_of_life() {
        let (mut health, now) = (Health::default(), Instant::now());
        for _ in 0..5 {
            health.failed("a", Blame::Target, None, now);
        }
        let later = now + SECOND * 5;
        health.pass("a", later);
        health.failed("a", Blame::Nobody, None, later);
        assert_eq!(health.position(later), Position::Closed);
    }

    #[test]
    fn times_are_kept_apart_and_forgotten_slowly() {
        let (mut health, now) = (Health::default(), Instant::now());
        assert_eq!(health.seconds("a", true, now), 0.0);
        health.succeeded("a", true, SECOND, now);
        health.succeeded("a", false, SECOND * 10, now);
        health.succeeded("a", true, SECOND * 2, now);
        assert!((health.seconds("a", true, now) - 1.3).abs() < 1e-9);
        assert!((health.seconds("a", true, now + HALF_LIFE) - 0.65).abs() < 1e-9);
        assert_eq!(health.models(now)[0].seconds.map(|seconds| (seconds * 10.0).round()), Some(13.0));
    }

    #[test]
    fn no_more_models_are_kept_than_that() {
        let (mut health, now) = (Health::default(), Instant::now());
        for index in 0..MOST_MODELS * 2 + 1 {
            health.succeeded(&index.to_string(), false, SECOND, now);
        }
        assert_eq!(health.models(now).len(), 1);
    }
}
