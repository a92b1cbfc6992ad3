//! `awsCreds`, the first argument of `bedrockWrapper`.
//!
//! An empty text counts as left out, as in bedrock-wrapper 2.12.0, whose callers pass `process.env.X ?? ''`.

use serde_json::{Map, Value};

use super::account::{Account, Surface};
use super::credentials::{Credentials, Keys, Secret};
use super::endpoint::{Endpoints, plain_url};
use super::environment::Environment;
use super::network::Network;
use super::region;
use crate::conversation::{Loss, LossCode};
use crate::error::{Error, Kind, Result};

const FIELDS: &[&str] = &["region", "accessKeyId", "secretAccessKey", "sessionToken", "endpoint", "baseURL"];

impl Account {
    /// What `awsCreds` leaves out is taken from the environment; explicit values win.
    pub fn of_aws_creds(given: &Value, environment: Environment<'_>, losses: &mut Vec<Loss>) -> Result<Account> {
        let empty = Map::new();
        let given = match given {
            Value::Object(members) => members,
            Value::Null => &empty,
            other => return Err(Error::wrong_type("awsCreds", "an object", other).of_kind(Kind::Configuration)),
        };
        for name in given.keys().filter(|name| !FIELDS.contains(&name.as_str())) {
            let message = format!("awsCreds.{name} is not known and was ignored.");
            losses.push(Loss::of(LossCode::UnsupportedField, format!("awsCreds.{name}"), message));
        }
        Ok(Account {
            region: text(given, "region")?.or_else(|| region::of_environment(environment)),
            credentials: keys(given)?.map_or_else(|| Credentials::ambient(environment), Credentials::Keys),
            endpoints: endpoints(given, environment)?,
            route: None,
            headers: Vec::new(),
            network: Network::resolve(environment)?,
            role: None,
            surface: Surface::AwsCreds,
        })
    }
}

fn keys(given: &Map<String, Value>) -> Result<Option<Keys>> {
    match (text(given, "accessKeyId")?, text(given, "secretAccessKey")?) {
        (Some(access_key_id), Some(secret)) => Ok(Some(Keys {
            access_key_id,
            secret_access_key: Secret::new(secret),
            session_token: text(given, "sessionToken")?.map(Secret::new),
        })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(configuration("awsCreds.secretAccessKey", "is missing, though accessKeyId is given")),
        (None, Some(_)) => Err(configuration("awsCreds.accessKeyId", "is missing, though secretAccessKey is given")),
    }
}

/// Whether endpoints are FIPS or dual-stack ones is left to AWS's default chain.
fn endpoints(given: &Map<String, Value>, environment: Environment<'_>) -> Result<Endpoints> {
    match text(given, "endpoint")?.or(text(given, "baseURL")?) {
        Some(url) => Ok(Endpoints::default().all_at(plain_url(&url, "awsCreds.endpoint")?)),
        None => Ok(Endpoints { fips: None, dual_stack: None, ..Endpoints::of_environment(environment)? }),
    }
}

/// A text member.
fn text(given: &Map<String, Value>, name: &str) -> Result<Option<String>> {
    match given.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Some(other) => {
            Err(Error::wrong_type(format!("awsCreds.{name}"), "a string", other).of_kind(Kind::Configuration))
        }
    }
}

fn configuration(param: &str, message: &str) -> Error {
    Error::new(Kind::Configuration, format!("{param} {message}.")).at(param)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn account(given: Value, environment: &[(&str, &str)]) -> Result<Account> {
        let environment =
            |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Account::of_aws_creds(&given, &environment, &mut Vec::new())
    }

    #[test]
    fn explicit_values_win_over_the_environment() {
        let environment = [("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", "http://localhost:1")];
        let both = account(json!({"region": "us-west-2", "endpoint": "http://localhost:2/"}), &environment).unwrap();
        assert_eq!(both.region.as_deref(), Some("us-west-2"));
        assert_eq!(both.endpoints.runtime.as_deref(), Some("http://localhost:2"));
        let none = account(Value::Null, &environment).unwrap();
        assert_eq!(none.region.as_deref(), Some("eu-west-1"));
        assert_eq!(none.endpoints.runtime.as_deref(), Some("http://localhost:1"));
    }

    #[test]
    fn the_service_endpoint_wins_over_the_general_one_and_both_can_be_switched_off() {
        let mut environment = vec![("AWS_ENDPOINT_URL", "http://a"), ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://b")];
        let runtime = |environment: &[(&str, &str)]| account(json!({}), environment).unwrap().endpoints.runtime;
        assert_eq!(runtime(&environment).as_deref(), Some("http://b"));
        environment.push(("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"));
        assert_eq!(runtime(&environment), None);
    }

    #[test]
    fn half_a_key_is_refused_and_no_key_is_shown() {
        let error = account(json!({"accessKeyId": "AKIA"}), &[]).unwrap_err();
        assert_eq!(error.param.as_deref(), Some("awsCreds.secretAccessKey"));
        let keys = account(json!({"accessKeyId": "AKIA", "secretAccessKey": "s3cret"}), &[]).unwrap();
        assert!(!format!("{keys:?}").contains("s3cret"));
    }

    #[test]
    fn keys_win_over_a_bearer_token_of_the_environment() {
        let environment = [("AWS_BEARER_TOKEN_BEDROCK", "token")];
        let keys = account(json!({"accessKeyId": "AKIA", "secretAccessKey": "s3cret"}), &environment).unwrap();
        assert!(matches!(keys.credentials, Credentials::Keys(_)));
        assert_eq!(account(Value::Null, &environment).unwrap().credentials, Credentials::EnvironmentToken);
    }
}
