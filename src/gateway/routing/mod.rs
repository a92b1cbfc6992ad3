//! Which target a request goes to: a client of an account in a region.

use std::sync::Arc;

use serde_json::{Value, json};

use super::ask::Ask;
use super::exchange::Failed;
use super::keys::Caller;
use super::settings::Settings;
use crate::client::Client;
use crate::client::openai::{self, Answer, Call, Form, Payload};
use crate::config::Environment;
use crate::error::{Error, Result};

/// A client, and what is known of how it does.
#[derive(Debug)]
pub(super) struct Target {
    /// As the settings call it.
    pub(super) name: Arc<str>,
    pub(super) client: Client,
}

/// All targets.
#[derive(Debug)]
pub(super) struct Routing {
    targets: Vec<Arc<Target>>,
}

/// What became of asking.
pub(super) struct Routed {
    /// The last target that was asked; `None` also where the caller brought credentials of his own.
    pub(super) target: Option<Arc<Target>>,
    /// How many were.
    pub(super) attempts: u32,
    /// Those that failed before it.
    pub(super) failed: Vec<Failed>,
    pub(super) answer: Result<Answer>,
}

impl Routing {
    /// The targets of the settings. Opens nothing.
    pub(super) fn of(settings: &Settings, environment: Environment<'_>) -> Result<Routing> {
        let client = settings.client(&settings.client_options(), environment)?;
        Ok(Routing { targets: vec![Arc::new(Target { name: "default".into(), client })] })
    }

    /// What is known of the targets, for people.
    pub(super) fn shown(&self) -> Value {
        self.targets.iter().map(|target| json!({"name": &*target.name})).collect()
    }

    /// Puts a request to one target after another until one answers or none is left. What fails once content has come is
    /// not tried again.
    pub(super) async fn answer(
        &self,
        caller: &Caller,
        ask: &Ask,
        method: &str,
        path: &str,
        payload: Payload,
    ) -> Routed {
        let call = Call {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: ask.headers.clone(),
            payload,
            form: Form::ServerSentEvents,
        };
        if let Some(own) = &caller.own {
            return Routed { target: None, attempts: 1, failed: Vec::new(), answer: openai::answer(own, call).await };
        }
        let Some(target) = self.targets.first().cloned() else {
            let missing = Error::new(crate::error::Kind::Configuration, "There is no target to ask.");
            return Routed { target: None, attempts: 0, failed: Vec::new(), answer: Err(missing) };
        };
        let answer = openai::answer(&target.client, call).await;
        Routed { target: Some(target), attempts: 1, failed: Vec::new(), answer }
    }
}
