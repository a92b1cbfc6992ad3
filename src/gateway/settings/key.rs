//! `[[keys]]`: who may call, what, and how much.

use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::gateway::keys::KeyHash;

/// The longest id of a key.
const LONGEST_ID: usize = 64;

/// One key, and what its holder may have. What is left out is not limited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Given")]
pub struct KeySettings {
    /// What it is called in logs, metrics and in Redis: up to 64 letters, digits, `-`, `_`, `.`, `@`, `:`.
    pub id: String,
    /// The key's SHA-256.
    pub hash: KeyHash,
    /// Models it may ask: names, ids or aliases, where `*` stands for anything; empty: all.
    pub models: Vec<String>,
    /// Requests a minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_per_minute: Option<u64>,
    /// Tokens a minute, of requests and answers together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens_per_minute: Option<u64>,
    /// Requests that are answered at the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u64>,
    /// Tokens in a period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_tokens: Option<u64>,
    /// US dollars in a period, by the prices of the settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_usd: Option<f64>,
    /// After which time budgets begin anew.
    pub budget_period: Period,
    /// When it ends, as RFC 3339 writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
}

/// A span of time in UTC that a budget is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// A day.
    Day,
    /// A calendar month.
    #[default]
    Month,
    /// For ever.
    Total,
}

/// A moment, written as in RFC 3339: `2027-01-31T00:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub SystemTime);

impl KeySettings {
    /// A key that may do everything.
    pub(in crate::gateway) fn unlimited(id: String, hash: KeyHash) -> KeySettings {
        KeySettings {
            id,
            hash,
            models: Vec::new(),
            requests_per_minute: None,
            tokens_per_minute: None,
            concurrency: None,
            budget_tokens: None,
            budget_usd: None,
            budget_period: Period::default(),
            expires: None,
        }
    }
}

/// As it is written, with the key in the clear where somebody wants that; it is hashed at once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    id: String,
    hash: Option<KeyHash>,
    key: Option<String>,
    #[serde(default)]
    models: Vec<String>,
    requests_per_minute: Option<u64>,
    tokens_per_minute: Option<u64>,
    concurrency: Option<u64>,
    budget_tokens: Option<u64>,
    budget_usd: Option<f64>,
    #[serde(default)]
    budget_period: Period,
    expires: Option<Moment>,
}

impl TryFrom<Given> for KeySettings {
    type Error = String;

    fn try_from(given: Given) -> Result<KeySettings, String> {
        let id = given.id;
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@:".contains(&byte);
        if id.is_empty() || id.len() > LONGEST_ID || !id.bytes().all(is_id) {
            return Err(format!("the `id` of a key is 1 to {LONGEST_ID} letters, digits, `-`, `_`, `.`, `@` or `:`"));
        }
        let hash = match (given.hash, given.key) {
            (Some(hash), None) => hash,
            (None, Some(key)) if !key.trim().is_empty() => KeyHash::of(key.trim()),
            (None, Some(_)) => return Err(format!("the `key` of `{id}` is empty")),
            _ => return Err(format!("the key `{id}` needs either `hash` or `key`")),
        };
        if given.budget_usd.is_some_and(|budget| !(0.0..=MOST_USD).contains(&budget)) {
            return Err(format!("`budget_usd` of `{id}` must be from 0 to {MOST_USD}"));
        }
        let counts = [
            ("requests_per_minute", given.requests_per_minute, 1),
            ("tokens_per_minute", given.tokens_per_minute, 1),
            ("concurrency", given.concurrency, 1),
            ("budget_tokens", given.budget_tokens, 0),
        ];
        for (name, count, least) in counts {
            if count.is_some_and(|count| !(least..=MOST).contains(&count)) {
                return Err(format!("`{name}` of `{id}` must be from {least} to {MOST}"));
            }
        }
        Ok(KeySettings {
            hash,
            models: given.models,
            requests_per_minute: given.requests_per_minute,
            tokens_per_minute: given.tokens_per_minute,
            concurrency: given.concurrency,
            budget_tokens: given.budget_tokens,
            budget_usd: given.budget_usd,
            budget_period: given.budget_period,
            expires: given.expires,
            ..KeySettings::unlimited(id, hash)
        })
    }
}

/// The most that is counted exactly everywhere, Redis' scripts included, whose numbers are doubles: 10^15.
const MOST: u64 = 1_000_000_000_000_000;
/// The same for dollars, which are counted in thousand-millionths.
const MOST_USD: f64 = 1_000_000.0;

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = DateTime::from(self.0).fmt(Format::DateTime).map_err(S::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = DateTime::from_str(&text, Format::DateTimeWithOffset).ok();
        let time = time.and_then(|time| SystemTime::try_from(time).ok());
        let wrong = || D::Error::custom("expected a moment in quotes such as \"2027-01-31T00:00:00Z\"");
        time.map(Moment).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, from_value, json, to_value};

    fn read(given: Value) -> Result<KeySettings, String> {
        from_value(given).map_err(|error| error.to_string())
    }

    #[test]
    fn a_key_in_the_clear_is_hashed_at_once() {
        let key = read(json!({"id": "ann", "key": " s3cret ", "expires": "2027-01-31T01:00:00+01:00"})).unwrap();
        assert_eq!(key.hash, KeyHash::of("s3cret"));
        let written = to_value(&key).unwrap();
        assert!(!written.to_string().contains("s3cret") && !format!("{key:?}").contains("s3cret"));
        assert_eq!(written["expires"], "2027-01-31T00:00:00Z");
        assert_eq!(written["budget_period"], "month");
        assert_eq!(read(written), Ok(key));
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_shown() {
        for (given, part) in [
            (json!({"id": "ann"}), "either `hash` or `key`"),
            (json!({"id": "ann", "key": "s3cret", "hash": KeyHash::of("")}), "either `hash` or `key`"),
            (json!({"id": "ann", "key": " "}), "is empty"),
            (json!({"id": "a b", "key": "s3cret"}), "the `id` of a key"),
            (json!({"id": "{x}", "key": "s3cret"}), "the `id` of a key"),
            (json!({"id": "ann", "key": "s3cret", "rpm": 1}), "unknown field `rpm`"),
            (json!({"id": "ann", "key": "s3cret", "requests_per_minute": 0}), "must be from 1"),
            (json!({"id": "ann", "key": "s3cret", "budget_usd": -1}), "must be from 0"),
            (json!({"id": "ann", "key": "s3cret", "budget_period": "year"}), "unknown variant `year`"),
            (json!({"id": "ann", "key": "s3cret", "expires": "tomorrow"}), "expected a moment"),
            (json!({"id": "ann", "hash": "s3cret"}), "hexadecimal"),
        ] {
            let error = read(given).unwrap_err();
            assert!(error.contains(part) && !error.contains("s3cret"), "{error}");
        }
    }
}
