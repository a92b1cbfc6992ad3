//! Calls of JavaScript functions: asked over the channel of a stream, answered by a plain call. Nothing waits on the
//! JavaScript thread, and nothing is called after its environment has ended. Knows nothing of napi.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::channel::Channel;

/// Calls that wait for their answer.
#[derive(Default)]
pub(super) struct Callbacks {
    next: AtomicU32,
    waiting: Mutex<Waiters>,
}

#[derive(Default)]
struct Waiters {
    answers: HashMap<u32, oneshot::Sender<Answer>>,
    closed: bool,
}

/// What a function said, and the number of its call.
pub(super) struct Answer {
    pub(super) call: u32,
    pub(super) said: Value,
}

/// A call that is waiting; dropped, it is forgotten.
struct Waiting<'a> {
    callbacks: &'a Callbacks,
    call: u32,
}

impl Callbacks {
    /// Sends `{"call", "function", "argument"}` and waits for [`Callbacks::answer`].
    /// `None`: nobody answers any more.
    pub(super) async fn call(&self, channel: &Channel, function: impl Serialize, argument: Value) -> Option<Answer> {
        let call = self.number();
        let answer = self.expect(call)?;
        let _waiting = Waiting { callbacks: self, call };
        channel.send(vec![json!({"call": call, "function": function, "argument": argument}).to_string()]).await;
        answer.await.ok()
    }

    /// The number of a call that is to be made.
    pub(super) fn number(&self) -> u32 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    fn expect(&self, call: u32) -> Option<oneshot::Receiver<Answer>> {
        let (sender, answer) = oneshot::channel();
        let mut waiting = self.lock();
        if waiting.closed {
            return None;
        }
        waiting.answers.insert(call, sender);
        Some(answer)
    }

    /// The answer to a call. One that nobody waits for any more is dropped.
    pub(super) fn answer(&self, call: u32, said: Value) {
        let waiting = self.lock().answers.remove(&call);
        if let Some(waiting) = waiting {
            // Whoever asked may have gone meanwhile.
            let _ = waiting.send(Answer { call, said });
        }
    }

    /// Nobody will answer any more: whoever waits stops.
    pub(super) fn close(&self) {
        *self.lock() = Waiters { answers: HashMap::new(), closed: true };
    }

    fn lock(&self) -> MutexGuard<'_, Waiters> {
        // No code that can panic runs under the lock.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.callbacks.lock().answers.remove(&self.call);
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
            tokio::spawn(async move { callbacks.call(&channel, 7, argument).await.map(|answer| answer.said) })
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
        assert!(callbacks.lock().answers.is_empty());
    }

    #[tokio::test]
    async fn nobody_waits_for_those_who_have_gone() {
        let (callbacks, channel) = (Arc::new(Callbacks::default()), Channel::new(|| ()));
        let asking = callbacks.call(&channel, "token", Value::Null);
        let closing = async { callbacks.close() };
        assert!(futures::join!(asking, closing).0.is_none());
        assert!(callbacks.call(&channel, "token", Value::Null).await.is_none());
    }
}
