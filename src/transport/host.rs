//! What only the program around this crate can do: functions that it gave among its settings, asked for by name.
//!
//! In Node these are JavaScript functions (`node/host.rs`); a test has its own.

use std::fmt;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http_body_util::combinators::BoxBody;
use serde_json::Value;

use crate::error::{Error, Kind, Result};

/// The function that sends HTTP requests, if the program gave one.
pub(super) const FETCH: &str = "fetch";

/// The functions a program gave.
pub trait Host: Send + Sync + fmt::Debug {
    /// Whether the program gave a function of this name, e.g. `credentialProvider`.
    fn offers(&self, function: &str) -> bool;

    /// Calls it. What it fails with is the error the program gets: see [`Error::host_call`](crate::error::Error).
    ///
    /// Dropping the future forgets the answer; the function itself runs on.
    fn ask(&self, function: &str, argument: Value) -> BoxFuture<'static, Result<Value>>;

    /// Sends a request through the function `fetch` and waits for the head of its answer. What it fails with is retried
    /// as a broken connection is.
    ///
    /// Dropping the future, or later the body, cancels the request.
    fn fetch(&self, request: Outgoing) -> BoxFuture<'static, Result<Fetched>> {
        let message = format!("There is no `fetch` to send {} {} through.", request.method, request.url);
        async { Err(Error::new(Kind::Internal, message)) }.boxed()
    }
}

/// A signed request on its way out.
pub struct Outgoing {
    /// Such as `POST`.
    pub method: String,
    /// Absolute.
    pub url: String,
    /// Names and values; the signature is among them.
    pub headers: Vec<(String, String)>,
    /// May be empty.
    pub body: Bytes,
}

/// What `fetch` answered.
pub struct Fetched {
    /// HTTP status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// Read piece by piece.
    pub body: BoxBody<Bytes, Error>,
}
