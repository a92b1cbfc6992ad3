//! How long a call may take and how often it is tried: the options, their defaults and limits.
//!
//! The names are openai-node's (`timeout`, `maxRetries`) and, where it has none, those of AWS's SDKs and the AI SDK.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// The options that [`Patience::resolve`] reads.
pub const PATIENCE_OPTIONS: &[&str] =
    &["timeout", "connectTimeout", "firstByteTimeout", "idleTimeout", "maxRetries", "retryMode"];

/// The most that `maxRetries` may be.
const MOST_RETRIES: u32 = 100;

/// How long to wait for the service, and how often to ask it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until the answer is complete, retries and their pauses included. Default: no limit.
    pub total: Option<Duration>,
    /// Until there is a connection, for each attempt: name, TCP, proxy, TLS. Default 10 seconds.
    pub connect: Duration,
    /// Until the head of the answer, for each attempt. A whole answer comes with its head, so this is how long a model
    /// may write. Default 1 hour, as AWS advises for Claude with extended thinking ("Extended thinking", user guide).
    pub first: Duration,
    /// Between two pieces of the answer. Default 5 minutes.
    pub between: Duration,
    /// How often a failed attempt is followed by another, at most. Default 2, as in openai-node and AWS's SDKs.
    pub retries: u32,
    /// Whether attempts are also held back after the service has throttled some (`adaptive`); default `standard`.
    pub adaptive: bool,
}

impl Default for Patience {
    fn default() -> Self {
        Patience {
            total: None,
            connect: Duration::from_secs(10),
            first: Duration::from_secs(3600),
            between: Duration::from_secs(300),
            retries: 2,
            adaptive: false,
        }
    }
}

impl Patience {
    /// This patience with what `given` sets of it; `root` is how errors call the object `given`.
    pub fn resolve(self, given: &Map<String, Value>, root: &str) -> Result<Patience> {
        let limit = |name: &str| milliseconds(given, root, name);
        let idle = limit("idleTimeout")?;
        Ok(Patience {
            total: limit("timeout")?.or(self.total),
            connect: limit("connectTimeout")?.unwrap_or(self.connect),
            first: limit("firstByteTimeout")?.or(idle).unwrap_or(self.first),
            between: idle.unwrap_or(self.between),
            retries: retries(given, root)?.unwrap_or(self.retries),
            adaptive: adaptive(given, root)?.unwrap_or(self.adaptive),
        })
    }
}

fn member<'a>(given: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    given.get(name).filter(|value| !value.is_null())
}

fn milliseconds(given: &Map<String, Value>, root: &str, name: &str) -> Result<Option<Duration>> {
    let Some(value) = member(given, name) else { return Ok(None) };
    match value.as_f64() {
        Some(milliseconds) if milliseconds >= 1.0 && milliseconds <= f64::from(u32::MAX) => {
            Ok(Some(Duration::from_secs_f64(milliseconds / 1000.0)))
        }
        _ => Err(Error::wrong_type(format!("{root}.{name}"), "a number of milliseconds, 1 or more", value)),
    }
}

fn retries(given: &Map<String, Value>, root: &str) -> Result<Option<u32>> {
    let Some(value) = member(given, "maxRetries") else { return Ok(None) };
    let count = value.as_f64().filter(|count| count.fract() == 0.0 && (0.0..=f64::from(MOST_RETRIES)).contains(count));
    match count {
        // A whole number of that range.
        Some(count) => Ok(Some(count as u32)),
        None => {
            let wanted = format!("a whole number from 0 to {MOST_RETRIES}");
            Err(Error::wrong_type(format!("{root}.maxRetries"), &wanted, value))
        }
    }
}

fn adaptive(given: &Map<String, Value>, root: &str) -> Result<Option<bool>> {
    let Some(value) = member(given, "retryMode") else { return Ok(None) };
    match value.as_str() {
        Some("standard") => Ok(Some(false)),
        Some("adaptive") => Ok(Some(true)),
        Some(other) => {
            let param = format!("{root}.retryMode");
            Err(Error::invalid(param, format!("must be \"standard\" or \"adaptive\", not {other:?}.")))
        }
        None => Err(Error::wrong_type(format!("{root}.retryMode"), "\"standard\" or \"adaptive\"", value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn resolved(base: Patience, given: Value) -> Result<Patience> {
        base.resolve(given.as_object().unwrap(), "options")
    }

    #[test]
    fn what_is_not_given_stays() {
        let client =
            resolved(Patience::default(), json!({"timeout": 5000, "maxRetries": 0, "retryMode": "adaptive"})).unwrap();
        assert_eq!((client.total, client.retries, client.adaptive), (Some(Duration::from_secs(5)), 0, true));
        let request = resolved(client, json!({"maxRetries": 4, "timeout": null})).unwrap();
        assert_eq!((request.total, request.retries, request.adaptive), (Some(Duration::from_secs(5)), 4, true));
    }

    #[test]
    fn the_idle_limit_is_the_one_before_the_answer_too_unless_that_is_given() {
        let (second, minute) = (Duration::from_secs(1), Duration::from_secs(60));
        let both = resolved(Patience::default(), json!({"idleTimeout": 1000})).unwrap();
        assert_eq!((both.first, both.between), (second, second));
        let each = resolved(Patience::default(), json!({"firstByteTimeout": 60_000, "idleTimeout": 1000})).unwrap();
        assert_eq!((each.first, each.between), (minute, second));
    }

    #[test]
    fn wrong_values_are_refused_by_name() {
        for (given, param) in [
            (json!({"timeout": 0}), "options.timeout"),
            (json!({"connectTimeout": "1s"}), "options.connectTimeout"),
            (json!({"firstByteTimeout": -1}), "options.firstByteTimeout"),
            (json!({"idleTimeout": 1e12}), "options.idleTimeout"),
            (json!({"maxRetries": 1.5}), "options.maxRetries"),
            (json!({"maxRetries": 101}), "options.maxRetries"),
            (json!({"maxRetries": -1}), "options.maxRetries"),
            (json!({"retryMode": "legacy"}), "options.retryMode"),
            (json!({"retryMode": 1}), "options.retryMode"),
        ] {
            assert_eq!(resolved(Patience::default(), given).unwrap_err().param.as_deref(), Some(param));
        }
    }

    #[test]
    fn every_option_of_the_list_is_read() {
        for name in PATIENCE_OPTIONS {
            assert!(resolved(Patience::default(), json!({*name: {}})).is_err(), "{name}");
        }
    }
}
