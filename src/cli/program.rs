//! The plain program: prints, waits for signals, exits.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program's output")]

use std::fs;
use std::process::ExitCode;

use super::signals::{Signal, Signals};
use super::{Command, Failure, Running, Threads, parse, runtime, start};
use crate::config::{arguments, process_environment};

/// Carries out the arguments of this process, until a signal ends what runs.
pub fn main() -> ExitCode {
    let command = match parse(arguments(), &process_environment, &|path| fs::read_to_string(path)) {
        Ok(command) => command,
        Err(failure) => return failed(&failure),
    };
    let runtime = match runtime(Threads::of(&command)) {
        Ok(runtime) => runtime,
        Err(error) => {
            return failed(&Failure { message: format!("Cannot start its threads: {error}."), exit_code: 1 });
        }
    };
    let code = runtime.block_on(carry_out(command));
    // What is still under way, such as a lookup of a name, is not waited for.
    runtime.shutdown_background();
    code
}

fn failed(failure: &Failure) -> ExitCode {
    eprintln!("bedrock-wrapper: {}", failure.message);
    failure.exit_code.into()
}

async fn carry_out(command: Command) -> ExitCode {
    let started = match start(command).await {
        Ok(started) => started,
        Err(failure) => return failed(&failure),
    };
    started.warnings.iter().for_each(|warning| eprintln!("bedrock-wrapper: {warning}"));
    let Some(running) = started.running else {
        print!("{}", started.text);
        return ExitCode::SUCCESS;
    };
    // Before anything is printed: who reads it may send a signal at once.
    let mut signals = Signals::new(running.reloads());
    print!("{}", started.text);
    until_told_to_end(&running, &mut signals).await;
    tokio::select! {
        () = running.close() => ExitCode::SUCCESS,
        code = at_once(&mut signals) => code,
    }
}

async fn until_told_to_end(running: &Running, signals: &mut Signals) {
    while let Signal::Reload = signals.next().await {
        running.reload().await.iter().for_each(|line| eprintln!("bedrock-wrapper: {line}"));
    }
}

/// A second signal to end, and the exit code that a shell gives for it.
async fn at_once(signals: &mut Signals) -> ExitCode {
    loop {
        if let Signal::End(number) = signals.next().await {
            return ExitCode::from(128 + number);
        }
    }
}
