//! Accounts that several replicas share, in Redis or Valkey. One round trip admits a request; another, which nobody waits
//! for, settles it. Both are scripts, so that they are atomic.
//!
//! While Redis does not answer, each replica counts for itself, from where the shared accounts last stood.

mod link;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::{Script, ScriptInvocation};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::counters::{Counters, Short, Verdict};
use super::quota::{Cost, Now, Quota};
use crate::error::Result;
use crate::gateway::settings::Period;
use link::Link;

/// For how long a replica that has crashed holds what it was lent.
pub(super) const LEASE: Duration = Duration::from_secs(60);

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The shared accounts.
#[derive(Debug)]
pub(super) struct Shared {
    inner: Arc<Inner>,
    runtime: Handle,
    tasks: [JoinHandle<()>; 2],
}

#[derive(Debug)]
struct Inner {
    link: Arc<Link>,
    scripts: Scripts,
    /// The leases of running requests, with their keys' ids.
    leases: Mutex<HashMap<String, Arc<str>>>,
    lease: Duration,
}

#[derive(Debug)]
struct Scripts {
    admit: Script,
    settle: Script,
    renew: Script,
}

impl Shared {
    /// Connects to the server at `url`. One that does not answer is tried again behind the scenes.
    pub(super) async fn connect(url: &str, patience: Duration, lease: Duration) -> Result<Shared> {
        let link = Arc::new(Link::new(url, patience)?);
        link.connect().await;
        let scripts = Scripts {
            admit: Script::new(include_str!("admit.lua")),
            settle: Script::new(include_str!("settle.lua")),
            renew: Script::new(include_str!("renew.lua")),
        };
        let inner = Arc::new(Inner { link: link.clone(), scripts, leases: Mutex::default(), lease });
        let runtime = Handle::current();
        let tasks = [runtime.spawn(link.keep()), runtime.spawn(inner.clone().renew())];
        Ok(Shared { inner, runtime, tasks })
    }

    /// A name for a lease that no other has.
    pub(super) fn lease() -> String {
        format!("{:032x}", fastrand::u128(..))
    }

    /// Lends what a request is going to take; `None` where Redis does not answer.
    pub(super) async fn admit(
        &self,
        key: &Arc<str>,
        quota: &Quota,
        reserved: Cost,
        now: Now,
        lease: &str,
    ) -> Option<Verdict> {
        let [account, leases] = names(key);
        let mut script = self.inner.scripts.admit.prepare_invoke();
        script.key(account).key(leases);
        for limit in [quota.requests, quota.tokens, quota.concurrency, quota.budget_tokens, quota.budget_nanos] {
            script.arg(limit.map_or_else(|| "-1".to_owned(), |limit| limit.to_string()));
        }
        script.arg(reserved.tokens).arg(reserved.nanos).arg(now.period);
        script.arg(lease).arg(millis(self.inner.lease)).arg(millis(kept(quota)));
        self.inner.leases().insert(lease.to_owned(), key.clone());
        let verdict = self.inner.link.run::<[f64; 8]>(&script).await.map(|answer| read(answer, now));
        if verdict.is_none_or(|verdict| verdict.short.is_some()) {
            self.inner.leases().remove(lease);
        }
        verdict
    }

    /// Settles a lease, whether or not it was ever admitted. Nobody needs to wait for it.
    pub(super) fn settle(&self, key: &str, lease: String, reserved: Cost, actual: Cost, period: u64) -> JoinHandle<()> {
        let [account, leases] = names(key);
        let difference = |actual: u64, reserved: u64| i128::from(actual) - i128::from(reserved);
        let tokens = difference(actual.tokens, reserved.tokens).to_string();
        let nanos = difference(actual.nanos, reserved.nanos).to_string();
        let inner = self.inner.clone();
        self.runtime.spawn(async move {
            inner.leases().remove(&lease);
            let mut script = inner.scripts.settle.prepare_invoke();
            script.key(account).key(leases).arg(lease).arg(period).arg(tokens).arg(nanos);
            inner.told(&script).await;
        })
    }

    /// Whether Redis answers, and how often it did not.
    pub(super) fn health(&self) -> (bool, u64) {
        (self.inner.link.is_up(), self.inner.link.failures())
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Inner {
    fn leases(&self) -> MutexGuard<'_, HashMap<String, Arc<str>>> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a script whose answer is of no interest. Where it cannot run, leases end by themselves.
    async fn told(&self, script: &ScriptInvocation<'_>) {
        let _: Option<i64> = self.link.run(script).await;
    }

    /// Renews the leases of all running requests, well before they end.
    async fn renew(self: Arc<Self>) {
        let mut ticks = interval(self.lease / 3);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let mut by_key: HashMap<Arc<str>, Vec<String>> = HashMap::new();
            for (lease, key) in self.leases().iter() {
                by_key.entry(key.clone()).or_default().push(lease.clone());
            }
            for (key, running) in by_key {
                let [_, leases] = names(&key);
                let mut script = self.scripts.renew.prepare_invoke();
                script.key(leases).arg(millis(self.lease));
                for lease in running {
                    script.arg(lease);
                }
                self.told(&script).await;
            }
        }
    }
}

/// Names in Redis of a key's account and of its leases. What is in braces keeps both on one node of a cluster.
fn names(key: &str) -> [String; 2] {
    [format!("bedrock-gateway:{{{key}}}"), format!("bedrock-gateway:{{{key}}}:leases")]
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// For how long an account says something; zero: for ever.
fn kept(quota: &Quota) -> Duration {
    let has_budget = quota.budget_tokens.or(quota.budget_nanos).is_some();
    match quota.period {
        _ if !has_budget => HOUR,
        Period::Day => HOUR * 24 * 2,
        Period::Month => HOUR * 24 * 32,
        Period::Total => Duration::ZERO,
    }
}

/// What `admit.lua` says.
fn read(
    [short, millis, requests, tokens, in_flight, period, spent_tokens, spent_nanos]: [f64; 8],
    now: Now,
) -> Verdict {
    let wait = Duration::from_millis(millis as u64);
    let short = match short as u64 {
        0 => None,
        1 => Some(Short::Requests(wait)),
        2 => Some(Short::Tokens(wait)),
        3 => Some(Short::Concurrency),
        _ => Some(Short::Budget),
    };
    let standing = Counters {
        at: now.millis,
        requests,
        tokens,
        in_flight: in_flight as u64,
        period: period as u64,
        spent: Cost { tokens: spent_tokens as u64, nanos: spent_nanos as u64 },
    };
    Verdict { short, standing }
}
