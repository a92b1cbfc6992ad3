//! A client as a program configures it once, for all calls: `new Bedrock(options)`, `createFetch(options)`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::learned::Learned;
use super::memory::Memory;
use super::models::Models;
use super::openai::Manner;
use super::pictures;
use crate::config::{Account, Credentials, Environment, Patience};
use crate::error::Result;
use crate::media::Fetcher;
use crate::transport::{Connection, Host};

/// Settings, resolved, and what calls made with them share.
#[derive(Clone, Debug)]
pub struct Client {
    connection: Arc<Connection>,
    memory: Arc<Memory>,
    models: Arc<Models>,
    learned: Arc<Learned>,
    patience: Patience,
    manner: Manner,
    any_model: bool,
    fetcher: Arc<Fetcher>,
}

impl Client {
    /// Reads `options`, a JSON object; `host` has those of them that are functions.
    pub fn new(options: &Value, environment: Environment<'_>, host: Option<Arc<dyn Host>>) -> Result<Client> {
        let functions = |name: &str| host.as_ref().is_some_and(|host| host.offers(name));
        let account = Account::of_options(options, &functions, environment)?;
        let client = Client {
            connection: Arc::new(Connection::new(account, host)),
            memory: Arc::default(),
            models: Arc::default(),
            learned: Arc::default(),
            patience: Patience::default(),
            manner: Manner::default(),
            fetcher: pictures::fetcher(),
            any_model: false,
        };
        client.with(options, "options")
    }

    /// The same settings for somebody else, who calls with credentials of his own. What refusals teach of models is shared;
    /// nothing that is his is.
    pub fn for_another(&self, credentials: Credentials, region: Option<&str>) -> Result<Client> {
        let account = self.connection.account().for_another(credentials, region)?;
        let connection = Arc::new(Connection::new(account, None));
        Ok(Client { connection, memory: Arc::default(), models: Arc::default(), ..self.clone() })
    }

    /// The same client with what `options` set for some of its calls (`timeout`, `maxRetries`, …); `root` is how errors
    /// call them.
    pub fn with(&self, options: &Value, root: &str) -> Result<Client> {
        let Value::Object(given) = options else { return Ok(self.clone()) };
        let patience = self.patience.resolve(given, root)?;
        let manner = self.manner.resolve(given, root)?;
        Ok(Client { patience, manner, ..self.clone() })
    }

    /// The same client for whatever its callers name: an application inference profile of the account by its name, a model
    /// that only the account's lists know, and any other text, which goes to Converse as it is. Without it a name that the
    /// catalog does not know is refused with the nearest ones that it does.
    #[must_use]
    pub fn for_any_model(&self) -> Client {
        Client { any_model: true, ..self.clone() }
    }

    /// The same client with the memory of another: reasoning that calls of either made is found by both.
    #[must_use]
    pub fn remembering_with(&self, other: &Client) -> Client {
        Client { memory: other.memory.clone(), ..self.clone() }
    }

    /// The same client with a fetcher of its own for what requests refer to.
    #[must_use]
    pub fn fetching(self, fetcher: Arc<Fetcher>) -> Client {
        Client { fetcher, ..self }
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

    /// How long its calls may take, and how often they are tried.
    pub fn patience(&self) -> Patience {
        self.patience
    }

    /// Whether names that the catalog does not know are looked up and passed on.
    pub(super) fn takes_any_model(&self) -> bool {
        self.any_model
    }

    /// Gets what requests refer to.
    pub(super) fn fetcher(&self) -> &Arc<Fetcher> {
        &self.fetcher
    }

    /// How its answers are made.
    pub(super) fn manner(&self) -> Manner {
        self.manner
    }

    /// What its models thought before they called tools.
    pub(super) fn memory(&self) -> &Arc<Memory> {
        &self.memory
    }

    /// What is remembered of its account's models.
    pub(super) fn models(&self) -> &Models {
        &self.models
    }

    /// What refusals have taught about its models.
    pub(super) fn learned(&self) -> &Learned {
        &self.learned
    }
}
