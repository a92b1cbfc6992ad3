//! `serve`: a gateway as a stream, which stays open until it is closed, and takes other settings meanwhile.

use std::sync::Arc;

use napi_derive::napi;
use serde_json::{Map, Value, json};

use super::channel::{Channel, End};
use super::error::ErrorData;
use super::hub::Hub;
use super::stream::NativeStream;
use crate::cli::Serving;
use crate::error::{Error, Result};
use crate::gateway::settings::{Layers, Resolved};

#[napi]
impl Hub {
    /// Starts a gateway with these settings, on a simulator of its own if `simulate` says so. The first string is JSON about
    /// it, `{"url", "simulatorUrl", "warnings"}`, given when it accepts connections. The order `{"id", "settings"}` gives it
    /// others; what became of it is a further string, `{"id", "warnings"}` or `{"id", "error"}`. The end is reported when
    /// all connections are closed.
    #[napi(catch_unwind)]
    pub fn gateway(&self, settings: Value, simulate: bool) -> napi::Result<NativeStream> {
        NativeStream::start(self, move |channel| async move {
            End { error: run(settings, simulate, channel).await.err(), outcome: Value::Null }
        })
    }
}

async fn run(settings: Value, simulate: bool, channel: Arc<Channel>) -> Result<()> {
    let serving = Serving::start(read(settings)?.settings, simulate).await?;
    let about = json!({
        "url": serving.url(),
        "simulatorUrl": serving.simulator_url(),
        "warnings": serving.warnings(),
    });
    channel.send(vec![about.to_string()]).await;
    while let Some(mut order) = channel.order().await {
        let answer = match reload(&serving, order["settings"].take()).await {
            Ok(warnings) => json!({ "id": order["id"], "warnings": warnings }),
            Err(error) => json!({ "id": order["id"], "error": ErrorData::from(&error) }),
        };
        channel.send(vec![answer.to_string()]).await;
    }
    serving.close().await;
    Ok(())
}

async fn reload(serving: &Serving, settings: Value) -> Result<Vec<String>> {
    serving.reload(read(settings)?.settings).await
}

fn read(options: Value) -> Result<Resolved> {
    let options: Map<String, Value> = match options {
        Value::Object(options) => options,
        other => return Err(Error::wrong_type("options", "an object", &other)),
    };
    let mut layers = Layers::default();
    layers.options(options);
    layers.resolve()
}
