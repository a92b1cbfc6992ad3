//! What is known of one request when it is over, and the guard that sees to it that this is told exactly once.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::limits::Lease;
use super::observe::{Content, Trace};
use super::refusal::Refusal;
use super::route::Operation;
use super::routing::Slot;
use super::settings::NANOS;
use super::state::State;
use crate::client::{Tally, Told};

/// The client of an exchange that has been told.
const NOBODY: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0));

/// One request and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    /// `x-request-id` of the answer.
    pub(super) request_id: String,
    /// When its head had come.
    pub(super) at: SystemTime,
    pub(super) method: String,
    /// Without the query, which may hold secrets.
    pub(super) path: String,
    /// `None` where the path has none.
    pub(super) operation: Option<Operation>,
    pub(super) client: SocketAddr,
    /// The id of the caller's key, never the key.
    pub(super) key: Option<Arc<str>>,
    /// As the caller named it.
    pub(super) model: String,
    /// The target that answered, as the settings name it.
    pub(super) target: Option<Arc<str>>,
    /// What Bedrock's side of the answer tells: model id, region, request id, warnings.
    pub(super) told: Told,
    /// Targets that were asked, the one that answered included.
    pub(super) attempts: u32,
    /// Those that failed before another was asked.
    pub(super) failed: Vec<Failed>,
    /// How the answer is to be made.
    pub(super) parameters: Parameters,
    pub(super) streamed: bool,
    /// Status of the answer; 499 where the caller was gone before there was one.
    pub(super) status: u16,
    pub(super) outcome: Outcome,
    pub(super) tally: Tally,
    /// In thousand-millionths of a dollar, where the settings have a price.
    pub(super) cost: Option<u64>,
    /// From the head of the request to the first piece of a stream, or to the whole answer.
    pub(super) first_content: Option<Duration>,
    pub(super) duration: Duration,
    /// How long the body of the request was waited for.
    pub(super) receiving: Duration,
    /// From the head of the request until Bedrock was asked.
    pub(super) asked: Option<Duration>,
    /// How long the gateway waited for Bedrock before the first content.
    pub(super) upstream: Duration,
    /// Where it stands in the caller's trace.
    pub(super) trace: Trace,
    /// What was said, where that is to be logged.
    pub(super) content: Option<Box<Content>>,
}

/// A target that failed, so that another was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    /// As the settings name it.
    pub(super) target: Arc<str>,
    /// AWS's name for the failure, or that of its kind.
    pub(super) error: String,
    /// When, since Bedrock was first asked.
    pub(super) after: Duration,
}

/// What of a request shapes its answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Parameters {
    pub(super) temperature: Option<f64>,
    pub(super) top_p: Option<f64>,
    pub(super) max_tokens: Option<u64>,
}

impl Exchange {
    /// One of which nothing is known but its id and whom it comes from.
    pub(super) fn begun(request_id: String, client: SocketAddr) -> Exchange {
        Exchange {
            request_id,
            at: SystemTime::now(),
            method: String::new(),
            path: String::new(),
            operation: None,
            client,
            key: None,
            model: String::new(),
            target: None,
            told: Told::default(),
            attempts: 0,
            failed: Vec::new(),
            parameters: Parameters::default(),
            streamed: false,
            status: 0,
            outcome: Outcome::Cancelled,
            tally: Tally::default(),
            cost: None,
            first_content: None,
            duration: Duration::ZERO,
            receiving: Duration::ZERO,
            asked: None,
            upstream: Duration::ZERO,
            trace: Trace::default(),
            content: None,
        }
    }

    /// In US dollars.
    pub(super) fn dollars(&self) -> Option<f64> {
        self.cost.map(|nanos| nanos as f64 / NANOS)
    }

    /// Why it failed, as far as whoever calls may know it of others. What is wrong about a request can hold parts of what
    /// was said in it, unless those are AWS's words.
    pub(super) fn reason(&self) -> Option<&str> {
        let refusal = self.outcome.refusal()?;
        let may = refusal.status != 400 || refusal.exception.is_some() || self.content.is_some();
        may.then_some(&refusal.message)
    }

