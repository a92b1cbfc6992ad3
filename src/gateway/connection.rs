//! What a connection is doing, and until when it may go on with that.
//!
//! A connection is busy with requests, or a head is on its way, or it waits for the next one. hyper's own timeout for
//! heads runs while a connection waits as well; servers that keep connections open want the two apart.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use http::Version;
use tokio::time::Instant;

use super::settings::Settings;

/// How long connections may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For a head of a request, and for the handshake of TLS.
    pub(super) header: Duration,
    /// Between two requests.
    pub(super) idle: Duration,
    /// For a client to take something of what is sent to it.
    pub(super) write: Duration,
}

impl Patience {
    /// That of the settings.
    pub(super) fn of(settings: &Settings) -> Patience {
        Patience {
            header: settings.header_seconds.or_longest(),
            idle: settings.idle_seconds.or_longest(),
            write: settings.write_seconds.or_longest(),
        }
    }

    /// How often to look at a connection.
    pub(super) fn interval(&self) -> Duration {
        self.header.min(self.idle).max(Duration::from_millis(10))
    }
}

/// The pulse of a connection, shared by its socket, its requests and its task.
#[derive(Debug)]
pub(super) struct Pulse {
    since: Instant,
    /// Requests whose answers have not gone out.
    requests: AtomicUsize,
    doing: AtomicU8,
    /// When it began to do that, in milliseconds after `since`.
    at: AtomicU64,
}

/// Nothing has come yet.
const FRESH: u8 = 0;
/// A head is on its way.
const HEAD: u8 = 1;
/// HTTP/1.1 between two requests.
const IDLE: u8 = 2;
/// HTTP/2 between two requests: what comes may be anything.
const IDLE_2: u8 = 3;

impl Pulse {
    /// That of a connection that has just come.
    pub(super) fn new() -> Arc<Pulse> {
        Arc::new(Pulse {
            since: Instant::now(),
            requests: AtomicUsize::new(0),
            doing: AtomicU8::new(FRESH),
            at: AtomicU64::new(0),
        })
    }

    /// Bytes have come.
    pub(super) fn heard(&self) {
        if matches!(self.doing.load(Ordering::Relaxed), FRESH | IDLE) && !self.is_busy() {
            self.begin(HEAD);
        }
    }

    /// A request has begun; its answer has gone out when what is given is dropped.
    pub(super) fn request(self: &Arc<Self>, version: Version) -> Request {
        self.doing.store(if version == Version::HTTP_2 { IDLE_2 } else { IDLE }, Ordering::Relaxed);
        self.requests.fetch_add(1, Ordering::Relaxed);
        Request(self.clone())
    }

    /// Whether requests are being answered.
    pub(super) fn is_busy(&self) -> bool {
        self.requests.load(Ordering::Relaxed) > 0
    }

    /// Whether it has done for too long what it does.
    pub(super) fn is_overdue(&self, patience: &Patience) -> bool {
        let allowed = match self.doing.load(Ordering::Relaxed) {
            FRESH | HEAD => patience.header,
            _ => patience.idle,
        };
        let since = self.since + Duration::from_millis(self.at.load(Ordering::Relaxed));
        !self.is_busy() && since.elapsed() >= allowed
    }

    fn begin(&self, doing: u8) {
        self.at.store(u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.doing.store(doing, Ordering::Relaxed);
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct Request(Arc<Pulse>);

impl Drop for Request {
    fn drop(&mut self) {
        let pulse = &self.0;
        if pulse.requests.fetch_sub(1, Ordering::Relaxed) == 1 {
            pulse.begin(pulse.doing.load(Ordering::Relaxed));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);
    /// With these everything but waiting for the next request is overdue at once.
    const HEADS_AT_ONCE: Patience = Patience { header: Duration::ZERO, idle: LONG, write: LONG };
    const PAUSES_AT_ONCE: Patience = Patience { header: LONG, idle: Duration::ZERO, write: LONG };

    fn state(pulse: &Pulse) -> &'static str {
        match (pulse.is_overdue(&HEADS_AT_ONCE), pulse.is_overdue(&PAUSES_AT_ONCE)) {
            (true, false) => "head",
            (false, true) => "pause",
            (false, false) => "busy",
            (true, true) => "two at once",
        }
    }

    #[test]
    fn heads_and_pauses_have_their_own_limits() {
        let pulse = Pulse::new();
        assert_eq!(state(&pulse), "head", "who says nothing at all");
        pulse.heard();
        assert_eq!(state(&pulse), "head");
        let request = pulse.request(Version::HTTP_11);
        pulse.heard();
        assert_eq!(state(&pulse), "busy");
        drop(request);
        assert_eq!(state(&pulse), "pause");
        pulse.heard();
        assert_eq!(state(&pulse), "head");
        let began = pulse.at.load(Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(5));
        pulse.heard();
        assert_eq!(pulse.at.load(Ordering::Relaxed), began, "a head that comes in drops has one limit");
    }

    #[test]
    fn what_comes_between_requests_of_http_2_is_no_head() {
        let pulse = Pulse::new();
        let (first, second) = (pulse.request(Version::HTTP_2), pulse.request(Version::HTTP_2));
        drop(first);
        assert_eq!(state(&pulse), "busy");
        drop(second);
        pulse.heard();
        assert_eq!(state(&pulse), "pause");
    }
}
