//! What the gateway tells about itself: every exchange goes through here once, when it is over.

mod content;
mod trace;

pub(super) use content::Content;
pub(super) use trace::Trace;

use std::sync::atomic::{AtomicU64, Ordering};

use super::exchange::Exchange;
use super::settings::Settings;
use crate::config::Environment;
use crate::error::Result;

/// Who is told.
#[derive(Debug, Default)]
pub(super) struct Observer {
    requests: AtomicU64,
}

impl Observer {
    /// Begins to tell.
    pub(super) fn start(_settings: &Settings, _environment: Environment<'_>) -> Result<Observer> {
        Ok(Observer::default())
    }

    /// Tells as other settings want it from now on.
    pub(super) fn reload(&self, _settings: &Settings, _environment: Environment<'_>) -> Result<()> {
        Ok(())
    }

    /// Returns when all has been told, or cannot be.
    pub(super) async fn close(&self) {}

    /// Takes an exchange that is over.
    pub(super) fn ended(&self, exchange: Exchange) {
        drop(exchange);
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Prometheus' text format.
    pub(super) fn metrics(&self, in_flight: usize) -> String {
        let requests = self.requests.load(Ordering::Relaxed);
        format!(
            "# TYPE gateway_requests_total counter\ngateway_requests_total {requests}\n\
             # TYPE gateway_inflight gauge\ngateway_inflight {in_flight}\n"
        )
    }
}
