//! Settings as given become settings as resolved. The only reader of the environment.

mod network;
mod patience;

pub use network::{Network, Protocol, Proxy};
pub use patience::{PATIENCE_OPTIONS, Patience};

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::conversation::{Loss, LossCode};
use crate::error::{Error, Kind, Result};

/// Keys as the caller gave them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Keys {
    /// AWS access key id.
    pub access_key_id: String,
    /// AWS secret access key.
    pub secret_access_key: String,
    /// Session token of temporary credentials.
    pub session_token: Option<String>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(hidden)")
    }
}

/// Where and as whom to call. What is `None` is found by AWS's own default chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Account {
    /// AWS region, e.g. `us-east-1`.
    pub region: Option<String>,
    /// Explicit keys; the default chain (profile, SSO, container, instance …) otherwise.
    pub keys: Option<Keys>,
    /// Base URL instead of `https://bedrock-runtime.{region}.amazonaws.com`.
    pub endpoint: Option<String>,
    /// How connections leave this machine.
    pub network: Network,
}

/// Options of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Converse instead of InvokeModel.
    pub use_converse_api: bool,
    /// Time limits and retries.
    pub patience: Patience,
}

/// Reads one environment variable; passed in, so that the rules are tested without an environment.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The environment of this process; an empty variable counts as absent, as in AWS's SDKs.
pub fn process_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The arguments of this process, without its name.
pub fn arguments() -> impl Iterator<Item = OsString> {
    std::env::args_os().skip(1)
}

/// Where this system keeps temporary files.
pub fn temporary_folder() -> PathBuf {
    std::env::temp_dir()
}

impl Account {
    /// `awsCreds` of the JS package, with what it leaves out taken from the environment.
    ///
    /// Explicit values win. Region: `AWS_REGION`, then `AWS_DEFAULT_REGION`, then the profile. Endpoint:
    /// `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`, then `AWS_ENDPOINT_URL`, unless `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is
    /// true (AWS SDKs and Tools Reference Guide, "Service-specific endpoints").
    pub fn resolve(given: &Value, environment: Environment<'_>, losses: &mut Vec<Loss>) -> Result<Account> {
        let empty = Map::new();
        let given = match given {
            Value::Object(members) => members,
            Value::Null => &empty,
            other => return Err(Error::wrong_type("awsCreds", "an object", other).of_kind(Kind::Configuration)),
        };
        for name in given.keys().filter(|name| !CREDENTIAL_FIELDS.contains(&name.as_str())) {
            let message = format!("awsCreds.{name} is not known and was ignored.");
            losses.push(Loss::of(LossCode::UnsupportedField, format!("awsCreds.{name}"), message));
        }
        Ok(Account {
            region: text(given, "region")?
                .or_else(|| environment("AWS_REGION"))
                .or_else(|| environment("AWS_DEFAULT_REGION")),
            keys: keys(given)?,
            endpoint: endpoint(given, environment)?,
            network: Network::resolve(environment)?,
        })
    }
}

const CREDENTIAL_FIELDS: &[&str] = &["region", "accessKeyId", "secretAccessKey", "sessionToken", "endpoint", "baseURL"];

fn keys(given: &Map<String, Value>) -> Result<Option<Keys>> {
    match (text(given, "accessKeyId")?, text(given, "secretAccessKey")?) {
        (Some(access_key_id), Some(secret_access_key)) => {
            Ok(Some(Keys { access_key_id, secret_access_key, session_token: text(given, "sessionToken")? }))
        }
        (None, None) => Ok(None),
        (Some(_), None) => Err(configuration("awsCreds.secretAccessKey", "is missing, though accessKeyId is given")),
        (None, Some(_)) => Err(configuration("awsCreds.accessKeyId", "is missing, though secretAccessKey is given")),
    }
}

