//! The command line. [`parse`] makes a [`Command`] of the arguments, [`start`] carries it out.
//!
//! Whoever has the terminal prints: Node for the npm package (`js/cli.js`), `main` for the plain program. Flags are rows
//! of one table, `flags`; their values become members of the JSON that [`Options`] is read from, so that the command
//! line, JavaScript and Rust have the same options with the same checks.

mod flags;
mod guide;
mod hash_key;
mod health;
mod help;
mod parse;
#[cfg(feature = "cli")]
mod program;
mod refused;
mod runtime;
mod serve;
mod serving;
#[cfg(feature = "cli")]
mod signals;

use std::fs;
use std::io::ErrorKind;

use url::Url;

use crate::config::process_environment;
use crate::gateway::settings::Resolved;
use crate::simulator::{self, Options, Simulator};

pub use hash_key::HashKey;
pub use parse::parse;
#[cfg(feature = "cli")]
pub use program::main;
pub use runtime::{Threads, runtime};
pub use serve::Serve;
pub use serving::Serving;

/// What the arguments ask for.
#[derive(Debug)]
pub enum Command {
    /// `--help`, or nothing at all.
    Help,
    /// `simulate --help`.
    HelpSimulate,
    /// `serve --help`.
    HelpServe,
    /// `health --help`.
    HelpHealth,
    /// `hash-key --help`.
    HelpHashKey,
    /// `--version`.
    Version,
    /// `hash-key`.
    HashKey(HashKey),
    /// `health`, with where to ask.
    Health(Url),
    /// Something is to be printed, and nothing started: `serve --print-config`.
    Tell {
        /// For standard output.
        text: String,
        /// For standard error, a line each.
        warnings: Vec<String>,
    },
    /// `serve`.
    Serve(Box<Serve>),
    /// `simulate`.
    Simulate(Box<Options>, Print),
}

/// What `simulate` prints when it accepts connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    /// How to point clients at it.
    Guide,
    /// `--env`: shell commands that export its variables, and nothing else.
    Exports,
    /// `--json`: one line for scripts.
    Json,
}

/// Why a command was not carried out.
#[derive(Debug, PartialEq)]
pub struct Failure {
    /// For standard error.
    pub message: String,
    /// 2: the arguments are wrong. 1: anything else.
    pub exit_code: u8,
}

impl Failure {
    fn usage(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), exit_code: 2 }
    }
}

/// A command that has been started.
#[derive(Debug)]
pub struct Started {
    /// For standard output.
    pub text: String,
    /// For standard error, a line each.
    pub warnings: Vec<String>,
    /// What runs until it is closed, if anything does.
    pub running: Option<Running>,
}

/// What a command has started.
#[derive(Debug)]
pub enum Running {
    /// `simulate`.
    Simulator(simulator::Running),
    /// `serve`.
    Gateway(Box<Serve>, Serving),
}

impl Running {
    /// Whether its settings can be read again while it runs.
    pub fn reloads(&self) -> bool {
        matches!(self, Running::Gateway(..))
    }

    /// Reads its settings again, where they can be: what is to be told on standard error, a line each.
    pub async fn reload(&self) -> Vec<String> {
        match self {
            Running::Simulator(_) => Vec::new(),
            Running::Gateway(serve, serving) => {
                let read = serve.read_again(&process_environment, &|path| fs::read_to_string(path));
                reloaded(serving, read).await
            }
        }
    }

    /// Stops it, and returns when that is done.
    pub async fn close(self) {
        match self {
            Running::Simulator(simulator) => simulator.close().await,
            Running::Gateway(_, serving) => serving.close().await,
        }
    }
}

async fn reloaded(serving: &Serving, read: Result<Resolved, Failure>) -> Vec<String> {
    let done = match read {
        Ok(Resolved { settings, warnings, .. }) => {
            let more = serving.reload(settings).await.map_err(|error| error.message);
            more.map(|more| warnings.into_iter().chain(more))
        }
        Err(failure) => Err(failure.message),
    };
    match done {
        Ok(warnings) => warnings.chain(["The settings were read again and hold from now on.".to_owned()]).collect(),
        Err(message) => vec![format!("The settings stay as they were: {message}")],
    }
}

/// Carries out a command; for `simulate` and `serve` that is when they accept connections. Needs a tokio runtime.
pub async fn start(command: Command) -> Result<Started, Failure> {
    let done = |text| Ok(Started { text, warnings: Vec::new(), running: None });
    let (options, print) = match command {
        Command::Help => return done(help::overview()),
        Command::HelpSimulate => return done(help::simulate()),
        Command::HelpServe => return done(help::serve()),
        Command::HelpHealth => return done(help::health()),
        Command::HelpHashKey => return done(help::hash_key()),
        Command::HashKey(asked) => return done(hash_key::text(asked).await?),
        Command::Version => return done(format!("{}\n", env!("CARGO_PKG_VERSION"))),
        Command::Health(url) => {
            health::ask(url).await?;
            return done("ok\n".to_owned());
        }
        Command::Tell { text, warnings } => return Ok(Started { text, warnings, running: None }),
        Command::Serve(serve) => {
            let serving = serve.start().await?;
            let (text, warnings) = (serve.text(&serving), serve.resolved.warnings.iter().cloned());
            let warnings = warnings.chain(serving.warnings()).collect();
            return Ok(Started { text, warnings, running: Some(Running::Gateway(serve, serving)) });
        }
        Command::Simulate(options, print) => (options, print),
    };
    let running = Simulator::start(*options).await.map_err(|error| {
        let next = if error.kind() == ErrorKind::AddrInUse { " `--port 0` takes a free one." } else { "" };
        Failure { message: format!("The simulator {error}.{next}"), exit_code: 1 }
    })?;
    let text = match print {
        Print::Guide => guide::guide(&running),
        Print::Exports => guide::exports(&running),
        Print::Json => guide::json(&running),
    };
    Ok(Started { text, warnings: running.warnings(), running: Some(Running::Simulator(running)) })
}
