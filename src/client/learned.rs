//! What refusals of the service have taught a client about models, so that each costs one call once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::family::learn::Remedy;

/// Models remembered at once; beyond it all are forgotten.
const MOST_MODELS: usize = 256;

/// Remedies by the id that was asked.
#[derive(Debug, Default)]
pub(super) struct Learned {
    remedies: Mutex<HashMap<String, Vec<Remedy>>>,
}

impl Learned {
    /// What helped calls of `model` before, in the order in which it was learnt.
    pub(super) fn about(&self, model: &str) -> Vec<Remedy> {
        self.lock().get(model).cloned().unwrap_or_default()
    }

    /// The inference profile that calls of `model` have to go through, where that was learnt.
    pub(super) fn profile_of(&self, model: &str) -> Option<String> {
        self.lock().get(model)?.iter().find_map(Remedy::wire_id).map(str::to_owned)
    }

    /// Keeps what helped a call of `model`, if it will help the next one too.
    pub(super) fn keep(&self, model: &str, remedy: Remedy) {
        if !remedy.is_of_model() {
            return;
        }
        let mut remedies = self.lock();
        if remedies.len() >= MOST_MODELS && !remedies.contains_key(model) {
            remedies.clear();
        }
        let known = remedies.entry(model.to_owned()).or_default();
        if !known.contains(&remedy) {
            known.push(remedy);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Remedy>>> {
        // No code that can panic runs under the lock.
        self.remedies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_for_a_model_is_kept_once() {
        let learned = Learned::default();
        for remedy in [Remedy::TopP, Remedy::MaxTokens(4096), Remedy::TopP, Remedy::Thoughts] {
            learned.keep("a", remedy);
        }
        assert_eq!(learned.about("a"), [Remedy::TopP, Remedy::MaxTokens(4096)]);
        assert_eq!(learned.about("b"), []);
    }
}
