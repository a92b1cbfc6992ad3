//! The journal: the latest requests, how each was answered, and whether its client stayed to the end.
//!
//! Recording is cheap, since bytes are shared and not copied: bodies and frames are decoded when somebody looks
//! ([`super::journal_view`]). Credentials are not kept.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderName};

use super::logging::Invocation;
use super::search::earliest;

/// Requests kept; the oldest go first.
const CAPACITY: usize = 1000;
/// Bytes kept of all bodies and streams; the oldest entries lose theirs first.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// Longest body kept; of longer ones it is only told how long they were.
const LONGEST_BODY: usize = 4 * 1024 * 1024;
/// What keeping a piece of a stream costs beside its bytes.
const PIECE: usize = 64;
/// Bytes kept of one stream.
const LONGEST_STREAM: usize = 1024 * 1024;

/// Headers whose names hold one of these carry credentials and are not kept.
const SECRET: &[&str] = &["authorization", "token", "secret", "cookie", "api-key", "credential"];
/// Parameters of a presigned URL that let whoever has them in.
const SECRET_PARAMETERS: &[&str] = &["X-Amz-Security-Token", "X-Amz-Signature"];

/// Whether a header carries credentials.
pub(super) fn is_secret(name: &HeaderName) -> bool {
    earliest(name.as_str(), SECRET).is_some()
}

/// A path without the credentials that its query carries.
fn without_credentials(path: &str) -> Option<String> {
    let (path, query) = path.split_once('?')?;
    let is_secret = |pair: &str| pair.split_once('=').is_some_and(|(name, _)| SECRET_PARAMETERS.contains(&name));
    if !query.split('&').any(is_secret) {
        return None;
    }
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_secret(pair)).collect();
    Some(format!("{path}?{}", kept.join("&")))
}

/// The journal of one simulator.
#[derive(Debug, Default)]
pub(super) struct Journal {
    connections: AtomicU64,
    disconnected_early: AtomicU64,
    next: AtomicU64,
    ring: Mutex<Ring>,
    /// Bytes that the entries hold.
    bytes: AtomicU64,
}

/// The entries, oldest first.
#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<Arc<Entry>>,
    /// How many of the oldest have been dropped to make room.
    forgotten: usize,
}

/// What a request was.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) at: SystemTime,
    pub(super) method: http::Method,
    /// With the query.
    pub(super) path: String,
    pub(super) http_version: &'static str,
    pub(super) headers: HeaderMap,
    pub(super) operation: Option<&'static str>,
    /// Model id, or what else the path names.
    pub(super) model: Option<String>,
}

impl Default for Request {
    fn default() -> Request {
        Request {
            at: SystemTime::UNIX_EPOCH,
            method: http::Method::POST,
            path: "/".into(),
            http_version: "HTTP/1.1",
            headers: HeaderMap::new(),
            operation: None,
            model: None,
        }
    }
}

/// A request and what came of it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) request: Request,
    started: Instant,
    outcome: Mutex<Outcome>,
}

/// What came of a request, so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// The request's body.
    pub(super) asked: Bytes,
    /// 12 digits; `None` before authentication.
    pub(super) account: Option<String>,
    pub(super) status: Option<u16>,
    pub(super) request_id: Option<String>,
    /// The fault that it met.
    pub(super) fault: Option<&'static str>,
    /// The source, or the rule, that answered.
    pub(super) answered_by: Option<String>,
    /// The answer's body, where it is whole.
    pub(super) body: Option<Bytes>,
    /// What of a stream was handed over, and when.
    pub(super) written: Vec<(Duration, Bytes)>,
    /// Bytes of `written`.
    kept: usize,
    /// Bytes of the stream that were not kept.
    pub(super) unkept: usize,
    /// Time from the request to the end of its answer.
    pub(super) duration: Option<Duration>,
    pub(super) disconnected_early: bool,
    /// Why the log of invocations does not tell of it.
    pub(super) log_error: Option<String>,
    /// Body and stream were dropped to make room.
    pub(super) forgotten: bool,
}

