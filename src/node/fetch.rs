//! Requests that leave through the `fetch` among a client's options: asked for over the client's line, answered by plain
//! calls, piece by piece. A piece is told whether more are wanted now, which is what holds a fast server back.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Frame};
use napi::bindgen_prelude::{Buffer, Uint8Array};
use napi_derive::napi;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use super::client::NativeClient;
use super::host::{Line, gone};
use crate::error::{Error, Kind, Result};
use crate::transport::{Fetched, Outgoing};

/// Bytes of an answer that may lie unread before its sender is held.
const CAPACITY: usize = 64 * 1024;

/// The requests that are under way.
#[derive(Default)]
pub(super) struct Fetches {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: HashMap<u32, Open>,
    closed: bool,
}

struct Open {
    /// The request's, until it is taken.
    body: Option<Bytes>,
    /// Until it is answered.
    head: Option<oneshot::Sender<Result<Head>>>,
    pieces: mpsc::UnboundedSender<Result<Bytes>>,
    flow: Arc<Flow>,
}

/// Status and headers.
type Head = (u16, Vec<(String, String)>);

/// How much of an answer lies unread.
#[derive(Default)]
struct Flow {
    unread: AtomicUsize,
    is_held: AtomicBool,
}

/// Sends `request` and waits for the head of its answer.
pub(super) async fn send(line: Arc<Line>, request: Outgoing) -> Result<Fetched> {
    let Outgoing { method, url, headers, body } = request;
    let call = line.callbacks.number();
    let (head, answered) = oneshot::channel();
    let (sender, pieces) = mpsc::unbounded_channel();
    let flow = Arc::new(Flow::default());
    line.fetches.add(call, Open { body: Some(body), head: Some(head), pieces: sender, flow: flow.clone() })?;
    let under_way = UnderWay { line, call };
    let argument = json!({"method": method, "url": url, "headers": headers});
    under_way.tell(&json!({"call": call, "function": "fetch", "argument": argument}));
    let (status, headers) = answered.await.unwrap_or_else(|_| Err(gone()))?;
    Ok(Fetched { status, headers, body: BoxBody::new(Pieces { pieces, flow, under_way }) })
}

impl Fetches {
    /// Nobody will answer any more: whoever waits stops.
    pub(super) fn close(&self) {
        *self.lock() = State { open: HashMap::new(), closed: true };
    }

    fn add(&self, call: u32, open: Open) -> Result<()> {
        let mut state = self.lock();
        if state.closed {
            return Err(gone());
        }
        state.open.insert(call, open);
        Ok(())
    }

    fn with<T>(&self, call: u32, act: impl FnOnce(&mut Open) -> T) -> Option<T> {
        self.lock().open.get_mut(&call).map(act)
    }

