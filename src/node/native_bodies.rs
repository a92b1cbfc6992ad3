//! A request in a model's own words, and its answer with the head first.

use std::sync::Arc;

use napi::bindgen_prelude::{ClassInstance, Either};
use napi_derive::napi;
use serde::{Deserialize, Deserializer};

use super::body::{Collected, RequestBody};
use super::channel::{Channel, head_item};
use super::client::NativeClient;
use super::hub::Hub;
use super::stream::NativeStream;
use crate::client::Client;
use crate::client::native_bodies::{self, Answer, Api, Body, Call};
use crate::error::Result;

/// A request without its body.
#[derive(Deserialize)]
struct Head {
    #[serde(deserialize_with = "api")]
    api: Api,
    path: String,
    headers: Vec<(String, String)>,
}

fn api<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Api, D::Error> {
    let name = String::deserialize(deserializer)?;
    Ok(if name == "messages" { Api::Messages } else { Api::OpenAi })
}

#[napi]
impl Hub {
    /// Sends a body in a model's own words and streams its answer. `body` is JSON, at once or collected.
    ///
    /// `head` is JSON, `{"api": "messages" | "openai", "path", "headers": [[name, value]]}`. The first string is the answer's
    /// head, U+0000 and `{"status", "headers"}`; then comes the body: a whole answer in one string, a stream as server-sent
    /// events.
    #[napi(catch_unwind)]
    pub fn native_body(
        &self,
        client: &NativeClient,
        head: String,
        body: Option<Either<String, ClassInstance<'_, RequestBody>>>,
    ) -> napi::Result<NativeStream> {
        let head: Head = serde_json::from_str(&head)?;
        let client = client.client();
        let body = Collected::given(body);
        NativeStream::passing(self, |channel| async move { pass_on(client, head, body, &channel).await })
    }
}

async fn pass_on(client: Arc<Client>, head: Head, body: Collected, channel: &Channel) -> Result<()> {
    let Head { api, path, headers } = head;
    let call = Call { api, path, headers, payload: body.payload()? };
    let Answer { status, headers, body } = native_bodies::answer(&client, call).await?;
    let head = head_item(status, headers);
    match body {
        Body::Whole(text) => channel.send(vec![head, text]).await,
        Body::Streamed(mut pieces) => {
            channel.send(vec![head]).await;
            while let Some(piece) = pieces.next().await {
                channel.send(vec![piece]).await;
            }
        }
    }
    Ok(())
}
