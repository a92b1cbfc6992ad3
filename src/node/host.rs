//! The functions among a client's options, as the transport asks for them. Knows nothing of napi.

use std::fmt;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::Value;

use super::callbacks::{Answer, Callbacks};
use super::channel::{Channel, End};
use super::fetch::{self, Fetches};
use crate::error::{Error, Kind, Result};
use crate::transport::{Fetched, Host, Outgoing};

/// JavaScript functions, each under the name of its option.
pub(super) struct Functions {
    names: Vec<String>,
    line: Arc<Line>,
}

/// The way to the thread they run on.
pub(super) struct Line {
    pub(super) channel: Arc<Channel>,
    pub(super) callbacks: Callbacks,
    pub(super) fetches: Fetches,
}

impl Line {
    pub(super) fn new(channel: Arc<Channel>) -> Line {
        Line { channel, callbacks: Callbacks::default(), fetches: Fetches::default() }
    }

    /// Nobody will answer any more.
    pub(super) fn close(&self) {
        self.callbacks.close();
        self.fetches.close();
        self.channel.finish(End { error: None, outcome: Value::Null }); // wakes who listens
        self.channel.close();
    }
}

impl Functions {
    pub(super) fn new(names: Vec<String>, line: Arc<Line>) -> Functions {
        Functions { names, line }
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.names).finish()
    }
}

impl Host for Functions {
    fn offers(&self, function: &str) -> bool {
        self.names.iter().any(|name| name == function)
    }

    fn ask(&self, function: &str, argument: Value) -> BoxFuture<'static, Result<Value>> {
        let (line, function) = (self.line.clone(), function.to_owned());
        async move {
            let answer = line.callbacks.call(&line.channel, &function, argument).await;
            read(&function, answer.ok_or_else(gone)?)
        }
        .boxed()
    }

    fn fetch(&self, request: Outgoing) -> BoxFuture<'static, Result<Fetched>> {
        fetch::send(self.line.clone(), request).boxed()
    }
}

/// `{"answer"}`, or `{"error"}` with a text that stands in for what was thrown.
fn read(function: &str, Answer { call, mut said }: Answer) -> Result<Value> {
    match said["error"].as_str() {
        Some(thrown) => {
            let message = format!("`{function}` failed: {thrown}");
            Err(Error::new(Kind::Configuration, message).at(function).of_host_call(call))
        }
        None => Ok(said["answer"].take()),
    }
}

pub(super) fn gone() -> Error {
    Error::new(Kind::Aborted, "The client that was to be asked is gone.")
}
