//! Reading what people wrote: options, rules, faults. What does not fit is told with its place and in plain words.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Words of serde, which speaks of Rust, and those of people who write JSON.
const PLAIN: &[(&str, &str)] = &[
    ("expected u16", "expected a whole number from 0 to 65535"),
    ("expected u32", "expected a whole number from 0"),
    ("expected u64", "expected a whole number from 0"),
    ("expected usize", "expected a whole number from 0"),
    ("expected i32", "expected a whole number"),
    ("expected f64", "expected a number"),
    ("expected path string", "expected a string"),
    ("expected a sequence", "expected a list"),
    ("expected a map", "expected an object"),
    ("invalid type: sequence", "invalid type: list"),
    ("invalid type: map", "invalid type: object"),
    ("invalid IP address syntax", "expected an IP address such as 127.0.0.1"),
];

/// Why JSON is not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Where: `physics.jitter`, `[0].match`. Empty for the whole.
    pub place: String,
    /// What is wrong, without a full stop.
    pub problem: String,
}

/// Reads `T` from JSON.
pub fn read<T: DeserializeOwned>(json: Value) -> Result<T, Misfit> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let place = match error.path().to_string() {
            whole if whole == "." => String::new(),
            place => place,
        };
        Misfit { place, problem: plain(&error.into_inner().to_string()) }
    })
}

fn plain(problem: &str) -> String {
    if let Some((before, _)) = problem.split_once("expected struct ") {
        return format!("{before}expected an object");
    }
    PLAIN.iter().fold(problem.to_owned(), |text, (rust, words)| text.replace(rust, words))
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => formatter.write_str(&self.problem),
            place => write!(formatter, "{place}: {}", self.problem),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::simulator::{Fault, Options, Rule};

    fn misfit<T: DeserializeOwned>(json: Value) -> String {
        read::<T>(json).err().map_or_else(String::new, |misfit| misfit.to_string())
    }

    #[test]
    fn places_are_named_and_words_are_plain() {
        for (given, told) in [
            (json!({"port": 70000}), "port: invalid value: integer `70000`, expected a whole number from 0 to 65535"),
            (json!({"host": "localhost"}), "host: expected an IP address such as 127.0.0.1"),
            (json!({"tls": "yes"}), "tls: invalid type: string \"yes\", expected an object"),
            (json!({"physics": {"jitter": 2}}), "physics.jitter: 2 is not from 0 to 1"),
            (json!({"physics": {"tokensPerSecond": -1}}), "physics.tokensPerSecond: -1 is not 0 or more"),
            (json!({"bearerKeys": "ABSK"}), "bearerKeys: invalid type: string \"ABSK\", expected a list"),
            (json!({"credentials": {"accessKeyId": "AKIA"}}), "credentials: missing field `secretAccessKey`"),
        ] {
            assert_eq!(misfit::<Options>(given), told);
        }
        assert!(
            misfit::<Options>(json!({"prot": 1})).starts_with("prot: unknown field `prot`, expected one of `port`,")
        );
        assert!(misfit::<Vec<Fault>>(json!([{"fault": "stal"}])).starts_with("[0]"));
        assert_eq!(misfit::<Rule>(json!({"match": {"turn": -1}, "answer": ""})).find("match: invalid value"), Some(0));
        assert_eq!(read::<u16>(json!(5)), Ok(5));
    }
}
