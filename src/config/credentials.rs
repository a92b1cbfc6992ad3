//! As whom to call: one mode of the several there are.
//!
//! An explicit mode wins over the environment, and two are an error, so that nobody calls as somebody else than meant
//! (openai-node's Bedrock provider, `docs/bedrock.md`). Keys are taken as a set: explicit ones never meet a session token
//! of the environment.

use std::fmt;

use serde_json::{Map, Value};

use super::environment::{BEARER_VARIABLE, Environment, variable};
use super::members::{given, text};
use crate::error::{Error, Kind, Result};

/// Where credentials come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Credentials {
    /// AWS's default chain: environment, profile, SSO, web identity, container, instance.
    #[default]
    Chain,
    /// Keys as the caller gave them.
    Keys(Keys),
    /// A profile of the AWS configuration, whatever it says: keys, SSO, a role, a process, web identity.
    Profile(String),
    /// The caller's function `credentialProvider`.
    Provider,
    /// A Bedrock API key.
    Token(Secret),
    /// The caller's function of this name, which gives a Bedrock API key: `apiKey` or `tokenProvider`.
    TokenProvider(&'static str),
    /// [`BEARER_VARIABLE`], read anew for each attempt.
    EnvironmentToken,
}

/// AWS keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Keys {
    /// AWS access key id.
    pub access_key_id: String,
    /// AWS secret access key.
    pub secret_access_key: Secret,
    /// Session token of temporary credentials.
    pub session_token: Option<Secret>,
}

/// A text that is shown to nobody.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text, for whom it is meant.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Credentials {
    /// Whether a token is sent instead of a signature.
    pub fn is_bearer(&self) -> bool {
        matches!(self, Credentials::Token(_) | Credentials::TokenProvider(_) | Credentials::EnvironmentToken)
    }

    /// The key of the environment if there is one, else the default chain.
    pub(super) fn ambient(environment: Environment<'_>) -> Credentials {
        match variable(environment, BEARER_VARIABLE) {
            Some(_) => Credentials::EnvironmentToken,
            None => Credentials::Chain,
        }
    }

    /// The mode that a client's options choose. `functions` tells which of them are functions.
    pub(super) fn of_options(
        options: &Map<String, Value>,
        functions: &dyn Fn(&str) -> bool,
        environment: Environment<'_>,
    ) -> Result<Credentials> {
        let bearer = bearer(options, functions)?;
        let aws = aws(options, functions)?;
        match (bearer, aws) {
            (Some(_), Some(_)) => Err(misfit("apiKey", BEARER_AND_AWS)),
            (Some(mode), None) | (None, Some(mode)) => Ok(mode),
            (None, None) if options.get("apiKey") == Some(&Value::Null) => Ok(Credentials::Chain),
            (None, None) => Ok(Credentials::ambient(environment)),
        }
    }
}

const BEARER_AND_AWS: &str = "Bearer and AWS credential authentication are mutually exclusive. Configure exactly one \
                              explicit mode: bearer credential, static AWS credentials, profile, or credential provider.";
const AMBIGUOUS: &str = "Bedrock authentication is ambiguous. Configure exactly one explicit AWS mode: static \
                         credentials, profile, or credential provider.";
const TWO_BEARERS: &str = "The `apiKey` and `tokenProvider` options are mutually exclusive. Configure only one.";
const HALF_A_PAIR: &str = "The `accessKeyId` and `secretAccessKey` options must be provided together. A `sessionToken` \
                           may only be used with both.";
const EMPTY_KEYS: &str = "Static AWS credentials require non-empty `accessKeyId` and `secretAccessKey` values.";

fn bearer(options: &Map<String, Value>, functions: &dyn Fn(&str) -> bool) -> Result<Option<Credentials>> {
    let key = if functions("apiKey") {
        Some(Credentials::TokenProvider("apiKey"))
    } else {
        text(options, "apiKey", "a string, a function or null")?.map(token).transpose()?
    };
    let provider =
        function(options, functions, "tokenProvider")?.then_some(Credentials::TokenProvider("tokenProvider"));
    match (key, provider) {
        (Some(_), Some(_)) => Err(misfit("tokenProvider", TWO_BEARERS)),
        (key, provider) => Ok(key.or(provider)),
    }
}

fn token(key: &str) -> Result<Credentials> {
    check_token(key).map_err(|problem| misfit("apiKey", problem))?;
    Ok(Credentials::Token(Secret::new(key)))
}

/// What keeps `token` from being sent as a bearer token, if anything.
pub fn check_token(token: &str) -> Result<(), &'static str> {
    if token.trim().is_empty() {
        return Err("The Bedrock bearer credential must not be empty.");
    }
    if token.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') && token.trim().len() == token.len() {
        return Ok(());
    }
    Err("The Bedrock bearer credential contains an invalid HTTP header value.")
}

fn aws(options: &Map<String, Value>, functions: &dyn Fn(&str) -> bool) -> Result<Option<Credentials>> {
    let modes = [
        keys(options)?.map(Credentials::Keys),
        profile(options)?.map(Credentials::Profile),
        function(options, functions, "credentialProvider")?.then_some(Credentials::Provider),
    ];
    let mut modes = modes.into_iter().flatten();
    match (modes.next(), modes.next()) {
        (mode, None) => Ok(mode),
        _ => Err(misfit("credentialProvider", AMBIGUOUS)),
    }
}

fn keys(options: &Map<String, Value>) -> Result<Option<Keys>> {
    let [id, secret, session] =
        ["accessKeyId", "secretAccessKey", "sessionToken"].map(|name| text(options, name, "a string"));
    match (id?, secret?, session?) {
        (None, None, None) => Ok(None),
        (Some(id), Some(secret), session) => {
            if id.trim().is_empty() || secret.trim().is_empty() {
                return Err(misfit("accessKeyId", EMPTY_KEYS));
            }
            if session.is_some_and(|session| session.trim().is_empty()) {
                return Err(misfit("sessionToken", "A static AWS `sessionToken` must not be empty when provided."));
            }
            Ok(Some(Keys {
                access_key_id: id.trim().to_owned(),
                secret_access_key: Secret::new(secret.trim()),
                session_token: session.map(|session| Secret::new(session.trim())),
            }))
        }
        (None, _, _) => Err(misfit("accessKeyId", HALF_A_PAIR)),
        (Some(_), None, _) => Err(misfit("secretAccessKey", HALF_A_PAIR)),
    }
}

fn profile(options: &Map<String, Value>) -> Result<Option<String>> {
    match text(options, "profile", "a string")?.map(str::trim) {
        Some("") => Err(misfit("profile", "The Bedrock AWS `profile` must not be empty.")),
        name => Ok(name.map(str::to_owned)),
    }
}

/// Whether the option is given, which only a function can be.
fn function(options: &Map<String, Value>, functions: &dyn Fn(&str) -> bool, name: &str) -> Result<bool> {
    if functions(name) {
        return Ok(true);
    }
    match given(options, name) {
        None => Ok(false),
        Some(other) => {
            Err(Error::wrong_type(format!("options.{name}"), "a function", other).of_kind(Kind::Configuration))
        }
    }
}

fn misfit(param: &str, message: &str) -> Error {
    Error::new(Kind::Configuration, message).at(format!("options.{param}"))
}