    /// The same for whoever runs the gateway.
    pub(super) fn full_reason(&self) -> Option<&str> {
        self.outcome.refusal().and_then(|refusal| refusal.detail.as_deref()).or_else(|| self.reason())
    }

    /// The gateway's own time until the first content: neither receiving the request nor waiting for Bedrock.
    pub(super) fn overhead(&self) -> Option<Duration> {
        Some(self.first_content?.saturating_sub(self.receiving).saturating_sub(self.upstream))
    }

    /// Between tokens of a stream, on average.
    pub(super) fn per_token(&self) -> Option<Duration> {
        let between = self.tally.usage.output_tokens?.checked_sub(1).filter(|between| *between > 0)?;
        let writing = self.duration.checked_sub(self.first_content.filter(|_| self.streamed)?)?;
        Some(writing / u32::try_from(between).ok()?)
    }

    /// All tokens of the request, cached ones included.
    pub(super) fn input_tokens(&self) -> Option<u64> {
        let usage = &self.tally.usage;
        let cached = usage.cache_read_input_tokens.unwrap_or(0) + usage.cache_write_input_tokens.unwrap_or(0);
        Some(usage.input_tokens?.saturating_add(cached))
    }
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// With a right answer.
    Answered,
    /// With an error and its status.
    Refused(Box<Refusal>),
    /// With an error event after the answer had begun.
    Broken(Box<Refusal>),
    /// The caller went away.
    Cancelled,
}

impl Outcome {
    /// As it is called in logs and traces.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Outcome::Answered => "answered",
            Outcome::Refused(_) => "refused",
            Outcome::Broken(_) => "broken",
            Outcome::Cancelled => "cancelled",
        }
    }

    /// Why it was not a right answer.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        match self {
            Outcome::Refused(refusal) | Outcome::Broken(refusal) => Some(refusal),
            Outcome::Answered | Outcome::Cancelled => None,
        }
    }
}

/// An exchange that is going on. Dropped before [`Going::end`] it was cancelled.
#[derive(Debug)]
pub(super) struct Going {
    pub(super) exchange: Exchange,
    /// What the caller's limits have lent.
    pub(super) lease: Option<Lease>,
    /// Its place at the target that answers.
    pub(super) slot: Option<Slot>,
    /// Whether Bedrock is asked with the gateway's own credentials, not with the caller's.
    pub(super) own_credentials: bool,
    state: Arc<State>,
    since: Instant,
    over: bool,
}

impl Going {
    /// Begins one.
    pub(super) fn begin(state: Arc<State>, exchange: Exchange) -> Going {
        state.began();
        Going { exchange, lease: None, slot: None, own_credentials: true, state, since: Instant::now(), over: false }
    }

    /// Notes that the first content is there.
    pub(super) fn first_content(&mut self) {
        self.exchange.first_content.get_or_insert(self.since.elapsed());
    }

    /// Since the head of the request.
    pub(super) fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }

    /// Completes when what runs has to end.
    pub(super) fn ending(&self) -> impl Future<Output = ()> + Send + 'static {
        self.state.ending()
    }

    /// Tells how it ended.
    pub(super) fn end(mut self, outcome: Outcome) {
        self.tell(outcome);
    }

    fn tell(&mut self, outcome: Outcome) {
        if std::mem::replace(&mut self.over, true) {
            return;
        }
        if let Some(slot) = self.slot.take() {
            slot.over(matches!(outcome, Outcome::Broken(_)));
        }
        self.exchange.outcome = outcome;
        self.exchange.duration = self.since.elapsed();
        if let Some(lease) = self.lease.take() {
            lease.settle(&self.exchange);
        }
        self.state.ended(std::mem::replace(&mut self.exchange, Exchange::begun(String::new(), NOBODY)));
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        if self.exchange.status == 0 {
            self.exchange.status = 499;
        }
        self.tell(Outcome::Cancelled);
    }
}
