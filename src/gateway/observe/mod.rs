//! What the gateway tells about itself: every exchange goes through here once, when it is over.

use std::sync::atomic::{AtomicU64, Ordering};

use super::exchange::Exchange;

/// Who is told.
#[derive(Debug, Default)]
pub(super) struct Observer {
    requests: AtomicU64,
}

impl Observer {
    /// Takes an exchange that is over.
    pub(super) fn ended(&self, _exchange: &Exchange) {
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
