//! A configured client: the options of `new Bedrock` and `createFetch`, resolved once.

use std::sync::Arc;

use napi::Either;
use napi_derive::napi;
use serde_json::Value;

use super::channel::Found;
use super::error::ErrorData;
use super::host::{Functions, Line};
use super::hub::Hub;
use crate::client::Client;
use crate::config::process_environment;

#[napi]
impl Hub {
    /// A client with these `options`, of which those named by `functions` are functions; or what is wrong with them.
    #[napi(catch_unwind)]
    pub fn client(&self, options: Value, functions: Vec<String>) -> Either<NativeClient, ErrorData> {
        let (id, channel) = self.channel();
        let line = Arc::new(Line::new(channel));
        let host = Arc::new(Functions::new(functions, line.clone()));
        match Client::new(&options, &process_environment, Some(host)) {
            Ok(client) => Either::A(NativeClient { id, client: Arc::new(client), line }),
            Err(error) => Either::B(ErrorData::from(&error)),
        }
    }
}

/// What a `Bedrock` object holds. Collected, it gives up what it is asked for at that moment.
#[napi]
pub struct NativeClient {
    id: u32,
    client: Arc<Client>,
    pub(super) line: Arc<Line>,
}

#[napi]
impl NativeClient {
    /// The id by which the hub reports that functions are to be called.
    #[napi(getter, catch_unwind)]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What of the settings a program may see: `{"region", "baseURL"}`.
    #[napi(catch_unwind)]
    pub fn about(&self) -> Value {
        self.client.about()
    }

    /// The calls to make, each JSON, `{"call","function","argument"}`; of a `fetch` also `{"more"}` and `{"cancel"}` with the
    /// number of its call. None: the hub will report more.
    #[napi(catch_unwind)]
    pub fn asked(&self) -> Vec<String> {
        match self.line.channel.poll() {
            Found::Items(calls) => calls,
            Found::Nothing | Found::End => Vec::new(),
        }
    }

    /// What a function said: `{"answer"}`, or `{"error"}` with a text.
    #[napi(catch_unwind)]
    pub fn answer(&self, call: u32, answer: Value) {
        self.line.callbacks.answer(call, answer);
    }
}

impl NativeClient {
    /// The client, to be used in a task.
    pub(super) fn client(&self) -> Arc<Client> {
        self.client.clone()
    }
}

impl Drop for NativeClient {
    fn drop(&mut self) {
        self.line.close();
    }
}
