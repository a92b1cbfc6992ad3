//! AWS credentials that a request brings, for a gateway whose callers pay their own bills (`pass_through_credentials`).
//!
//! They come as a bearer token, a Bedrock API key (`ABSK…`, `bedrock-api-key-…`) or `REGION.AKIA….SECRET[.TOKEN]` as the
//! Bedrock Proxy Endpoint takes it, or as the headers `x-amz-access-key-id`, `x-amz-secret-access-key`,
//! `x-amz-security-token` and `x-aws-region`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use http::HeaderMap;

use super::hash::KeyHash;
use crate::client::Client;
use crate::config::{Credentials, Keys, Secret, check_token};
use crate::error::{Kind, Result};
use crate::gateway::refusal::Refusal;

/// Clients that are kept; the one that was used longest ago makes room for the next. Connections are shared by all.
const MOST_CLIENTS: usize = 1024;

/// How Bedrock API keys begin: long-term and short-term ones (Amazon Bedrock User Guide, "API keys").
const BEDROCK_KEYS: [&str; 2] = ["ABSK", "bedrock-api-key-"];
/// How ids of AWS access keys begin: long-term and temporary ones (IAM User Guide, "Unique identifiers").
const ACCESS_KEYS: [&str; 2] = ["AKIA", "ASIA"];

const REGION: &str = "x-aws-region";
const PAIR: [&str; 2] = ["x-amz-access-key-id", "x-amz-secret-access-key"];
const SESSION: &str = "x-amz-security-token";

/// A client for each of those who bring credentials.
#[derive(Debug)]
pub(in crate::gateway) struct Guests {
    /// The gateway's own settings, without its credentials.
    like: Client,
    clients: Mutex<Clients>,
}

#[derive(Debug, Default)]
struct Clients {
    /// By the hash of the credentials, with the moment of its last use.
    by_hash: HashMap<KeyHash, (Client, u64)>,
    uses: u64,
}

/// What a request brings.
#[derive(Debug, PartialEq, Eq)]
struct Brought {
    credentials: Credentials,
    region: Option<String>,
}

impl Guests {
    pub(in crate::gateway) fn new(like: Client) -> Guests {
        Guests { like, clients: Mutex::default() }
    }

    /// The client of whoever brings credentials in the bearer token `shown`, or in headers.
    pub(super) fn client(&self, headers: &HeaderMap, shown: Option<&str>) -> Option<Result<Client, Refusal>> {
        let brought = match of_headers(headers) {
            Ok(brought) => brought,
            Err(refusal) => return Some(Err(refusal)),
        };
        let brought = brought.or_else(|| of_token(shown?, headers))?;
        Some(self.client_of(brought).map_err(|error| {
            let message = match error.kind {
                Kind::Configuration => error.message.replace("`region`", REGION),
                _ => error.message,
            };
            Refusal::invalid(401, "invalid_api_key", message)
        }))
    }

    fn client_of(&self, brought: Brought) -> Result<Client> {
        let hash = brought.hash();
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.uses += 1;
        let now = clients.uses;
        if let Some((client, used)) = clients.by_hash.get_mut(&hash) {
            *used = now;
            return Ok(client.clone());
        }
        let client = self.like.for_another(brought.credentials, brought.region.as_deref())?;
        if clients.by_hash.len() >= MOST_CLIENTS {
            let oldest = clients.by_hash.iter().min_by_key(|(_, (_, used))| *used).map(|(hash, _)| *hash);
            oldest.and_then(|oldest| clients.by_hash.remove(&oldest));
        }
        clients.by_hash.insert(hash, (client.clone(), now));
        Ok(client)
    }
}

impl Brought {
    fn hash(&self) -> KeyHash {
        let (kind, parts) = match &self.credentials {
            Credentials::Keys(keys) => {
                let session_token = keys.session_token.as_ref().map_or("", Secret::reveal);
                ("keys", [&keys.access_key_id, keys.secret_access_key.reveal(), session_token])
            }
            Credentials::Token(token) => ("token", [token.reveal(), "", ""]),
            _ => ("none", [""; 3]),
        };
        // Headers hold no line breaks, so that no two sets of parts are the same text.
        KeyHash::of(&format!("{kind}\n{}\n{}", self.region.as_deref().unwrap_or_default(), parts.join("\n")))
    }
}

