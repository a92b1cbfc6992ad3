//! `bedrockWrapper`: one call, its text as a stream, its outcome at the end.

use napi_derive::napi;
use serde_json::Value;

use super::channel::{Channel, End};
use super::hub::Hub;
use super::stream::NativeStream;
use crate::client::text::{TextAnswer, TextCall};
use crate::error::Error;

#[napi]
impl Hub {
    /// Sends the request and streams the answer's text; `outcome` is the call's outcome.
    ///
    /// `call` is JSON, `{"credentials", "request", "options"}`: for a small request much cheaper than objects. A large
    /// one (images) comes apart, since its strings would be escaped and parsed at length.
    #[napi(catch_unwind)]
    pub fn answer(&self, call: String, request: Option<Value>) -> napi::Result<NativeStream> {
        let mut call: TextCall = serde_json::from_str(&call)?;
        call.request = request.unwrap_or(call.request);
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