fn endpoint(given: &Map<String, Value>, environment: Environment<'_>) -> Result<Option<String>> {
    let explicit = text(given, "endpoint")?.or(text(given, "baseURL")?);
    let ignored = environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|value| value == "true");
    let configured = || {
        environment("AWS_ENDPOINT_URL_BEDROCK_RUNTIME").or_else(|| environment("AWS_ENDPOINT_URL")).filter(|_| !ignored)
    };
    let Some(url) = explicit.or_else(configured) else { return Ok(None) };
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("http" | "https") => Ok(Some(url.trim_end_matches('/').to_owned())),
        _ => Err(configuration("awsCreds.endpoint", "must be a URL that begins with http:// or https://")),
    }
}

/// A text member; empty counts as absent, as in the JS package's `.env` style of use.
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

impl Options {
    /// The third argument of `bedrockWrapper`. `signal` and `logging` are the shell's business.
    pub fn resolve(given: &Value, losses: &mut Vec<Loss>) -> Result<Options> {
        let mut options = Options { use_converse_api: false, patience: Patience::default() };
        let members = match given {
            Value::Object(members) => members,
            Value::Null => return Ok(options),
            other => {
                return Err(Error::wrong_type("options", "an object", other));
            }
        };
        options.patience = options.patience.resolve(members, "options")?;
        for (name, value) in members {
            match (name.as_str(), value) {
                (_, Value::Null) | ("logging" | "signal", _) => {}
                ("useConverseAPI", Value::Bool(converse)) => options.use_converse_api = *converse,
                ("useConverseAPI", other) => {
                    return Err(Error::wrong_type("options.useConverseAPI", "true or false", other));
                }
                (name, _) if PATIENCE_OPTIONS.contains(&name) => {}
                _ => {
                    let param = format!("options.{name}");
                    losses.push(Loss::of(LossCode::UnsupportedField, param, "This option is not known."));
                }
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn account(given: Value, environment: &[(&str, &str)]) -> Result<Account> {
        let environment =
            |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Account::resolve(&given, &environment, &mut Vec::new())
    }

    #[test]
    fn explicit_values_win_over_the_environment() {
        let environment = [("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", "http://localhost:1")];
        let both = account(json!({"region": "us-west-2", "endpoint": "http://localhost:2/"}), &environment).unwrap();
        assert_eq!(both.region.as_deref(), Some("us-west-2"));
        assert_eq!(both.endpoint.as_deref(), Some("http://localhost:2"));
        let none = account(Value::Null, &environment).unwrap();
        assert_eq!(none.region.as_deref(), Some("eu-west-1"));
        assert_eq!(none.endpoint.as_deref(), Some("http://localhost:1"));
    }

    #[test]
    fn the_service_endpoint_wins_over_the_general_one_and_both_can_be_switched_off() {
        let mut environment = vec![("AWS_ENDPOINT_URL", "http://a"), ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://b")];
        assert_eq!(account(json!({}), &environment).unwrap().endpoint.as_deref(), Some("http://b"));
        environment.push(("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"));
        assert_eq!(account(json!({}), &environment).unwrap().endpoint, None);
    }

    #[test]
    fn half_a_key_is_refused_and_no_key_is_shown() {
        let error = account(json!({"accessKeyId": "AKIA"}), &[]).unwrap_err();
        assert_eq!(error.param.as_deref(), Some("awsCreds.secretAccessKey"));
        let keys = account(json!({"accessKeyId": "AKIA", "secretAccessKey": "s3cret"}), &[]).unwrap();
        assert!(!format!("{keys:?}").contains("s3cret"));
    }

    #[test]
    fn options_of_the_wrong_type_are_refused_and_unknown_ones_reported() {
        let mut losses = Vec::new();
        assert!(Options::resolve(&json!({"useConverseAPI": "yes"}), &mut losses).is_err());
        assert!(Options::resolve(&json!({"idleTimeout": 0}), &mut losses).is_err());
        let options = Options::resolve(&json!({"idleTimeout": 1500, "colour": 1}), &mut losses).unwrap();
        assert_eq!(options.patience.between.as_millis(), 1500);
        assert_eq!(losses.len(), 1);
    }
}