/// A pair of headers; half a pair is refused.
fn of_headers(headers: &HeaderMap) -> std::result::Result<Option<Brought>, Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let session_token = text(SESSION).filter(|token| !token.is_empty());
    match PAIR.map(text) {
        [None, None] => Ok(None),
        [Some(id), Some(secret)] if !id.is_empty() && !secret.is_empty() => {
            Ok(Some(Brought { credentials: keys(id, secret, session_token), region: region(headers) }))
        }
        _ => {
            let message = format!("Send both {} and {}, or neither.", PAIR[0], PAIR[1]);
            Err(Refusal::invalid(401, "invalid_api_key", message))
        }
    }
}

fn of_token(token: &str, headers: &HeaderMap) -> Option<Brought> {
    if BEDROCK_KEYS.iter().any(|beginning| token.starts_with(beginning)) && check_token(token).is_ok() {
        return Some(Brought { credentials: Credentials::Token(Secret::new(token)), region: region(headers) });
    }
    let mut parts = token.splitn(4, '.');
    let (region, id, secret) = (parts.next()?, parts.next()?, parts.next()?);
    let is_id = ACCESS_KEYS.iter().any(|beginning| id.starts_with(beginning));
    let is_whole = is_id && !region.is_empty() && !secret.is_empty();
    is_whole.then(|| Brought { credentials: keys(id, secret, parts.next()), region: Some(region.to_owned()) })
}

fn region(headers: &HeaderMap) -> Option<String> {
    headers.get(REGION).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn keys(id: &str, secret: &str, session_token: Option<&str>) -> Credentials {
    Credentials::Keys(Keys {
        access_key_id: id.to_owned(),
        secret_access_key: Secret::new(secret),
        session_token: session_token.map(Secret::new),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn headers(given: &[(&'static str, &'static str)]) -> HeaderMap {
        given.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn brought(given: &[(&'static str, &'static str)], token: &str) -> Option<Brought> {
        let headers = headers(given);
        of_headers(&headers).unwrap().or_else(|| of_token(token, &headers))
    }

    #[test]
    fn credentials_come_in_a_token_or_in_headers() {
        let west = Some("us-west-2".to_owned());
        let of_keys = Some(Brought { credentials: keys("AKIA1", "s/+=", Some("t")), region: west.clone() });
        assert_eq!(brought(&[], "us-west-2.AKIA1.s/+=.t"), of_keys);
        let given = [
            ("x-amz-access-key-id", "AKIA1"),
            ("x-amz-secret-access-key", "s/+="),
            ("x-amz-security-token", "t"),
            ("x-aws-region", "us-west-2"),
        ];
        assert_eq!(brought(&given, "anything"), of_keys);
        let of_token = Some(Brought { credentials: Credentials::Token(Secret::new("ABSKx")), region: west });
        assert_eq!(brought(&[("x-aws-region", "us-west-2")], "ABSKx"), of_token);
        for token in ["", "sk-1", "us-west-2.AKIA1", "us-west-2.AKIA1.", ".AKIA1.s", "a.b.c.d", "us-east-1.sk.secret"] {
            assert_eq!(brought(&[], token), None, "{token}");
        }
        assert!(of_headers(&headers(&[("x-amz-access-key-id", "AKIA1")])).is_err());
    }

    #[test]
    fn each_has_a_client_of_his_own_and_few_are_kept() {
        let options = json!({"region": "us-east-1", "baseURL": "http://127.0.0.1:1"});
        let guests = Guests::new(Client::new(&options, &|_| None, None).unwrap());
        let count = || guests.clients.lock().unwrap().by_hash.len();
        let client = |token: &str| guests.client(&HeaderMap::new(), Some(token)).unwrap();
        let first = client("eu-west-1.AKIA1.secret").unwrap();
        assert_eq!(first.about()["region"], "eu-west-1");
        client("eu-west-1.AKIA1.secret").unwrap();
        assert_eq!(count(), 1);
        for index in 0..MOST_CLIENTS {
            client(&format!("ABSK{index}")).unwrap();
        }
        assert_eq!(count(), MOST_CLIENTS);
        assert_eq!(client("evil/.AKIA1.secret").unwrap_err().status, 401);
        assert!(guests.client(&HeaderMap::new(), Some("sk-1")).is_none());
    }
}
