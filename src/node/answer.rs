//! `bedrockWrapper`: one call, its text as a stream, its outcome at the end.

use napi_derive::napi;
use serde_json::Value;

use super::channel::{Channel, End};
use super::hub::Hub;
use super::stream::NativeStream;
use crate::client::{TextAnswer, TextCall};
use crate::error::Error;

#[napi]
impl Hub {
    /// Sends the request and streams the answer's text; `outcome` is the call's outcome.
    #[napi(catch_unwind)]
    pub fn answer(&self, credentials: Value, request: Value, options: Value) -> napi::Result<NativeStream> {
        let call = TextCall { credentials, request, options };
        let mut answer = TextAnswer::new(call);
        NativeStream::start(self, |channel| async move {
            let error = tokio::select! {
                result = pass_on(&mut answer, &channel) => result.err(),
                () = channel.closed() => None,
            };
            End { error, outcome: serde_json::to_value(answer.outcome()).unwrap_or_default() }
        })
    }
}

async fn pass_on(answer: &mut TextAnswer, channel: &Channel) -> Result<(), Error> {
    while let Some(texts) = answer.next_batch().await? {
        channel.send(texts).await;
    }
    Ok(())
}
