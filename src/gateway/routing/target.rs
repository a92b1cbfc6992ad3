//! One target: a client of an account in a region, how many requests it may have at once, and how it does.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::breaker::Position;
use super::failover::{Blame, verdict};
use super::health::{Health, ModelHealth};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::gateway::keys::Models;
use crate::gateway::settings::TargetSettings;

/// How long a connection may take at most where another target can be asked instead.
const CONNECT: Duration = Duration::from_secs(3);

/// A client, and what is known of how it does.
#[derive(Debug)]
pub(in crate::gateway) struct Target {
    /// As the settings call it.
    pub(in crate::gateway) name: Arc<str>,
    pub(super) settings: TargetSettings,
    /// What its client was made of.
    made_of: Value,
    /// Tries again itself.
    pub(super) patient: Client,
    /// Leaves that to whoever can ask another target.
    pub(super) hasty: Client,
    models: Models,
    room: Option<Arc<Semaphore>>,
    under_way: AtomicUsize,
    health: Mutex<Health>,
}

/// How a target does.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::gateway) struct TargetHealth {
    pub(in crate::gateway) name: Arc<str>,
    pub(in crate::gateway) region: Option<String>,
    /// Its breaker as a whole.
    pub(in crate::gateway) position: Position,
    /// Requests that it answers now.
    pub(in crate::gateway) under_way: usize,
    pub(in crate::gateway) models: Vec<ModelHealth>,
}

/// A request at a target. Dropped, it is over.
#[derive(Debug)]
pub(in crate::gateway) struct Slot {
    target: Arc<Target>,
    model: String,
    streamed: bool,
    since: Instant,
    judged: bool,
    _room: Option<OwnedSemaphorePermit>,
}

impl Target {
    /// A target that is asked with `client`, which is made of `made_of`. What `like` remembers of reasoning is shared.
    pub(super) fn new(
        settings: TargetSettings,
        made_of: Value,
        client: &Client,
        like: Option<&Client>,
    ) -> Result<Target> {
        let client = client.for_any_model();
        let patient = like.map_or_else(|| client.clone(), |like| client.remembering_with(like));
        let connect = patient.patience().connect.min(CONNECT).as_secs_f64() * 1000.0;
        let hasty = patient.with(&json!({"maxRetries": 0, "connectTimeout": connect}), "settings")?;
        Ok(Target {
            name: settings.name.as_str().into(),
            models: Models::new(&settings.models),
            room: settings.concurrency.map(|most| Arc::new(Semaphore::new(most as usize))),
            under_way: AtomicUsize::new(0),
            health: Mutex::default(),
            settings,
            made_of,
            patient,
            hasty,
        })
    }

    /// Whether a target made of these would be the same.
    pub(super) fn is(&self, settings: &TargetSettings, made_of: &Value) -> bool {
        self.settings == *settings && self.made_of == *made_of
    }

    /// Whether it may be asked for `model`.
    pub(super) fn serves(&self, model: &str) -> bool {
        self.models.allow(model)
    }

    /// The region it calls, where that is known.
    pub(super) fn region(&self) -> Option<&str> {
        self.patient.connection().account().region.as_deref()
    }

    /// Requests that it answers now.
    pub(super) fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    /// When it may be asked for `model`: `None`, at once.
    pub(super) fn due(&self, model: &str, now: Instant) -> Option<Instant> {
        self.health().due(model, now)
    }

    /// How long it takes to answer, in seconds; 0 where nothing is known.
    pub(super) fn seconds(&self, model: &str, streamed: bool, now: Instant) -> f64 {
        self.health().seconds(model, streamed, now)
    }

    /// How it does.
    pub(super) fn report(&self, now: Instant) -> TargetHealth {
        let health = self.health();
        TargetHealth {
            name: self.name.clone(),
            region: self.region().map(str::to_owned),
            position: health.position(now),
            under_way: self.under_way(),
            models: health.models(now),
        }
    }

    /// A place for a request, if one is free.
    pub(super) fn enter(self: &Arc<Self>, model: &str, streamed: bool) -> Option<Slot> {
        let room = match &self.room {
            Some(room) => Some(room.clone().try_acquire_owned().ok()?),
            None => None,
        };
        Some(self.begin(model, streamed, room))
    }

    /// A place for a request as soon as one is free.
    pub(super) async fn wait(self: Arc<Self>, model: &str, streamed: bool) -> Slot {
        let room = match &self.room {
            // Nobody closes it.
            Some(room) => room.clone().acquire_owned().await.ok(),
            None => None,
        };
        self.begin(model, streamed, room)
    }

    fn begin(self: &Arc<Self>, model: &str, streamed: bool, room: Option<OwnedSemaphorePermit>) -> Slot {
        let now = Instant::now();
        self.health().pass(model, now);
        self.under_way.fetch_add(1, Ordering::Relaxed);
        Slot { target: self.clone(), model: model.to_owned(), streamed, since: now, judged: false, _room: room }
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        // No code that can panic runs under the lock.
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// Content has come, or the whole answer.
    pub(super) fn answered(&mut self) {
        self.judged = true;
        let now = Instant::now();
        self.target.health().succeeded(&self.model, self.streamed, now.duration_since(self.since), now);
    }

    /// It was refused, or nobody answered.
    pub(super) fn failed(&mut self, error: &Error) {
        self.judged = true;
        let blame = verdict(error).blame;
        self.target.health().failed(&self.model, blame, error.retry_after, Instant::now());
    }

    /// The answer has ended; `broken`, before its end had come.
    pub(in crate::gateway) fn over(self, broken: bool) {
        if broken {
            self.target.health().failed(&self.model, Blame::Model, None::<Duration>, Instant::now());
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.target.under_way.fetch_sub(1, Ordering::Relaxed);
        if !self.judged {
            self.target.health().abandoned(&self.model, Instant::now());
        }
    }
}
