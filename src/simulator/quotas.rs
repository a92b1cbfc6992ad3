//! Requests and tokens a minute, per account and model, throttled as AWS does it.
//!
//! AWS deducts the input and `max_tokens` of a request when it comes, and gives back what was not used when it is
//! answered; newer Claude models pay five tokens of quota for each token of output (Bedrock user guide, "How tokens are
//! counted"). Quota flows back evenly over the minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::answer::Usage;
use super::exception::Exception;
use super::faults::matches;
use super::models::{Family, Model};

const MINUTE: Duration = Duration::from_secs(60);
/// Models of an account from which on those that are not used are forgotten: ARNs that name no model are one each.
const MOST_KNOWN: usize = 1000;

/// What AWS says when a quota is used up.
const TOO_MANY_REQUESTS: &str = "Too many requests, please wait before trying again.";
const TOO_MANY_TOKENS: &str = "Too many tokens, please wait before trying again.";

/// Tokens that are set aside for an answer whose request sets no limit.
const USUAL_OUTPUT: u64 = 4096;

/// Claude models that pay one token of quota for a token of output; the others pay [`CLAUDE_RATE`].
const OLD_CLAUDE: &[&str] = &["anthropic.claude-3-", "anthropic.claude-v", "anthropic.claude-instant"];
const CLAUDE_RATE: u64 = 5;

/// A limit on one model's requests, for each account on its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Quota {
    /// Model ids that it limits, each on its own, `*` standing for any text. Default: all.
    pub model: Option<String>,
    /// Default: no limit.
    pub requests_per_minute: Option<u64>,
    /// Input and output together. Default: no limit.
    pub tokens_per_minute: Option<u64>,
}

/// What is left of the quotas of one account.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<HashMap<(usize, String), Buckets>>);

#[derive(Debug)]
struct Buckets {
    requests: f64,
    tokens: f64,
    at: SystemTime,
}

/// Tokens that were set aside for a request, to be settled when its answer is known. Dropped before that, they are spent.
#[derive(Debug)]
pub(super) struct Allowance {
    ledger: Arc<Ledger>,
    quota: usize,
    model: String,
    limit: u64,
    aside: u64,
    rate: u64,
}

impl Ledger {
    /// Takes a request out of the first quota that fits its model, or refuses it. `max_tokens` is the request's own limit.
    pub(super) fn take(
        self: &Arc<Self>,
        quotas: &[Quota],
        model: &Model,
        input: u64,
        max_tokens: Option<u64>,
        now: SystemTime,
    ) -> Result<Option<Allowance>, Exception> {
        let fits = |quota: &Quota| {
            let ids = [&model.requested, &model.id];
            quota.model.as_ref().is_none_or(|pattern| ids.iter().any(|id| matches(pattern, id)))
        };
        let Some((at, quota)) = quotas.iter().enumerate().find(|(_, quota)| fits(quota)) else { return Ok(None) };
        let aside = input.saturating_add(max_tokens.unwrap_or(USUAL_OUTPUT));
        let mut ledger = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ledger.len() >= MOST_KNOWN {
            // What nobody has taken of for a minute is full, as if it were not there.
            ledger.retain(|_, buckets| now.duration_since(buckets.at).is_ok_and(|since| since < MINUTE));
        }
        let buckets = ledger.entry((at, model.id.clone())).or_insert_with(|| Buckets::full(quota, now));
        buckets.refill(quota, now);
        if quota.requests_per_minute.is_some() && buckets.requests < 1.0 {
            return Err(Exception::new("ThrottlingException", TOO_MANY_REQUESTS));
        }
        if quota.tokens_per_minute.is_some() && buckets.tokens < aside as f64 {
            return Err(Exception::new("ThrottlingException", TOO_MANY_TOKENS));
        }
        buckets.requests -= 1.0;
        let Some(limit) = quota.tokens_per_minute else { return Ok(None) };
        buckets.tokens -= aside as f64;
        let (ledger, model, rate) = (Arc::clone(self), model.id.clone(), output_rate(model));
        Ok(Some(Allowance { ledger, quota: at, model, limit, aside, rate }))
    }
}

impl Allowance {
    /// Gives back what was not used, or takes what was used beyond it.
    pub(super) fn settle(self, usage: Usage) {
        let written = usage.cache.map_or(0, |cache| cache.write);
        let used = usage.input.saturating_add(written).saturating_add(usage.output.saturating_mul(self.rate));
        let mut ledger = self.ledger.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(buckets) = ledger.get_mut(&(self.quota, self.model)) {
            buckets.tokens = (buckets.tokens + self.aside as f64 - used as f64).min(self.limit as f64);
        }
    }
}

impl Buckets {
    fn full(quota: &Quota, now: SystemTime) -> Buckets {
        let limit = |limit: Option<u64>| limit.unwrap_or_default() as f64;
        Buckets { requests: limit(quota.requests_per_minute), tokens: limit(quota.tokens_per_minute), at: now }
    }

