//! `simulate`: a Bedrock on localhost as a stream, which stays open until it is closed, and as an object to ask.

use std::io;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use napi::Either;
use napi_derive::napi;
use serde_json::{Map, Value, json};

use super::callbacks::Callbacks;
use super::channel::{Channel, End};
use super::error::ErrorData;
use super::hub::Hub;
use super::stream::NativeStream;
use crate::error::{Error, Kind, Result};
use crate::simulator::{Account, Answers, Fault, Inquiry, Misfit, Responder, Rule, Scripted, Simulator, State, read};

#[napi]
impl Hub {
    /// Starts a simulator, of which `simulator` becomes the object to ask. The first string is JSON about it, given when
    /// it accepts connections; each further one is a call of a function, `{"call","function","argument"}`. The end is
    /// reported when all connections are closed.
    #[napi(catch_unwind)]
    pub fn simulator(&self, options: Value, simulator: &NativeSimulator) -> napi::Result<NativeStream> {
        let inner = simulator.0.clone();
        NativeStream::start(self, |channel| async move {
            End { error: run(options, channel, &inner).await.err(), outcome: Value::Null }
        })
    }
}

/// A simulator to ask, without waiting. Accounts are named by their ids, 12 digits; no id is the main account.
#[napi]
pub struct NativeSimulator(Arc<Inner>);

#[derive(Default)]
struct Inner {
    running: OnceLock<(State, Arc<Channel>)>,
    callbacks: Callbacks,
}

#[napi]
impl NativeSimulator {
    /// One that is not running yet.
    #[napi(constructor, catch_unwind)]
    #[allow(clippy::new_without_default, reason = "JavaScript has constructors only")]
    pub fn new() -> NativeSimulator {
        NativeSimulator(Arc::default())
    }

    /// Opens an account with keys of its own: `{"account","accessKeyId","secretAccessKey"}`.
    #[napi(catch_unwind)]
    pub fn open_account(&self) -> Option<Value> {
        let account = self.0.state()?.open_account();
        let keys = account.credentials();
        Some(json!({
            "account": account.id(),
            "accessKeyId": keys.access_key_id,
            "secretAccessKey": keys.secret_access_key,
        }))
    }

    /// Closes an account that was opened.
    #[napi(catch_unwind)]
    pub fn close_account(&self, account: String) {
        if let (Some(state), Some(account)) = (self.0.state(), self.0.account(Some(&account))) {
            state.close_account(&account);
        }
    }

    /// Adds a rule: its number, or what is wrong with it. With `callback` the rule's answer is what that function says
    /// within `timeout` milliseconds.
    #[napi(catch_unwind)]
    pub fn add_rule(
        &self,
        account: Option<String>,
        rule: Value,
        callback: Option<u32>,
        timeout: Option<u32>,
    ) -> Either<u32, ErrorData> {
        match self.0.add_rule(account.as_deref(), rule, callback, timeout) {
            Ok(id) => Either::A(id),
            Err(error) => Either::B(ErrorData::from(&error)),
        }
    }

    /// Removes a rule.
    #[napi(catch_unwind)]
    pub fn remove_rule(&self, account: Option<String>, id: u32) {
        if let Some(account) = self.0.account(account.as_deref()) {
            account.remove_rule(id);
        }
    }

    /// How many requests a rule has answered; `null` when it was removed.
    #[napi(catch_unwind)]
    pub fn rule_calls(&self, account: Option<String>, id: u32) -> Option<u32> {
        let calls = self.0.account(account.as_deref())?.rule_calls(id)?;
        Some(u32::try_from(calls).unwrap_or(u32::MAX))
    }

    /// The requests of an account, or of all, with frames; none when the simulator is not running.
    #[napi(catch_unwind)]
    pub fn requests(&self, account: Option<String>) -> Value {
        self.0.state().map_or_else(|| json!([]), |state| state.requests(account.as_deref()))
    }

    /// Forgets the requests of an account, or all.
    #[napi(catch_unwind)]
    pub fn forget_requests(&self, account: Option<String>) {
        if let Some(state) = self.0.state() {
            state.forget_requests(account.as_deref());
        }
    }

    /// Adds a list of faults; or says what is wrong with it.
    #[napi(catch_unwind)]
    pub fn add_faults(&self, account: Option<String>, faults: Value) -> Option<ErrorData> {
        self.0.add_faults(account.as_deref(), faults).err().map(|error| ErrorData::from(&error))
    }

