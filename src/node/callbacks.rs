//! Calls of JavaScript functions: asked over the channel of a stream, answered by a plain call. Nothing waits on the
//! JavaScript thread, and nothing is called after its environment has ended. Knows nothing of napi.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::channel::Channel;

/// Calls that wait for their answer.
#[derive(Default)]
pub(super) struct Callbacks {
    next: AtomicU32,
    waiting: Mutex<HashMap<u32, oneshot::Sender<Value>>>,
}

/// A call that is waiting; dropped, it is forgotten.
struct Waiting<'a> {
    callbacks: &'a Callbacks,
    call: u32,
}

impl Callbacks {
    /// Sends `{"call", "function", "argument"}` and waits for [`Callbacks::answer`].
    pub(super) async fn call(&self, channel: &Channel, function: u32, argument: Value) -> Option<Value> {
        let (sender, answer) = oneshot::channel();
        let call = self.next.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(call, sender);
        let _waiting = Waiting { callbacks: self, call };
        channel.send(vec![json!({"call": call, "function": function, "argument": argument}).to_string()]).await;
        answer.await.ok()
    }

    /// The answer to a call. One that nobody waits for any more is dropped.
    pub(super) fn answer(&self, call: u32, answer: Value) {
        let waiting = self.lock().remove(&call);
        if let Some(waiting) = waiting {
            // Whoever asked may have gone meanwhile.
            let _ = waiting.send(answer);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u32, oneshot::Sender<Value>>> {
        // No code that can panic runs under the lock.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.callbacks.lock().remove(&self.call);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::node::channel::Found;

    #[tokio::test]
    async fn answers_find_their_calls_and_forgotten_calls_leave_nothing() {
        let (callbacks, channel) = (Arc::new(Callbacks::default()), Arc::new(Channel::new(|| ())));
        let ask = |argument: Value| {
            let (callbacks, channel) = (callbacks.clone(), channel.clone());
            tokio::spawn(async move { callbacks.call(&channel, 7, argument).await })
        };
        let (first, second) = (ask(json!("a")), ask(json!("b")));
        tokio::task::yield_now().await;
        let Found::Items(asked) = channel.poll() else { panic!("nothing was asked") };
        assert_eq!(asked[1], r#"{"call":1,"function":7,"argument":"b"}"#);
        callbacks.answer(1, json!(2));
        callbacks.answer(9, json!(3));
        assert_eq!(second.await.unwrap(), Some(json!(2)));
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        assert!(callbacks.lock().is_empty());
    }
}
