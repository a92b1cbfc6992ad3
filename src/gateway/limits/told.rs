//! What a caller is told of his limits: `x-ratelimit-*` and refusals, as OpenAI does it (OpenAI API reference, "Rate limits";
//! its `Go`-like durations included).

use std::time::Duration;

use super::counters::{Counters, Short, Verdict, rate};
use super::quota::{Cost, Quota};
use crate::gateway::refusal::Refusal;
use crate::gateway::settings::Period;

/// When to try again where another of the key's requests has to end first.
const SOON: Duration = Duration::from_secs(1);

/// `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`, of what is limited.
pub(super) fn headers(quota: &Quota, standing: &Counters) -> Vec<(&'static str, String)> {
    let mut headers = Vec::with_capacity(6);
    let mut add = |names: [&'static str; 3], limit: Option<u64>, used: f64| {
        let Some(limit) = limit else { return };
        let remaining = (limit as f64 - used).max(0.0) as u64;
        let full = Duration::from_millis((used / rate(limit)).ceil() as u64);
        headers.extend(names.into_iter().zip([limit.to_string(), remaining.to_string(), written(full)]));
    };
    let requests = ["x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"];
    let tokens = ["x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"];
    add(requests, quota.requests, standing.requests);
    add(tokens, quota.tokens, standing.tokens);
    headers
}

/// Why the request of key `id` for `model` is not taken.
pub(super) fn refusal(
    id: &str,
    model: &str,
    quota: &Quota,
    reserved: Cost,
    verdict: &Verdict,
    short: Short,
) -> Refusal {
    let limited = |kind, what: &str, limit: Option<u64>, used: f64, more: u64, wait: Duration| {
        let (limit, used) = (limit.unwrap_or_default(), used.ceil());
        let message = format!(
            "Rate limit reached for {model} of the key `{id}` on {what}: Limit {limit}, Used {used}, Requested {more}. \
             Please try again in {}.",
            written(wait)
        );
        Refusal::limited(kind, "rate_limit_exceeded", message).after(wait)
    };
    let standing = &verdict.standing;
    let refusal = match short {
        Short::Requests(wait) => {
            limited("requests", "requests per min (RPM)", quota.requests, standing.requests, 1, wait)
        }
        Short::Tokens(wait) => {
            limited("tokens", "tokens per min (TPM)", quota.tokens, standing.tokens, reserved.tokens, wait)
        }
        Short::Concurrency => {
            limited("requests", "requests at the same time", quota.concurrency, standing.in_flight as f64, 1, SOON)
        }
        Short::Budget => {
            let period = match quota.period {
                Period::Day => " for this day (UTC)",
                Period::Month => " for this month (UTC)",
                Period::Total => "",
            };
            let message = format!("You exceeded your current quota: the budget of the key `{id}`{period} is spent.");
            let refusal = Refusal::limited("insufficient_quota", "insufficient_quota", message);
            Refusal { should_retry: Some(false), ..refusal }
        }
    };
    Refusal { headers: headers(quota, standing), ..refusal }
}

/// `17ms`, `8.64s`, `6m0s`.
fn written(duration: Duration) -> String {
    let millis = duration.as_millis();
    match millis {
        0..1000 => format!("{millis}ms"),
        1000..60_000 => {
            let seconds = format!("{:.3}", duration.as_secs_f64());
            format!("{}s", seconds.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => {
            let seconds = millis.div_ceil(1000);
            format!("{}m{}s", seconds / 60, seconds % 60)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_openai_writes_them() {
        for (millis, text) in
            [(0, "0ms"), (17, "17ms"), (1000, "1s"), (8640, "8.64s"), (20_000, "20s"), (360_000, "6m0s")]
        {
            assert_eq!(written(Duration::from_millis(millis)), text);
        }
    }
}
