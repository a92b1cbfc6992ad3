//! The SDK's clients of an account. Connections and TLS roots are shared by all (`http.rs`).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials as AwsKeys;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::{Builder, IdentityCache, Region, SharedHttpClient, StalledStreamProtectionConfig};
use aws_smithy_runtime_api::client::auth::AuthSchemeId;
use aws_smithy_runtime_api::client::auth::http::HTTP_BEARER_AUTH_SCHEME_ID;
use tokio::sync::Mutex;

use super::headers::MoreHeaders;
use super::host::{FETCH, Host};
use super::http::http_client;
use super::identity::{Bearer, Provider};
use super::raw::Exchanges;
use super::routes::OneHost;
use super::{fetch, retry};
use crate::config::{Account, Credentials, Keys, Role, Route, Secret};
use crate::error::{Error, Kind, Result};

/// The SDK's clients of one account, each made at its first call.
#[derive(Debug)]
pub(super) struct Sdk {
    identity: Source,
    /// Who sends the requests, where the program wants to do it itself.
    fetch: Option<Arc<dyn Host>>,
    clients: Mutex<HashMap<Key, Made>>,
}

/// What a client is made for: a service, and a region where a call goes to another one than the account's.
type Key = (Service, Option<String>);

/// What has a host of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Service {
    Runtime,
    Mantle,
    ControlPlane,
    AgentRuntime,
    SecretsManager,
    SystemsManager,
}

impl From<Route> for Service {
    fn from(route: Route) -> Service {
        match route {
            Route::RuntimeOpenAi => Service::Runtime,
            Route::Mantle => Service::Mantle,
            Route::ControlPlane => Service::ControlPlane,
            Route::AgentRuntime => Service::AgentRuntime,
            Route::SecretsManager => Service::SecretsManager,
            Route::SystemsManager => Service::SystemsManager,
        }
    }
}

#[derive(Debug)]
struct Made {
    client: Client,
    since: Instant,
}

/// Where credentials come from, with what has to outlive the clients made with it.
#[derive(Debug)]
enum Source {
    /// As the account says.
    Account,
    Keys(Provider<AwsKeys>),
    Tokens(Provider<Secret>),
}

impl Sdk {
    pub(super) fn new(account: &Account, host: Option<Arc<dyn Host>>) -> Sdk {
        let fetch = host.clone().filter(|host| host.offers(FETCH));
        let identity = match (&account.credentials, host) {
            (Credentials::Provider, Some(host)) => Source::Keys(Provider::of_keys(host)),
            (Credentials::TokenProvider(function), Some(host)) => Source::Tokens(Provider::of_tokens(host, function)),
            _ => Source::Account,
        };
        Sdk { identity, fetch, clients: Mutex::default() }
    }

    /// The client for a region, `None` for the account's. A failure is not remembered.
    pub(super) async fn client(&self, account: &Account, service: Service, region: Option<&str>) -> Result<Client> {
        let region = region.filter(|region| account.region.as_deref() != Some(*region)).map(str::to_owned);
        let mut clients = self.clients.lock().await;
        let key = (service, region);
        if let Some(made) = clients.get(&key) {
            return Ok(made.client.clone());
        }
        let account = Account { region: key.1.clone().or_else(|| account.region.clone()), ..account.clone() };
        let client = Client::from_conf(self.configure(&account, service).await?.build());
        clients.insert(key, Made { client: client.clone(), since: Instant::now() });
        Ok(client)
    }

    /// Forgets credentials found before `moment`, which were missing, or which the service does not take any more:
    /// functions are asked again, and AWS's files are read again. Says whether there can be others.
    pub(super) async fn forget(&self, account: &Account, moment: Instant) -> bool {
        let is_found =
            account.role.is_some() || matches!(account.credentials, Credentials::Chain | Credentials::Profile(_));
        match &self.identity {
            Source::Keys(provider) => provider.forget(moment),
            Source::Tokens(provider) => provider.forget(moment),
            Source::Account if !is_found => return false,
            Source::Account => {}
        }
        if is_found {
            self.clients.lock().await.retain(|_, made| made.since > moment);
        }
        true
    }