impl Journal {
    pub(super) fn connected(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// Connections accepted, and clients that left before their answer was complete.
    pub(super) fn counters(&self) -> (u64, u64) {
        (self.connections.load(Ordering::Relaxed), self.disconnected_early.load(Ordering::Relaxed))
    }

    /// Adds a request. The guard watches whether its client stays to the end.
    pub(super) fn record(self: &Arc<Self>, mut request: Request, body: &Bytes) -> Guard {
        for name in request.headers.keys().filter(|name| is_secret(name)).cloned().collect::<Vec<_>>() {
            request.headers.remove(name);
        }
        if let Some(path) = without_credentials(&request.path) {
            request.path = path;
        }
        let asked = match body.len() {
            length if length > LONGEST_BODY => Bytes::from(format!("\"{length} bytes\"")),
            _ => body.clone(),
        };
        self.grow(asked.len());
        self.trim();
        let entry = Arc::new(Entry {
            id: self.next.fetch_add(1, Ordering::Relaxed),
            request,
            started: Instant::now(),
            outcome: Mutex::new(Outcome { asked, ..Outcome::default() }),
        });
        let mut ring = self.lock();
        if ring.entries.len() == CAPACITY
            && let Some(oldest) = ring.entries.pop_front()
        {
            ring.forgotten = ring.forgotten.saturating_sub(1);
            self.shrink(oldest.forget());
        }
        ring.entries.push_back(Arc::clone(&entry));
        drop(ring);
        Guard { journal: Arc::clone(self), entry, finished: AtomicBool::new(false), log: Mutex::default() }
    }

    /// The entries from the number `since` on, oldest first.
    pub(super) fn entries(&self, since: u64) -> Vec<Arc<Entry>> {
        self.lock().entries.iter().filter(|entry| entry.id >= since).cloned().collect()
    }

    /// The entry with this number, while it is kept.
    pub(super) fn entry(&self, id: u64) -> Option<Arc<Entry>> {
        self.lock().entries.iter().find(|entry| entry.id == id).cloned()
    }

    /// Forgets the requests of an account.
    pub(super) fn clear_account(&self, account: &str) {
        let mut ring = self.lock();
        let (mut kept, mut forgotten) = (VecDeque::new(), 0);
        for (at, entry) in std::mem::take(&mut ring.entries).into_iter().enumerate() {
            if entry.outcome().account.as_deref() == Some(account) {
                self.shrink(entry.forget());
                continue;
            }
            forgotten += usize::from(at < ring.forgotten);
            kept.push_back(entry);
        }
        *ring = Ring { entries: kept, forgotten };
    }

    /// Forgets all requests and sets the counters to zero.
    pub(super) fn clear(&self) {
        let ring = std::mem::take(&mut *self.lock());
        self.shrink(ring.entries.iter().map(|entry| entry.forget()).sum());
        self.connections.store(0, Ordering::Relaxed);
        self.disconnected_early.store(0, Ordering::Relaxed);
    }

    /// Counts bytes that are kept from now on. Whoever keeps them in an outcome holds it meanwhile, so that they are not
    /// forgotten before they are counted.
    fn grow(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Drops what the oldest entries hold when that is too much in all.
    fn trim(&self) {
        if self.bytes.load(Ordering::Relaxed) <= MOST_BYTES {
            return;
        }
        let mut ring = self.lock();
        while self.bytes.load(Ordering::Relaxed) > MOST_BYTES
            && let Some(oldest) = ring.entries.get(ring.forgotten).cloned()
        {
            ring.forgotten += 1;
            self.shrink(oldest.forget());
        }
    }

    fn shrink(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes as u64, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    pub(super) fn outcome(&self) -> MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops what takes room; returns how much that was.
    fn forget(&self) -> usize {
        let mut outcome = self.outcome();
        if std::mem::replace(&mut outcome.forgotten, true) {
            return 0;
        }
        outcome.written = Vec::new();
        let asked = std::mem::take(&mut outcome.asked).len();
        asked + outcome.body.take().map_or(0, |body| body.len()) + std::mem::take(&mut outcome.kept)
    }
}

/// Lives as long as the answer to a request is being made or sent. Dropped before it is [`Guard::finish`]ed, the client
/// went away.
#[derive(Debug)]
pub(super) struct Guard {
    journal: Arc<Journal>,
    entry: Arc<Entry>,
    finished: AtomicBool,
    /// What the log of invocations is to say of it.
    log: Mutex<Option<Box<Invocation>>>,
}

impl Guard {
    /// Has the log of invocations tell of it when it is over.
    pub(super) fn log(&self, invocation: Invocation) {
        *self.logged() = Some(Box::new(invocation));
    }

    /// The head of an answer.
    pub(super) fn head(&self, headers: &HeaderMap) {
        if let Some(invocation) = self.logged().as_mut() {
            invocation.headers(headers);
        }
    }

    /// An exception in place of an answer.
    pub(super) fn failed(&self, code: &str) {
        if let Some(invocation) = self.logged().as_mut() {
            invocation.failed(code);
        }
    }

    fn logged(&self) -> MutexGuard<'_, Option<Box<Invocation>>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose request it is.
    pub(super) fn account(&self, id: &str) {
        self.entry.outcome().account = Some(id.to_owned());
    }

    pub(super) fn status(&self, status: u16) {
        self.entry.outcome().status = Some(status);
    }

    pub(super) fn request_id(&self, id: &str) {
        self.entry.outcome().request_id = Some(id.to_owned());
    }

    pub(super) fn fault(&self, name: &'static str) {
        self.entry.outcome().fault = Some(name);
    }

    pub(super) fn answered_by(&self, source: impl Into<String>) {
        self.entry.outcome().answered_by = Some(source.into());
    }

    /// The whole body of the answer.
    pub(super) fn body(&self, body: &Bytes) {
        if let Some(invocation) = self.logged().as_mut() {
            invocation.body(body);
        }
        let mut outcome = self.entry.outcome();
        if body.len() > LONGEST_BODY || outcome.forgotten {
            return;
        }
        outcome.body = Some(body.clone());
        self.journal.grow(body.len());
        drop(outcome);
        self.journal.trim();
    }

    /// A part of a streamed answer.
    pub(super) fn written(&self, bytes: &Bytes) {
        if let Some(invocation) = self.logged().as_mut() {
            invocation.written(bytes);
        }
        let mut outcome = self.entry.outcome();
        if outcome.unkept > 0 || outcome.kept + bytes.len() + PIECE > LONGEST_STREAM || outcome.forgotten {
            outcome.unkept += bytes.len();
            return;
        }
        let cost = bytes.len() + PIECE;
        outcome.kept += cost;
        outcome.written.push((self.entry.started.elapsed(), bytes.clone()));
        self.journal.grow(cost);
        drop(outcome);
        self.journal.trim();
    }

    /// All that was to be sent has been handed over; what ends now is not the client's doing.
    pub(super) fn finish(&self) {
        if !self.finished.swap(true, Ordering::Relaxed) {
            self.entry.outcome().duration = Some(self.entry.started.elapsed());
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(invocation) = self.logged().take()
            && let Err(error) = invocation.deliver()
        {
            self.entry.outcome().log_error = Some(error.to_string());
        }
        if !self.finished.load(Ordering::Relaxed) {
            self.journal.disconnected_early.fetch_add(1, Ordering::Relaxed);
            let mut outcome = self.entry.outcome();
            outcome.duration = Some(self.entry.started.elapsed());
            outcome.disconnected_early = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request::default()
    }

    fn journal() -> Arc<Journal> {
        Arc::default()
    }

    #[test]
    fn tells_who_left_early() {
        let journal = journal();
        journal.record(request(), &Bytes::new()).finish();
        drop(journal.record(request(), &Bytes::new()));
        assert_eq!(journal.counters(), (0, 1));
        let left: Vec<_> = journal.entries(0).iter().map(|entry| entry.outcome().disconnected_early).collect();
        assert_eq!(left, [false, true]);
        journal.clear();
        assert_eq!((journal.counters(), journal.entries(0).len()), ((0, 0), 0));
    }

    #[test]
    fn is_bounded_in_entries_and_bytes() {
        let journal = journal();
        for _ in 0..CAPACITY + 5 {
            journal.record(request(), &Bytes::new()).finish();
        }
        assert_eq!((journal.entries(0).len(), journal.entries(0)[0].id), (CAPACITY, 5));
        let megabyte = Bytes::from(vec![b'x'; LONGEST_STREAM - PIECE]);
        for _ in 0..100 {
            let guard = journal.record(request(), &Bytes::new());
            guard.written(&megabyte);
            guard.written(&megabyte);
            assert_eq!(guard.entry.outcome().unkept, megabyte.len());
            guard.finish();
        }
        assert!(journal.bytes.load(Ordering::Relaxed) <= MOST_BYTES);
        let kept = journal.entries(0).iter().filter(|entry| !entry.outcome().written.is_empty()).count();
        assert_eq!(kept as u64, MOST_BYTES / LONGEST_STREAM as u64);
        journal.clear();
        assert_eq!(journal.bytes.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn what_comes_after_an_entry_was_forgotten_is_neither_kept_nor_counted() {
        let journal = journal();
        let guard = journal.record(request(), &Bytes::from_static(b"asked"));
        journal.clear();
        guard.body(&Bytes::from_static(b"answer"));
        guard.written(&Bytes::from_static(b"frame"));
        assert_eq!((journal.bytes.load(Ordering::Relaxed), guard.entry.outcome().body.clone()), (0, None));
    }

    #[test]
    fn an_account_forgets_its_own_requests_only() {
        let journal = journal();
        for account in ["1", "2", "1"] {
            let guard = journal.record(request(), &Bytes::from_static(b"asked"));
            guard.account(account);
            guard.finish();
        }
        journal.clear_account("1");
        let left: Vec<_> = journal.entries(0).iter().map(|entry| entry.outcome().account.clone()).collect();
        assert_eq!((left, journal.bytes.load(Ordering::Relaxed)), (vec![Some("2".to_owned())], 5));
    }

    #[test]
    fn keeps_no_credentials() {
        let journal = journal();
        let mut secret = request();
        for name in ["authorization", "x-amz-security-token", "cookie", "x-api-key", "host"] {
            secret.headers.insert(name, "s3cret".parse().unwrap());
        }
        journal.record(secret, &Bytes::new()).finish();
        let kept: Vec<_> = journal.entries(0)[0].request.headers.keys().map(|name| name.to_string()).collect();
        assert_eq!(kept, ["host"]);
        let path = "/a?X-Amz-Date=1&X-Amz-Security-Token=s3cret&b=2&X-Amz-Signature=s3cret".into();
        journal.record(Request { path, ..request() }, &Bytes::new()).finish();
        assert_eq!(journal.entries(0)[1].request.path, "/a?X-Amz-Date=1&b=2");
    }

    #[test]
    fn a_huge_body_is_only_counted() {
        let journal = journal();
        journal.record(request(), &vec![b'x'; LONGEST_BODY + 1].into()).finish();
        assert_eq!(journal.entries(0)[0].outcome().asked, "\"4194305 bytes\"");
    }
}
