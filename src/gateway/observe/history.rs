//! The last hour, minute by minute and model by model, and the last failures: what the page shows. Bounded in memory,
//! whatever comes.

use std::collections::VecDeque;
use std::time::SystemTime;

use indexmap::IndexMap;
use serde::Serialize;

use super::series::{OTHER, model_label};
use super::sketch::Sketch;
use super::timestamp::{rfc3339, since_1970};
use crate::gateway::exchange::{Exchange, Outcome};

/// Minutes that are remembered.
const MINUTES: u64 = 60;
/// The most models that are told apart.
const MOST_MODELS: usize = 32;
/// Failures that are remembered.
const MOST_FAILURES: usize = 100;
/// The most of a message that is remembered, in bytes.
const MOST_OF_MESSAGE: usize = 400;

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct History {
    models: IndexMap<Box<str>, VecDeque<Minute>>,
    failures: VecDeque<Failed>,
}

/// Requests of one model that ended in one minute.
#[derive(Debug, Default)]
struct Minute {
    /// Minutes since 1970.
    number: u64,
    requests: u64,
    failed: u64,
    input_tokens: u64,
    output_tokens: u64,
    first_content: Sketch,
    duration: Sketch,
}

/// A request that was not answered.
#[derive(Clone, Debug, Serialize)]
struct Failed {
    time: String,
    request_id: String,
    route: Option<&'static str>,
    model: String,
    target: Option<String>,
    key_id: Option<String>,
    status: u16,
    code: &'static str,
    exception: Option<String>,
    param: Option<String>,
    message: Option<String>,
}

/// The hour of one model. Each list has a member for each minute, the oldest first.
#[derive(Debug, Default, Serialize)]
pub(super) struct Hour {
    model: String,
    requests: Vec<u64>,
    failed: Vec<u64>,
    input_tokens: Vec<u64>,
    output_tokens: Vec<u64>,
    /// Milliseconds; `None` where nothing was answered, or nothing as a stream.
    first_content_p50: Vec<Option<f64>>,
    first_content_p95: Vec<Option<f64>>,
    duration_p50: Vec<Option<f64>>,
    duration_p95: Vec<Option<f64>>,
}

/// What [`History`] knows, for the page.
#[derive(Debug, Serialize)]
pub(super) struct Past {
    /// The minute that the lists end with, in seconds since 1970.
    minute: u64,
    models: Vec<Hour>,
    /// The latest first.
    failures: Vec<Failed>,
}

impl History {
    /// Remembers an exchange that is over.
    pub(super) fn note(&mut self, exchange: &Exchange) {
        self.note_model(exchange);
        self.note_failure(exchange);
    }

    /// Requests that name no model have no row.
    fn note_model(&mut self, exchange: &Exchange) {
        let model = model_label(exchange);
        if model.is_empty() {
            return;
        }
        let minute = self.minute(model, minute_of(exchange.at + exchange.duration));
        minute.requests += 1;
        minute.input_tokens += exchange.input_tokens().unwrap_or(0);
        minute.output_tokens += exchange.tally.usage.output_tokens.unwrap_or(0);
        match &exchange.outcome {
            Outcome::Answered => {
                minute.duration.record(exchange.duration);
                if let Some(first) = exchange.first_content.filter(|_| exchange.streamed) {
                    minute.first_content.record(first);
                }
            }
            Outcome::Refused(_) | Outcome::Broken(_) => minute.failed += 1,
            Outcome::Cancelled => {}
        }
    }

    fn note_failure(&mut self, exchange: &Exchange) {
        if let Some(refusal) = exchange.outcome.refusal() {
            self.failures.truncate(MOST_FAILURES - 1);
            self.failures.push_front(Failed {
                time: rfc3339(exchange.at),
                request_id: exchange.request_id.clone(),
                route: exchange.operation.map(|operation| operation.name()),
                model: cut(&exchange.model),
                target: exchange.target.as_deref().map(str::to_owned),
                key_id: exchange.key.as_deref().map(str::to_owned),
                status: refusal.status,
                code: refusal.code,
                exception: refusal.exception.clone(),
                param: refusal.param.as_deref().map(cut),
                message: exchange.reason().map(cut),
            });
        }
    }

