//! A connection to Redis that comes back by itself. While there is none, nobody waits for it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, FromRedisValue, RedisError, ScriptInvocation};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use crate::error::{Error, Kind, Result};

/// For connecting, and for the first command on a connection.
const CONNECTING: Duration = Duration::from_secs(2);
/// Pauses between attempts: the first, and the longest, to which they double.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));
/// What is written to see whether writing works: not on a replica, nor on a server without memory.
const PROBE: &str = "bedrock-gateway:probe";

/// The way to a server.
pub(super) struct Link {
    client: Client,
    /// How long a script may take.
    patience: Duration,
    live: RwLock<Option<Live>>,
    lost: Notify,
    /// How often it was lost, or not found.
    failures: AtomicU64,
    /// How many connections there were, which tells them apart.
    connections: AtomicU64,
}

#[derive(Clone)]
struct Live {
    connection: MultiplexedConnection,
    number: u64,
}

impl Link {
    /// A way to the server at `url`. Connects nothing yet.
    pub(super) fn new(url: &str, patience: Duration) -> Result<Link> {
        let wrong = |_| {
            let message = "redis_url must be redis://[user:password@]host[:port][/database], or the same with rediss:// \
                           for TLS.";
            Error::new(Kind::Configuration, message).at("redis_url")
        };
        Ok(Link {
            client: Client::open(url).map_err(wrong)?,
            patience,
            live: RwLock::new(None),
            lost: Notify::new(),
            failures: AtomicU64::new(0),
            connections: AtomicU64::new(0),
        })
    }

    /// Tries to connect, once.
    pub(super) async fn connect(&self) -> bool {
        let config = AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECTING)).set_response_timeout(None);
        let attempt = async {
            let mut connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
            redis::cmd("SET").arg(PROBE).arg(1).arg("PX").arg(1000).exec_async(&mut connection).await?;
            Ok::<_, RedisError>(connection)
        };
        match timeout(CONNECTING, attempt).await {
            Ok(Ok(connection)) => {
                let number = self.connections.fetch_add(1, Ordering::Relaxed);
                self.set(Some(Live { connection, number }));
                true
            }
            _ => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                false
            }
        }
    }

    /// Connects again and again, whenever there is no connection.
    pub(super) async fn keep(self: Arc<Self>) {
        let (first, longest) = PAUSES;
        let mut pause = first;
        loop {
            if self.is_up() {
                pause = first;
                self.lost.notified().await;
            }
            sleep(pause).await;
            pause = (pause * 2).min(longest);
            self.connect().await;
        }
    }

    pub(super) fn is_up(&self) -> bool {
        self.live().is_some()
    }

    pub(super) fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// What a script gives; `None` where there is no connection, or no more after this.
    pub(super) async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Option<T> {
        let Live { mut connection, number } = self.live()?;
        let answer = timeout(self.patience, script.invoke_async(&mut connection)).await;
        match answer {
            Ok(Ok(answer)) => Some(answer),
            _ => {
                self.lose(number);
                None
            }
        }
    }

    fn lose(&self, number: u64) {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        if live.as_ref().is_some_and(|live| live.number == number) {
            *live = None;
            self.failures.fetch_add(1, Ordering::Relaxed);
            self.lost.notify_one();
        }
    }

    fn live(&self) -> Option<Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, live: Option<Live>) {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = live;
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL holds a password.
        f.debug_struct("Link").field("is_up", &self.is_up()).field("failures", &self.failures()).finish_non_exhaustive()
    }
}
