//! The thread that writes down what is over, so that no request waits for a disk, a terminal or a collector.
//!
//! Requests put exchanges into a bounded channel; when it is full they are dropped, and counted. The thread sleeps a
//! moment after each batch, so that under load a request wakes nobody.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::access_log::{Log, push_line};
use super::history::{History, Past};
use super::otlp::Spans;
use crate::error::{Error, Kind, Result};
use crate::gateway::exchange::Exchange;

/// Exchanges that may wait.
const MOST_WAITING: usize = 8192;
/// Exchanges that are written at once.
const BATCH: usize = 512;
/// How long exchanges gather.
const PAUSE: Duration = Duration::from_millis(25);
/// How long the end waits for what has not been written yet.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where what is over is written to.
pub(super) struct Sinks {
    pub(super) log: Option<Log>,
    pub(super) spans: Option<Spans>,
}

/// The near end of the thread.
#[derive(Debug)]
pub(super) struct Recorder {
    items: mpsc::Sender<Item>,
    history: Arc<Mutex<History>>,
    dropped: Arc<Dropped>,
}

/// What could not be told.
#[derive(Debug, Default)]
pub(super) struct Dropped {
    /// Exchanges, because the thread was behind.
    pub(super) exchanges: AtomicU64,
    /// Lines, because they could not be written.
    pub(super) lines: AtomicU64,
    /// Spans, because the collector was behind or refused them.
    pub(super) spans: AtomicU64,
}

enum Item {
    Over(Box<Exchange>),
    Sinks(Sinks),
    /// Everything before it has been written once this is answered.
    Flush(oneshot::Sender<()>),
}

impl Recorder {
    /// Starts the thread; it ends when this is dropped.
    pub(super) fn start(sinks: Sinks, dropped: Arc<Dropped>) -> Result<Recorder> {
        let (items, waiting) = mpsc::channel(MOST_WAITING);
        let history = Arc::<Mutex<History>>::default();
        let writer = Writer { sinks, history: history.clone(), dropped: dropped.clone(), lines: Vec::new() };
        let thread = thread::Builder::new().name("gateway-observe".to_owned());
        let started = thread.spawn(move || writer.run(waiting));
        started.map_err(|error| {
            Error::new(Kind::Configuration, format!("The thread of the access log cannot start: {error}."))
        })?;
        Ok(Recorder { items, history, dropped })
    }

    /// Hands an exchange over.
    pub(super) fn over(&self, exchange: Exchange) {
        if self.items.try_send(Item::Over(Box::new(exchange))).is_err() {
            self.dropped.exchanges.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes to other places from now on.
    pub(super) fn redirect(&self, sinks: Sinks) -> Result<()> {
        self.items.try_send(Item::Sinks(sinks)).map_err(|_| {
            Error::new(Kind::Configuration, "The access log is too far behind to be changed now. Try again.")
        })
    }

    /// Returns when all exchanges so far are written, or cannot be in time.
    pub(super) async fn flush(&self) {
        let (done, written) = oneshot::channel();
        let flush = async {
            if self.items.send(Item::Flush(done)).await.is_ok() {
                // The thread answers, or is gone.
                let _ = written.await;
            }
        };
        let _ = timeout(PATIENCE, flush).await;
    }

    /// The last hour.
    pub(super) fn past(&self) -> Past {
        self.history.lock().unwrap_or_else(PoisonError::into_inner).past(SystemTime::now())
    }
}

/// The thread.
struct Writer {
    sinks: Sinks,
    history: Arc<Mutex<History>>,
    dropped: Arc<Dropped>,
    lines: Vec<u8>,
}

impl Writer {
    fn run(mut self, mut waiting: mpsc::Receiver<Item>) {
        let mut batch = Vec::with_capacity(BATCH);
        while waiting.blocking_recv_many(&mut batch, BATCH) > 0 {
            let is_full = batch.len() == BATCH;
            let mut flushed = Vec::new();
            for item in batch.drain(..) {
                match item {
                    Item::Over(exchange) => self.note(&exchange),
                    Item::Sinks(sinks) => {
                        self.write();
                        self.sinks = sinks;
                    }
                    Item::Flush(done) => flushed.push(done),
                }
            }
            self.write();
            let is_pressed = is_full || !flushed.is_empty();
            for done in flushed {
                // Whoever waited may be gone.
                let _ = done.send(());
            }
            if !is_pressed {
                thread::sleep(PAUSE);
            }
        }
    }

    fn note(&mut self, exchange: &Exchange) {
        self.history.lock().unwrap_or_else(PoisonError::into_inner).note(exchange);
        if self.sinks.log.is_some() {
            push_line(exchange, &mut self.lines);
        }
        if let Some(spans) = &self.sinks.spans {
            spans.note(exchange);
        }
    }

    fn write(&mut self) {
        let Some(log) = &mut self.sinks.log else { return };
        if self.lines.is_empty() {
            return;
        }
        if log.write(&self.lines).is_err() {
            let lost = self.lines.iter().filter(|byte| **byte == b'\n').count();
            self.dropped.lines.fetch_add(lost as u64, Ordering::Relaxed);
        }
        self.lines.clear();
    }
}
