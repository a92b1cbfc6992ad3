//! Whose keys sign what is sent to the real Bedrock.

use std::fmt;
use std::time::{Duration, SystemTime};

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use bytes::Bytes;
use http::{HeaderValue, Request, header};
use tokio::sync::Mutex;

use crate::simulator::auth::authorize;
use crate::simulator::options::Credentials;
use crate::simulator::timestamp;

/// Keys that end sooner than this are fetched anew.
const MARGIN: Duration = Duration::from_secs(300);

/// Signs requests, with given keys or with those of AWS's own chain (environment, profile, SSO, container, instance).
pub(in crate::simulator) struct Signer {
    region: String,
    keys: Mutex<Keys>,
}

enum Keys {
    Given(Credentials),
    /// Asked when they are first needed, and again when they end.
    Chain {
        provider: Option<SharedCredentialsProvider>,
        known: Option<(Credentials, Option<SystemTime>)>,
    },
}

impl Signer {
    pub(in crate::simulator) fn new(region: String, given: Option<Credentials>) -> Signer {
        let keys = given.map_or(Keys::Chain { provider: None, known: None }, Keys::Given);
        Signer { region, keys: Mutex::new(keys) }
    }

    /// Signs a request to its absolute URI.
    pub(in crate::simulator) async fn sign(
        &self,
        request: Request<Bytes>,
        now: SystemTime,
    ) -> Result<Request<Bytes>, String> {
        let keys = self.keys(now).await?;
        let (mut head, body) = request.into_parts();
        let date = timestamp::format(timestamp::seconds(now));
        let host = head.uri.authority().map_or_else(String::new, |authority| authority.as_str().to_owned());
        head.headers.insert(header::HOST, value(&host)?);
        head.headers.insert("x-amz-date", value(&date)?);
        if let Some(token) = &keys.session_token {
            head.headers.insert("x-amz-security-token", value(token)?);
        }
        let authorization = value(&authorize(&head, &body, &keys, &self.region, &date))?;
        head.headers.insert(header::AUTHORIZATION, authorization);
        Ok(Request::from_parts(head, body))
    }

    async fn keys(&self, now: SystemTime) -> Result<Credentials, String> {
        let mut keys = self.keys.lock().await;
        let (provider, known) = match &mut *keys {
            Keys::Given(given) => return Ok(given.clone()),
            Keys::Chain { provider, known } => (provider, known),
        };
        if let Some((keys, end)) = known
            && end.is_none_or(|end| end > now + MARGIN)
        {
            return Ok(keys.clone());
        }
        let provider = match provider {
            Some(provider) => provider,
            None => provider.insert(chain(&self.region).await?),
        };
        let found = provider.provide_credentials().await;
        let found = found.map_err(|error| format!("AWS's credential chain has no credentials: {error}"))?;
        let fresh = Credentials {
            access_key_id: found.access_key_id().to_owned(),
            secret_access_key: found.secret_access_key().to_owned(),
            session_token: found.session_token().map(str::to_owned),
            expiration: None,
        };
        *known = Some((fresh.clone(), found.expiry()));
        Ok(fresh)
    }
}

/// A header that no log shows.
fn value(text: &str) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::from_str(text).map_err(|_| "a key holds characters that no header can".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

async fn chain(region: &str) -> Result<SharedCredentialsProvider, String> {
    let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let loader =
        aws_config::defaults(BehaviorVersion::latest()).http_client(http).region(Region::new(region.to_owned()));
    loader.load().await.credentials_provider().ok_or_else(|| "AWS's credential chain is empty".to_owned())
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Signer").field("region", &self.region).finish_non_exhaustive()
    }
}
