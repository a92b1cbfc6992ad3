//! The plain program: prints, waits for a signal, exits.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program's output")]

use std::fs;
use std::process::ExitCode;

use tokio::signal;

use super::{Failure, parse, start};
use crate::config::arguments;

/// Carries out the arguments of this process, until Ctrl-C or SIGTERM where something runs.
pub async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bedrock-wrapper: {}", failure.message);
            failure.exit_code.into()
        }
    }
}

async fn run() -> Result<(), Failure> {
    let command = parse(arguments(), &|path| fs::read_to_string(path))?;
    let started = start(command).await?;
    started.warnings.iter().for_each(|warning| eprintln!("{warning}"));
    print!("{}", started.text);
    if let Some(running) = started.running {
        interrupted().await;
        running.close().await;
    }
    Ok(())
}

#[cfg(unix)]
async fn interrupted() {
    let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) else {
        // Without a handler the signal ends the process, which is what it is for.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn interrupted() {
    let _ = signal::ctrl_c().await;
}
