//! What JavaScript holds of a running task: something to poll, and to close.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use napi::Either;
use napi_derive::napi;
use serde_json::Value;

use super::channel::{Channel, End, Found};
use super::error::{ApiErrorData, ErrorData, call_error};
use super::hub::Hub;
use super::runtime::runtime;
use crate::error::{Error, Kind, Result};
use crate::transport::{Observer, observed};

/// A task on the runtime and the strings it produces.
#[napi]
pub struct NativeStream {
    id: u32,
    channel: Arc<Channel>,
}

impl NativeStream {
    /// Starts the task that `run` makes. It ends by itself, by a panic, or because it saw [`Channel::closed`].
    pub(super) fn start<F, T>(hub: &Hub, run: F) -> napi::Result<NativeStream>
    where
        F: FnOnce(Arc<Channel>) -> T,
        T: Future<Output = End> + Send + 'static,
    {
        let (id, channel) = hub.channel();
        let task = watched(hub.observer(), run(channel.clone()));
        let writer = channel.clone();
        runtime()?.spawn(async move {
            let end = AssertUnwindSafe(task).catch_unwind().await;
            writer.finish(end.unwrap_or_else(|_| End { error: Some(panicked()), outcome: Value::Null }));
        });
        Ok(NativeStream { id, channel })
    }
}

impl NativeStream {
    /// Starts the task that `run` makes, which only has items to tell. It ends by itself or when the reader closes.
    pub(super) fn passing<F, T>(hub: &Hub, run: F) -> napi::Result<NativeStream>
    where
        F: FnOnce(Arc<Channel>) -> T,
        T: Future<Output = Result<()>> + Send + 'static,
    {
        NativeStream::start(hub, |channel| {
            let passing = run(channel.clone());
            async move {
                let error = tokio::select! {
                    result = passing => result.err(),
                    () = channel.closed() => None,
                };
                End { error, outcome: Value::Null }
            }
        })
    }
}

async fn watched<T>(observer: Option<Observer>, task: impl Future<Output = T>) -> T {
    match observer {
        Some(observer) => observed(observer, task).await,
        None => task.await,
    }
}

fn panicked() -> Error {
    Error::new(
        Kind::Internal,
        "A defect of bedrock-wrapper: its native part panicked. Please report it with the text on stderr.",
    )
}

#[napi]
impl NativeStream {
    /// The id by which the hub reports this stream.
    #[napi(getter, catch_unwind)]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What is ready: one string, which is the rule with a model at its own pace, or an array of several. `null`: none
    /// yet, the hub will report this stream. An empty array: it has ended, see `error`.
    #[napi(catch_unwind)]
    pub fn poll(&self) -> Option<Either<String, Vec<String>>> {
        let mut items = match self.channel.poll() {
            Found::Nothing => return None,
            Found::Items(items) => items,
            Found::End => Vec::new(),
        };
        match (items.len(), items.pop()) {
            (1, Some(only)) => Some(Either::A(only)),
            (_, last) => {
                items.extend(last);
                Some(Either::B(items))
            }
        }
    }

    /// Why the task failed; `null` while it runs and when it did not fail.
    #[napi(catch_unwind)]
    pub fn error(&self) -> Option<ErrorData> {
        self.channel.end(|end| end.error.as_ref().map(ErrorData::from)).flatten()
    }

    /// The same for callers of OpenAI's API.
    #[napi(catch_unwind)]
    pub fn api_error(&self) -> Option<ApiErrorData> {
        self.channel.end(|end| end.error.as_ref().map(ApiErrorData::from)).flatten()
    }

    /// The same for callers of the AI SDK: the members of `ErrorData`, `apiCode`, and where the request went and what came
    /// back (`url`, `responseHeaders`, `responseBody`).
    #[napi(catch_unwind)]
    pub fn call_error(&self) -> Option<Value> {
        self.channel.end(|end| end.error.as_ref().map(call_error)).flatten()
    }

    /// The request body that was sent, as far as the task tells it.
    #[napi(catch_unwind)]
    pub fn sent(&self) -> Option<String> {
        self.channel.kept().map(|body| String::from_utf8_lossy(&body).into_owned())
    }

    /// What the task tells besides its strings; `null` while it runs.
    #[napi(catch_unwind)]
    pub fn outcome(&self) -> Option<Value> {
        self.channel.end(|end| end.outcome.clone())
    }

    /// Wants something of the task, where it takes orders.
    #[napi(catch_unwind)]
    pub fn order(&self, order: Value) {
        self.channel.give_order(order);
    }

    /// Cancels the task and drops what it has produced. Its end is still reported.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.channel.close();
    }
}

impl Drop for NativeStream {
    fn drop(&mut self) {
        self.channel.close();
    }
}
