//! `simulate`: a Bedrock on localhost as a stream of one item, which stays open until it is closed.

use std::io;

use napi_derive::napi;
use serde_json::{Map, Value, json};

use super::channel::{Channel, End};
use super::hub::Hub;
use super::stream::NativeStream;
use crate::error::{Error, Kind, Result};
use crate::simulator::Simulator;

#[napi]
impl Hub {
    /// Starts a simulator. The one string is JSON about it, given when it accepts connections; the end is reported
    /// when all of them are closed.
    #[napi(catch_unwind)]
    pub fn simulator(&self, options: Value) -> napi::Result<NativeStream> {
        NativeStream::start(self, |channel| async move {
            End { error: run(options, &channel).await.err(), outcome: Value::Null }
        })
    }
}

async fn run(options: Value, channel: &Channel) -> Result<()> {
    let options = serde_json::from_value(options).map_err(|error| Error::invalid("options", error))?;
    let simulator = Simulator::start(options).await.map_err(cannot_listen)?;
    let env: Map<String, Value> =
        simulator.env().into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect();
    let about = json!({
        "url": simulator.url(),
        "httpsUrl": simulator.https_url(),
        "caPem": simulator.ca_pem(),
        "env": env,
        "warnings": simulator.warnings(),
    });
    channel.send(vec![about.to_string()]).await;
    channel.closed().await;
    simulator.close().await;
    Ok(())
}

fn cannot_listen(error: io::Error) -> Error {
    Error::new(
        Kind::Configuration,
        format!("The simulator cannot listen: {error}. Leave options.port out to take a free one."),
    )
}