    /// Removes all faults of an account.
    #[napi(catch_unwind)]
    pub fn clear_faults(&self, account: Option<String>) {
        if let Some(account) = self.0.account(account.as_deref()) {
            account.clear_faults();
        }
    }

    /// Refuses connections for a time.
    #[napi(catch_unwind)]
    pub fn go_down(&self, milliseconds: u32) {
        if let Some(state) = self.0.state() {
            state.go_down(Duration::from_millis(milliseconds.into()));
        }
    }

    /// What a function said: `{"answer"}`, or `{"error"}` with a text.
    #[napi(catch_unwind)]
    pub fn answer(&self, call: u32, answer: Value) {
        self.0.callbacks.answer(call, answer);
    }
}

impl Inner {
    fn state(&self) -> Option<&State> {
        self.running.get().map(|(state, _)| state)
    }

    fn account(&self, id: Option<&str>) -> Option<Arc<Account>> {
        let state = self.state()?;
        id.map_or_else(|| Some(state.account().clone()), |id| state.account_with_id(id))
    }

    fn add_rule(
        self: &Arc<Self>,
        account: Option<&str>,
        rule: Value,
        callback: Option<u32>,
        timeout: Option<u32>,
    ) -> Result<u32> {
        let mut rule: Rule = read(rule).map_err(|misfit| misfitting("rule", &misfit))?;
        if let Some(callback) = callback {
            let responder = responder(Arc::downgrade(self), callback);
            rule.answers = Answers::Function(match timeout {
                Some(timeout) => responder.within(Duration::from_millis(timeout.into())),
                None => responder,
            });
        }
        let account =
            self.account(account).ok_or_else(|| Error::invalid("rule", "its simulator or session is closed"))?;
        Ok(account.add_rule(rule))
    }

    fn add_faults(&self, account: Option<&str>, faults: Value) -> Result<()> {
        let faults = Fault::parse(faults).map_err(|problem| Error::invalid("faults", problem))?;
        let account =
            self.account(account).ok_or_else(|| Error::invalid("faults", "its simulator or session is closed"))?;
        faults.into_iter().for_each(|fault| account.add_fault(fault));
        Ok(())
    }

    async fn call(&self, function: u32, inquiry: Inquiry) -> std::result::Result<Option<Scripted>, String> {
        let (_, channel) = self.running.get().ok_or("the simulator is not running")?;
        let argument = serde_json::to_value(inquiry).map_err(|error| error.to_string())?;
        let answer = self.callbacks.call(channel, function, argument).await.ok_or("the simulator was closed")?;
        let mut said = answer.said;
        if let Some(problem) = said["error"].as_str() {
            return Err(problem.to_owned());
        }
        match said["answer"].take() {
            Value::Null => Ok(None),
            answer => serde_json::from_value(answer).map(Some).map_err(|error| format!("its answer: {error}")),
        }
    }
}

/// Weak, since the rule lives in the simulator that it asks through.
fn responder(inner: Weak<Inner>, function: u32) -> Responder {
    Responder::new(move |inquiry| {
        let inner = inner.upgrade();
        async move { inner.ok_or("the simulator was closed")?.call(function, inquiry).await }
    })
}

async fn run(options: Value, channel: Arc<Channel>, inner: &Inner) -> Result<()> {
    let options = read(options).map_err(|misfit| misfitting("options", &misfit))?;
    let simulator = Simulator::start(options).await.map_err(cannot_start)?;
    let env: Map<String, Value> =
        simulator.env().into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect();
    let about = json!({
        "url": simulator.url(),
        "httpsUrl": simulator.https_url(),
        "caPem": simulator.ca_pem(),
        "env": env,
        "warnings": simulator.warnings(),
    });
    // It is started once.
    let _ = inner.running.set((simulator.state().clone(), channel.clone()));
    channel.send(vec![about.to_string()]).await;
    channel.closed().await;
    simulator.close().await;
    Ok(())
}

fn misfitting(root: &str, Misfit { place, problem }: &Misfit) -> Error {
    let dot = if place.is_empty() || place.starts_with('[') { "" } else { "." };
    Error::invalid(format!("{root}{dot}{place}"), problem)
}

fn cannot_start(error: io::Error) -> Error {
    let next = match error.kind() {
        io::ErrorKind::AddrInUse => " Leave options.port out to take a free one.",
        _ => "",
    };
    Error::new(Kind::Configuration, format!("The simulator {error}.{next}"))
}