    /// The hour that ends with `now`; models of which nothing was heard in it are forgotten.
    pub(super) fn past(&mut self, now: SystemTime) -> Past {
        let last = minute_of(now);
        self.models.retain(|_, minutes| minutes.back().is_some_and(|minute| minute.number + MINUTES > last));
        let models = self.models.iter().map(|(model, minutes)| hour(model, minutes, last)).collect();
        Past { minute: last * 60, models, failures: self.failures.iter().cloned().collect() }
    }

    fn minute(&mut self, model: &str, number: u64) -> &mut Minute {
        let is_beyond = self.models.len() >= MOST_MODELS && !self.models.contains_key(model);
        let minutes = self.models.entry(if is_beyond { OTHER } else { model }.into()).or_default();
        // Exchanges come roughly in order; one that comes late counts where the last one did.
        if minutes.back().is_none_or(|last| last.number < number) {
            minutes.push_back(Minute { number, ..Minute::default() });
        }
        while minutes.len() > 1 && minutes.front().is_some_and(|first| first.number + MINUTES <= number) {
            minutes.pop_front();
        }
        let last = minutes.len() - 1;
        &mut minutes[last]
    }
}

fn hour(model: &str, minutes: &VecDeque<Minute>, last: u64) -> Hour {
    let mut hour = Hour { model: model.to_owned(), ..Hour::default() };
    let silent = Minute::default();
    for number in last.saturating_sub(MINUTES - 1)..=last {
        let minute = minutes.iter().find(|minute| minute.number == number).unwrap_or(&silent);
        hour.requests.push(minute.requests);
        hour.failed.push(minute.failed);
        hour.input_tokens.push(minute.input_tokens);
        hour.output_tokens.push(minute.output_tokens);
        hour.first_content_p50.push(minute.first_content.quantile(0.5));
        hour.first_content_p95.push(minute.first_content.quantile(0.95));
        hour.duration_p50.push(minute.duration.quantile(0.5));
        hour.duration_p95.push(minute.duration.quantile(0.95));
    }
    hour
}

fn minute_of(time: SystemTime) -> u64 {
    since_1970(time).as_secs() / 60
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(MOST_OF_MESSAGE)].to_owned()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::gateway::observe::testing::{answered, refused};

    const START: u64 = 1_800_000_000;

    fn at(minute: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(START / 60 * 60 + minute * 60)
    }

    fn ended(minute: u64) -> Exchange {
        Exchange { at: at(minute), ..answered("nova") }
    }

    #[test]
    fn minutes_are_told_apart_and_forgotten_after_an_hour() {
        let mut history = History::default();
        for minute in [0, 0, 3, 70] {
            history.note(&ended(minute));
        }
        let past = history.past(at(70));
        assert_eq!(past.models[0].requests.iter().sum::<u64>(), 1);
        assert_eq!((past.models[0].requests.len(), past.models[0].requests.last()), (60, Some(&1)));
        assert_eq!(past.models[0].output_tokens.last(), Some(&11));
        assert!(history.past(at(200)).models.is_empty());
    }

    #[test]
    fn a_minute_without_answers_has_no_latency() {
        let mut history = History::default();
        history.note(&ended(5));
        let hour = &history.past(at(6)).models[0];
        assert_eq!(hour.duration_p50.last(), Some(&None));
        let seen = hour.duration_p50[58].unwrap();
        assert!((1200.0..1400.0).contains(&seen), "{seen}");
    }

    #[test]
    fn models_and_failures_are_bounded() {
        let mut history = History::default();
        for number in 0..500 {
            history.note(&Exchange { at: at(1), ..answered(&format!("m{number}")) });
            history.note(&Exchange { at: at(1), ..refused(&format!("x{number}"), 404, "model_not_found", None) });
        }
        let past = history.past(at(1));
        assert!(past.models.len() <= MOST_MODELS + 1);
        assert_eq!(past.failures.len(), MOST_FAILURES);
        assert_eq!(past.failures[0].model, "x499");
        assert_eq!(past.models.iter().map(|hour| hour.requests.iter().sum::<u64>()).sum::<u64>(), 1000);
    }
}
