//! Who calls: keys that callers show as bearer tokens.

use std::sync::Arc;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use sha2::{Digest, Sha256};

use super::refusal::Refusal;
use super::settings::Settings;
use crate::error::Result;

/// Whoever a request comes from.
#[derive(Clone, Debug, Default)]
pub(super) struct Caller {
    /// `None` where no keys are asked for.
    pub(super) key: Option<Arc<Key>>,
}

/// A key as it is kept: never the key itself.
#[derive(Debug)]
pub(super) struct Key {
    /// What it is called in logs and metrics.
    pub(super) id: Arc<str>,
    hash: [u8; 32],
}

/// All keys.
#[derive(Debug, Default)]
pub(super) struct Keyring {
    keys: Vec<Arc<Key>>,
}

impl Keyring {
    /// The keys of the settings.
    pub(super) fn of(settings: &Settings) -> Result<Keyring> {
        let key = |(index, secret): (usize, &String)| {
            Arc::new(Key { id: format!("api_keys[{index}]").into(), hash: hash(secret) })
        };
        Ok(Keyring { keys: settings.api_keys.iter().enumerate().map(key).collect() })
    }

    /// Who shows which key.
    pub(super) fn identify(&self, headers: &HeaderMap) -> std::result::Result<Caller, Refusal> {
        if self.keys.is_empty() {
            return Ok(Caller::default());
        }
        let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
        let Some(shown) = shown else {
            let message = "You didn't provide an API key. Send it as `Authorization: Bearer <key>`.";
            return Err(Refusal::invalid(401, "invalid_api_key", message));
        };
        let shown = hash(shown);
        // All are compared, each in constant time, so that time tells nothing.
        let found = self.keys.iter().fold(None, |found, key| if same(&key.hash, &shown) { Some(key) } else { found });
        match found {
            Some(key) => Ok(Caller { key: Some(key.clone()) }),
            None => Err(Refusal::invalid(401, "invalid_api_key", "Incorrect API key provided.")),
        }
    }
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn same(one: &[u8; 32], other: &[u8; 32]) -> bool {
    one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}
