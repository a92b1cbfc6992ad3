//! A client's TCP connection as the simulator holds it: who is there, and a way to reset it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// A handle on a connection; every request carries one as an extension.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    peer: SocketAddr,
    line: Arc<Line>,
}

#[derive(Debug, Default)]
struct Line {
    reset: AtomicBool,
    cut: Notify,
}

impl Connection {
    pub(super) fn new(peer: SocketAddr) -> Connection {
        Connection { peer, line: Arc::default() }
    }

    /// Whether the client is on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.peer.ip().to_canonical().is_loopback()
    }

    /// Asks for the connection to be reset; it happens as soon as the server looks.
    pub(super) fn reset(&self) {
        self.line.reset.store(true, Ordering::Release);
        self.line.cut.notify_one();
    }

    /// Completes when a reset was asked for.
    pub(super) async fn cut(&self) {
        self.line.cut.notified().await;
    }
}

/// The socket of a connection. Closes with a TCP reset when one was asked for.
pub(super) struct Socket {
    stream: TcpStream,
    line: Arc<Line>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, connection: &Connection) -> Socket {
        // Frames are small and must not wait for each other; a socket that refuses still works.
        let _ = stream.set_nodelay(true);
        Socket { stream, line: Arc::clone(&connection.line) }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.line.reset.load(Ordering::Acquire) {
            // Without it the client sees an orderly close, which is the next best thing.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
