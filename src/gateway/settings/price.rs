//! `[prices."model"]`: what tokens cost, for budgets in dollars. None are built in: prices change, and contracts differ.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::conversation::Usage;

/// The price of a million tokens in US dollars.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Of the request.
    #[serde(deserialize_with = "dollars")]
    pub input: f64,
    /// Of the answer, reasoning included; left out: nothing.
    #[serde(default, deserialize_with = "dollars")]
    pub output: f64,
    /// Read from the prompt cache; left out: as `input`.
    #[serde(default, deserialize_with = "maybe_dollars", skip_serializing_if = "Option::is_none")]
    pub cache_read: Option<f64>,
    /// Written to the prompt cache; left out: as `input`.
    #[serde(default, deserialize_with = "maybe_dollars", skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<f64>,
}

/// Thousand-millionths of a dollar: what budgets are counted in, exactly and without fractions.
pub(in crate::gateway) const NANOS: f64 = 1e9;

impl Price {
    /// What `usage` costs, in thousand-millionths of a dollar, rounded up.
    pub(in crate::gateway) fn nanos(&self, usage: &Usage) -> u64 {
        let parts = [
            (usage.input_tokens, self.input),
            (usage.output_tokens, self.output),
            (usage.cache_read_input_tokens, self.cache_read.unwrap_or(self.input)),
            (usage.cache_write_input_tokens, self.cache_write.unwrap_or(self.input)),
        ];
        let cost = |(tokens, price): (Option<u64>, f64)| tokens.unwrap_or(0) as f64 * price / 1e6 * NANOS;
        parts.into_iter().map(cost).sum::<f64>().ceil() as u64
    }
}

/// The most that a million tokens may cost.
const MOST: f64 = 1e6;

fn dollars<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let price = f64::deserialize(deserializer)?;
    let is_price = (0.0..=MOST).contains(&price);
    is_price.then_some(price).ok_or_else(|| D::Error::custom("expected US dollars, from 0 to 1000000"))
}

fn maybe_dollars<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    dollars(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_str, json, to_value};

    #[test]
    fn prices_are_dollars() {
        let price: Price = from_str(r#"{"input": 3, "cache_read": 0.3}"#).unwrap();
        assert_eq!(to_value(price).unwrap(), json!({"input": 3.0, "output": 0.0, "cache_read": 0.3}));
        for wrong in [r#"{"input": -1}"#, r#"{"output": 1}"#, r#"{"input": 1, "cache": 1}"#, r#"{"input": 1e7}"#] {
            assert!(from_str::<Price>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_kind_of_token_has_its_price() {
        let price = Price { input: 3.0, output: 15.0, cache_read: Some(0.3), cache_write: None };
        let usage = Usage {
            input_tokens: Some(1000),
            output_tokens: Some(100),
            total_tokens: Some(1130),
            cache_read_input_tokens: Some(20),
            cache_write_input_tokens: Some(10),
        };
        assert_eq!(price.nanos(&usage), 3_000_000 + 1_500_000 + 6_000 + 30_000);
        assert_eq!(price.nanos(&Usage::default()), 0);
    }
}
