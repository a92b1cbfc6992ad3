//! The threads that carry out a command.

use std::io;
use std::thread::available_parallelism;

use tokio::runtime::{Builder, Runtime};

use super::Command;

/// How many threads a command wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// One: tasks wake each other without the system's help.
    One,
    /// So many, which take work from each other.
    Several(usize),
}

impl Threads {
    /// What `command` wants: `serve` as many as its setting `workers` says, 0 being one for each processor.
    pub fn of(command: &Command) -> Threads {
        let Command::Serve(serve) = command else { return Threads::One };
        let wanted = match serve.resolved.settings.workers {
            0 => available_parallelism().map_or(1, usize::from),
            workers => workers,
        };
        if wanted == 1 { Threads::One } else { Threads::Several(wanted) }
    }
}

/// A runtime of so many threads.
pub fn runtime(threads: Threads) -> io::Result<Runtime> {
    let mut builder = match threads {
        Threads::One => Builder::new_current_thread(),
        Threads::Several(workers) => {
            let mut builder = Builder::new_multi_thread();
            builder.worker_threads(workers);
            builder
        }
    };
    builder.thread_name("bedrock-wrapper").enable_all().build()
}