    fn refill(&mut self, quota: &Quota, now: SystemTime) {
        let minutes = now.duration_since(self.at).unwrap_or(Duration::ZERO).as_secs_f64() / 60.0;
        let refilled = |held: f64, limit: Option<u64>| {
            let limit = limit.unwrap_or_default() as f64;
            (held + minutes * limit).min(limit)
        };
        self.requests = refilled(self.requests, quota.requests_per_minute);
        self.tokens = refilled(self.tokens, quota.tokens_per_minute);
        self.at = now;
    }
}

/// Tokens of quota for a token of output.
fn output_rate(model: &Model) -> u64 {
    let is_old = model.id.starts_with("anthropic.claude-3-7") || !OLD_CLAUDE.iter().any(|prefix| model.is(prefix));
    if model.series.family == Family::Claude && is_old { CLAUDE_RATE } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOVA: &str = "us.amazon.nova-lite-v1:0";

    struct Account {
        ledger: Arc<Ledger>,
        quotas: Vec<Quota>,
        now: SystemTime,
    }

    impl Account {
        fn with(quota: Quota) -> Account {
            Account { ledger: Arc::default(), quotas: vec![quota], now: SystemTime::UNIX_EPOCH }
        }

        fn ask(&self, model: &str, input: u64, max_tokens: u64) -> Result<Option<Allowance>, String> {
            let model = Model::find(model).unwrap();
            let taken = self.ledger.take(&self.quotas, &model, input, Some(max_tokens), self.now);
            taken.map_err(|refusal| refusal.message)
        }

        fn later(&mut self, seconds: u64) {
            self.now += Duration::from_secs(seconds);
        }
    }

    #[test]
    fn requests_flow_back_over_the_minute() {
        let mut account = Account::with(Quota { requests_per_minute: Some(2), ..Quota::default() });
        assert!(account.ask(NOVA, 1, 1).is_ok() && account.ask(NOVA, 1, 1).is_ok());
        assert_eq!(account.ask(NOVA, 1, 1).unwrap_err(), TOO_MANY_REQUESTS);
        assert!(account.ask("us.amazon.nova-pro-v1:0", 1, 1).is_ok(), "each model has its own");
        account.later(29);
        assert!(account.ask(NOVA, 1, 1).is_err());
        account.later(1);
        assert!(account.ask(NOVA, 1, 1).is_ok() && account.ask(NOVA, 1, 1).is_err());
    }

    #[test]
    fn tokens_are_set_aside_and_settled() {
        let account = Account::with(Quota { tokens_per_minute: Some(1000), ..Quota::default() });
        let first = account.ask(NOVA, 100, 800).unwrap().unwrap();
        assert_eq!(account.ask(NOVA, 100, 100).unwrap_err(), TOO_MANY_TOKENS);
        first.settle(Usage::new(100, 50));
        let second = account.ask(NOVA, 100, 750).unwrap().unwrap();
        drop(second);
        assert!(account.ask(NOVA, 1, 0).is_err(), "an answer that was cut off is paid in full");
        assert_eq!(account.ask(NOVA, u64::MAX, u64::MAX).unwrap_err(), TOO_MANY_TOKENS);
    }

    #[test]
    fn an_answer_that_is_too_long_for_any_quota_spends_it_all() {
        let account = Account::with(Quota { tokens_per_minute: Some(1000), ..Quota::default() });
        let claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
        account.ask(claude, 1, 1).unwrap().unwrap().settle(Usage::new(u64::MAX, u64::MAX));
        assert_eq!(account.ask(claude, 1, 0).unwrap_err(), TOO_MANY_TOKENS);
    }

    #[test]
    fn models_that_are_not_used_are_forgotten() {
        let mut account = Account::with(Quota { requests_per_minute: Some(1), ..Quota::default() });
        for at in 0..=MOST_KNOWN {
            let arn = format!("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/{at}");
            account.ask(&arn, 1, 1).unwrap();
        }
        let kept = |account: &Account| account.ledger.0.lock().unwrap().len();
        assert_eq!(kept(&account), MOST_KNOWN + 1);
        account.later(60);
        account.ask(NOVA, 1, 1).unwrap();
        assert_eq!(kept(&account), 1);
    }

    #[test]
    fn newer_claude_pays_five_times_for_output() {
        let account = Account::with(Quota { tokens_per_minute: Some(1000), ..Quota::default() });
        let model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
        account.ask(model, 100, 100).unwrap().unwrap().settle(Usage::new(100, 100));
        assert!(account.ask(model, 401, 0).is_err() && account.ask(model, 400, 0).is_ok());
        assert_eq!(output_rate(&Model::find("us.anthropic.claude-3-5-haiku-20241022-v1:0").unwrap()), 1);
    }

    #[test]
    fn only_the_models_it_names_are_limited() {
        let account =
            Account::with(Quota { model: Some("*claude*".into()), requests_per_minute: Some(0), ..Quota::default() });
        assert!(account.ask(NOVA, 1, 1).unwrap().is_none());
        assert!(account.ask("us.anthropic.claude-sonnet-4-6", 1, 1).is_err());
    }
}
