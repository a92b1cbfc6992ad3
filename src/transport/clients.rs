//! One HTTP client for the process, one SDK client for each account: connections, credentials and TLS roots are shared.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::{Builder, Credentials, Region, SharedHttpClient};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder as HttpBuilder, tls};
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use crate::config::Account;
use crate::error::{Error, Kind, Result};

/// Accounts remembered at once; beyond it all are forgotten, which costs each one connection.
const MAX_CLIENTS: usize = 256;
/// AWS's own default for Bedrock in the JavaScript SDK is none; a dead host should not cost more than this.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// First pause of the SDK's exponential back-off; three attempts in all.
const FIRST_BACKOFF: Duration = Duration::from_millis(200);

static CLIENTS: LazyLock<Mutex<HashMap<Account, Client>>> = LazyLock::new(Mutex::default);

/// HTTP/1.1 and HTTP/2 (by ALPN) over one connection pool; rustls with ring and the system's certificate store.
static HTTP: LazyLock<SharedHttpClient> =
    LazyLock::new(|| HttpBuilder::new().tls_provider(tls::Provider::Rustls(CryptoMode::Ring)).build_https());

/// The client of an account, made at its first call.
pub(super) async fn client(account: &Account) -> Result<Client> {
    if let Some(client) = lock().get(account) {
        return Ok(client.clone());
    }
    let client = Client::from_conf(configure(account).await?.build());
    let mut clients = lock();
    if clients.len() >= MAX_CLIENTS {
        clients.clear();
    }
    Ok(clients.entry(account.clone()).or_insert(client).clone())
}

fn lock() -> std::sync::MutexGuard<'static, HashMap<Account, Client>> {
    CLIENTS.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn configure(account: &Account) -> Result<Builder> {
    let (builder, found) = match &account.keys {
        // With explicit keys no more of the default chain is asked than where a region is written down.
        Some(keys) => {
            let token = keys.session_token.clone();
            let keys = Credentials::new(&keys.access_key_id, &keys.secret_access_key, token, None, "awsCreds");
            let builder = aws_sdk_bedrockruntime::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .credentials_provider(keys);
            (builder, written_region(account).await)
        }
        None => {
            let mut chain = aws_config::defaults(BehaviorVersion::latest()).http_client(HTTP.clone());
            if let Some(region) = &account.region {
                chain = chain.region(Region::new(region.clone()));
            }
            let shared = chain.load().await;
            (Builder::from(&shared), shared.region().cloned())
        }
    };
    let mut builder = builder
        .http_client(HTTP.clone())
        .region(found.ok_or_else(no_region)?)
        .retry_partition(retry_partition())
        .retry_config(RetryConfig::standard().with_initial_backoff(FIRST_BACKOFF))
        .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).build());
    builder.set_endpoint_url(account.endpoint.clone());
    Ok(builder)
}

/// Without the SDK's quota of retries, which the whole process would share: after a minute of throttling every later
/// call would go without a retry. Three attempts with back-off bound each call by itself.
fn retry_partition() -> RetryPartition {
    RetryPartition::custom("bedrock-wrapper").token_bucket(TokenBucket::unlimited()).build()
}

/// The account's own, or that of the environment or profile. The machine's metadata service is not asked.
async fn written_region(account: &Account) -> Option<Region> {
    match &account.region {
        Some(region) => Some(Region::new(region.clone())),
        None => {
            let environment = EnvironmentVariableRegionProvider::new();
            let profile = ProfileFileRegionProvider::new();
            RegionProviderChain::first_try(environment).or_else(profile).region().await
        }
    }
}

fn no_region() -> Error {
    let message = "Region is missing: set awsCreds.region, the environment variable AWS_REGION, or a region in the AWS \
                   profile.";
    Error::new(Kind::Configuration, message).at("awsCreds.region")
}
