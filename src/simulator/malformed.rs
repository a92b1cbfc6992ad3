//! What is not HTTP at all, refused in AWS's shape.
//!
//! hyper answers a request that it cannot parse on its own: a status, no body, and the connection is closed. No answer of
//! the simulator's has an error status and no body, so such a head is known when it passes, and is sent with a body.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Status line as hyper writes it, and the text that goes with it. Not confirmed by a recording.
const REFUSALS: &[(&str, &str)] = &[
    ("HTTP/1.1 400 Bad Request\r\n", "The request is not valid HTTP."),
    ("HTTP/1.1 414 URI Too Long\r\n", "The request target is too long."),
    ("HTTP/1.1 431 Request Header Fields Too Large\r\n", "The headers of the request are too large."),
];
const EMPTY: &[u8] = b"\r\ncontent-length: 0\r\n";

/// A stream whose bare refusals get a body on their way out.
pub(super) struct Shaped<S> {
    inner: S,
    /// The rest of a refusal, and how many of hyper's bytes it stands for.
    refusal: Option<(Bytes, usize)>,
}

impl<S> Shaped<S> {
    pub(super) fn new(inner: S) -> Shaped<S> {
        Shaped { inner, refusal: None }
    }
}

/// The answer that stands for hyper's, if this is one of its refusals.
fn refusal(written: &[u8]) -> Option<Bytes> {
    if !written.starts_with(b"HTTP/1.1 4") || !written.windows(EMPTY.len()).any(|bytes| bytes == EMPTY) {
        return None;
    }
    let (status, text) = REFUSALS.iter().find(|(status, _)| written.starts_with(status.as_bytes()))?;
    let body = format!(r#"{{"message":"{text}"}}"#);
    let length = body.len();
    let kind = "ValidationException:http://internal.amazon.com/coral/com.amazon.coral.service/";
    Some(Bytes::from(format!(
        "{status}content-type: application/json\r\nx-amzn-errortype: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )))
}

impl<S: AsyncWrite + Unpin> Shaped<S> {
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

impl<S: AsyncRead + Unpin> AsyncRead for Shaped<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Shaped<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.refusal.is_none() {
            self.refusal = refusal(bytes).map(|answer| (answer, bytes.len()));
        }
        if self.refusal.is_some() {
            return self.poll_refusal(context);
        }
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // A refusal comes in one piece; an answer of several has a body.
        match slices {
            [only] => self.poll_write(context, only),
            _ => Pin::new(&mut self.inner).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt as _;

    async fn sent(pieces: &[&[u8]]) -> String {
        let (near, far) = tokio::io::duplex(64 * 1024);
        let mut shaped = Shaped::new(near);
        for piece in pieces {
            shaped.write_all(piece).await.unwrap();
        }
        drop(shaped);
        let mut text = String::new();
        tokio::io::AsyncReadExt::read_to_string(&mut { far }, &mut text).await.unwrap();
        text
    }

    #[tokio::test]
    async fn a_bare_refusal_gets_a_body_of_its_length() {
        for (status, text) in REFUSALS {
            let told = sent(&[format!("{status}content-length: 0\r\ndate: x\r\n\r\n").as_bytes()]).await;
            let (head, body) = told.split_once("\r\n\r\n").unwrap();
            assert_eq!(body, format!(r#"{{"message":"{text}"}}"#));
            assert!(head.contains(&format!("\r\ncontent-length: {}\r\n", body.len())), "{head}");
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
}
