//! Who calls: keys that callers show, and what each of them may do.
//!
//! A key is looked up by its SHA-256 in a map, so that thousands of them cost no more than one. The time this takes tells
//! nothing: whoever guesses cannot choose the hash of his guess, so that how much of it is right says nothing about the
//! key, and the map's own hashing is seeded anew in each process.

mod brought;
mod fetched;
mod hash;
pub(super) mod listing;
mod models;
mod shown;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use serde::Deserialize;

use brought::Guests;
use fetched::Source;
pub use hash::{KeyHash, new_key};
pub(super) use models::{Models, matches};

use super::ask::Ask;
use super::limits::Quota;
use super::refusal::Refusal;
use super::settings::{KeySettings, Price, Settings};
use crate::client::Client;
use crate::config::Environment;
use crate::error::{Error, Kind, Result};

/// Whoever a request comes from.
#[derive(Clone, Debug, Default)]
pub(super) struct Caller {
    /// `None` where no keys are asked for.
    pub(super) key: Option<Arc<Key>>,
    /// Whoever brings credentials of his own is answered with this client, whatever the targets are.
    pub(super) own: Option<Client>,
}

/// A key as it is kept: never the key itself.
#[derive(Debug)]
pub(super) struct Key {
    /// What it is called in logs and metrics.
    pub(super) id: Arc<str>,
    /// What its settings say.
    pub(super) settings: KeySettings,
    /// What it may have, where that is limited.
    pub(super) quota: Option<Quota>,
    models: Models,
    prices: Arc<Prices>,
}

/// By patterns of models.
type Prices = BTreeMap<String, Price>;

impl Key {
    fn new(settings: KeySettings, prices: &Arc<Prices>) -> Key {
        let (models, quota) = (Models::new(&settings.models), Quota::of(&settings));
        Key { id: settings.id.as_str().into(), quota, models, prices: prices.clone(), settings }
    }

    /// What a model costs.
    pub(super) fn price(&self, model: &str) -> Option<Price> {
        price(&self.prices, model)
    }
}

/// What a model costs: the longest pattern says it.
pub(super) fn price(prices: &Prices, model: &str) -> Option<Price> {
    let found = models::matching(model, prices.keys().map(String::as_str)).max_by_key(|pattern| pattern.len());
    found.and_then(|pattern| prices.get(pattern)).copied()
}

/// All keys.
#[derive(Debug, Default)]
pub(super) struct Keyring {
    keys: HashMap<KeyHash, Arc<Key>>,
    /// Where callers may bring credentials of their own.
    guests: Option<Guests>,
    /// Where more keys come from, and those that came last.
    source: Option<Source>,
    fetched: RwLock<HashMap<KeyHash, Arc<Key>>>,
    prices: Arc<Prices>,
}

impl Keyring {
    /// The keys of the settings, those in `keys_file` included.
    pub(super) fn of(settings: &Settings, environment: Environment<'_>) -> Result<Keyring> {
        let of_file = settings.keys_file.as_deref().map(read).transpose()?.unwrap_or_default();
        let of_list = settings
            .api_keys
            .iter()
            .enumerate()
            .map(|(index, key)| KeySettings::unlimited(format!("api_keys:{index}"), KeyHash::of(key.trim())));
        let prices = Arc::new(settings.prices.clone());
        let mut ids = HashSet::new();
        let mut keys: HashMap<KeyHash, Arc<Key>> = HashMap::new();
        for settings in settings.keys.iter().cloned().chain(of_file).chain(of_list) {
            if !ids.insert(settings.id.clone()) {
                return Err(wrong(format!("Two keys have the id `{}`.", settings.id)));
            }
            match keys.entry(settings.hash) {
                Entry::Occupied(same) => {
                    let message = format!("`{}` and `{}` are the same key; give it once.", same.get().id, settings.id);
                    return Err(wrong(message));
                }
                Entry::Vacant(place) => drop(place.insert(Arc::new(Key::new(settings, &prices)))),
            }
        }
        let guests = match settings.pass_through_credentials {
            true => Some(Guests::new(settings.client(&settings.client_options(), environment)?)),
            false => None,
        };
        let source = Source::of(settings, environment)?;
        Ok(Keyring { keys, guests, source, fetched: RwLock::default(), prices })
    }

