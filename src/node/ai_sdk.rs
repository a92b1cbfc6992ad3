//! `bedrock-wrapper/ai-sdk`: a call of one of a provider's models, and its answer with the head first.

use std::sync::Arc;

use napi::bindgen_prelude::{ClassInstance, Either};
use napi_derive::napi;
use serde::Deserialize;
use serde_json::Value;

use super::body::{Collected, RequestBody};
use super::channel::Channel;
use super::client::NativeClient;
use super::hub::Hub;
use super::stream::NativeStream;
use crate::client::Client;
use crate::client::ai_sdk::{self, Answer, Call, Operation};
use crate::dialect::ai_sdk::Specification;
use crate::error::Result;

/// A call without its options.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    operation: String,
    model_id: String,
    #[serde(default)]
    settings: Value,
    headers: Vec<(String, String)>,
    specification: String,
    generated_id: String,
    #[serde(default)]
    include_raw_chunks: bool,
}

#[napi]
impl Hub {
    /// Makes a call that the AI SDK makes of a model. `options` are the call's, JSON, at once or collected.
    ///
    /// `head` is JSON, `{"operation", "modelId", "settings"?, "headers": [[name, value]], "specification": "v3" | "v4",
    /// "generatedId", "includeRawChunks"?}`. The first string is the answer, or a stream's head, as JSON. What follows it is a stream: a
    /// text of the open text block as it is, U+0001 and a piece of the open reasoning block, U+0002 and a piece of the open
    /// tool input, or U+0000 and the JSON of one part.
    #[napi(catch_unwind)]
    pub fn ai_sdk(
        &self,
        client: &NativeClient,
        head: String,
        options: Either<String, ClassInstance<'_, RequestBody>>,
    ) -> napi::Result<NativeStream> {
        let head: Head = serde_json::from_str(&head)?;
        let unknown = |word: &str| napi::Error::from_reason(format!("{word} is unknown"));
        let operation = Operation::parse(&head.operation).ok_or_else(|| unknown(&head.operation))?;
        let specification = Specification::parse(&head.specification).ok_or_else(|| unknown(&head.specification))?;
        let client = client.client();
        let options = Collected::given(Some(options));
        NativeStream::passing(self, |channel| async move {
            let Head { model_id, settings, headers, generated_id, include_raw_chunks, .. } = head;
            let call = Call {
                operation,
                model_id,
                settings,
                headers,
                specification,
                generated_id,
                includes_raw_chunks: include_raw_chunks,
                payload: options.payload()?,
            };
            pass_on(client, call, &channel).await
        })
    }
}

async fn pass_on(client: Arc<Client>, call: Call, channel: &Channel) -> Result<()> {
    let Answer { head, sent, stream } = ai_sdk::answer(&client, call).await?;
    sent.into_iter().for_each(|sent| channel.keep(sent));
    channel.send(vec![head.to_string()]).await;
    if let Some(mut stream) = stream {
        while let Some(items) = stream.next().await? {
            channel.send(items).await;
        }
    }
    Ok(())
}
