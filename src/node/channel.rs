//! The queue between a task on the runtime and a reader on the JavaScript thread. Knows nothing of napi.
//!
//! The writer waits while the queue is full, the reader never waits: it takes all there is, or asks to be woken.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tokio::sync::Notify;

use crate::error::Error;

/// Items that may lie ready before the writer waits. A batch is accepted whole, so one batch more may lie there.
const CAPACITY: usize = 256;
/// Bytes that may lie ready before the writer waits: a batch of server-sent events is one item of any length.
const CAPACITY_IN_BYTES: usize = 256 * 1024;

/// A queue of text with an end.
pub(super) struct Channel {
    state: Mutex<State>,
    room: Notify,
    told: Notify,
    wake_reader: Box<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct State {
    ready: Vec<String>,
    end: Option<End>,
    reader_waits: bool,
    closed: bool,
    orders: VecDeque<Value>,
    kept: Option<Bytes>,
}

/// How a task ended.
pub(super) struct End {
    /// Why it failed; `None` when it did not.
    pub(super) error: Option<Error>,
    /// What else it has to tell, as JSON.
    pub(super) outcome: Value,
}

/// What a reader finds.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// Nothing yet; the reader is woken once there is something.
    Nothing,
    /// All items that are ready, at least one.
    Items(Vec<String>),
    /// The task has ended and everything was read.
    End,
}

/// The first item of an answer over HTTP: U+0000 and its status and headers as JSON.
pub(super) fn head_item(status: u16, headers: impl IntoIterator<Item = (impl Into<String>, String)>) -> String {
    let headers: Map<String, Value> = headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    format!("\0{}", json!({"status": status, "headers": headers}))
}

impl Channel {
    /// An empty queue; `wake_reader` is called once for each [`Found::Nothing`], from any thread.
    pub(super) fn new(wake_reader: impl Fn() + Send + Sync + 'static) -> Channel {
        let wake_reader = Box::new(wake_reader);
        Channel { state: Mutex::default(), room: Notify::new(), told: Notify::new(), wake_reader }
    }

    /// Adds `items` once there is room. Items for a reader that has closed are dropped.
    pub(super) async fn send(&self, items: Vec<String>) {
        while self.is_full() {
            self.room.notified().await;
        }
        self.change(|state| {
            if !state.closed {
                state.ready.extend(items);
            }
        });
    }

    /// Adds an item whether there is room or not.
    pub(super) fn tell(&self, item: String) {
        self.change(|state| {
            if !state.closed {
                state.ready.push(item);
            }
        });
    }

    /// Keeps something for the reader besides the items.
    pub(super) fn keep(&self, kept: Bytes) {
        self.lock().kept = Some(kept);
    }

    /// What was kept.
    pub(super) fn kept(&self) -> Option<Bytes> {
        self.lock().kept.clone()
    }

    /// Ends the queue. The reader still gets what lies ready.
    pub(super) fn finish(&self, end: End) {
        self.change(|state| state.end = Some(end));
    }

    /// Returns once the reader has closed. For one waiter: the task that writes.
    pub(super) async fn closed(&self) {
        while self.order().await.is_some() {}
    }

    /// The next thing that the reader wants of the task; `None` once it has closed. For one waiter as well.
    pub(super) async fn order(&self) -> Option<Value> {
        loop {
            let (closed, order) = self.next();
            match order {
                _ if closed => return None,
                Some(order) => return Some(order),
                None => self.told.notified().await,
            }
        }
    }

    /// Wants something of the task.
    pub(super) fn give_order(&self, order: Value) {
        self.lock().orders.push_back(order);
        self.told.notify_one();
    }

    /// Takes what is ready.
    pub(super) fn poll(&self) -> Found {
        let mut state = self.lock();
        if !state.ready.is_empty() {
            let items = mem::take(&mut state.ready);
            drop(state);
            self.room.notify_one();
            return Found::Items(items);
        }
        if state.end.is_some() {
            return Found::End;
        }
        state.reader_waits = true;
        Found::Nothing
    }

