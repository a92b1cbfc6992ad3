//! Time limits, and the error that says which of them has elapsed.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use crate::error::{Error, Kind};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// `timeout`: the whole call.
    Total,
    /// `connectTimeout`: until there is a connection.
    Connect,
    /// `firstByteTimeout`: until the head of the answer.
    FirstByte,
    /// `idleTimeout`: between two pieces of the answer.
    Idle,
}

/// A limit that has elapsed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Elapsed {
    limit: Limit,
    after: Duration,
}

impl Elapsed {
    pub(super) fn new(limit: Limit, after: Duration) -> Elapsed {
        Elapsed { limit, after }
    }
}

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.after.as_secs_f64();
        match self.limit {
            Limit::Total => {
                write!(f, "The call was not complete within {seconds} s. Try again, or raise options.timeout.")
            }
            Limit::Connect => write!(
                f,
                "There was no connection to the service within {seconds} s. Check the network, the endpoint and the \
                 proxy, or raise options.connectTimeout."
            ),
            Limit::FirstByte => write!(
                f,
                "Nothing came from the service for {seconds} s. Try again, or raise options.firstByteTimeout (or \
                 options.idleTimeout)."
            ),
            Limit::Idle => {
                write!(f, "Nothing came from the service for {seconds} s. Try again, or raise options.idleTimeout.")
            }
        }
    }
}

impl StdError for Elapsed {}

impl From<Elapsed> for Error {
    fn from(elapsed: Elapsed) -> Error {
        Error::new(Kind::Timeout, elapsed.to_string())
    }
}

/// What `work` comes to, unless it takes longer than the limit.
pub(super) async fn within<T>(
    after: Option<Duration>,
    limit: Limit,
    work: impl Future<Output = T>,
) -> Result<T, Elapsed> {
    let Some(after) = after else { return Ok(work.await) };
    tokio::time::timeout(after, work).await.map_err(|_| Elapsed { limit, after })
}
