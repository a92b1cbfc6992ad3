//! What all requests of a gateway share. Settings can be exchanged while it runs; what counts and learns stays.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::exchange::Exchange;
use super::exposure;
use super::keys::{Keyring, price};
use super::limits::Limits;
use super::observe::Observer;
use super::routing::Routing;
use super::settings::Settings;
use super::tls;
use crate::config::Environment;
use crate::conversation::Usage;
use crate::error::Result;

/// A gateway's memory.
#[derive(Debug)]
pub(super) struct State {
    live: RwLock<Arc<Live>>,
    pub(super) limits: Limits,
    pub(super) observer: Observer,
    in_flight: AtomicUsize,
    phase: watch::Sender<Phase>,
}

/// What is made of the settings.
pub(super) struct Live {
    pub(super) settings: Settings,
    pub(super) keys: Keyring,
    pub(super) routing: Routing,
    /// For connections that begin from now on; `None`: they are in the clear.
    pub(super) tls: Option<TlsAcceptor>,
    /// What its owner should know of the settings, a sentence each.
    pub(super) warnings: Vec<String>,
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// How far a gateway is with its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// It takes requests.
    Serving,
    /// It still does, but wants no more.
    Draining,
    /// It takes none; those that run may end.
    Stopping,
    /// Those that run are told to end.
    Ending,
}

impl Live {
    /// What is known of targets that were there `before` is kept.
    fn of(settings: Settings, environment: Environment<'_>, before: Option<&Routing>) -> Result<Live> {
        let (keys, routing) = (Keyring::of(&settings, environment)?, Routing::of(&settings, environment, before)?);
        let tls = tls::acceptor(&settings)?;
        let warnings = exposure::check(&settings, keys.are_asked_for())?.into_iter().collect();
        Ok(Live { settings, keys, routing, tls, warnings })
    }

    /// What an exchange costs, where there is a price for the model that answered, or else for the one that was asked.
    fn cost(&self, exchange: &Exchange) -> Option<u64> {
        let (prices, usage) = (&self.settings.prices, &exchange.tally.usage);
        if prices.is_empty() || *usage == Usage::default() {
            return None;
        }
        let answered = exchange.told.model_id.as_deref().and_then(|model| price(prices, model));
        Some(answered.or_else(|| price(prices, &exchange.model))?.nanos(usage))
    }
}

impl State {
    pub(super) fn new(settings: Settings, environment: Environment<'_>, limits: Limits) -> Result<State> {
        let observer = Observer::start(&settings, environment)?;
        Ok(State {
            live: RwLock::new(Arc::new(Live::of(settings, environment, None)?)),
            limits,
            observer,
            in_flight: AtomicUsize::new(0),
            phase: watch::Sender::new(Phase::Serving),
        })
    }

    /// What holds now; a request keeps what held when it began.
    pub(super) fn live(&self) -> Arc<Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes other settings for requests that begin from now on; on an error the old ones stay.
    pub(super) async fn reload(&self, settings: Settings, environment: Environment<'_>) -> Result<()> {
        let live = Arc::new(Live::of(settings, environment, Some(&self.live().routing))?);
        live.keys.refresh().await?;
        self.observer.reload(&live.settings, environment)?;
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = live;
        Ok(())
    }

    /// Goes on to a phase of its life.
    pub(super) fn enter(&self, phase: Phase) {
        self.phase.send_replace(phase);
    }

    pub(super) fn phases(&self) -> watch::Receiver<Phase> {
        self.phase.subscribe()
    }

    /// Whether no more requests are wanted.
    pub(super) fn is_draining(&self) -> bool {
        *self.phase.borrow() >= Phase::Draining
    }

    /// Completes when what runs has to end.
    pub(super) fn ending(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut phases = self.phases();
        // Without a sender there is no gateway any more.
        async move { drop(phases.wait_for(|phase| *phase >= Phase::Ending).await) }
    }

    /// Prometheus' text on all of it.
    pub(super) fn metrics(&self) -> String {
        self.observer.metrics(self.in_flight()) + &self.limits.metrics() + &self.live().routing.metrics()
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// What the page shows.
    pub(super) fn stats(&self, live: &Live) -> Value {
        let mut stats = self.observer.stats(self.in_flight());
        stats["targets"] = live.routing.shown();
        stats["basePath"] = live.settings.path_prefixes.first().map_or("", String::as_str).into();
        stats["draining"] = self.is_draining().into();
        stats
    }

    pub(super) fn began(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn ended(&self, mut exchange: Exchange) {
        exchange.cost = self.live().cost(&exchange);
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        self.observer.ended(exchange);
    }
}
