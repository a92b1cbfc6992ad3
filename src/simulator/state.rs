//! What all requests of one simulator share.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

use super::account::Account;
use super::exception::Exception;
use super::faults::Action;
use super::identity::Identity;
use super::journal::Journal;
use super::journal_view::{self, Selection};
use super::llm::{Backend, Service};
use super::objects::Objects;
use super::options::{Credentials, Options};
use super::sources::Tape;

/// AWS's example account; further accounts count on from it.
const MAIN_ACCOUNT: u64 = 123_456_789_012;

/// A running simulator's memory: options, accounts, journal, random numbers. Clones share it.
#[derive(Clone, Debug)]
pub struct State(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    options: Options,
    journal: Arc<Journal>,
    /// The account of the options, whose faults meet every account's requests.
    main: Arc<Account>,
    /// When the latest outage ends.
    outage: watch::Sender<Instant>,
    /// Further accounts, in the order of their opening.
    others: Mutex<Vec<Arc<Account>>>,
    /// How many there were, closed ones included.
    opened: AtomicU64,
    random: Mutex<fastrand::Rng>,
    /// What answers in place of the built-in model; or why it cannot.
    service: RwLock<Option<Result<Service, String>>>,
    tape: Tape,
}

fn opened(backend: Backend) -> Result<Service, String> {
    Service::new(backend).map_err(|failure| failure.to_string())
}

impl State {
    /// A fresh simulator that is not listening yet. It does without the cassettes of the options.
    pub fn new(options: Options) -> State {
        State::with(options, Tape::default())
    }

    /// The same with its cassettes: reads what is to be replayed, makes place for what is to be recorded.
    pub fn open(options: Options) -> io::Result<State> {
        let tape = Tape::open(options.replay.as_ref(), options.record.as_ref(), &options.region)?;
        Ok(State::with(options, tape))
    }

    fn with(options: Options, tape: Tape) -> State {
        let main = Account::new(MAIN_ACCOUNT.to_string(), options.credentials.clone());
        options.faults.iter().cloned().for_each(|fault| main.add_fault(fault));
        options.rules.iter().cloned().for_each(|rule| _ = main.add_rule(rule));
        State(Arc::new(Shared {
            journal: Arc::default(),
            main: Arc::new(main),
            outage: watch::Sender::new(Instant::now()),
            others: Mutex::default(),
            opened: AtomicU64::new(0),
            random: Mutex::new(fastrand::Rng::with_seed(options.seed)),
            service: RwLock::new(options.backend.clone().map(opened)),
            tape,
            options,
        }))
    }

    /// The options it was made with.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// The folder that stands for Amazon S3, if there is one.
    pub(super) fn objects(&self) -> Option<Objects> {
        self.0.options.s3_directory.as_ref().map(Objects::new)
    }

    /// The journal as `GET /_simulator/journal?frames=true` shows it: `connections`, `disconnectedEarly`, `requests`.
    pub fn journal(&self) -> Value {
        journal_view::journal(&self.0.journal, &Selection { frames: true, ..Selection::default() })
    }

    /// The requests of an account (12 digits), or of all, as the journal shows them.
    pub fn requests(&self, account: Option<&str>) -> Value {
        let selection = Selection { frames: true, account: account.map(str::to_owned), ..Selection::default() };
        journal_view::journal(&self.0.journal, &selection)["requests"].take()
    }

    /// Forgets the requests of an account (12 digits); or all, and what was counted with them.
    pub fn forget_requests(&self, account: Option<&str>) {
        match account {
            Some(account) => self.0.journal.clear_account(account),
            None => self.0.journal.clear(),
        }
    }

    /// The account of the options. Its faults meet the requests of all accounts.
    pub fn account(&self) -> &Arc<Account> {
        &self.0.main
    }

    /// Opens a further account with fresh keys: state of its own, for a test that runs beside others.
    pub fn open_account(&self) -> Arc<Account> {
        let credentials = Credentials::generate(&mut self.random());
        let id = MAIN_ACCOUNT + self.0.opened.fetch_add(1, Ordering::Relaxed) + 1;
        let account = Arc::new(Account::new(id.to_string(), credentials));
        self.locked_others().push(Arc::clone(&account));
        account
    }

    /// How many further accounts are open.
    pub(super) fn open_accounts(&self) -> usize {
        self.locked_others().len()
    }

    /// Closes an account that [`State::open_account`] opened; its keys are refused from now on.
    pub fn close_account(&self, account: &Account) {
        self.locked_others().retain(|other| other.id() != account.id());
    }

    /// The account that has this access key.
    pub fn account_of(&self, access_key_id: &str) -> Option<Arc<Account>> {
        if self.0.main.credentials().access_key_id == access_key_id {
            return Some(Arc::clone(&self.0.main));
        }
        let others = self.locked_others();
        others.iter().find(|account| account.credentials().access_key_id == access_key_id).cloned()
    }

    /// The account with this id, 12 digits.
    pub fn account_with_id(&self, id: &str) -> Option<Arc<Account>> {
        let others = self.locked_others();
        std::iter::once(&self.0.main).chain(others.iter()).find(|account| account.id() == id).cloned()
    }

    /// Cuts all connections and refuses new ones for a time, as a service that is down.
    pub fn go_down(&self, time: Duration) {
        let now = Instant::now();
        self.0.outage.send_replace(now.checked_add(time).unwrap_or(now));
    }

    /// Tells of outages: when the latest one ends.
    pub(super) fn outages(&self) -> watch::Receiver<Instant> {
        self.0.outage.subscribe()
    }

    /// What answers in place of the built-in model.
    pub(super) fn service(&self) -> Result<Option<Service>, Exception> {
        let service = self.0.service.read().unwrap_or_else(PoisonError::into_inner).clone().transpose();
        service.map_err(|reason| {
            Exception::new("InternalServerException", format!("The backend cannot be used: {reason}"))
        })
    }

    /// Puts another backend in place of the one that answers, or the built-in model. Answers on their way go on.
    pub fn set_backend(&self, backend: Option<Backend>) {
        *self.0.service.write().unwrap_or_else(PoisonError::into_inner) = backend.map(opened);
    }

    pub(super) fn recorder(&self) -> &Arc<Journal> {
        &self.0.journal
    }

    /// The first fault that fits this request: the account's own before those for all. It is used up when its times are.
    pub(super) fn take_fault(&self, account: &Account, operation: &str, streams: bool, model: &str) -> Option<Action> {
        let random = &mut self.random();
        let main = (account.id() != self.0.main.id()).then_some(self.0.main.as_ref());
        [Some(account), main].into_iter().flatten().find_map(|of| of.take_fault(operation, streams, model, random))
    }

    /// What answers in the simulator's place.
    pub(super) fn tape(&self) -> &Tape {
        &self.0.tape
    }

    pub(super) fn now(&self) -> SystemTime {
        (self.0.options.clock)()
    }

    /// Milliseconds since `start`, by the clock of the options.
    pub(super) fn elapsed(&self, start: SystemTime) -> u64 {
        self.now().duration_since(start).map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn identity(&self) -> Identity {
        let now = self.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Identity::new(&mut self.0.random.lock().unwrap_or_else(PoisonError::into_inner), now.as_secs())
    }

    /// A generator of its own for one answer.
    pub(super) fn random(&self) -> fastrand::Rng {
        self.0.random.lock().unwrap_or_else(PoisonError::into_inner).fork()
    }

    fn locked_others(&self) -> MutexGuard<'_, Vec<Arc<Account>>> {
        self.0.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
