//! The command line with Node as its terminal.

use std::ffi::OsString;
use std::fs;
use std::sync::Arc;

use napi_derive::napi;
use serde_json::{Value, json};

use super::channel::{Channel, End};
use super::hub::Hub;
use super::stream::NativeStream;
use crate::cli::{Command, Failure, Threads, parse, runtime, start};
use crate::config::process_environment;

#[napi]
impl Hub {
    /// Carries out a command line. Each string is JSON: `{"out"}` or `{"err"}`, to be printed, where `"reloads"` says that
    /// what runs takes the order `"reload"`. `outcome` is the exit code. What runs, runs until it is closed.
    #[napi(catch_unwind)]
    pub fn cli(&self, arguments: Vec<String>) -> napi::Result<NativeStream> {
        NativeStream::start(self, |channel| async move { End { error: None, outcome: run(arguments, channel).await } })
    }
}

async fn run(arguments: Vec<String>, channel: Arc<Channel>) -> Value {
    let arguments = arguments.into_iter().map(OsString::from);
    let done = match parse(arguments, &process_environment, &|path| fs::read_to_string(path)) {
        Ok(command) => on_its_threads(command, channel.clone()).await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(()) => json!(0),
        Err(failure) => {
            channel.send(vec![told(&failure.message)]).await;
            json!(failure.exit_code)
        }
    }
}

/// Where a command wants several threads, it gets a runtime of its own. That stays until the process ends, since
/// connections that were opened on it are shared.
async fn on_its_threads(command: Command, channel: Arc<Channel>) -> Result<(), Failure> {
    let threads = Threads::of(&command);
    if threads == Threads::One {
        return carry_out(command, channel).await;
    }
    let failed = |message| Failure { message, exit_code: 1 };
    let runtime = runtime(threads).map_err(|error| failed(format!("Cannot start its threads: {error}.")))?;
    let done = runtime.spawn(carry_out(command, channel)).await;
    std::mem::forget(runtime);
    done.unwrap_or_else(|error| Err(failed(format!("A defect of bedrock-wrapper: {error}."))))
}

async fn carry_out(command: Command, channel: Arc<Channel>) -> Result<(), Failure> {
    let started = start(command).await?;
    let warnings = started.warnings.iter().map(|warning| told(warning));
    let reloads = started.running.as_ref().is_some_and(|running| running.reloads());
    let text = json!({ "out": started.text, "reloads": reloads }).to_string();
    channel.send(warnings.chain([text]).collect()).await;
    if let Some(running) = started.running {
        // The one order there is: to reload.
        while channel.order().await.is_some() {
            channel.send(running.reload().await.iter().map(|line| told(line)).collect()).await;
        }
        running.close().await;
    }
    Ok(())
}

fn told(line: &str) -> String {
    json!({ "err": format!("bedrock-wrapper: {line}\n") }).to_string()
}
