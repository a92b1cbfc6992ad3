//! One way back into JavaScript for all streams of an environment.

use std::mem;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use napi::Status;
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use super::channel::Channel;
use super::runtime::runtime;
use crate::transport::{Observer, Report};

/// Calls JavaScript with the ids of the streams that have something new. Weak: an idle hub does not keep Node alive.
type Wake = ThreadsafeFunction<(), (), Vec<u32>, Status, false, true>;

/// Opens streams, and wakes their readers. One per environment (main thread or worker).
#[napi]
pub struct Hub {
    news: Arc<News>,
    reporting: AbortHandle,
    next_id: AtomicU32,
    is_observed: AtomicBool,
    reports: Arc<Reports>,
}

/// The id by which waiting reports are told.
const REPORTS: u32 = u32::MAX;

/// What became of the attempts of observed calls, as JSON, until it is taken.
type Reports = Mutex<Vec<String>>;

/// Ids of the streams that have something new and have not been reported yet.
#[derive(Default)]
struct News {
    ids: Mutex<Vec<u32>>,
    any: Notify,
}

#[napi]
impl Hub {
    /// A hub that reports streams with news to `wake`, many in one call.
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "(ids: number[]) => void")] wake: Function<'_, Vec<u32>, ()>) -> napi::Result<Hub> {
        let news = Arc::new(News::default());
        let taken = news.clone();
        let wake: Wake = wake
            .build_threadsafe_function::<()>()
            .callee_handled::<false>()
            .weak::<true>()
            .build_callback(move |_| Ok(taken.take()))?;
        let reporting = runtime()?.spawn(report(news.clone(), wake)).abort_handle();
        let (is_observed, reports) = (AtomicBool::new(false), Arc::default());
        Ok(Hub { news, reporting, next_id: AtomicU32::new(0), is_observed, reports })
    }

    /// Whether the attempts of calls that begin from now on are to be reported.
    #[napi(catch_unwind)]
    pub fn observe(&self, is_observed: bool) {
        self.is_observed.store(is_observed, Ordering::Relaxed);
    }

    /// The reports since the last time, each JSON; more are told by `wake` with the id 4294967295.
    #[napi(catch_unwind)]
    pub fn reports(&self) -> Vec<String> {
        mem::take(&mut *self.reports.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Hub {
    /// An empty channel whose reader is woken through this hub, and the id it is woken by.
    pub(super) fn channel(&self) -> (u32, Arc<Channel>) {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let news = self.news.clone();
        (id, Arc::new(Channel::new(move || news.add(id))))
    }

    /// Who wants to know what becomes of a call that begins now.
    pub(super) fn observer(&self) -> Option<Observer> {
        if !self.is_observed.load(Ordering::Relaxed) {
            return None;
        }
        let (news, reports) = (self.news.clone(), self.reports.clone());
        Some(Arc::new(move |report: Report| {
            // Strings and numbers: serialization has nothing to fail on.
            let report = serde_json::to_string(&report).unwrap_or_default();
            let mut reports = reports.lock().unwrap_or_else(PoisonError::into_inner);
            reports.push(report);
            if reports.len() == 1 {
                news.add(REPORTS);
            }
        }))
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.reporting.abort();
    }
}

/// Calls JavaScript whenever there is news. As a task of its own it runs after all tasks that were ready before it, so
/// that streams whose data came together are reported together.
async fn report(news: Arc<News>, wake: Wake) {
    loop {
        news.any.notified().await;
        // An environment that is closing refuses the call; then nobody is left to be woken.
        wake.call((), ThreadsafeFunctionCallMode::NonBlocking);
    }
}

impl News {
    fn add(&self, id: u32) {
        let mut ids = self.lock();
        ids.push(id);
        let is_first = ids.len() == 1;
        drop(ids);
        if is_first {
            self.any.notify_one();
        }
    }

    fn take(&self) -> Vec<u32> {
        mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<u32>> {
        // No code that can panic runs under the lock.
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
