//! The tokio runtime of the addon: one per process, started by the first call, never shut down.
//!
//! napi's own runtime is not used: it starts with the import, with a thread for every CPU, and stops when the last
//! environment that loaded the addon ends, which would take the pooled connections with it.

use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};

/// Threads that drive all requests of the process. Decoding costs so little that two keep up with any consumer; more
/// would only add wake-ups between them.
const WORKERS: usize = 1;

static RUNTIME: LazyLock<std::io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(WORKERS).thread_name("bedrock-wrapper").enable_all().build()
});

/// The runtime, or why the system refused its threads.
pub(super) fn runtime() -> napi::Result<&'static Runtime> {
    RUNTIME.as_ref().map_err(|error| napi::Error::from_reason(format!("Cannot start the I/O threads: {error}")))
}
