//! The tokio runtime of the addon: one per process, started by the first call, never shut down.
//!
//! napi's own runtime is not used: it starts with the import, with a thread for every CPU, and stops when the last
//! environment that loaded the addon ends, which would take the pooled connections with it.
//!
//! One thread does all I/O and decoding. It outpaces any consumer in JavaScript by far, and tasks on one thread wake
//! each other without the system's help. What takes long (images) runs on tokio's blocking threads.

use std::future::pending;
use std::io;
use std::sync::LazyLock;
use std::thread;

use tokio::runtime::{Builder, Handle};

static RUNTIME: LazyLock<io::Result<Handle>> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new().name("bedrock-wrapper".to_owned()).spawn(move || runtime.block_on(pending::<()>()))?;
    Ok(handle)
});

/// The runtime, or why the system refused its thread.
pub(super) fn runtime() -> napi::Result<&'static Handle> {
    RUNTIME.as_ref().map_err(|error| napi::Error::from_reason(format!("Cannot start the I/O thread: {error}")))
}
