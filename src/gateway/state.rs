//! What all requests of a gateway share. Settings can be exchanged while it runs; what counts and learns stays.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::exchange::Exchange;
use super::keys::Keyring;
use super::limits::Limits;
use super::observe::Observer;
use super::routing::Routing;
use super::settings::Settings;
use crate::config::Environment;
use crate::error::Result;

/// A gateway's memory.
#[derive(Debug)]
pub(super) struct State {
    live: RwLock<Arc<Live>>,
    pub(super) limits: Limits,
    pub(super) observer: Observer,
    in_flight: AtomicUsize,
    draining: AtomicBool,
}

/// What is made of the settings.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) settings: Settings,
    pub(super) keys: Keyring,
    pub(super) routing: Routing,
}

impl Live {
    fn of(settings: Settings, environment: Environment<'_>) -> Result<Live> {
        let (keys, routing) = (Keyring::of(&settings, environment)?, Routing::of(&settings, environment)?);
        Ok(Live { settings, keys, routing })
    }
}

impl State {
    pub(super) fn new(settings: Settings, environment: Environment<'_>) -> Result<State> {
        let observer = Observer::start(&settings, environment)?;
        Ok(State {
            live: RwLock::new(Arc::new(Live::of(settings, environment)?)),
            limits: Limits::default(),
            observer,
            in_flight: AtomicUsize::new(0),
            draining: AtomicBool::new(false),
        })
    }

    /// What holds now; a request keeps what held when it began.
    pub(super) fn live(&self) -> Arc<Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes other settings for requests that begin from now on; on an error the old ones stay.
    pub(super) fn reload(&self, settings: Settings, environment: Environment<'_>) -> Result<()> {
        let live = Arc::new(Live::of(settings, environment)?);
        self.observer.reload(&live.settings, environment)?;
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = live;
        Ok(())
    }

    /// Says that no more requests are wanted.
    pub(super) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    pub(super) fn began(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn ended(&self, exchange: Exchange) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        self.observer.ended(exchange);
    }
}
