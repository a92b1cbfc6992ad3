//! An answer as a body: frames one by one, at their pace, with the fault that was asked for.
//!
//! The client pulls. Nothing is made ahead of what the connection takes, and dropping the body ends everything.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use bytes::Bytes;
use futures::StreamExt as _;
use http_body_util::BodyStream;
use serde_json::Value;
use tokio::time::Instant;

use super::answer::Event;
use super::connection::Connection;
use super::converse;
use super::events;
use super::exception::Exception;
use super::faults::{Action, message_for};
use super::frames::Frame;
use super::native::{self, Timing, Writer};
use super::physics::Pace;
use super::recorder::Guard;
use super::sources::Live;
use super::state::State;

/// Time for the frames before a break to leave: a server that closes at once loses what it has not flushed.
const GRACE: Duration = Duration::from_millis(20);

/// Who spells the steps of an answer.
pub(super) enum Speaker {
    Converse(converse::Stream),
    Native(Box<dyn Writer>),
}

/// All it takes to send an answer as a stream.
pub(super) struct Telling {
    pub(super) state: State,
    pub(super) speaker: Speaker,
    pub(super) events: Live,
    pub(super) started: SystemTime,
    pub(super) fault: Option<Action>,
    pub(super) connection: Option<Connection>,
    pub(super) pace: Pace,
    /// Bytes written at once; 0: whole frames.
    pub(super) bytes_per_write: usize,
    pub(super) random: fastrand::Rng,
}

/// A [`Telling`] on its way.
struct Progress {
    telling: Telling,
    guard: Guard,
    ready: VecDeque<Frame>,
    /// Bytes of a frame that were held back, to be written in small pieces.
    rest: Bytes,
    sent: usize,
    first_byte: u64,
    /// When the latest step that was waited for was due.
    due: Option<Instant>,
    /// Set when the rest is to be a broken connection.
    broken: bool,
    ended: bool,
}

impl Telling {
    /// The body of the response; `guard` learns how far it came.
    pub(super) fn into_body(self, guard: Guard) -> Body {
        let progress = Progress {
            telling: self,
            guard,
            ready: VecDeque::new(),
            rest: Bytes::new(),
            sent: 0,
            first_byte: 0,
            due: None,
            broken: false,
            ended: false,
        };
        Body::from_stream(futures::stream::unfold(progress, |mut progress| async move {
            progress.next().await.map(|item| (item, progress))
        }))
    }
}

impl Progress {
    async fn next(&mut self) -> Option<Result<Bytes, io::Error>> {
        if !self.rest.is_empty() {
            // The connection is flushed where its body makes it wait.
            tokio::task::yield_now().await;
            let rest = std::mem::take(&mut self.rest);
            return Some(Ok(self.cut(rest)));
        }
        if self.broken {
            tokio::time::sleep(GRACE).await;
            self.guard.finish();
            return Some(Err(io::Error::from(io::ErrorKind::ConnectionAborted)));
        }
        while !self.ended && self.ready.is_empty() {
            match self.telling.events.next().await {
                Some(Ok(event)) => {
                    self.pause(&event).await;
                    self.speak(event);
                }
                Some(Err(exception)) => self.ready.push_back(exception.into_frame()),
                None => self.ended = true,
            }
        }
        let Some(frame) = self.ready.pop_front().filter(|_| !self.ended) else {
            self.guard.finish();
            return None;
        };
        let bytes = match self.telling.fault.clone() {
            Some(action) if action.frame() == self.sent => self.break_at(frame, action).await,
            _ => frame.encode(),
        };
        self.sent += 1;
        Some(Ok(self.cut(bytes.into())))
    }

    /// As much of `bytes` as is written at once; the rest is kept.
    fn cut(&mut self, mut bytes: Bytes) -> Bytes {
        let most = self.telling.bytes_per_write;
        if most > 0 && bytes.len() > most {
            self.rest = bytes.split_off(most);
        }
        bytes
    }

