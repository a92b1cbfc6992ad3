//! How much a caller may have.
//!
//! A request is lent what it is estimated to take, a [`Lease`]; when it is over, it is settled by what it took. Keys
//! without limits pass by without a look.

mod counters;
mod quota;
mod shared;
mod told;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

pub(super) use quota::Quota;

use super::ask::Ask;
use super::exchange::{Exchange, Outcome};
use super::keys::{Caller, Key};
use super::refusal::Refusal;
use super::settings::{Price, Settings};
use crate::conversation::Usage;
use crate::error::Result;
use counters::{Counters, Verdict};
use quota::{Cost, Now};
use shared::{LEASE, Shared};

/// What is counted of all callers. It outlives a reload.
#[derive(Debug)]
pub(super) struct Limits {
    ledger: Arc<Ledger>,
}

/// The accounts of keys.
#[derive(Debug, Default)]
struct Ledger {
    /// Where replicas share them. While that does not answer, those of this process count.
    shared: Option<Shared>,
    /// By the id of the key.
    accounts: Mutex<HashMap<Arc<str>, Counters>>,
}

/// What was lent to one request. Dropped, all of it comes back but the request itself.
#[derive(Debug)]
pub(super) struct Lease {
    ledger: Arc<Ledger>,
    key: Arc<Key>,
    quota: Quota,
    /// The price of the model that was asked for, which counts where that of the one which answered is not known.
    price: Option<Price>,
    reserved: Cost,
    now: Now,
    /// Its name among the shared accounts.
    name: Option<String>,
    /// How the account stood when it was lent; `None` before.
    standing: Option<Counters>,
    settled: bool,
}

impl Limits {
    /// Counts nothing yet. Where Redis is given, it is connected to; that it does not answer is no failure.
    pub(super) async fn start(settings: &Settings) -> Result<Limits> {
        let shared = match &settings.redis_url {
            Some(url) => Some(Shared::connect(url, settings.redis_seconds.duration(), LEASE).await?),
            None => None,
        };
        Ok(Limits { ledger: Arc::new(Ledger { shared, accounts: Mutex::default() }) })
    }

    /// Lends what a request is going to take, or says why not. What asks no model is free.
    pub(super) async fn admit(&self, caller: &Caller, ask: &Ask) -> std::result::Result<Option<Lease>, Refusal> {
        let limited = caller.key.as_ref().and_then(|key| Some((key, key.quota.as_ref()?)));
        let Some((key, quota)) = limited.filter(|_| ask.operation.asks_a_model()) else { return Ok(None) };
        let has_price = quota.has_price() && ask.operation.names_models_of_bedrock();
        let price = if has_price { Some(price(key, ask)?) } else { None };
        let reserved = quota.reserve(estimate(ask, price));
        let mut lease = Lease {
            ledger: self.ledger.clone(),
            key: key.clone(),
            quota: quota.clone(),
            price,
            reserved,
            now: quota.now(SystemTime::now()),
            name: self.ledger.shared.as_ref().map(|_| Shared::lease()),
            standing: None,
            settled: false,
        };
        // Should the caller go away while Redis is asked, the lease is dropped and settled.
        let verdict = self.ledger.admit(&lease).await;
        match verdict.short {
            Some(short) => Err(told::refusal(&key.id, &ask.model, quota, reserved, &verdict, short)),
            None => {
                lease.standing = Some(verdict.standing);
                Ok(Some(lease))
            }
        }
    }

    /// Prometheus' text on Redis, where there is one.
    pub(super) fn metrics(&self) -> String {
        let Some(shared) = &self.ledger.shared else { return String::new() };
        let (is_up, failures) = shared.health();
        format!(
            "# HELP gateway_redis_up Whether limits are counted in Redis; else each replica counts for itself.\n\
             # TYPE gateway_redis_up gauge\ngateway_redis_up {}\n\
             # HELP gateway_redis_failures_total How often Redis was lost or not found.\n\
             # TYPE gateway_redis_failures_total counter\ngateway_redis_failures_total {failures}\n",
            u8::from(is_up)
        )
    }
}

