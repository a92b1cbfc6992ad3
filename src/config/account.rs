//! Where and as whom to call: options and environment, resolved once. Both surfaces, `awsCreds` of `bedrockWrapper` and the
//! options of a client, end here.

use serde_json::{Map, Value};

use super::credentials::{Credentials, Secret};
use super::endpoint::{self, Chosen, Endpoints, Route};
use super::environment::Environment;
use super::headers;
use super::members::text;
use super::network::Network;
use super::region;
use super::role::Role;
use crate::error::{Error, Kind, Result};

/// What is `None` is found by AWS's own default chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Account {
    /// AWS region, e.g. `us-east-1`.
    pub region: Option<String>,
    /// As whom.
    pub credentials: Credentials,
    /// The role that is taken on with them.
    pub role: Option<Role>,
    /// Where, if not at AWS's own hosts for the region.
    pub endpoints: Endpoints,
    /// Where OpenAI's requests pass as they are, if that was chosen.
    pub route: Option<Route>,
    /// What each request carries besides its own headers: names in lower case, and values.
    pub headers: Vec<(String, Secret)>,
    /// How connections leave this machine.
    pub network: Network,
    /// Whose words an error is told in.
    pub surface: Surface,
}

/// Where settings were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Surface {
    /// The first argument of `bedrockWrapper`.
    AwsCreds,
    /// The options of `new Bedrock` and `createFetch`.
    #[default]
    Options,
}

impl Account {
    /// The options of a client, with what they leave out taken from the environment. `functions` tells which options
    /// are functions, and therefore not in `options`.
    ///
    /// Region: `region`, `AWS_REGION`, `AWS_DEFAULT_REGION`, the host of the base URL, then the profile.
    pub fn of_options(
        options: &Value,
        functions: &dyn Fn(&str) -> bool,
        environment: Environment<'_>,
    ) -> Result<Account> {
        let empty = Map::new();
        let options = match options {
            Value::Object(options) => options,
            Value::Null => &empty,
            other => return Err(Error::wrong_type("options", "an object", other).of_kind(Kind::Configuration)),
        };
        let mut credentials = Credentials::of_options(options, functions, environment)?;
        let role = Role::of_options(options, &credentials)?;
        if role.is_some() && credentials == Credentials::EnvironmentToken {
            // The role was chosen, the token only lies there.
            credentials = Credentials::Chain;
        }
        let region = region::region(text(options, "region", "a string")?, environment)?;
        let Chosen { endpoints, route, region: of_host } = endpoint::choose(options, region.as_deref(), environment)?;
        Ok(Account {
            region: region.or(of_host),
            credentials,
            role,
            endpoints,
            route,
            headers: headers::headers(options)?,
            network: Network::resolve(environment)?,
            surface: Surface::Options,
        })
    }

    /// The same place with somebody else's credentials, in `region` where that is given.
    pub fn for_another(&self, credentials: Credentials, region: Option<&str>) -> Result<Account> {
        let region = region::region(region, &|_| None)?.or_else(|| self.region.clone());
        Ok(Account { region, credentials, role: None, ..self.clone() })
    }

    /// The same for a service that takes no Bedrock API keys, in `region` where that is given.
    pub fn signing(&self, region: Option<&str>) -> Account {
        let credentials = if self.credentials.is_bearer() { Credentials::Chain } else { self.credentials.clone() };
        let region = region.map(str::to_owned).or_else(|| self.region.clone());
        Account { region, credentials, headers: Vec::new(), ..self.clone() }
    }

    /// What to say when no region was found.
    pub fn region_missing(&self) -> Error {
        let (message, param) = match self.surface {
            Surface::AwsCreds => (
                "Region is missing: set awsCreds.region, the environment variable AWS_REGION, or a region in the AWS \
                 profile.",
                "awsCreds.region",
            ),
            Surface::Options => (
                "Bedrock requires an AWS region. Pass `region` to `new Bedrock(...)`, or set `AWS_REGION`, \
                 `AWS_DEFAULT_REGION`, or a region in the AWS profile.",
                "options.region",
            ),
        };
        Error::new(Kind::Configuration, message).at(param)
    }

    /// What to say when no credentials were found, and why.
    pub fn credentials_missing(&self, why: &str) -> Error {
        if let Some(role) = &self.role {
            let message = format!("The role {} could not be taken on: {why}.", role.arn);
            return Error::new(Kind::Configuration, message).at("options.roleArn");
        }
        let (message, param) = match (self.surface, &self.credentials) {
            (Surface::AwsCreds, _) => (
                "No usable AWS credentials were found. Set awsCreds.accessKeyId and awsCreds.secretAccessKey, the \
                 environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with an AWS profile. \
                 Looked for",
                "awsCreds",
            ),
            (Surface::Options, Credentials::Chain) => (
                "Could not find credentials for Bedrock. Pass AWS credentials to `new Bedrock(...)` or configure the \
                 default AWS credential chain. Looked for",
                "options",
            ),
            (Surface::Options, credentials) if credentials.is_bearer() => {
                ("Failed to resolve a bearer credential for Bedrock", "options")
            }
            (Surface::Options, _) => (
                "Failed to resolve AWS credentials for Bedrock. Verify your AWS profile, environment variables, or \
                 runtime identity configuration and try again. The reason",
                "options",
            ),
        };
        Error::new(Kind::Configuration, format!("{message}: {why}.")).at(param)
    }

    /// What to look at when a host does not answer.
    pub fn where_to_look(&self) -> &'static str {
        match self.surface {
            Surface::AwsCreds => "awsCreds.region and awsCreds.endpoint (or AWS_ENDPOINT_URL)",
            Surface::Options => "`region` and `baseURL` (or AWS_BEDROCK_BASE_URL, AWS_ENDPOINT_URL)",
        }
    }
}
