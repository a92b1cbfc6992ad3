//! An account: what belongs to one pair of keys. Tests that run side by side each take one, and do not see each other.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::auth::SigningKey;
use super::control::Store;
use super::faults::{Action, Fault};
use super::options::Credentials;
use super::prompt_cache::PromptCache;
use super::quotas::Ledger;
use super::sources::{Rule, Rulebook};

/// Most regions that an account has something in. AWS has fewer; a signature that is not verified may name any.
const MOST_REGIONS: usize = 100;

/// State per access key. The simulator has one account from the start and opens more on demand.
pub struct Account {
    /// 12 digits, as in ARNs.
    id: String,
    credentials: Credentials,
    signing_key: SigningKey,
    faults: Mutex<Vec<Fault>>,
    ledger: Arc<Ledger>,
    prompts: PromptCache,
    /// By region.
    stores: Mutex<BTreeMap<String, Arc<Mutex<Store>>>>,
    rules: Rulebook,
}

impl Account {
    pub(super) fn new(id: String, credentials: Credentials) -> Account {
        Account {
            id,
            credentials,
            signing_key: SigningKey::default(),
            faults: Mutex::default(),
            ledger: Arc::default(),
            prompts: PromptCache::default(),
            stores: Mutex::default(),
            rules: Rulebook::default(),
        }
    }

    /// 12 digits, as in ARNs.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The keys that requests of this account are signed with.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(super) fn prompts(&self) -> &PromptCache {
        &self.prompts
    }

    pub(super) fn signing_key(&self) -> &SigningKey {
        &self.signing_key
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

    /// Adds a rule; it applies to requests from now on. The number by which it is known.
    pub fn add_rule(&self, rule: Rule) -> u32 {
        self.rules.add(rule)
    }

    /// Removes a rule; whether it was there.
    pub fn remove_rule(&self, id: u32) -> bool {
        self.rules.remove(id)
    }

    /// Removes all rules.
    pub fn clear_rules(&self) {
        self.rules.clear();
    }

    /// How many requests a rule has answered; `None` when there is no such rule.
    pub fn rule_calls(&self, id: u32) -> Option<u64> {
        self.rules.list().iter().find(|active| active.id == id).map(|active| active.calls())
    }

    pub(super) fn rulebook(&self) -> &Rulebook {
        &self.rules
    }

    /// What is left of its quotas.
    pub(super) fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    /// The first fault that fits this request; it is used up when its times are.
    pub(super) fn take_fault(
        &self,
        operation: &str,
        streams: bool,
        model: &str,
        random: &mut fastrand::Rng,
    ) -> Option<Action> {
        let mut faults = self.locked_faults();
        let at = faults.iter().position(|fault| fault.fits(operation, streams, model) && fault.strikes(random))?;
        let fault = faults.get_mut(at)?;
        let action = fault.action.clone();
        if fault.use_up() {
            faults.remove(at);
        }
        Some(action)
    }

    /// What the account has made in a region. What is made in one region too many is forgotten.
    pub(super) fn store(&self, region: &str) -> Arc<Mutex<Store>> {
        let mut stores = self.stores.lock().unwrap_or_else(PoisonError::into_inner);
        if stores.len() >= MOST_REGIONS && !stores.contains_key(region) {
            return Arc::default();
        }
        Arc::clone(stores.entry(region.to_owned()).or_default())
    }

    fn locked_faults(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Account").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_bounded() {
        let account = Account::new("123456789012".into(), Credentials::generate(&mut fastrand::Rng::with_seed(1)));
        for region in 0..MOST_REGIONS + 5 {
            account.store(&format!("region-{region}")).lock().unwrap().logging = Some(true.into());
        }
        assert!(account.store("region-0").lock().unwrap().logging.is_some());
        assert!(account.store(&format!("region-{MOST_REGIONS}")).lock().unwrap().logging.is_none());
        assert_eq!(account.stores.lock().unwrap().len(), MOST_REGIONS);
    }
}
