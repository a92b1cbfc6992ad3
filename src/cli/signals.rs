//! What the system, or whoever sits at the terminal, tells the plain program.

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// To end; with the signal's number.
    End(u8),
    /// To read the settings again.
    Reload,
}

#[cfg(unix)]
pub(super) use unix::Signals;
#[cfg(not(unix))]
pub(super) use windows::Signals;

#[cfg(unix)]
mod unix {
    use std::future::pending;

    use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

    use super::Signal;

    const SIGINT: u8 = 2;
    const SIGTERM: u8 = 15;

    /// The signals of this process. One without a handler, should the system refuse it, ends the process by itself.
    pub(in crate::cli) struct Signals {
        interrupt: Option<Stream>,
        terminate: Option<Stream>,
        hangup: Option<Stream>,
    }

    impl Signals {
        /// SIGHUP is taken only where there is something to reload; else it ends the process as usual.
        pub(in crate::cli) fn new(reloads: bool) -> Signals {
            let handler = |kind| signal(kind).ok();
            Signals {
                interrupt: handler(SignalKind::interrupt()),
                terminate: handler(SignalKind::terminate()),
                hangup: reloads.then(|| handler(SignalKind::hangup())).flatten(),
            }
        }

        pub(in crate::cli) async fn next(&mut self) -> Signal {
            tokio::select! {
                () = received(&mut self.interrupt) => Signal::End(SIGINT),
                () = received(&mut self.terminate) => Signal::End(SIGTERM),
                () = received(&mut self.hangup) => Signal::Reload,
            }
        }
    }

    async fn received(stream: &mut Option<Stream>) {
        let received = match stream {
            Some(stream) => stream.recv().await,
            None => None,
        };
        if received.is_none() {
            pending().await
        }
    }
}

#[cfg(not(unix))]
mod windows {
    use super::Signal;

    /// What a shell there gives for Ctrl-C is the same number as elsewhere.
    const SIGINT: u8 = 2;

    /// Ctrl-C, the only one there is.
    pub(in crate::cli) struct Signals;

    impl Signals {
        pub(in crate::cli) fn new(_reloads: bool) -> Signals {
            Signals
        }

        pub(in crate::cli) async fn next(&mut self) -> Signal {
            if tokio::signal::ctrl_c().await.is_err() {
                return std::future::pending().await;
            }
            Signal::End(SIGINT)
        }
    }
}