    async fn configure(&self, account: &Account, service: Service) -> Result<Builder> {
        let (builder, region) = if needs_chain(account, service) {
            let found = match &account.role {
                Some(role) => self.taken_on(role, default_chain(account).await?, account).await,
                None => default_chain(account).await?,
            };
            (Builder::from(&found), found.region().map(|region| region.as_ref().to_owned()))
        } else {
            (plain(account), account.region.clone())
        };
        let builder = self
            .identified(builder, account)?
            .http_client(self.http_client(account))
            .interceptor(Exchanges)
            .retry_partition(retry::partition())
            .retry_classifier(retry::ByAnswer)
            // Its clock reads cost more than it gives: silence is bounded by `Patience`, the same for all operations.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        let builder = match account.headers.as_slice() {
            [] => builder,
            headers => builder.interceptor(MoreHeaders(headers.to_vec())),
        };
        at_host(builder, account, service, region.as_deref())
    }

    /// For the service's requests; those that credentials are found with go over connections of our own.
    fn http_client(&self, account: &Account) -> SharedHttpClient {
        self.fetch.as_ref().map_or_else(|| http_client(&account.network), |host| fetch::http_client(host.clone()))
    }

    /// `found` with the credentials of a role, which STS gives for those of the account.
    async fn taken_on(&self, role: &Role, found: SdkConfig, account: &Account) -> SdkConfig {
        let own = match (&self.identity, &account.credentials) {
            (Source::Keys(provider), _) => Some(SharedCredentialsProvider::new(provider.clone())),
            (_, Credentials::Keys(keys)) => Some(SharedCredentialsProvider::new(given(keys))),
            _ => found.credentials_provider(),
        };
        let Some(own) = own else { return found };
        let builder = AssumeRoleProvider::builder(&role.arn).session_name(&role.session_name).configure(&found);
        let builder = match &role.external_id {
            Some(id) => builder.external_id(id),
            None => builder,
        };
        let provider = builder.build_from_provider(own).await;
        found.into_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
    }

    /// With exactly the credentials of the account: what the environment has besides must not win over them.
    fn identified(&self, builder: Builder, account: &Account) -> Result<Builder> {
        if account.role.is_some() {
            return Ok(signed(builder));
        }
        let bearer = match (&self.identity, &account.credentials) {
            (Source::Keys(provider), _) => {
                // The provider knows how long its keys are good.
                let builder = builder.identity_cache(IdentityCache::no_cache());
                return Ok(signed(builder.credentials_provider(provider.clone())));
            }
            (Source::Tokens(provider), _) => Bearer::Provided(provider.clone()),
            (Source::Account, Credentials::Token(token)) => Bearer::Given(token.clone()),
            (Source::Account, Credentials::EnvironmentToken) => Bearer::Environment,
            (Source::Account, Credentials::Keys(keys)) => {
                return Ok(signed(builder.credentials_provider(given(keys))));
            }
            (Source::Account, Credentials::Chain | Credentials::Profile(_)) => return Ok(signed(builder)),
            (Source::Account, Credentials::Provider | Credentials::TokenProvider(_)) => {
                return Err(Error::new(Kind::Internal, "A function was to be asked that nobody gave."));
            }
        };
        let builder = builder.bearer_token_resolver(bearer);
        Ok(builder.auth_scheme_preference([HTTP_BEARER_AUTH_SCHEME_ID]))
    }
}

/// As the SDK calls Signature Version 4.
pub(super) const SIGNATURE: AuthSchemeId = AuthSchemeId::new("sigv4");

fn signed(builder: Builder) -> Builder {
    builder.auth_scheme_preference([SIGNATURE])
}

fn given(keys: &Keys) -> AwsKeys {
    let session = keys.session_token.as_ref().map(|token| token.reveal().to_owned());
    AwsKeys::new(&keys.access_key_id, keys.secret_access_key.reveal(), session, None, "options")
}

