//! A request of an operation that is not inference, taken apart and found to have its shape.

use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Map, Value};

use crate::simulator::account::Account;
use crate::simulator::auth;
use crate::simulator::identity;
use crate::simulator::inference::Call;
use crate::simulator::shapes::Route;
use crate::simulator::state::State;

/// What a handler sees.
pub(in crate::simulator) struct Request<'a> {
    pub(in crate::simulator) state: &'a State,
    pub(in crate::simulator) account: &'a Arc<Account>,
    /// See [`region`].
    pub(in crate::simulator) region: String,
    pub(in crate::simulator) now: SystemTime,
    /// The members of the body.
    pub(in crate::simulator) body: Map<String, Value>,
    route: &'a Route,
    query: Vec<(String, String)>,
}

impl<'a> Request<'a> {
    pub(super) fn new(call: &Call<'a>, route: &'a Route, query: &str, body: Map<String, Value>) -> Request<'a> {
        Request {
            state: call.state,
            account: call.account,
            region: region(call),
            now: call.started,
            body,
            route,
            query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        }
    }

    /// The API's name of the operation.
    pub(in crate::simulator) fn operation(&self) -> &'static str {
        &self.route.operation.name
    }

    /// A label of the path, decoded.
    pub(in crate::simulator) fn label(&self, name: &str) -> &str {
        self.route.label(name)
    }

    /// A parameter of the query.
    pub(in crate::simulator) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A member of the body, `null` when it is missing.
    pub(in crate::simulator) fn get(&self, name: &str) -> &Value {
        self.body.get(name).unwrap_or(&Value::Null)
    }

    /// A string in the body, empty when it is missing.
    pub(in crate::simulator) fn text(&self, name: &str) -> &str {
        self.get(name).as_str().unwrap_or_default()
    }

    /// The ARN of a resource of this account and region: `resource` is its kind, `name` the rest.
    pub(in crate::simulator) fn arn(&self, resource: &str, name: &str) -> String {
        format!("arn:aws:bedrock:{}:{}:{resource}/{name}", self.region, self.account.id())
    }

    /// When what is not ready at once will be; a job that outlasts the calendar is ready at once.
    pub(in crate::simulator) fn ready(&self) -> SystemTime {
        self.now.checked_add(self.state.options().job_duration).unwrap_or(self.now)
    }

    /// A new id as most resources have it: 12 lower-case letters and digits.
    pub(in crate::simulator) fn new_id(&self) -> String {
        identity::token(&mut self.state.random(), 12).to_ascii_lowercase()
    }
}

/// The region that a request is signed for; that of the options where it is not signed.
pub(in crate::simulator) fn region(call: &Call<'_>) -> String {
    auth::region(call.head).unwrap_or_else(|| call.state.options().region.clone())
}
