//! One way back into JavaScript for all streams of an environment.

use std::mem;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use napi::Status;
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;

use super::channel::Channel;

/// Calls JavaScript with the ids of the streams that have something new. Weak: an idle hub does not keep Node alive.
type Wake = ThreadsafeFunction<(), (), Vec<u32>, Status, false, true>;

/// Opens streams, and wakes their readers. One per environment (main thread or worker).
#[napi]
pub struct Hub {
    waker: Arc<Waker>,
    next_id: AtomicU32,
}

struct Waker {
    ready: Arc<Mutex<Vec<u32>>>,
    wake: Wake,
}

#[napi]
impl Hub {
    /// A hub that reports streams with news to `wake`, many in one call.
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "(ids: number[]) => void")] wake: Function<'_, Vec<u32>, ()>) -> napi::Result<Hub> {
        let ready = Arc::new(Mutex::new(Vec::new()));
        let reported = ready.clone();
        let wake =
            wake.build_threadsafe_function::<()>().callee_handled::<false>().weak::<true>().build_callback(
                move |_| Ok(mem::take(&mut *reported.lock().unwrap_or_else(PoisonError::into_inner))),
            )?;
        Ok(Hub { waker: Arc::new(Waker { ready, wake }), next_id: AtomicU32::new(0) })
    }
}

impl Hub {
    /// An empty channel whose reader is woken through this hub, and the id it is woken by.
    pub(super) fn channel(&self) -> (u32, Arc<Channel>) {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let waker = self.waker.clone();
        (id, Arc::new(Channel::new(move || waker.report(id))))
    }
}

impl Waker {
    fn report(&self, id: u32) {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        ready.push(id);
        let is_first = ready.len() == 1;
        drop(ready);
        if is_first {
            // An environment that is closing refuses the call; then nobody is left to be woken.
            self.wake.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}
