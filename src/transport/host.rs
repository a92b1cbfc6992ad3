//! What only the program around this crate can do: functions that it gave among its settings, asked for by name.
//!
//! In Node these are JavaScript functions (`node/host.rs`); a test has its own.

use std::fmt;

use futures::future::BoxFuture;
use serde_json::Value;

use crate::error::Result;

/// The functions a program gave.
pub trait Host: Send + Sync + fmt::Debug {
    /// Whether the program gave a function of this name, e.g. `credentialProvider`.
    fn offers(&self, function: &str) -> bool;

    /// Calls it. What it fails with is the error the program gets: see [`Error::host_call`](crate::error::Error).
    ///
    /// Dropping the future forgets the answer; the function itself runs on.
    fn ask(&self, function: &str, argument: Value) -> BoxFuture<'static, Result<Value>>;
}
