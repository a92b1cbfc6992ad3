//! What is not HTTP at all, refused in a server's own words.
//!
//! hyper answers a request that it cannot parse on its own: a status, no body, and the connection is closed. No answer of
//! the servers here has an error status and no body, so such a head is known when it passes, and is sent with a body.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Status lines of hyper's refusals, as it writes them.
const REFUSALS: [(u16, &str); 3] = [
    (400, "HTTP/1.1 400 Bad Request\r\n"),
    (414, "HTTP/1.1 414 URI Too Long\r\n"),
    (431, "HTTP/1.1 431 Request Header Fields Too Large\r\n"),
];
const EMPTY: &[u8] = b"\r\ncontent-length: 0\r\n";

/// What a server says with one of these statuses: more headers, each with its line end, and a body of JSON.
pub(crate) type Words = fn(u16) -> (String, String);

/// A stream whose bare refusals get a body on their way out.
pub(crate) struct Worded<S> {
    inner: S,
    words: Words,
    /// The rest of a refusal, and how many of hyper's bytes it stands for.
    refusal: Option<(Bytes, usize)>,
}

impl<S> Worded<S> {
    pub(crate) fn new(inner: S, words: Words) -> Worded<S> {
        Worded { inner, words, refusal: None }
    }
}

/// The answer that stands for hyper's, if this is one of its refusals.
fn refusal(written: &[u8], words: Words) -> Option<Bytes> {
    if !written.starts_with(b"HTTP/1.1 4") || !written.windows(EMPTY.len()).any(|bytes| bytes == EMPTY) {
        return None;
    }
    let (status, line) = REFUSALS.iter().find(|(_, line)| written.starts_with(line.as_bytes()))?;
    let (headers, body) = words(*status);
    let length = body.len();
    Some(Bytes::from(format!(
        "{line}content-type: application/json\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )))
}

impl<S: AsyncWrite + Unpin> Worded<S> {
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

impl<S: AsyncRead + Unpin> AsyncRead for Worded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Worded<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.refusal.is_none() {
            self.refusal = refusal(bytes, self.words).map(|answer| (answer, bytes.len()));
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
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    async fn sent(pieces: &[&[u8]]) -> String {
        let (near, mut far) = tokio::io::duplex(64 * 1024);
        let words: Words = |status| (format!("x-status: {status}\r\n"), format!("{{\"status\":{status}}}"));
        let mut worded = Worded::new(near, words);
        for piece in pieces {
            worded.write_all(piece).await.unwrap();
        }
        drop(worded);
        let mut text = String::new();
        far.read_to_string(&mut text).await.unwrap();
        text
    }

    #[tokio::test]
    async fn a_bare_refusal_gets_a_body_of_its_length() {
        for (status, line) in REFUSALS {
            let told = sent(&[format!("{line}content-length: 0\r\ndate: x\r\n\r\n").as_bytes()]).await;
            let (head, body) = told.split_once("\r\n\r\n").unwrap();
            assert_eq!(body, format!("{{\"status\":{status}}}"));
            assert!(head.starts_with(line) && head.contains(&format!("\r\nx-status: {status}\r\n")), "{head}");
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
