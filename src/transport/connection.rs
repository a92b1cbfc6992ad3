//! One account with its connections: what a configured client holds, and what all calls of `bedrockWrapper` with the same
//! credentials share.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::error::SdkError;
use aws_sdk_bedrockruntime::operation::invoke_model::InvokeModelError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use bytes::Bytes;
use tokio::time::Instant;

use super::clients::{Sdk, Service};
use super::elapsed::{Limit, within};
use super::host::Host;
use super::observe::Attempts;
use super::raw::Exchange;
use super::routes::{RawAnswer, RawCall, Rewrite, headers_of};
use super::{Answer, JSON, Operation, Particulars, failure, perform};
use crate::config::{Account, Patience};
use crate::error::{Error, Kind, Result};

/// Accounts remembered at once; beyond it all are forgotten, which costs each a new SDK client. Connections stay: the
/// pool is one for all.
const MAX_SHARED: usize = 256;

/// The longest `modelId` (service model of bedrock-runtime 2023-09-30).
const LONGEST_MODEL_ID: usize = 2048;

static SHARED: LazyLock<Mutex<HashMap<Account, Arc<Connection>>>> = LazyLock::new(Mutex::default);

/// An account, the functions its credentials may come from, and the SDK clients made for it.
#[derive(Debug)]
pub struct Connection {
    account: Account,
    host: Option<Arc<dyn Host>>,
    sdk: Sdk,
}

/// One call of one of the four operations.
#[derive(Debug)]
pub struct Call<'a> {
    /// Which one.
    pub operation: Operation,
    /// Model id or ARN.
    pub model_id: &'a str,
    /// Where an ARN is served; `None`: in the account's region.
    pub region: Option<&'a str>,
    /// The request.
    pub body: Bytes,
    /// How long to wait.
    pub patience: Patience,
    /// What is particular about it.
    pub particulars: Particulars,
}

impl Connection {
    /// A connection of its own. Opens nothing yet.
    pub fn new(account: Account, host: Option<Arc<dyn Host>>) -> Connection {
        Connection { sdk: Sdk::new(&account, host.clone()), account, host }
    }

    /// The one connection of the process for `account`.
    pub fn shared(account: &Account) -> Arc<Connection> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = shared.get(account) {
            return connection.clone();
        }
        if shared.len() >= MAX_SHARED {
            shared.clear();
        }
        shared.entry(account.clone()).or_insert_with(|| Arc::new(Connection::new(account.clone(), None))).clone()
    }

    /// Where and as whom it calls.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The functions among the settings.
    pub fn host(&self) -> Option<&Arc<dyn Host>> {
        self.host.as_ref()
    }

    /// Sends a request and waits for the head of the answer; retries are the SDK's.
    pub async fn send(&self, call: Call<'_>) -> Result<Answer> {
        let Call { operation, model_id, region, body, patience, particulars } = call;
        // The SDK makes the path of a URL of it, and panics where that cannot be.
        if model_id.is_empty() || model_id.len() > LONGEST_MODEL_ID {
            let message = format!("The id of a model has 1 to {LONGEST_MODEL_ID} characters.");
            return Err(Error::new(Kind::UnknownModel, message).at("model"));
        }
        let exchange = Exchange::new(body, patience, Attempts::of_call(Some(model_id))).with_particulars(particulars);
        let deadline = deadline(&patience);
        let attempt = || async {
            let client = self.sdk.client(&self.account, Service::Runtime, region).await?;
            perform(&client, &self.account, operation, model_id, &exchange).await
        };
        // Boxed: the SDK's future is some 10 KB, which every future around it would move.
        let sent =
            within(patience.total, Limit::Total, Box::pin(self.with_fresh_credentials(&exchange, attempt))).await;
        match sent {
            Ok(Ok(())) => exchange.answer(deadline),
            Ok(Err(error)) => Err(error.from_url(exchange.url())),
            Err(elapsed) => Err(Error::from(elapsed).from_url(exchange.url())),
        }
    }

    /// The region of calls that name none, which AWS's own chain may have to find.
    pub async fn region(&self) -> Result<String> {
        if let Some(region) = &self.account.region {
            return Ok(region.clone());
        }
        let client = self.sdk.client(&self.account, Service::Runtime, None).await?;
        let region = client.config().region().map(|region| region.as_ref().to_owned());
        region.ok_or_else(|| self.account.region_missing())
    }

    /// Sends a request as it is, past the four operations.
    pub async fn send_raw(&self, call: RawCall<'_>) -> Result<RawAnswer> {
        let patience = call.patience;
        let exchange = Exchange::new(call.body.clone(), patience, Attempts::of_call(None));
        let exchange = exchange.with_particulars(Particulars { keeps_head: true, ..Particulars::default() });
        let rewrite = Rewrite::new(&call);
        let deadline = deadline(&patience);
        let attempt = || async {
            let client = self.sdk.client(&self.account, call.route.into(), call.region).await?;
            match perform_raw(&client, &exchange, &rewrite).await {
                Ok(()) => {
                    let mut answer = exchange.answer(deadline)?;
                    let headers = mem::take(&mut answer.headers);
                    Ok(RawAnswer { status: answer.status, headers, answer, refusal: None })
                }
                Err(failed) => self.refused(&failed, &exchange, deadline),
            }
        };
        within(patience.total, Limit::Total, Box::pin(self.with_fresh_credentials(&exchange, attempt))).await?
    }

    /// What a server says is an answer, except that it does not know these credentials any more, or where to look.
    fn refused(
        &self,
        failed: &SdkError<InvokeModelError, HttpResponse>,
        exchange: &Exchange,
        deadline: Option<Instant>,
    ) -> Result<RawAnswer> {
        let error = failure::error(failed, &self.account).from_url(exchange.url());
        match failed.raw_response() {
            Some(response) if !error.has_expired_credentials() && !is_redirect(response) => {
                let (status, headers) = (response.status().as_u16(), headers_of(response));
                let answer = exchange.failed_answer(response, deadline);
                Ok(RawAnswer { status, headers, answer, refusal: Some(error) })
            }
            _ => Err(error),
        }
    }

    /// Credentials that have run out are got anew once; that none were found is not remembered.
    async fn with_fresh_credentials<T, F>(&self, exchange: &Exchange, attempt: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let refused = match attempt().await {
            Err(error) if error.has_expired_credentials() || error.kind == Kind::Configuration => error,
            other => return other,
        };
        let used = exchange.signed().unwrap_or_else(std::time::Instant::now);
        let may_differ = self.sdk.forget(&self.account, used).await;
        if may_differ && refused.has_expired_credentials() { attempt().await } else { Err(refused) }
    }
}

fn deadline(patience: &Patience) -> Option<Instant> {
    patience.total.map(|total| Instant::now() + total)
}

fn is_redirect(response: &HttpResponse) -> bool {
    (300..400).contains(&response.status().as_u16())
}

async fn perform_raw(
    client: &Client,
    exchange: &Exchange,
    rewrite: &Rewrite,
) -> std::result::Result<(), SdkError<InvokeModelError, HttpResponse>> {
    // The model is in the path that is rewritten.
    let call = client.invoke_model().model_id("-").content_type(JSON).accept(JSON);
    let call = call.customize().interceptor(rewrite.clone());
    exchange.with(call.send()).await.map(drop)
}