    /// Fetches the keys of AWS's stores, if there are any. When that fails, those that came last stay.
    pub(super) async fn refresh(&self) -> Result<()> {
        let Some(source) = &self.source else { return Ok(()) };
        let keys = source.fetch().await?;
        let keys = keys.into_iter().map(|key| (key.hash, Arc::new(Key::new(key, &self.prices)))).collect();
        *self.fetched.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// How often to do so; `None`: never.
    pub(super) fn refreshed_every(&self) -> Option<Duration> {
        self.source.as_ref().map(|source| source.every).filter(|every| !every.is_zero())
    }

    fn key(&self, shown: &str) -> Option<Arc<Key>> {
        let hash = KeyHash::of(shown);
        // A key that the settings have too has its limits.
        self.keys.get(&hash).cloned().or_else(|| {
            self.source.as_ref()?;
            self.fetched.read().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned()
        })
    }

    /// Whether a caller must show a key, or credentials.
    pub(super) fn are_asked_for(&self) -> bool {
        !self.keys.is_empty() || self.guests.is_some() || self.source.is_some()
    }

    /// Who shows which key, now.
    pub(super) fn identify(&self, headers: &HeaderMap, now: SystemTime) -> std::result::Result<Caller, Refusal> {
        if !self.are_asked_for() {
            return Ok(Caller::default());
        }
        let shown = shown::key(headers);
        let key = shown.and_then(|shown| self.key(shown));
        if let (Some(key), Some(shown)) = (&key, shown)
            && key.settings.expires.is_some_and(|end| end.0 <= now)
        {
            return Err(shown::expired(shown));
        }
        // A key of the gateway's own is never taken for anybody's credentials.
        let token = shown.filter(|_| key.is_none());
        let own = self.guests.as_ref().and_then(|guests| guests.client(headers, token)).transpose()?;
        match (key, own, shown) {
            (Some(key), own, _) => Ok(Caller { key: Some(key), own }),
            (None, Some(own), _) => Ok(Caller { key: None, own: Some(own) }),
            (None, None, Some(shown)) => Err(shown::unknown(shown)),
            (None, None, None) => Err(shown::none()),
        }
    }
}

impl Caller {
    /// Refuses a request that names a model which its key does not allow, be it to fall back on.
    pub(super) fn may_ask(&self, ask: &Ask) -> std::result::Result<(), Refusal> {
        if !ask.operation.names_models_of_bedrock() {
            return Ok(());
        }
        // A request without a model is the engine's to refuse.
        let mut named = [&ask.model].into_iter().chain(&ask.fallbacks).filter(|model| !model.is_empty());
        let is_alias_of_allowed = !ask.behind.is_empty() && ask.behind.iter().all(|model| self.sees(model));
        let allows = |model: &str| self.sees(model) || is_alias_of_allowed && model == ask.model;
        let Some(model) = named.find(|model| !allows(model)) else { return Ok(()) };
        let message = format!("Your API key does not allow the model `{model}`.");
        Err(Refusal::forbidden("model_not_allowed", message).at("model"))
    }

    /// Whether it matters to the caller's key which models a name stands for.
    pub(super) fn looks_behind(&self) -> bool {
        let quota = self.key.as_ref().and_then(|key| key.quota.as_ref());
        !self.sees_all() || quota.is_some_and(Quota::has_price)
    }

    /// Whether the caller's key allows `model`.
    pub(super) fn sees(&self, model: &str) -> bool {
        self.key.as_ref().is_none_or(|key| key.models.allow(model))
    }

    /// Whether the caller's key allows all models.
    pub(super) fn sees_all(&self) -> bool {
        self.key.as_ref().is_none_or(|key| key.models.is_all())
    }
}

/// `[[keys]]` of a file of its own.
fn read(path: &Path) -> Result<Vec<KeySettings>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[serde(default)]
        keys: Vec<KeySettings>,
    }
    let told = |problem: &dyn std::fmt::Display| wrong(format!("keys_file {}: {problem}.", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| told(&error))?;
    // Of a TOML error only what is wrong is told: its text repeats the line, in which a key may stand.
    let file: File = toml::from_str(&text).map_err(|error| told(&error.message()))?;
    Ok(file.keys)
}

fn wrong(message: String) -> Error {
    Error::new(Kind::Configuration, message).at("keys")
}
