//! What all requests of one simulator share.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::faults::{Action, Fault};
use super::identity::Identity;
use super::options::Options;
use super::recorder::Recorder;
use super::route::Operation;

/// A running simulator's memory: options, faults in force, journal, random numbers. Clones share it.
#[derive(Clone, Debug)]
pub struct State(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    options: Options,
    recorder: Arc<Recorder>,
    faults: Mutex<Vec<Fault>>,
    random: Mutex<fastrand::Rng>,
}

impl State {
    /// A fresh simulator that is not listening yet.
    pub fn new(options: Options) -> State {
        State(Arc::new(Shared {
            recorder: Arc::default(),
            faults: Mutex::new(options.faults.clone()),
            random: Mutex::new(fastrand::Rng::with_seed(options.seed)),
            options,
        }))
    }

    /// The options it was made with.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// The journal as `GET /_sim/journal` shows it: `connections`, `disconnected_early`, `requests`.
    pub fn journal(&self) -> Value {
        self.0.recorder.to_json()
    }

    /// Adds a fault; it applies to requests from now on.
    pub fn add_fault(&self, fault: Fault) {
        self.locked_faults().push(fault);
    }

    /// The faults in force.
    pub fn faults(&self) -> Vec<Fault> {
        self.locked_faults().clone()
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.locked_faults().clear();
    }

    pub(super) fn recorder(&self) -> &Arc<Recorder> {
        &self.0.recorder
    }

    /// The first fault that fits this request; it is used up when its times are.
    pub(super) fn take_fault(&self, operation: Operation, model: &str) -> Option<Action> {
        let mut faults = self.locked_faults();
        let at = faults.iter().position(|fault| fault.fits(operation, model))?;
        let fault = faults.get_mut(at)?;
        let action = fault.action.clone();
        if fault.use_up() {
            faults.remove(at);
        }
        Some(action)
    }

    pub(super) fn now(&self) -> SystemTime {
        (self.0.options.clock)()
    }

    /// Milliseconds since `start`, by the clock of the options.
    pub(super) fn elapsed(&self, start: SystemTime) -> u64 {
        self.now().duration_since(start).map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn identity(&self) -> Identity {
        let now = self.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Identity::new(&mut self.0.random.lock().unwrap_or_else(PoisonError::into_inner), now.as_secs())
    }

    /// A generator of its own for one answer.
    pub(super) fn random(&self) -> fastrand::Rng {
        self.0.random.lock().unwrap_or_else(PoisonError::into_inner).fork()
    }

    fn locked_faults(&self) -> std::sync::MutexGuard<'_, Vec<Fault>> {
        self.0.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