/// Whether something has to be looked for in AWS's configuration: credentials, the region, and, where nothing explicit says
/// as whom to call, the endpoint. A token goes to an endpoint of the caller's without any region.
fn needs_chain(account: &Account, service: Service) -> bool {
    let has_own_host = own_host(account, service).is_some();
    match &account.credentials {
        _ if account.role.is_some() => true,
        Credentials::Chain | Credentials::Profile(_) => true,
        Credentials::EnvironmentToken => !has_own_host,
        Credentials::Token(_) | Credentials::TokenProvider(_) => account.region.is_none() && !has_own_host,
        Credentials::Keys(_) | Credentials::Provider => account.region.is_none(),
    }
}

fn own_host(account: &Account, service: Service) -> Option<&String> {
    match service {
        Service::Runtime => account.endpoints.runtime.as_ref(),
        Service::Mantle => account.endpoints.mantle.as_ref(),
        Service::ControlPlane => account.endpoints.control_plane.as_ref(),
        Service::AgentRuntime => account.endpoints.agent_runtime.as_ref(),
        Service::SecretsManager => account.endpoints.secrets_manager.as_ref(),
        Service::SystemsManager => account.endpoints.systems_manager.as_ref(),
    }
}

/// Sent to the service's host. That of bedrock-runtime is the SDK's own business, and the profile's.
fn at_host(builder: Builder, account: &Account, service: Service, region: Option<&str>) -> Result<Builder> {
    let missing = || account.region_missing();
    Ok(match service {
        Service::Runtime => match &account.endpoints.runtime {
            Some(url) => builder.endpoint_url(url),
            None => builder,
        },
        Service::Mantle => {
            let url = account.endpoints.mantle_in(region).ok_or_else(missing)?;
            builder.endpoint_resolver(OneHost::of_mantle(url))
        }
        Service::ControlPlane => {
            let url = account.endpoints.control_plane_in(region).ok_or_else(missing)?;
            builder.endpoint_resolver(OneHost::of_bedrock(url))
        }
        Service::AgentRuntime => {
            let url = account.endpoints.agent_runtime_in(region).ok_or_else(missing)?;
            builder.endpoint_resolver(OneHost::of_bedrock(url))
        }
        Service::SecretsManager => {
            let url = account.endpoints.secrets_manager_in(region).ok_or_else(missing)?;
            builder.endpoint_resolver(OneHost::signed_for("secretsmanager", url))
        }
        Service::SystemsManager => {
            let url = account.endpoints.systems_manager_in(region).ok_or_else(missing)?;
            builder.endpoint_resolver(OneHost::signed_for("ssm", url))
        }
    })
}

/// With explicit credentials and region no file is read, and nobody is asked.
fn plain(account: &Account) -> Builder {
    let mut builder = aws_sdk_bedrockruntime::Config::builder().behavior_version(BehaviorVersion::latest());
    builder.set_region(account.region.clone().map(Region::new));
    builder.set_use_fips(account.endpoints.fips);
    builder.set_use_dual_stack(account.endpoints.dual_stack);
    builder
}

/// What AWS's own chain finds: environment, profile, SSO, container, instance.
async fn default_chain(account: &Account) -> Result<SdkConfig> {
    let http = http_client(&account.network);
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http.clone());
    if let Some(region) = &account.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(fips) = account.endpoints.fips {
        loader = loader.use_fips(fips);
    }
    if let Some(dual_stack) = account.endpoints.dual_stack {
        loader = loader.use_dual_stack(dual_stack);
    }
    if let Credentials::Profile(name) = &account.credentials {
        // Not by the chain, in which keys of the environment win over a profile.
        let found = loader.profile_name(name).load().await;
        let region = found.region().cloned().ok_or_else(|| account.region_missing())?;
        let config = ProviderConfig::without_region().with_http_client(http).with_region(Some(region));
        let profile = ProfileFileCredentialsProvider::builder().configure(&config).profile_name(name).build();
        let shared = SharedCredentialsProvider::new(profile);
        return Ok(found.into_builder().credentials_provider(shared).build());
    }
    let found = loader.load().await;
    if found.region().is_none() {
        return Err(account.region_missing());
    }
    Ok(found)
}
