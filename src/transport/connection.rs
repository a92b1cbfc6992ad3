//! One account with its connections: what a configured client holds, and what all calls of `bedrockWrapper` with the same
//! credentials share.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use bytes::Bytes;
use tokio::time::Instant;

use super::clients::Sdk;
use super::elapsed::{Limit, within};
use super::host::Host;
use super::raw::Exchange;
use super::{Answer, Operation, perform};
use crate::config::{Account, Patience};
use crate::error::{Kind, Result};

/// Accounts remembered at once; beyond it all are forgotten, which costs each a new SDK client. Connections stay: the
/// pool is one for all.
const MAX_SHARED: usize = 256;

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

    /// Sends a request and waits for the head of the answer; retries are the SDK's. Credentials that have run out are
    /// got anew once.
    pub async fn send(&self, call: Call<'_>) -> Result<Answer> {
        let deadline = call.patience.total.map(|total| Instant::now() + total);
        let exchange = Exchange::new(call.body.clone(), call.patience);
        // Boxed: the SDK's future is some 10 KB, which every future around it would move.
        let sent = Box::pin(async {
            let began = std::time::Instant::now();
            let refused = match self.attempt(&call, &exchange).await {
                Err(error) if error.has_expired_credentials() || error.kind == Kind::Configuration => error,
                other => return other,
            };
            let may_differ = self.sdk.forget(&self.account, began).await;
            if may_differ && refused.has_expired_credentials() {
                return self.attempt(&call, &exchange).await;
            }
            Err(refused)
        });
        within(call.patience.total, Limit::Total, sent).await??;
        exchange.answer(deadline)
    }

    async fn attempt(&self, call: &Call<'_>, exchange: &Exchange) -> Result<()> {
        let client = self.sdk.client(&self.account, call.region).await?;
        perform(&client, &self.account, call.operation, call.model_id, exchange).await
    }
}
