//! One keep-alive connection over HTTP/1.1 and the times that streamed texts carry.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Poll, ready};

use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;

use crate::body::{Chunked, HEAD_END, find, length_of};
use crate::frames::{DIGITS, MARK};

thread_local! {
    /// One for all connections: nothing stays in it.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

pub(crate) struct Client {
    stream: TcpStream,
}

impl Client {
    pub(crate) async fn open(port: u16) -> Client {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream }
    }

    pub(crate) async fn send(&mut self, request: &[u8]) {
        self.stream.write_all(request).await.unwrap();
    }

    /// Reads an answer to its end.
    pub(crate) async fn answer(&mut self) {
        let (head, mut body) = self.head().await;
        match length_of(&head) {
            Some(length) => {
                while body.len() < length {
                    self.read(|bytes| body.extend_from_slice(bytes)).await;
                }
            }
            None => {
                let mut chunked = Chunked::default();
                let mut over = chunked.take(&body, |_| {});
                while !over {
                    self.read(|bytes| over = chunked.take(bytes, |_| {})).await;
                }
            }
        }
    }

    /// Reads a stream to its end, telling of each text's time.
    pub(crate) async fn stream(&mut self, mut text: impl FnMut(u64)) {
        let (head, body) = self.head().await;
        assert!(length_of(&head).is_none(), "a stream has no length");
        let (mut chunked, mut times) = (Chunked::default(), Times::default());
        let mut over = chunked.take(&body, |data| times.take(data, &mut text));
        while !over {
            self.read(|bytes| over = chunked.take(bytes, |data| times.take(data, &mut text))).await;
        }
    }

    /// The head of an answer, and what came with it.
    async fn head(&mut self) -> (Vec<u8>, Vec<u8>) {
        let mut head = Vec::new();
        loop {
            self.read(|bytes| head.extend_from_slice(bytes)).await;
            if let Some(end) = find(&head, HEAD_END) {
                let body = head.split_off(end + HEAD_END.len());
                let told = || format!("{}{}", String::from_utf8_lossy(&head), String::from_utf8_lossy(&body));
                assert!(head.starts_with(b"HTTP/1.1 200 "), "{}", told());
                return (head, body);
            }
        }
    }

    async fn read(&mut self, mut take: impl FnMut(&[u8])) {
        let stream = &mut self.stream;
        poll_fn(|context| {
            BUFFER.with_borrow_mut(|buffer| {
                let mut buffer = ReadBuf::new(buffer);
                ready!(Pin::new(&mut *stream).poll_read(context, &mut buffer)).unwrap();
                assert!(!buffer.filled().is_empty(), "the server closed the connection");
                take(buffer.filled());
                Poll::Ready(())
            })
        })
        .await;
    }
}

/// Finds times in what comes piece by piece.
#[derive(Default)]
struct Times {
    /// A time whose digits are not all there.
    begun: Vec<u8>,
}

impl Times {
    fn take(&mut self, data: &[u8], text: &mut impl FnMut(u64)) {
        if !self.begun.is_empty() {
            let whole = [std::mem::take(&mut self.begun).as_slice(), data].concat();
            return self.take(&whole, text);
        }
        let mut rest = data;
        while let Some(at) = rest.iter().position(|byte| *byte == MARK) {
            let after = &rest[at + 1..];
            let digits = after.iter().take(DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
            if digits == DIGITS {
                text(after[..DIGITS].iter().fold(0, |time, digit| time * 10 + u64::from(digit - b'0')));
            } else if digits == after.len() {
                self.begun = rest[at..].to_vec();
                return;
            }
            rest = after;
        }
    }
}
