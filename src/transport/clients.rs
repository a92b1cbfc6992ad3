//! The SDK's clients of an account. Connections and TLS roots are shared by all (`http.rs`).

use std::collections::HashMap;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::{Builder, Credentials, Region, StalledStreamProtectionConfig};
use tokio::sync::Mutex;

use super::http::http_client;
use super::retry;
use crate::config::{Account, Keys};
use crate::error::{Error, Kind, Result};

/// The SDK's clients of one account, each made at its first call.
#[derive(Debug, Default)]
pub(super) struct Sdk {
    /// By region, where a call goes to another one than the account's.
    clients: Mutex<HashMap<Option<String>, Client>>,
}

impl Sdk {
    /// The client for a region, `None` for the account's. A failure is not remembered.
    pub(super) async fn client(&self, account: &Account, region: Option<&str>) -> Result<Client> {
        let region = region.filter(|region| account.region.as_deref() != Some(*region)).map(str::to_owned);
        let mut clients = self.clients.lock().await;
        if let Some(client) = clients.get(&region) {
            return Ok(client.clone());
        }
        let account = Account { region: region.clone().or_else(|| account.region.clone()), ..account.clone() };
        let client = Client::from_conf(configure(&account).await?.build());
        clients.insert(region, client.clone());
        Ok(client)
    }
}

async fn configure(account: &Account) -> Result<Builder> {
    let mut builder = match (&account.keys, &account.region) {
        // With explicit keys and region nothing of the default chain is needed: no file is read, nobody is asked.
        (Some(_), Some(region)) => {
            let config = aws_sdk_bedrockruntime::Config::builder().behavior_version(BehaviorVersion::latest());
            config.region(Region::new(region.clone()))
        }
        _ => Builder::from(&default_chain(account).await?),
    };
    if let Some(Keys { access_key_id, secret_access_key, session_token }) = &account.keys {
        let keys = Credentials::new(access_key_id, secret_access_key, session_token.clone(), None, "awsCreds");
        builder = builder.credentials_provider(keys);
    }
    let mut builder = builder
        .http_client(http_client(&account.network))
        .retry_partition(retry::partition())
        .retry_classifier(retry::ByAnswer)
        // Its clock reads cost more than it gives: silence is bounded by `Patience`, the same for all operations.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Some(endpoint) = &account.endpoint {
        builder = builder.endpoint_url(endpoint); // else the profile's stays
    }
    Ok(builder)
}

/// What AWS's own chain finds: environment, profile, SSO, container, instance.
async fn default_chain(account: &Account) -> Result<SdkConfig> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client(&account.network));
    if let Some(region) = &account.region {
        loader = loader.region(Region::new(region.clone()));
    }
    let found = loader.load().await;
    if found.region().is_none() {
        let message = "Region is missing: set awsCreds.region, the environment variable AWS_REGION, or a region in \
                       the AWS profile.";
        return Err(Error::new(Kind::Configuration, message).at("awsCreds.region"));
    }
    Ok(found)
}
