//! The only code that talks to AWS: our JSON through aws-sdk-bedrockruntime, its bytes back.
//!
//! Signing, credentials, endpoint rules, retries and frame checks are the SDK's. The JSON is ours on the way out
//! ([`raw`] puts it into the SDK's request), so that a field newer than the SDK passes; on the way back the body is
//! taken before the SDK parses it, so that nothing it does not know is lost.

mod clients;
mod failure;
mod frames;
mod raw;

pub use frames::{Frame, Frames};

use std::time::Duration;

use aws_sdk_bedrockruntime::Client;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body_util::BodyExt;

use crate::config::Account;
use crate::error::{Error, Kind, Result};
use raw::Exchange;

/// The largest whole answer that is read, in bytes (`InvokeModelResponse.body`: 25,000,000).
const MAX_ANSWER: usize = 25_000_000;

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

/// A successful answer whose body has not been read.
pub struct Answer {
    /// `x-amzn-RequestId`.
    pub request_id: Option<String>,
    /// Token counts of the `X-Amzn-Bedrock-*-Token-Count` headers (InvokeModel): input, output.
    pub token_counts: (Option<u64>, Option<u64>),
    body: SdkBody,
    idle: Duration,
}

/// Sends `body` to `model_id` and waits for the head of the answer; retries are the SDK's.
pub async fn send(
    account: &Account,
    operation: Operation,
    model_id: &str,
    body: Bytes,
    idle: Duration,
) -> Result<Answer> {
    let client = clients::client(account).await?;
    let exchange = Exchange::new(body);
    let sent = perform(&client, account, operation, model_id, &exchange);
    tokio::time::timeout(idle, sent).await.map_err(|_| stalled(idle))??;
    exchange.answer(idle)
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
            let call = client.converse().model_id(model_id).customize().interceptor(exchange.clone());
            call.send().await.map(drop).map_err(|error| failure::error(&error, account))
        }
        Operation::ConverseStream => {
            let call = client.converse_stream().model_id(model_id).customize().interceptor(exchange.clone());
            call.send().await.map(drop).map_err(|error| failure::error(&error, account))
        }
        Operation::InvokeModel => {
            let call = client.invoke_model().model_id(model_id).content_type(JSON).accept(JSON);
            let call = call.customize().interceptor(exchange.clone());
            call.send().await.map(drop).map_err(|error| failure::error(&error, account))
        }
        Operation::InvokeModelWithResponseStream => {
            let call = client.invoke_model_with_response_stream().model_id(model_id).content_type(JSON).accept(JSON);
            let call = call.customize().interceptor(exchange.clone());
            call.send().await.map(drop).map_err(|error| failure::error(&error, account))
        }
    }
}

const JSON: &str = "application/json";

impl Answer {
    /// The next piece of the body, `None` at its end. Silence for longer than the idle limit is an error.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        loop {
            let frame = tokio::time::timeout(self.idle, self.body.frame()).await.map_err(|_| stalled(self.idle))?;
            match frame {
                None => {
                    // hyper-util puts the connection back into its pool in a task of its own; without a turn for it
                    // the next call of this caller would find none and open another.
                    tokio::task::yield_now().await;
                    return Ok(None);
                }
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
                Some(Err(error)) => return Err(failure::broken_body(error.as_ref())),
            }
        }
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

fn stalled(idle: Duration) -> Error {
    let seconds = idle.as_secs_f64();
    Error::new(
        Kind::Timeout,
        format!("Nothing came from the service for {seconds} s. Try again, or raise options.idleTimeout."),
    )
}
