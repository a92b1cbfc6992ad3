//! The other side of the simulator's benchmark: a bare hyper server as yardstick, and clients whose CPU nobody counts.
//!
//! ```text
//! simulator-driver echo BODY                              answers every request with the file's bytes; prints its port
//! simulator-driver calls PORT REQUEST WIDTH COUNT         sends the request's bytes; one answer each
//! simulator-driver streams PORT REQUEST WIDTH COUNT       the same for event streams; counts frames
//! simulator-driver paced PORT REQUEST STREAMS EVERY SKIP  opens all at once; how late are frames sent EVERY milliseconds?
//! ```
//!
//! Each prints one line of JSON.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark's driver"
)]

use std::convert::Infallible;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Response, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments[at].parse::<usize>().unwrap();
    let file = |at: usize| Bytes::from(std::fs::read(&arguments[at]).unwrap());
    match arguments[0].as_str() {
        "echo" => echo(file(1)).await,
        "calls" => many(number(1), file(2), number(3), number(4), false).await,
        "streams" => many(number(1), file(2), number(3), number(4), true).await,
        "paced" => paced(number(1), file(2), number(3), number(4) as f64, number(5)).await,
        other => panic!("what is {other}?"),
    }
}

/// A server as small as hyper allows: the request is read to its end, the answer has the simulator's bytes.
async fn echo(body: Bytes) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!(r#"{{"port":{}}}"#, listener.local_addr().unwrap().port());
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let body = body.clone();
        let service = service_fn(move |request: http::Request<Incoming>| {
            let body = body.clone();
            async move {
                request.into_body().collect().await.unwrap();
                let mut response = Response::new(Full::new(body));
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
                headers
                    .insert("x-amzn-requestid", http::HeaderValue::from_static("aa69b1e2-0c45-405f-b6f1-d2f27b0e1ee3"));
                Ok::<_, Infallible>(response)
            }
        });
        tokio::spawn(http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service));
    }
}

async fn many(port: usize, request: Bytes, width: usize, count: usize, streamed: bool) {
    let started = Instant::now();
    let lanes = (0..width).map(|lane| {
        let request = request.clone();
        tokio::spawn(async move {
            let mut connection = Connection::open(port).await;
            let mut units = 0;
            for _ in (lane..count).step_by(width) {
                connection.send(&request).await;
                units += if streamed { connection.stream(|_| {}).await } else { connection.answer().await };
            }
            units
        })
    });
    let mut units = 0;
    for lane in lanes.collect::<Vec<_>>() {
        units += lane.await.unwrap();
    }
    println!(r#"{{"answers":{count},"units":{units},"seconds":{}}}"#, started.elapsed().as_secs_f64());
}

/// A frame is late by what it comes after its place in the stream's own schedule, whose start is set by the least delayed.
async fn paced(port: usize, request: Bytes, streams: usize, every: f64, skip: usize) {
    let mut tasks = Vec::with_capacity(streams);
    for _ in 0..streams {
        let request = request.clone();
        let mut connection = Connection::open(port).await;
        tasks.push(tokio::spawn(async move {
            connection.send(&request).await;
            let mut times = Vec::new();
            connection.stream(|frames| (0..frames).for_each(|_| times.push(Instant::now()))).await;
            times
        }));
        // Two thousand clients do not come in the same millisecond.
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
    println!(r#"{{"open":{streams}}}"#);
    let mut lateness = Vec::new();
    for task in tasks {
        let times = task.await.unwrap();
        // The first frame is the head, the last five come with the last piece.
        let pieces = &times[1..times.len() - 5];
        let place = |at: usize| (pieces[at] - pieces[0]).as_secs_f64() * 1000.0 - at as f64 * every;
        let least = (skip..pieces.len()).map(place).fold(f64::INFINITY, f64::min);
        lateness.extend((skip..pieces.len()).map(|at| place(at) - least));
    }
    lateness.sort_by(f64::total_cmp);
    let quantile = |share: f64| lateness[((lateness.len() - 1) as f64 * share) as usize];
    println!(
        r#"{{"frames":{},"p50":{},"p99":{},"max":{}}}"#,
        lateness.len(),
        quantile(0.5),
        quantile(0.99),
        quantile(1.0)
    );
}

/// One keep-alive connection over HTTP/1.1, and what was read beyond the last answer.
struct Connection {
    stream: TcpStream,
    pending: Vec<u8>,
    start: usize,
}

impl Connection {
    async fn open(port: usize) -> Connection {
        let stream = TcpStream::connect(("127.0.0.1", port as u16)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Connection { stream, pending: Vec::with_capacity(16 * 1024), start: 0 }
    }

    async fn send(&mut self, request: &[u8]) {
        self.stream.write_all(request).await.unwrap();
    }

    async fn more(&mut self) {
        self.pending.drain(..self.start);
        self.start = 0;
        assert!(self.stream.read_buf(&mut self.pending).await.unwrap() > 0, "the server closed the connection");
    }

    /// The head of the answer, as text.
    async fn head(&mut self) -> String {
        loop {
            let rest = &self.pending[self.start..];
            if let Some(end) = rest.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let head = String::from_utf8(rest[..end].to_vec()).unwrap();
                self.start += end + 4;
                assert!(
                    head.starts_with("HTTP/1.1 200 "),
                    "{head} {}",
                    String::from_utf8_lossy(&self.pending[self.start..])
                );
                return head.to_ascii_lowercase();
            }
            self.more().await;
        }
    }

    /// Reads a whole answer; its length.
    async fn answer(&mut self) -> usize {
        let head = self.head().await;
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()).unwrap();
        let length: usize = length.parse().unwrap();
        while self.pending.len() - self.start < length {
            self.more().await;
        }
        self.start += length;
        length
    }

    /// Reads a stream, telling of frames as they are complete; how many there were.
    async fn stream(&mut self, mut told: impl FnMut(usize)) -> usize {
        self.head().await;
        let (mut frames, mut counter) = (0, FrameCounter::default());
        loop {
            let rest = &self.pending[self.start..];
            let line = rest.windows(2).position(|bytes| bytes == b"\r\n");
            let size =
                line.map(|end| (end, usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap()));
            match size {
                Some((end, size)) if rest.len() >= end + 2 + size + 2 => {
                    let fresh = counter.count(&rest[end + 2..end + 2 + size]);
                    self.start += end + 2 + size + 2;
                    frames += fresh;
                    told(fresh);
                    if size == 0 {
                        assert!(counter.at_end(), "the stream ends inside a frame");
                        return frames;
                    }
                }
                _ => self.more().await,
            }
        }
    }
}

/// Counts frames by their lengths, whatever pieces they come in.
#[derive(Default)]
struct FrameCounter {
    length: [u8; 4],
    known: usize,
    left: usize,
}

impl FrameCounter {
    fn count(&mut self, mut bytes: &[u8]) -> usize {
        let mut frames = 0;
        while !bytes.is_empty() {
            if self.left == 0 {
                self.length[self.known] = bytes[0];
                self.known += 1;
                bytes = &bytes[1..];
                if self.known == 4 {
                    self.left = u32::from_be_bytes(self.length) as usize - 4;
                    self.known = 0;
                }
                continue;
            }
            let taken = self.left.min(bytes.len());
            self.left -= taken;
            bytes = &bytes[taken..];
            frames += usize::from(self.left == 0);
        }
        frames
    }

    fn at_end(&self) -> bool {
        self.left == 0 && self.known == 0
    }
}