    /// Waits until a model would have made this step. Steps are due at times counted from the first, so that a late
    /// timer or a slow client does not slow the rest down.
    async fn pause(&mut self, event: &Event) {
        let wait = match event {
            Event::Start => self.telling.pace.start(),
            event if event.is_piece() => self.telling.pace.piece(),
            _ => return,
        };
        if !wait.is_zero() {
            let due = self.due.unwrap_or_else(Instant::now) + wait;
            self.due = Some(due);
            tokio::time::sleep_until(due).await;
        }
    }

    fn speak(&mut self, event: Event) {
        let latency = self.telling.state.elapsed(self.telling.started);
        if event == Event::Start {
            self.first_byte = latency;
        }
        match &mut self.telling.speaker {
            Speaker::Converse(stream) => {
                for (name, payload) in stream.step(event, latency) {
                    let frame = self.telling.converse_frame(name, payload);
                    self.ready.push_back(frame);
                }
            }
            Speaker::Native(writer) => {
                let timing = Timing { latency, first_byte: self.first_byte };
                let chunks = match event {
                    Event::Stop(stop, usage) => native::finish(writer.as_mut(), stop, usage, timing),
                    event => writer.step(event),
                };
                for chunk in &chunks {
                    let padding = self.telling.padding();
                    self.ready.push_back(events::chunk(chunk, padding));
                }
            }
        }
    }

    /// What is sent in place of a frame.
    async fn break_at(&mut self, frame: Frame, action: Action) -> Vec<u8> {
        match action {
            Action::Exception { code, message, .. } => {
                self.ended = true;
                Exception::new(&code, message_for(&code, message.as_deref())).into_frame().encode()
            }
            Action::ErrorFrame { code, message, .. } => {
                self.ended = true;
                Frame::error(&code, &message).encode()
            }
            Action::Truncate { .. } => {
                self.broken = true;
                let mut bytes = frame.encode();
                bytes.truncate(bytes.len() / 2);
                bytes
            }
            Action::BadChecksum { .. } => {
                let mut bytes = frame.encode();
                if let Some(last) = bytes.last_mut() {
                    *last ^= 0xff;
                }
                bytes
            }
            Action::Oversize { .. } => {
                self.ended = true;
                oversize()
            }
            Action::Stall { .. } => std::future::pending().await,
            Action::Reset { .. } => {
                let Some(connection) = self.telling.connection.clone() else {
                    self.broken = true;
                    return Vec::new();
                };
                tokio::time::sleep(GRACE).await;
                self.guard.finish();
                connection.reset();
                std::future::pending().await
            }
            Action::Error { .. } => frame.encode(),
        }
    }
}

impl Telling {
    fn padding(&mut self) -> Option<&'static str> {
        self.state.options().padding.then(|| events::padding(&mut self.random))
    }

    fn converse_frame(&mut self, name: &'static str, payload: Value) -> Frame {
        let padding = self.padding();
        events::converse(name, payload, padding)
    }
}

/// The prelude of a frame of 4 GiB, its checksum right, and a little of its content.
fn oversize() -> Vec<u8> {
    let mut bytes = u32::MAX.to_be_bytes().to_vec();
    bytes.extend(0u32.to_be_bytes());
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    bytes.extend([b'x'; 64]);
    bytes
}

/// A body that breaks off after these bytes.
pub(super) fn broken_after(bytes: &[u8]) -> Body {
    let first = Bytes::copy_from_slice(bytes);
    let broken = async {
        tokio::time::sleep(GRACE).await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    };
    Body::from_stream(futures::stream::iter([Ok(first)]).chain(futures::stream::once(broken)))
}

/// A body that counts as sent when it has ended.
pub(super) fn watched(body: Body, guard: Guard) -> Body {
    let frames = BodyStream::new(body);
    Body::from_stream(futures::stream::unfold((frames, guard), |(mut frames, mut guard)| async move {
        loop {
            match frames.next().await {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => return Some((Ok(bytes), (frames, guard))),
                    Err(_trailers) => {}
                },
                Some(Err(broken)) => return Some((Err(broken), (frames, guard))),
                None => {
                    guard.finish();
                    return None;
                }
            }
        }
    }))
}

/// The answer for [`Action::Error`].
pub(super) fn exception_for(code: &str, message: Option<&str>, retry_after: Option<u64>) -> Exception {
    let mut exception = Exception::new(code, message_for(code, message));
    exception.retry_after = retry_after;
    exception
}
