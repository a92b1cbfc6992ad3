//! What the gateway tells about itself: every exchange goes through here once, when it is over.
//!
//! ```text
//! ended → series    counted at once, by atomics → /metrics, OTLP metrics
//!       → recorder  a thread: history (the page), access log, OTLP spans
//! ```

mod access_log;
mod content;
mod histogram;
mod history;
mod otlp;
mod prometheus;
mod recorder;
mod scrape;
mod series;
mod sketch;
#[cfg(test)]
mod testing;
mod timestamp;
mod trace;

pub(super) use content::Content;
pub(super) use scrape::Scrape;
pub(super) use trace::Trace;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use serde_json::{Value, json};

use super::exchange::Exchange;
use super::settings::{AccessLog, Settings};
use crate::config::Environment;
use crate::error::Result;
use access_log::Log;
use otlp::Exporter;
use prometheus::Rest;
use recorder::{Dropped, Recorder, Sinks};
use series::AllSeries;

/// The type of Prometheus' text format (Prometheus documentation, "Exposition formats").
pub(super) const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Who is told.
#[derive(Debug)]
pub(super) struct Observer {
    series: Arc<AllSeries>,
    recorder: Recorder,
    /// Whether anything wants to know more than the series.
    records: AtomicBool,
    exporter: Mutex<Option<Exporter>>,
    dropped: Arc<Dropped>,
    started: SystemTime,
}

impl Observer {
    /// Begins to tell. Needs a tokio runtime where telemetry is exported.
    pub(super) fn start(settings: &Settings, environment: Environment<'_>) -> Result<Observer> {
        let (series, dropped) = (Arc::<AllSeries>::default(), Arc::<Dropped>::default());
        let exporter = Exporter::start(settings, environment, &series, &dropped)?;
        let sinks = sinks(settings, exporter.as_ref())?;
        Ok(Observer {
            recorder: Recorder::start(sinks, dropped.clone())?,
            records: AtomicBool::new(records(settings, exporter.is_some())),
            exporter: Mutex::new(exporter),
            series,
            dropped,
            started: SystemTime::now(),
        })
    }

    /// Tells as other settings want it from now on. A file is opened anew, so that it can be moved away before.
    pub(super) fn reload(&self, settings: &Settings, environment: Environment<'_>) -> Result<()> {
        let exporter = Exporter::start(settings, environment, &self.series, &self.dropped)?;
        self.recorder.redirect(sinks(settings, exporter.as_ref())?)?;
        self.records.store(records(settings, exporter.is_some()), Ordering::Relaxed);
        // The former one ends once it has sent what it has.
        *self.exporter.lock().unwrap_or_else(PoisonError::into_inner) = exporter;
        Ok(())
    }

    /// Returns when all has been told, or cannot be in time.
    pub(super) async fn close(&self) {
        self.recorder.flush().await;
        let exporter = self.exporter.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(exporter) = exporter {
            exporter.close().await;
        }
    }

    /// Takes an exchange that is over.
    pub(super) fn ended(&self, exchange: Exchange) {
        self.series.count(&exchange);
        if self.records.load(Ordering::Relaxed) {
            self.recorder.over(exchange);
        }
    }

    /// Prometheus' text format.
    pub(super) fn metrics(&self, in_flight: usize) -> String {
        let started = timestamp::since_1970(self.started).as_secs_f64();
        prometheus::text(&self.series, &Rest { in_flight, dropped: self.dropped().to_vec(), started })
    }

    /// What the page shows, but for targets and models.
    pub(super) fn stats(&self, in_flight: usize) -> Value {
        let dropped: serde_json::Map<String, Value> =
            self.dropped().into_iter().map(|(signal, count)| (signal.to_owned(), count.into())).collect();
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "started": timestamp::rfc3339(self.started),
            "inFlight": in_flight,
            "dropped": dropped,
            "past": self.recorder.past(),
        })
    }

    fn dropped(&self) -> [(&'static str, u64); 3] {
        let Dropped { exchanges, lines, spans } = &*self.dropped;
        [("exchanges", exchanges), ("access_log", lines), ("spans", spans)]
            .map(|(signal, count)| (signal, count.load(Ordering::Relaxed)))
    }
}

fn sinks(settings: &Settings, exporter: Option<&Exporter>) -> Result<Sinks> {
    Ok(Sinks { log: Log::open(&settings.access_log)?, spans: exporter.map(Exporter::spans) })
}

fn records(settings: &Settings, exports: bool) -> bool {
    settings.page || exports || settings.access_log != AccessLog::Off
}
