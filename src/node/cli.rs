//! The command line with Node as its terminal.

use std::ffi::OsString;
use std::fs;
use std::sync::Arc;

use napi_derive::napi;
use serde_json::{Value, json};

use super::channel::{Channel, End};
use super::hub::Hub;
use super::stream::NativeStream;
use crate::cli::{Failure, parse, start};

#[napi]
impl Hub {
    /// Carries out a command line. Each string is JSON, `{"out"}` or `{"err"}`, to be printed; `outcome` is the exit
    /// code. What runs, runs until it is closed.
    #[napi(catch_unwind)]
    pub fn cli(&self, arguments: Vec<String>) -> napi::Result<NativeStream> {
        NativeStream::start(self, |channel| async move { End { error: None, outcome: run(arguments, channel).await } })
    }
}

async fn run(arguments: Vec<String>, channel: Arc<Channel>) -> Value {
    match carry_out(arguments, &channel).await {
        Ok(()) => json!(0),
        Err(failure) => {
            channel.send(vec![json!({ "err": format!("bedrock-wrapper: {}\n", failure.message) }).to_string()]).await;
            json!(failure.exit_code)
        }
    }
}

async fn carry_out(arguments: Vec<String>, channel: &Channel) -> Result<(), Failure> {
    let command = parse(arguments.into_iter().map(OsString::from), &|path| fs::read_to_string(path))?;
    let started = start(command).await?;
    let warnings = started.warnings.iter().map(|warning| json!({ "err": format!("{warning}\n") }).to_string());
    channel.send(warnings.chain([json!({ "out": started.text }).to_string()]).collect()).await;
    if let Some(running) = started.running {
        channel.closed().await;
        running.close().await;
    }
    Ok(())
}