    fn remove(&self, call: u32) -> Option<Open> {
        self.lock().open.remove(&call)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[napi]
impl NativeClient {
    /// The body of a request that is to be sent; `null` when it was cancelled meanwhile.
    #[napi(catch_unwind)]
    pub fn fetch_body(&self, call: u32) -> Option<Buffer> {
        let body = self.line.fetches.with(call, |open| open.body.take()).flatten()?;
        Some(Buffer::from(Vec::from(body)))
    }

    /// The head of its answer, names and values of headers in turn; whether the rest is wanted.
    #[napi(catch_unwind)]
    pub fn fetch_head(&self, call: u32, status: u16, headers: Vec<String>) -> bool {
        let mut texts = headers.into_iter();
        let headers = std::iter::from_fn(|| texts.next().zip(texts.next())).collect();
        let head = self.line.fetches.with(call, |open| open.head.take()).flatten();
        head.is_some_and(|head| head.send(Ok((status, headers))).is_ok())
    }

    /// The next piece of it. Whether more are wanted now, or, if not, once `{"more"}` is told; `null` when none ever are.
    #[napi(catch_unwind)]
    pub fn fetch_piece(&self, call: u32, piece: Uint8Array) -> Option<bool> {
        let piece = Bytes::copy_from_slice(&piece);
        self.line.fetches.with(call, |open| open.push(piece)).flatten()
    }

    /// Its end, and why it failed, if it did.
    #[napi(catch_unwind)]
    pub fn fetch_end(&self, call: u32, failure: Option<String>) {
        let open = self.line.fetches.remove(call);
        if let Some((open, failure)) = open.zip(failure) {
            open.fail(call, &failure);
        }
    }
}

impl Open {
    fn push(&self, piece: Bytes) -> Option<bool> {
        let unread = self.flow.unread.fetch_add(piece.len(), Ordering::SeqCst) + piece.len();
        self.pieces.send(Ok(piece)).ok()?;
        if unread < CAPACITY {
            return Some(true);
        }
        self.flow.is_held.store(true, Ordering::SeqCst);
        // All may have been read in between.
        Some(self.flow.is_released())
    }

    fn fail(self, call: u32, failure: &str) {
        // Whoever waited may have gone.
        match self.head {
            Some(head) => {
                let message = format!("`fetch` failed: {failure}");
                let _ = head.send(Err(Error::new(Kind::Connection, message).of_host_call(call)));
            }
            None => {
                let message = format!("The answer that `fetch` gave broke off: {failure}. Try again.");
                let _ = self.pieces.send(Err(Error::new(Kind::BrokenStream, message).of_host_call(call)));
            }
        }
    }
}

impl Flow {
    /// Whether a sender that was held is to go on; true once for each time it was held.
    fn is_released(&self) -> bool {
        self.unread.load(Ordering::SeqCst) < CAPACITY && self.is_held.swap(false, Ordering::SeqCst)
    }
}

/// The body of an answer.
struct Pieces {
    pieces: mpsc::UnboundedReceiver<Result<Bytes>>,
    flow: Arc<Flow>,
    under_way: UnderWay,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>>>> {
        let piece = std::task::ready!(self.pieces.poll_recv(context));
        if let Some(Ok(bytes)) = &piece {
            self.flow.unread.fetch_sub(bytes.len(), Ordering::SeqCst);
            if self.flow.is_released() {
                self.under_way.tell(&json!({"more": self.under_way.call}));
            }
        }
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }
}

/// A request that somebody waits for; dropped, it is cancelled.
struct UnderWay {
    line: Arc<Line>,
    call: u32,
}

impl UnderWay {
    fn tell(&self, message: &Value) {
        self.line.channel.tell(message.to_string());
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if self.line.fetches.remove(self.call).is_some() {
            self.tell(&json!({"cancel": self.call}));
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;
    use crate::node::channel::{Channel, Found};

    fn line() -> Arc<Line> {
        Arc::new(Line::new(Arc::new(Channel::new(|| ()))))
    }

    fn request() -> Outgoing {
        Outgoing { method: "POST".into(), url: "http://host/".into(), headers: Vec::new(), body: Bytes::from("{}") }
    }

    fn told(line: &Line) -> Vec<Value> {
        match line.channel.poll() {
            Found::Items(items) => items.iter().map(|item| serde_json::from_str(item).unwrap()).collect(),
            _ => Vec::new(),
        }
    }

    async fn answered(line: &Arc<Line>) -> Fetched {
        let sent = tokio::spawn(send(line.clone(), request()));
        tokio::task::yield_now().await;
        assert_eq!(told(line)[0]["function"], "fetch");
        let head = line.fetches.with(0, |open| open.head.take()).flatten().unwrap();
        head.send(Ok((200, Vec::new()))).unwrap();
        sent.await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_sender_is_held_while_much_lies_unread() {
        let line = line();
        let mut answer = answered(&line).await;
        let push = |size| line.fetches.with(0, |open| open.push(Bytes::from(vec![0; size]))).flatten();
        assert_eq!(push(CAPACITY - 1), Some(true));
        assert_eq!(push(1), Some(false));
        answer.body.frame().await.unwrap().unwrap();
        assert_eq!(told(&line), [json!({"more": 0})]);
        answer.body.frame().await.unwrap().unwrap();
        assert_eq!(told(&line), [] as [Value; 0], "told once");
        assert_eq!(push(1), Some(true));
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_cancelled_once() {
        let line = line();
        drop(answered(&line).await);
        assert_eq!(told(&line), [json!({"cancel": 0})]);
        let sent = tokio::spawn(send(line.clone(), request()));
        tokio::task::yield_now().await;
        sent.abort();
        assert!(sent.await.is_err_and(|error| error.is_cancelled()));
        assert_eq!(told(&line)[1], json!({"cancel": 1}));
    }

    #[tokio::test]
    async fn what_has_ended_is_not_cancelled() {
        let line = line();
        let mut answer = answered(&line).await;
        drop(line.fetches.remove(0));
        assert!(answer.body.frame().await.is_none());
        drop(answer);
        assert_eq!(told(&line), [] as [Value; 0]);
    }

    #[tokio::test]
    async fn nobody_waits_for_a_client_that_is_gone() {
        let line = line();
        let sent = tokio::spawn(send(line.clone(), request()));
        tokio::task::yield_now().await;
        line.fetches.close();
        assert_eq!(sent.await.unwrap().err().unwrap().kind, Kind::Aborted);
        assert_eq!(send(line, request()).await.err().unwrap().kind, Kind::Aborted);
    }
}
