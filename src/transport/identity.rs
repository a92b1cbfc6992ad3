//! Credentials that a program gives: AWS keys and Bedrock API keys, as the SDK asks for them before each attempt.
//!
//! A function's answer has the form of the AWS SDK for JavaScript: `{accessKeyId, secretAccessKey, sessionToken?,
//! expiration?}`, `{token, expiration?}`; the expiration is in milliseconds since 1970.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials};
use aws_sdk_bedrockruntime::config::Token;
use aws_smithy_runtime_api::client::identity::{Identity, IdentityCacheLocation, IdentityFuture, ResolveIdentity};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::Value;

use super::flight::{Flight, Until};
use super::host::Host;
use crate::config::{BEARER_VARIABLE, Secret, check_token, process_environment};
use crate::error::{Error, Kind, Result};

/// A program's function that gives credentials of type `T`.
#[derive(Clone, Debug)]
pub(super) struct Provider<T: Clone + Send + Sync + 'static> {
    function: &'static str,
    host: Arc<dyn Host>,
    read: fn(&Value) -> Result<(T, Until)>,
    flight: Arc<Flight<T>>,
}

impl<T: Clone + Send + Sync + 'static> Provider<T> {
    async fn get(&self) -> Result<T> {
        let read = self.read;
        let ask = || {
            let answer = self.host.ask(self.function, Value::Null);
            async move { read(&answer.await?) }
        };
        self.flight.get(ask).await
    }

    /// The service refused what was given before `moment`.
    pub(super) fn forget(&self, moment: Instant) {
        self.flight.forget(moment);
    }
}

impl Provider<Credentials> {
    /// The function `credentialProvider`.
    pub(super) fn of_keys(host: Arc<dyn Host>) -> Self {
        Provider { function: "credentialProvider", host, read: keys, flight: Arc::default() }
    }
}

impl Provider<Secret> {
    /// The function `apiKey` or `tokenProvider`.
    pub(super) fn of_tokens(host: Arc<dyn Host>, function: &'static str) -> Self {
        Provider { function, host, read: token, flight: Arc::default() }
    }
}

impl ProvideCredentials for Provider<Credentials> {
    fn provide_credentials<'a>(&'a self) -> provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        provider::future::ProvideCredentials::new(async { self.get().await.map_err(CredentialsError::provider_error) })
    }
}

/// A Bedrock API key: given, read from the environment before each attempt, or asked for.
#[derive(Debug)]
pub(super) enum Bearer {
    Given(Secret),
    Environment,
    Provided(Provider<Secret>),
}

impl Bearer {
    async fn token(&self) -> Result<Secret> {
        match self {
            Bearer::Given(token) => Ok(token.clone()),
            Bearer::Environment => of_environment(),
            Bearer::Provided(provider) => provider.get().await,
        }
    }
}

impl ResolveIdentity for Bearer {
    fn resolve_identity<'a>(
        &'a self,
        _components: &'a RuntimeComponents,
        _config: &'a ConfigBag,
    ) -> IdentityFuture<'a> {
        IdentityFuture::new(async {
            let token = self.token().await?;
            Ok(Identity::new(Token::new(token.reveal(), None), None))
        })
    }

    fn cache_location(&self) -> IdentityCacheLocation {
        IdentityCacheLocation::IdentityResolver
    }
}

fn of_environment() -> Result<Secret> {
    let token = process_environment(BEARER_VARIABLE).map(|token| token.trim().to_owned()).unwrap_or_default();
    if token.is_empty() {
        return Err(unresolved_token(&format!("`{BEARER_VARIABLE}` is no longer set")));
    }
    check_token(&token).map_err(unresolved_token)?;
    Ok(Secret::new(token))
}

fn token(answer: &Value) -> Result<(Secret, Until)> {
    let Some(token) = answer["token"].as_str().filter(|token| !token.trim().is_empty()) else {
        return Err(unresolved_token("The Bedrock bearer credential provider must return a non-empty string"));
    };
    check_token(token).map_err(unresolved_token)?;
    let until = expiration(answer).map_err(|()| unresolved_token(WHEN))?.map_or(Until::Used, Until::Time);
    Ok((Secret::new(token), until))
}

fn unresolved_token(why: &str) -> Error {
    let message = format!("Failed to resolve a bearer credential for Bedrock. {}.", why.trim_end_matches('.'));
    Error::new(Kind::Configuration, message).at("options.apiKey")
}

fn keys(answer: &Value) -> Result<(Credentials, Until)> {
    let text = |name: &str| answer[name].as_str().filter(|text| !text.trim().is_empty());
    let (Some(id), Some(secret)) = (text("accessKeyId"), text("secretAccessKey")) else {
        return Err(unresolved_keys("It must return an object with `accessKeyId` and `secretAccessKey`"));
    };
    let session = match &answer["sessionToken"] {
        Value::Null => None,
        _ => Some(text("sessionToken").ok_or_else(|| unresolved_keys("Its `sessionToken` must be a string"))?),
    };
    let end = expiration(answer).map_err(|()| unresolved_keys(WHEN))?;
    let keys = Credentials::new(id, secret, session.map(str::to_owned), end, "credentialProvider");
    Ok((keys, end.map_or(Until::Ever, Until::Time)))
}

fn unresolved_keys(why: &str) -> Error {
    let message = format!("Failed to resolve AWS credentials for Bedrock from `credentialProvider`. {why}.");
    Error::new(Kind::Configuration, message).at("options.credentialProvider")
}

const WHEN: &str = "Its `expiration` must be a Date or an ISO 8601 text";

fn expiration(answer: &Value) -> std::result::Result<Option<SystemTime>, ()> {
    match &answer["expiration"] {
        Value::Null => Ok(None),
        Value::Number(milliseconds) => {
            let seconds = milliseconds.as_f64().ok_or(())? / 1000.0;
            let since = Duration::try_from_secs_f64(seconds.max(0.0)).map_err(|_| ())?;
            SystemTime::UNIX_EPOCH.checked_add(since).map(Some).ok_or(())
        }
        _ => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_read_with_their_end() {
        let answer =
            json!({"accessKeyId": "AKIA", "secretAccessKey": "s3cret", "sessionToken": "t", "expiration": 1500});
        let (keys, until) = keys(&answer).unwrap();
        assert_eq!((keys.access_key_id(), keys.session_token()), ("AKIA", Some("t")));
        assert_eq!(until, Until::Time(SystemTime::UNIX_EPOCH + Duration::from_millis(1500)));
        let (_, until) = super::keys(&json!({"accessKeyId": "AKIA", "secretAccessKey": "s3cret"})).unwrap();
        assert_eq!(until, Until::Ever);
    }

    #[test]
    fn what_is_no_identity_is_refused_without_being_shown() {
        for answer in [
            Value::Null,
            json!({"accessKeyId": "AKIA"}),
            json!({"accessKeyId": "AKIA", "secretAccessKey": ""}),
            json!({"accessKeyId": "AKIA", "secretAccessKey": "s3cret", "sessionToken": false}),
            json!({"accessKeyId": "AKIA", "secretAccessKey": "s3cret", "expiration": "soon"}),
        ] {
            let error = keys(&answer).unwrap_err();
            assert!(!error.message.contains("s3cret"), "{error}");
        }
        for answer in [json!({}), json!({"token": " "}), json!({"token": "s3cret\n"}), json!({"token": " s3cret"})] {
            let error = token(&answer).unwrap_err();
            assert!(!error.message.contains("s3cret"), "{error}");
        }
    }
}
