//! A client as a program configures it once, for all calls: `new Bedrock(options)`, `createFetch(options)`.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::config::{Account, Environment};
use crate::error::Result;
use crate::transport::{Connection, Host};

/// Settings, resolved, and the connections made with them.
#[derive(Debug)]
pub struct Client {
    connection: Connection,
}

impl Client {
    /// Reads `options`, a JSON object; `host` has those of them that are functions.
    pub fn new(options: &Value, environment: Environment<'_>, host: Option<Arc<dyn Host>>) -> Result<Client> {
        let functions = |name: &str| host.as_ref().is_some_and(|host| host.offers(name));
        let account = Account::of_options(options, &functions, environment)?;
        Ok(Client { connection: Connection::new(account, host) })
    }

    /// What of the settings a program may see: `{"region", "baseURL"}`, each `null` where AWS's own chain decides.
    pub fn about(&self) -> Value {
        let Account { region, endpoints, .. } = self.connection.account();
        json!({"region": region, "baseURL": endpoints.runtime})
    }

    /// The way to Bedrock.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }
}
