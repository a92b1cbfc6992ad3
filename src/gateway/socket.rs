//! A socket that lets go of who takes nothing, and that says in OpenAI's words what hyper refuses without a word.
//!
//! hyper answers a request that it cannot parse on its own: a status, no body, and the connection is closed. No answer of
//! the gateway's has an error status and no body, so such a head is known when it passes, and is sent with a body.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::connection::Pulse;
use super::refusal::Refusal;

/// Status line as hyper writes it, and what goes with it.
const REFUSALS: &[(&str, u16, &str, &str)] = &[
    ("HTTP/1.1 400 Bad Request\r\n", 400, "invalid_http", "The request is not valid HTTP."),
    ("HTTP/1.1 414 URI Too Long\r\n", 414, "url_too_long", "The URL of the request is too long."),
    (
        "HTTP/1.1 431 Request Header Fields Too Large\r\n",
        431,
        "headers_too_large",
        "The headers of the request are too large or too many.",
    ),
];
const EMPTY: &[u8] = b"\r\ncontent-length: 0\r\n";

/// A stream whose bare refusals get a body on their way out, and whose writes end in time.
pub(super) struct Socket<S> {
    inner: S,
    pulse: Arc<Pulse>,
    patience: Duration,
    /// Made for the first client that is slow.
    clock: Option<Pin<Box<Sleep>>>,
    /// Whether the client is to take something before the clock has run down.
    waiting: bool,
    /// The rest of a refusal, and how many of hyper's bytes it stands for.
    refusal: Option<(Bytes, usize)>,
}

impl<S> Socket<S> {
    pub(super) fn new(inner: S, pulse: Arc<Pulse>, patience: Duration) -> Socket<S> {
        Socket { inner, pulse, patience, clock: None, waiting: false, refusal: None }
    }

    /// Starts the clock when nothing can be written, and ends the connection when it has run down.
    fn timed<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waiting = false;
            return written;
        }
        let patience = self.patience;
        let clock = self.clock.get_or_insert_with(|| Box::pin(sleep(patience)));
        if !std::mem::replace(&mut self.waiting, true) {
            clock.as_mut().reset(Instant::now() + patience);
        }
        ready!(clock.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing")))
    }
}

/// The answer that stands for hyper's, if this is one of its refusals.
fn refusal(written: &[u8]) -> Option<Bytes> {
    if !written.starts_with(b"HTTP/1.1 4") || !written.windows(EMPTY.len()).any(|bytes| bytes == EMPTY) {
        return None;
    }
    let (line, status, code, text) = REFUSALS.iter().find(|(line, ..)| written.starts_with(line.as_bytes()))?;
    let body = Refusal::invalid(*status, code, *text).body();
    let (length, id) = (body.len(), fastrand::u128(..));
    Some(Bytes::from(format!(
        "{line}content-type: application/json\r\nx-request-id: req_{id:032x}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )))
}

impl<S: AsyncWrite + Unpin> Socket<S> {
    /// Writes on; ready when nothing of a refusal is left, with the bytes it stood for.
    fn poll_refusal(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let Some((rest, stands_for)) = &mut self.refusal else { return Poll::Ready(Ok(0)) };
        while rest.has_remaining() {
            let written = ready!(Pin::new(&mut self.inner).poll_write(context, rest))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            rest.advance(written);
        }
        let stood_for = *stands_for;
        self.refusal = None;
        Poll::Ready(Ok(stood_for))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Socket<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.pulse.heard();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Socket<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.refusal.is_none() && !self.pulse.is_busy() {
            self.refusal = refusal(bytes).map(|answer| (answer, bytes.len()));
        }
        let written = match self.refusal {
            Some(_) => self.poll_refusal(context),
            None => Pin::new(&mut self.inner).poll_write(context, bytes),
        };
        self.timed(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // A refusal comes in one piece; an answer of several has a body.
        if let [only] = slices {
            return self.poll_write(context, only);
        }
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.timed(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(context);
        self.timed(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let closed = Pin::new(&mut self.inner).poll_shutdown(context);
        self.timed(context, closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    async fn sent(pieces: &[&[u8]]) -> String {
        let (near, mut far) = tokio::io::duplex(64 * 1024);
        let mut socket = Socket::new(near, Pulse::new(), Duration::ZERO);
        for piece in pieces {
            socket.write_all(piece).await.unwrap();
        }
        drop(socket);
        let mut text = String::new();
        far.read_to_string(&mut text).await.unwrap();
        text
    }

    #[tokio::test]
    async fn a_bare_refusal_gets_a_body_of_its_length() {
        for (line, _, code, text) in REFUSALS {
            let told = sent(&[format!("{line}content-length: 0\r\ndate: x\r\n\r\n").as_bytes()]).await;
            let (head, body) = told.split_once("\r\n\r\n").unwrap();
            let body: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!((&body["error"]["code"], &body["error"]["message"]), (&(*code).into(), &(*text).into()));
            assert!(head.contains("\r\nx-request-id: req_"), "{head}");
        }
    }

    #[tokio::test]
    async fn everything_else_passes_as_it_is() {
        for bytes in
            ["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}"]
        {
            assert_eq!(sent(&[bytes.as_bytes(), b"more"]).await, format!("{bytes}more"));
        }
    }

    #[tokio::test]
    async fn who_takes_nothing_is_let_go_and_who_takes_something_has_its_time_again() {
        let (near, mut far) = tokio::io::duplex(8);
        let mut socket = Socket::new(near, Pulse::new(), Duration::from_secs(3600));
        let stuck = tokio::time::timeout(Duration::from_millis(1), socket.write_all(&[b'x'; 9])).await;
        assert!(stuck.is_err() && socket.waiting);
        far.read_exact(&mut [0; 8]).await.unwrap();
        socket.write_all(b"x").await.unwrap();
        assert!(!socket.waiting);
        socket.patience = Duration::from_millis(1);
        let error = socket.write_all(&[b'x'; 100]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
