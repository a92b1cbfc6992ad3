//! A request for tests of sources, and what it is answered.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, request};
use serde_json::{Value, json};

use super::{Asked, Reply, written};
use crate::simulator::account::Account;
use crate::simulator::exception::Exception;
use crate::simulator::journal::{Guard, Journal, Request as Noted};
use crate::simulator::models::Model;
use crate::simulator::native::Body;
use crate::simulator::question::{Question, Role, Turn};
use crate::simulator::route::Operation;
use crate::simulator::{Options, State};

/// A ConverseStream request.
pub(super) struct Case {
    pub(super) state: State,
    pub(super) account: Arc<Account>,
    pub(super) head: request::Parts,
    pub(super) question: Question,
    pub(super) script: Option<&'static str>,
    model: Model,
    bytes: Bytes,
    body: Body,
    journal: Guard,
}

impl Case {
    pub(super) fn asking(text: &str) -> Case {
        Case::with_options(Options::default(), text)
    }

    pub(super) fn with_options(options: Options, text: &str) -> Case {
        let state = State::new(options);
        let request = Request::post("/").header("x-test", "a case").body(()).unwrap();
        let mut case = Case {
            account: Arc::clone(state.account()),
            state,
            head: request.into_parts().0,
            question: Question { turns: vec![Turn::new(Role::User, text)], ..Question::default() },
            script: None,
            model: Model::find("us.amazon.nova-lite-v1:0").unwrap(),
            bytes: Bytes::new(),
            body: Body::default(),
            journal: Arc::new(Journal::default()).record(Noted::default(), &Default::default()),
        };
        case.set_body(json!({"inferenceConfig": {"maxTokens": 10}, "a/b": "c"}));
        case
    }

    pub(super) fn account(&self) -> &Account {
        &self.account
    }

    pub(super) fn set_body(&mut self, body: Value) {
        self.bytes = body.to_string().into();
        self.body = Body::parse(&self.bytes).unwrap();
    }

    pub(super) fn with<T>(&self, look: impl FnOnce(&Asked<'_>) -> T) -> T {
        look(&self.asked())
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            state: &self.state,
            account: &self.account,
            operation: Operation::ConverseStream,
            head: &self.head,
            model: &self.model,
            script: self.script,
            bytes: &self.bytes,
            body: &self.body,
            question: &self.question,
            thinks: false,
            input: 1,
            journal: &self.journal,
        }
    }

    /// The text that scripts and rules answer, if they do.
    pub(super) async fn reply(&self) -> Option<String> {
        self.ask().await.unwrap()
    }

    pub(super) async fn ask(&self) -> Result<Option<String>, Exception> {
        match written(&self.asked()).await? {
            None => Ok(None),
            Some(Reply::Raw(_)) => panic!("a raw reply has no text"),
            Some(Reply::Speech(speech, _)) => Ok(Some(speech.into_answer().await?.text())),
        }
    }
}