/// What the model of a request costs. A budget in dollars can only hold where that is known.
fn price(key: &Key, ask: &Ask) -> std::result::Result<Price, Refusal> {
    // Of several models behind an alias the dearest counts until it is known which has answered.
    let behind = || ask.behind.iter().filter_map(|model| key.price(model)).max_by(|a, b| a.input.total_cmp(&b.input));
    key.price(&ask.model).or_else(behind).ok_or_else(|| {
        let message = format!(
            "Your API key has a budget in US dollars, and the gateway has no price for the model `{}` (setting `prices`).",
            ask.model
        );
        Refusal::forbidden("model_not_allowed", message).at("model")
    })
}

/// What a request is likely to cost.
fn estimate(ask: &Ask, price: Option<Price>) -> Cost {
    let (tokens, answer) = (ask.estimated_tokens, ask.parameters.max_tokens.unwrap_or(0));
    let (input_tokens, output_tokens) = (Some(tokens.saturating_sub(answer)), Some(answer));
    let usage = Usage { input_tokens, output_tokens, ..Usage::default() };
    Cost { tokens, nanos: price.map_or(0, |price| price.nanos(&usage)) }
}

impl Ledger {
    fn accounts(&self) -> MutexGuard<'_, HashMap<Arc<str>, Counters>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn admit(&self, lease: &Lease) -> Verdict {
        let Lease { key, quota, reserved, now, .. } = lease;
        if let (Some(shared), Some(name)) = (&self.shared, &lease.name)
            && let Some(verdict) = shared.admit(&key.id, quota, *reserved, *now, name).await
        {
            self.follow(key, &verdict);
            return verdict;
        }
        self.account(key, |account| account.admit(quota, *reserved, *now))
    }

    /// Lets the account of this process stand as the shared one does, so that it can go on from there.
    fn follow(&self, key: &Key, verdict: &Verdict) {
        let own = u64::from(verdict.short.is_none());
        self.account(key, |account| {
            *account = Counters { in_flight: account.in_flight + own, ..verdict.standing };
        });
    }

    fn account<T>(&self, key: &Key, change: impl FnOnce(&mut Counters) -> T) -> T {
        let mut accounts = self.accounts();
        match accounts.get_mut(&key.id) {
            Some(account) => change(account),
            None => change(accounts.entry(key.id.clone()).or_default()),
        }
    }

    fn settle(&self, lease: &mut Lease, actual: Cost) {
        let Lease { key, reserved, now, .. } = lease;
        if lease.standing.is_some() {
            self.account(key, |account| account.settle(*reserved, actual, now.period));
        }
        if let (Some(shared), Some(name)) = (&self.shared, lease.name.take()) {
            drop(shared.settle(&key.id, name, *reserved, actual, now.period));
        }
    }
}

impl Lease {
    /// Takes account of what the request came to. One that was refused costs nothing but itself; what was cut before its
    /// usage was told costs what was estimated.
    pub(super) fn settle(mut self, exchange: &Exchange) {
        let usage = &exchange.tally.usage;
        let actual = match (tokens(usage), &exchange.outcome) {
            (Some(tokens), _) => Cost { tokens, nanos: self.nanos(usage, exchange.told.model_id.as_deref()) },
            (None, Outcome::Refused(_)) => Cost::default(),
            (None, _) => self.reserved,
        };
        self.close(actual);
    }

    /// `x-ratelimit-*` of the answer.
    pub(super) fn headers(&self) -> Vec<(&'static str, String)> {
        self.standing.as_ref().map(|standing| told::headers(&self.quota, standing)).unwrap_or_default()
    }

    fn nanos(&self, usage: &Usage, answered: Option<&str>) -> u64 {
        let Some(asked) = self.price else { return 0 };
        answered.and_then(|model| self.key.price(model)).unwrap_or(asked).nanos(usage)
    }

    fn close(&mut self, actual: Cost) {
        if !std::mem::replace(&mut self.settled, true) {
            self.ledger.clone().settle(self, actual);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.close(Cost::default());
    }
}

/// All tokens of a call, those of the prompt cache included, as OpenAI counts them; `None` where nothing was told.
fn tokens(usage: &Usage) -> Option<u64> {
    let parts =
        [usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens, usage.cache_write_input_tokens];
    let sum = parts.into_iter().flatten().reduce(u64::saturating_add);
    usage.total_tokens.or(sum)
}
