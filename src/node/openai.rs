//! `Bedrock` and `createFetch`: a request of OpenAI's REST API, and its answer with the head first.

use std::sync::Arc;

use napi::bindgen_prelude::{ClassInstance, Either};
use napi_derive::napi;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::body::{Collected, RequestBody};
use super::channel::{Channel, head_item};
use super::client::NativeClient;
use super::hub::Hub;
use super::stream::NativeStream;
use crate::client::Client;
use crate::client::openai::{self, Answer, Body, Call, Form};
use crate::error::Result;

/// A request without its body.
#[derive(Deserialize)]
struct Head {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    #[serde(deserialize_with = "form")]
    form: Form,
    /// What is set for this request: `timeout`, `maxRetries`.
    options: Value,
}

fn form<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Form, D::Error> {
    let name = String::deserialize(deserializer)?;
    Ok(if name == "sse" { Form::ServerSentEvents } else { Form::Items })
}

#[napi]
impl Hub {
    /// Sends a request of OpenAI's REST API and streams its answer. `body` is JSON, at once or collected.
    ///
    /// `head` is JSON, `{"method", "path", "headers": [[name, value]], "form": "items" | "sse", "options": {"timeout"?,
    /// "maxRetries"?}}`. The first string is the answer's head, U+0000 and `{"status", "headers"}`; then comes the body: a
    /// whole answer in one string, a stream in the form that was asked for.
    #[napi(catch_unwind)]
    pub fn openai(
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
    let form = head.form;
    let Answer { status, headers, body, .. } = match answer(&client, head, body).await {
        Err(error) if form == Form::ServerSentEvents => Answer::refusal(&error),
        answer => answer?,
    };
    let head = head_item(status, headers);
    match body {
        Body::Whole(text) => channel.send(vec![head, text]).await,
        Body::Streamed(mut stream) => {
            channel.send(vec![head]).await;
            while let Some(items) = stream.next().await? {
                channel.send(items).await;
            }
        }
    }
    Ok(())
}

async fn answer(client: &Client, head: Head, body: Collected) -> Result<Answer> {
    let Head { method, path, headers, form, options } = head;
    let client = client.with(&options, "options")?;
    openai::answer(&client, Call { method, path, headers, payload: body.payload()?, form }).await
}
