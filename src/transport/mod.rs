//! The only code that talks to AWS: our JSON through aws-sdk-bedrockruntime, its bytes back.
//!
//! Signing, credentials, endpoint rules and retries are the SDK's. The JSON is ours on the way out
//! (`raw.rs` puts it into the SDK's request), so that a field newer than the SDK passes; on the way back the body is
//! taken before the SDK parses it, so that nothing it does not know is lost.

mod clients;
mod connection;
mod elapsed;
mod failure;
mod fetch;
mod flight;
mod frames;
mod headers;
mod host;
mod http;
mod identity;
mod observe;
mod post;
mod proxy;
mod raw;
mod refusal;
mod retry;
mod roots;
mod routes;

pub use connection::{Call, Connection};
pub use frames::{Frame, Frames};
pub use host::{Fetched, Host, Outgoing};
pub use observe::{Observer, Report, observed};
pub use post::post;
pub use routes::{RawAnswer, RawCall, api_root};

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use aws_sdk_bedrockruntime::Client;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use futures::FutureExt;
use http_body_util::BodyExt;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::config::{Account, Patience};
use crate::error::{Error, Kind, Result};
use elapsed::{Elapsed, Limit, within};
use raw::Exchange;

/// The largest whole answer that is read, in bytes (`InvokeModelResponse.body`: 25,000,000).
const MAX_ANSWER: usize = 25_000_000;

/// A wait after which a stream counts as written by a model at its own pace, not as lying ready.
const PACED: Duration = Duration::from_millis(1);

/// The four operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Converse.
    Converse,
    /// ConverseStream.
    ConverseStream,
    /// InvokeModel.
    InvokeModel,
    /// InvokeModelWithResponseStream.
    InvokeModelWithResponseStream,
}

/// What may be particular about a call of one of the four operations.
#[derive(Clone, Debug, Default)]
pub struct Particulars {
    /// Headers for it alone, signed with the others. They win over those of the account.
    pub headers: Arc<[(String, String)]>,
    /// Whether URL and headers of the answer are kept.
    pub keeps_head: bool,
}

/// A successful answer whose body has not been read.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Where the request went, where the call keeps the head.
    pub url: Option<String>,
    /// Headers, names in lower case, where the call keeps the head.
    pub headers: Vec<(String, String)>,
    /// `x-amzn-RequestId`.
    pub request_id: Option<String>,
    /// Token counts of the `X-Amzn-Bedrock-*-Token-Count` headers (InvokeModel): input, output.
    pub token_counts: (Option<u64>, Option<u64>),
    body: SdkBody,
    patience: Patience,
    /// When the call as a whole has taken too long.
    deadline: Option<Instant>,
    /// Whether the last piece was long in coming.
    is_paced: bool,
    /// Rings when the service may have been silent for too long.
    alarm: Option<Pin<Box<Sleep>>>,
}

/// What `work`, which makes several calls for one of the caller's, comes to, unless it takes longer than one call may.
pub async fn in_time<T>(patience: Patience, work: impl Future<Output = Result<T>>) -> Result<T> {
    within(patience.total, Limit::Total, work).await?
}

async fn perform(
    client: &Client,
    account: &Account,
    operation: Operation,
    model_id: &str,
    exchange: &Exchange,
) -> Result<()> {
    match operation {
        Operation::Converse => {
            let call = client.converse().model_id(model_id);
            exchange.with(call.send()).await.map(drop).map_err(|error| failure::error(&error, account))
        }
        Operation::ConverseStream => {
            let call = client.converse_stream().model_id(model_id);
            exchange.with(call.send()).await.map(drop).map_err(|error| failure::error(&error, account))
        }
        Operation::InvokeModel => {
            let call = client.invoke_model().model_id(model_id).content_type(JSON).accept(JSON);
            exchange.with(call.send()).await.map(drop).map_err(|error| failure::error(&error, account))
        }
        Operation::InvokeModelWithResponseStream => {
            let call = client.invoke_model_with_response_stream().model_id(model_id).content_type(JSON).accept(JSON);
            exchange.with(call.send()).await.map(drop).map_err(|error| failure::error(&error, account))
        }
    }
}

const JSON: &str = "application/json";

impl Answer {
    /// The next piece of the body, `None` at its end. Silence for longer than the idle limit is an error.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        let waiting_since = Instant::now();
        let stalled = waiting_since + self.patience.between;
        let end = self.deadline.map_or(stalled, |deadline| deadline.min(stalled));
        loop {
            let data = next_data(&mut self.body);
            let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(end)));
            tokio::select! {
                biased;
                data = data => {
                    self.is_paced = waiting_since.elapsed() >= PACED;
                    return settled(data).await;
                }
                () = alarm.as_mut() => {}
            }
            // One alarm serves the whole answer: it may have been set for an earlier piece.
            if Instant::now() >= end {
                return Err(self.elapsed(end).into());
            }
            alarm.as_mut().reset(end);
        }
    }

    fn elapsed(&self, end: Instant) -> Elapsed {
        match (self.deadline, self.patience.total) {
            (Some(deadline), Some(total)) if deadline <= end => Elapsed::new(Limit::Total, total),
            _ => Elapsed::new(Limit::Idle, self.patience.between),
        }
    }

    /// The next piece if it is there by now; `None` means it is not. Gives way to the connection's task once, so that
    /// what lies in its buffer gets here: one piece is one chunk of the HTTP body, often a single event. A stream whose
    /// pieces come one by one is spared that.
    pub async fn ready_chunk(&mut self) -> Option<Result<Option<Bytes>>> {
        if self.is_paced {
            return None;
        }
        let mut ready = next_data(&mut self.body).now_or_never();
        if ready.is_none() {
            give_way().await;
            ready = next_data(&mut self.body).now_or_never();
        }
        Some(settled(ready?).await)
    }

    /// The whole body.
    pub async fn whole(&mut self) -> Result<Vec<u8>> {
        let mut whole = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            if whole.len() + chunk.len() > MAX_ANSWER {
                return Err(Error::new(Kind::BrokenStream, format!("The answer is larger than {MAX_ANSWER} bytes.")));
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole)
    }
}

async fn next_data(body: &mut SdkBody) -> Result<Option<Bytes>> {
    loop {
        match body.frame().await {
            None => return Ok(None),
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
            Some(Err(error)) => return Err(failure::broken_body(error.as_ref())),
        }
    }
}

/// At the end of a body lets hyper-util put the connection back into its pool, which it does in a task of its own: else
/// the next call of this caller would find none there and open another.
async fn settled(data: Result<Option<Bytes>>) -> Result<Option<Bytes>> {
    if matches!(data, Ok(None)) {
        give_way().await;
    }
    data
}

/// Lets every task that is ready run once. Not tokio's `yield_now`, which asks the system for I/O events each time.
async fn give_way() {
    let mut gave_way = false;
    poll_fn(|context| {
        if std::mem::replace(&mut gave_way, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