    /// Nobody will read any more: drops what lies ready and tells the task.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.ready = Vec::new();
        drop(state);
        self.told.notify_one();
        self.room.notify_one();
    }

    /// What `read` sees in the end of the task; `None` while it runs.
    pub(super) fn end<T>(&self, read: impl FnOnce(&End) -> T) -> Option<T> {
        self.lock().end.as_ref().map(read)
    }

    /// Whether the reader has closed, and the next order.
    fn next(&self) -> (bool, Option<Value>) {
        let mut state = self.lock();
        (state.closed, state.orders.pop_front())
    }

    fn is_full(&self) -> bool {
        let state = self.lock();
        let bytes: usize = state.ready.iter().map(String::len).sum();
        (state.ready.len() >= CAPACITY || bytes >= CAPACITY_IN_BYTES) && !state.closed
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        let wake = mem::take(&mut state.reader_waits);
        drop(state);
        if wake {
            (self.wake_reader)();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock, and every state is valid by itself.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn channel() -> (Arc<Channel>, Arc<AtomicUsize>) {
        let wakes = Arc::new(AtomicUsize::new(0));
        let counter = wakes.clone();
        let channel = Channel::new(move || {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        (Arc::new(channel), wakes)
    }

    fn texts(count: usize) -> Vec<String> {
        (0..count).map(|n| n.to_string()).collect()
    }

    fn success() -> End {
        End { error: None, outcome: Value::Null }
    }

    #[tokio::test]
    async fn a_reader_gets_everything_in_order_and_then_the_end() {
        let (channel, _) = channel();
        channel.send(texts(2)).await;
        channel.send(vec!["last".into()]).await;
        channel.finish(success());
        assert_eq!(channel.poll(), Found::Items(vec!["0".into(), "1".into(), "last".into()]));
        assert_eq!(channel.poll(), Found::End);
    }

    #[tokio::test]
    async fn only_a_reader_that_found_nothing_is_woken_and_only_once() {
        let (channel, wakes) = channel();
        channel.send(texts(1)).await;
        assert_eq!(wakes.load(Ordering::SeqCst), 0);
        channel.poll();
        assert_eq!(channel.poll(), Found::Nothing);
        channel.send(texts(1)).await;
        channel.send(texts(1)).await;
        assert_eq!(wakes.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_writer_waits_for_room_and_a_closed_reader_frees_it() {
        let (channel, _) = channel();
        channel.send(texts(CAPACITY)).await;
        let writer = tokio::spawn({
            let channel = channel.clone();
            async move { channel.send(texts(1)).await }
        });
        tokio::task::yield_now().await;
        assert!(!writer.is_finished(), "a full queue must hold the writer back");
        channel.close();
        writer.await.unwrap();
        channel.closed().await;
        assert_eq!(channel.poll(), Found::Nothing, "what is sent to a closed reader is dropped");
    }

    #[tokio::test]
    async fn long_items_fill_the_queue_sooner() {
        let (channel, _) = channel();
        channel.send(vec!["x".repeat(CAPACITY_IN_BYTES)]).await;
        assert!(channel.is_full());
        channel.poll();
        assert!(!channel.is_full());
    }

    #[tokio::test]
    async fn orders_come_in_turn_until_the_reader_closes() {
        let (channel, _) = channel();
        channel.give_order("one".into());
        channel.give_order("two".into());
        assert_eq!(channel.order().await, Some("one".into()));
        assert_eq!(channel.order().await, Some("two".into()));
        channel.give_order("three".into());
        channel.close();
        assert_eq!(channel.order().await, None);
        channel.closed().await;
    }

    #[tokio::test]
    async fn polling_makes_room() {
        let (channel, _) = channel();
        channel.send(texts(CAPACITY)).await;
        let writer = tokio::spawn({
            let channel = channel.clone();
            async move { channel.send(texts(1)).await }
        });
        assert_eq!(channel.poll(), Found::Items(texts(CAPACITY)));
        writer.await.unwrap();
        assert_eq!(channel.poll(), Found::Items(texts(1)));
    }
}
