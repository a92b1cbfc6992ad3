//! A circuit breaker: after failures it lets nothing through for a while, then one request to see. Time is passed in.

use std::time::{Duration, Instant};

/// Failures in a row that open it.
const IN_A_ROW: u32 = 5;
/// Requests that are looked back at, of which half must have failed to open it.
const LOOK_BACK: u32 = 20;
/// How long it stays open the first time; each time in succession is twice as long.
const FIRST: Duration = Duration::from_secs(5);
/// The longest.
const LONGEST: Duration = Duration::from_secs(60);
/// How long the request that is let through to see may take before another is.
const PROBE: Duration = Duration::from_secs(30);

/// What becomes of requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Closed,
    Open {
        until: Instant,
    },
    Probing {
        until: Instant,
    },
}

/// How a breaker is called in metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Position {
    /// Requests pass.
    Closed,
    /// None does.
    Open,
    /// One does, or the next will.
    HalfOpen,
}

impl Position {
    /// In words.
    pub(in crate::gateway) fn name(self) -> &'static str {
        match self {
            Position::Closed => "closed",
            Position::Open => "open",
            Position::HalfOpen => "half_open",
        }
    }
}

/// One breaker.
#[derive(Clone, Debug, Default)]
pub(super) struct Breaker {
    state: State,
    in_a_row: u32,
    /// A bit for each of the last requests, 1 for a failure, and how many those are.
    last: u32,
    seen: u32,
    /// How often it has opened since it was last closed for good.
    opened: u32,
}

impl Breaker {
    /// When a request may pass: `None`, at once.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        match self.state {
            State::Closed => None,
            State::Open { until } | State::Probing { until } => Some(until).filter(|until| *until > now),
        }
    }

    /// Lets a request through. What it came to is to be told.
    pub(super) fn pass(&mut self, now: Instant) {
        if self.state != State::Closed {
            self.state = State::Probing { until: now + PROBE };
        }
    }

    /// The request came to nothing either way.
    pub(super) fn abandoned(&mut self, now: Instant) {
        if let State::Probing { .. } = self.state {
            self.state = State::Open { until: now };
        }
    }

    /// The request was answered.
    pub(super) fn succeeded(&mut self) {
        self.in_a_row = 0;
        self.note(0);
        if self.state != State::Closed {
            *self = Breaker::default();
        }
    }

    /// It was not. `wait` is how long the service wants to be left alone.
    pub(super) fn failed(&mut self, now: Instant, wait: Option<Duration>) {
        self.in_a_row += 1;
        self.note(1);
        let half = self.seen >= LOOK_BACK && self.last.count_ones() * 2 >= LOOK_BACK;
        let was_probe = matches!(self.state, State::Probing { .. });
        if was_probe || self.state == State::Closed && (half || self.in_a_row >= IN_A_ROW) {
            let pause = FIRST.saturating_mul(1 << self.opened.min(10)).min(LONGEST);
            self.opened += 1;
            self.open(now + pause);
        }
        if let Some(wait) = wait.filter(|wait| !wait.is_zero()) {
            self.open(now + wait.min(LONGEST));
        }
    }

    /// What it does now.
    pub(super) fn position(&self, now: Instant) -> Position {
        match self.state {
            State::Closed => Position::Closed,
            State::Open { until } if until > now => Position::Open,
            State::Open { .. } | State::Probing { .. } => Position::HalfOpen,
        }
    }

    fn open(&mut self, until: Instant) {
        let until = match self.state {
            State::Open { until: before } => before.max(until),
            _ => until,
        };
        self.state = State::Open { until };
    }

    fn note(&mut self, failure: u32) {
        self.last = (self.last << 1 | failure) & ((1 << LOOK_BACK) - 1);
        self.seen = (self.seen + 1).min(LOOK_BACK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn failing(times: u32, now: Instant) -> Breaker {
        let mut breaker = Breaker::default();
        (0..times).for_each(|_| breaker.failed(now, None));
        breaker
    }

    #[test]
    fn failures_in_a_row_open_it_and_one_request_closes_it() {
        let now = Instant::now();
        assert_eq!(failing(IN_A_ROW - 1, now).due(now), None);
        let mut breaker = failing(IN_A_ROW, now);
        assert_eq!((breaker.due(now), breaker.position(now)), (Some(now + FIRST), Position::Open));
        let later = now + FIRST;
        assert_eq!((breaker.due(later), breaker.position(later)), (None, Position::HalfOpen));
        breaker.pass(later);
        assert_eq!(breaker.due(later), Some(later + PROBE), "one request, no more");
        breaker.succeeded();
        assert_eq!((breaker.due(later), breaker.position(later)), (None, Position::Closed));
    }

    #[test]
    fn each_time_in_succession_it_stays_open_for_longer() {
        let mut now = Instant::now();
        let mut breaker = failing(IN_A_ROW, now);
        for pause in [5, 10, 20, 40, 60, 60] {
            assert_eq!(breaker.due(now), Some(now + SECOND * pause));
            now += SECOND * pause;
            breaker.pass(now);
            breaker.failed(now, None);
        }
    }

    #[test]
    fn half_of_many_opens_it_too() {
        let now = Instant::now();
        let mut breaker = Breaker::default();
        for _ in 0..LOOK_BACK / 2 - 1 {
            breaker.failed(now, None);
            breaker.succeeded();
        }
        breaker.succeeded();
        assert_eq!(breaker.due(now), None, "not yet so many");
        breaker.failed(now, None);
        assert_eq!(breaker.position(now), Position::Open);
    }

    #[test]
    fn the_service_says_how_long_within_bounds() {
        let now = Instant::now();
        let mut breaker = Breaker::default();
        breaker.failed(now, Some(SECOND * 2));
        assert_eq!(breaker.due(now), Some(now + SECOND * 2));
        breaker.failed(now, Some(SECOND));
        assert_eq!(breaker.due(now), Some(now + SECOND * 2), "the longer counts");
        breaker.failed(now, Some(SECOND * 3600));
        assert_eq!(breaker.due(now), Some(now + LONGEST));
    }

    #[test]
    fn a_request_that_came_to_nothing_makes_room_for_the_next() {
        let now = Instant::now();
        let mut breaker = failing(IN_A_ROW, now);
        let later = now + FIRST;
        breaker.pass(later);
        breaker.abandoned(later);
        assert_eq!(breaker.due(later), None);
        let mut closed = Breaker::default();
        closed.pass(now);
        closed.abandoned(now);
        assert_eq!(closed.position(now), Position::Closed);
    }
}
