//! Keys in AWS's stores of secrets: read at the start, on reload, and again every few minutes.

use std::time::Duration;

use serde_json::Value;

use super::hash::KeyHash;
use crate::client::Vault;
use crate::config::Environment;
use crate::error::{Error, Kind, Result};
use crate::gateway::settings::{KeySettings, Settings};

/// Where keys are fetched from.
#[derive(Debug)]
pub(super) struct Source {
    vault: Vault,
    secret: Option<String>,
    parameter: Option<String>,
    pub(super) every: Duration,
}

impl Source {
    /// `None` where the settings name no store.
    pub(super) fn of(settings: &Settings, environment: Environment<'_>) -> Result<Option<Source>> {
        let (secret, parameter) = (settings.api_key_secret_arn.clone(), settings.api_key_param_name.clone());
        if secret.is_none() && parameter.is_none() {
            return Ok(None);
        }
        let vault = Vault::new(&settings.client_options(), environment)?;
        Ok(Some(Source { vault, secret, parameter, every: settings.api_key_refresh_seconds.duration() }))
    }

    /// All keys of the stores, or why one of them was not read.
    pub(super) async fn fetch(&self) -> Result<Vec<KeySettings>> {
        let mut keys = Vec::new();
        if let Some(id) = &self.secret {
            let secret = self.vault.secret(id).await.map_err(|error| about("api_key_secret_arn", &error))?;
            keys.extend(named("secret", "api_key_secret_arn", secret.reveal())?);
        }
        if let Some(name) = &self.parameter {
            let secret = self.vault.parameter(name).await.map_err(|error| about("api_key_param_name", &error))?;
            keys.extend(named("parameter", "api_key_param_name", secret.reveal())?);
        }
        Ok(keys)
    }
}

fn about(setting: &str, error: &Error) -> Error {
    let message = format!("The keys of {setting} could not be read: {}", error.message);
    Error::new(Kind::Configuration, message).at(setting)
}

/// Keys as settings, called after where they come from.
fn named(origin: &str, setting: &str, secret: &str) -> Result<Vec<KeySettings>> {
    let keys = keys(secret);
    if keys.is_empty() {
        let message =
            format!("{setting} holds no key: expected {{\"api_key\": \"…\"}}, a list of keys, or a key a line.");
        return Err(Error::new(Kind::Configuration, message).at(setting));
    }
    let settings =
        |(index, key): (usize, String)| KeySettings::unlimited(format!("{origin}:{index}"), KeyHash::of(&key));
    Ok(keys.into_iter().enumerate().map(settings).collect())
}

/// The keys in a secret: `{"api_key": "…"}` as the Access Gateway has it, a list there or in its place, or a key a line.
fn keys(secret: &str) -> Vec<String> {
    let texts = |value: &Value| match value {
        Value::String(key) => vec![key.clone()],
        Value::Array(keys) => keys.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let keys = match serde_json::from_str::<Value>(secret) {
        Ok(Value::Object(members)) => members.get("api_key").map(texts).unwrap_or_default(),
        Ok(json @ (Value::Array(_) | Value::String(_))) => texts(&json),
        _ => secret.lines().map(str::to_owned).collect(),
    };
    keys.into_iter().map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_holds_keys_in_several_forms() {
        for secret in [r#"{"api_key": "k"}"#, r#"{"api_key": ["k"], "more": 1}"#, r#"["k"]"#, r#""k""#, "k", " k \n"] {
            assert_eq!(keys(secret), ["k"], "{secret}");
        }
        assert_eq!(keys("one\n\ntwo\n"), ["one", "two"]);
        assert_eq!(keys("12345678"), ["12345678"], "a key may be a number");
        for none in ["", "{}", r#"{"api_key": 1}"#, "[]"] {
            assert!(named("secret", "api_key_secret_arn", none).is_err(), "{none}");
        }
        assert_eq!(named("secret", "api_key_secret_arn", "[\"a\", \"b\"]").unwrap()[1].id, "secret:1");
    }
}
