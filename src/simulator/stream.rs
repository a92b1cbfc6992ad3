//! An answer as a body: frames one by one, at their pace, with the fault that was asked for.
//!
//! The client pulls. Nothing is made ahead of what the connection takes, and dropping the body ends everything.

use std::io;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use bytes::Bytes;
use futures::{FutureExt as _, StreamExt as _};
use http_body_util::BodyStream;
use tokio::time::Instant;

use super::answer::Event;
use super::breaks::{After, Breaker, Piece};
use super::connection::Connection;
use super::converse::{self, Sink};
use super::events::{self, Padding};
use super::exception::Exception;
use super::guardrails;
use super::journal::Guard;
use super::native::{self, Timing, Writer};
use super::physics::Pace;
use super::quotas::Allowance;
use super::server_sent;
use super::sources::Live;
use super::state::State;

/// Time for the frames before a break to leave: a server that closes at once loses what it has not flushed.
const GRACE: Duration = Duration::from_millis(20);
/// Bytes of frames that are written together, when nothing makes them wait.
const BATCH: usize = 16 * 1024;
const CENTURY: Duration = Duration::from_secs(100 * 365 * 86_400);

/// Who spells the steps of an answer.
pub(super) enum Speaker {
    Converse(Box<converse::Stream>),
    Native(Box<dyn Writer>),
    /// The same chunks as server-sent events, without Bedrock's metrics.
    ServerSent(Box<dyn Writer>),
}

impl Speaker {
    /// The error that ends the stream.
    fn failure(&self, exception: Exception) -> Vec<u8> {
        match self {
            Speaker::ServerSent(_) => server_sent::failure(&exception),
            _ => exception.into_frame().encode(),
        }
    }
}

/// All it takes to send an answer as a stream.
pub(super) struct Telling {
    pub(super) state: State,
    pub(super) speaker: Speaker,
    pub(super) events: Live,
    pub(super) started: SystemTime,
    pub(super) breaker: Breaker,
    pub(super) connection: Option<Connection>,
    /// What adds to the chunks of a guarded answer.
    pub(super) guardrail: Option<guardrails::Shared>,
    pub(super) pace: Pace,
    /// Bytes written at once; 0: whole frames.
    pub(super) bytes_per_write: usize,
    pub(super) padding: Padding,
    /// Quota that is set aside for it.
    pub(super) allowance: Option<Allowance>,
}

/// A [`Telling`] on its way.
struct Progress {
    telling: Telling,
    guard: Guard,
    /// Frames that are ready to be written.
    out: Vec<u8>,
    /// A step that is due later than what is ready.
    held: Option<(Event, Instant)>,
    /// Bytes that were held back, to be written in small pieces.
    rest: Bytes,
    first_byte: u64,
    /// When the latest step that was waited for was due.
    due: Option<Instant>,
    /// What comes when all that is ready has been written.
    after: After,
}

impl Telling {
    /// The body of the response; `guard` learns how far it came.
    pub(super) fn into_body(self, guard: Guard) -> Body {
        let progress = Progress {
            telling: self,
            guard,
            out: Vec::new(),
            held: None,
            rest: Bytes::new(),
            first_byte: 0,
            due: None,
            after: After::GoOn,
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
        loop {
            match std::mem::replace(&mut self.after, After::GoOn) {
                After::GoOn => self.fill().await,
                After::End => {
                    self.guard.finish();
                    return None;
                }
                After::Break => {
                    tokio::time::sleep(GRACE).await;
                    self.guard.finish();
                    return Some(Err(io::Error::from(io::ErrorKind::ConnectionAborted)));
                }
                After::Reset => self.reset().await,
                After::Stall(None) => std::future::pending().await,
                After::Stall(Some(time)) => tokio::time::sleep(time).await,
            }
            if !self.out.is_empty() {
                let bytes = Bytes::from(std::mem::take(&mut self.out));
                self.guard.written(&bytes);
                return Some(Ok(self.cut(bytes)));
            }
        }
    }

    /// Makes frames until there is a lot to write, or nothing more at once.
    async fn fill(&mut self) {
        while self.after == After::GoOn && self.out.len() < BATCH {
            if let Some((event, due)) = self.held.take() {
                if !self.out.is_empty() {
                    self.held = Some((event, due));
                    return;
                }
                tokio::time::sleep_until(due).await;
                self.speak(event);
                continue;
            }
            let next = self.telling.events.next();
            let event = if self.out.is_empty() {
                next.await
            } else {
                match next.now_or_never() {
                    Some(event) => event,
                    None => return,
                }
            };
            match event {
                Some(Ok(event)) => match self.due(&event) {
                    Some(due) => self.held = Some((event, due)),
                    None => self.speak(event),
                },
                Some(Err(exception)) => {
                    self.out.extend(self.telling.speaker.failure(exception));
                    self.after = After::End;
                }
                None => self.after = After::End,
            }
        }
    }

    /// As much of `bytes` as is written at once; the rest is kept.
    fn cut(&mut self, mut bytes: Bytes) -> Bytes {
        let most = self.telling.bytes_per_write;
        if most > 0 && bytes.len() > most {
            self.rest = bytes.split_off(most);
        }
        bytes
    }

    /// When a model would have made this step; `None`: at once. Times are counted from the first, so that a late timer
    /// or a slow client does not slow the rest down.
    fn due(&mut self, event: &Event) -> Option<Instant> {
        let wait = match event {
            Event::Start => self.telling.pace.start(),
            event if event.is_piece() => self.telling.pace.piece(),
            _ => return None,
        };
        if wait.is_zero() {
            return None;
        }
        let before = self.due.unwrap_or_else(Instant::now);
        // A wait of centuries is as good as any other that never ends.
        let due = before.checked_add(wait).unwrap_or(before + CENTURY);
        self.due = Some(due);
        Some(due)
    }

    fn speak(&mut self, event: Event) {
        let latency = self.telling.state.elapsed(self.telling.started);
        if event == Event::Start {
            self.first_byte = latency;
        }
        if let Event::Stop(_, usage) = &event
            && let Some(allowance) = self.telling.allowance.take()
        {
            allowance.settle(*usage);
        }
        match &mut self.telling.speaker {
            Speaker::Converse(stream) => {
                let mut frames = Vec::new();
                stream.step(event, latency, &mut Sink { frames: &mut frames, padding: &mut self.telling.padding });
                frames.into_iter().for_each(|(name, frame)| self.write(name, &Piece::Frame(frame)));
            }
            Speaker::Native(writer) => {
                let timing = Timing { latency, first_byte: self.first_byte };
                let is_last = matches!(event, Event::Stop(..));
                let mut chunks = match event {
                    Event::Stop(stop, usage) => native::finish(writer.as_mut(), stop, usage, timing),
                    event => writer.step(event),
                };
                if let Some(guard) = &self.telling.guardrail {
                    guardrails::locked(guard).dress_chunks(&mut chunks, is_last);
                }
                for chunk in &chunks {
                    let frame = events::chunk(chunk, self.telling.padding.next());
                    self.write(events::chunk_name(chunk), &Piece::Frame(frame));
                }
            }
            Speaker::ServerSent(writer) => {
                for chunk in writer.step(event) {
                    self.write("chunk", &Piece::ServerSent(server_sent::event(&chunk)));
                }
            }
        }
    }

    fn write(&mut self, name: &str, frame: &Piece) {
        if self.after == After::GoOn {
            self.after = self.telling.breaker.write(name, frame, &mut self.out);
        }
    }

    async fn reset(&mut self) {
        tokio::time::sleep(GRACE).await;
        self.guard.finish();
        if let Some(connection) = &self.telling.connection {
            connection.reset();
            std::future::pending().await
        }
        self.after = After::Break;
    }
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
    Body::from_stream(futures::stream::unfold((frames, guard), |(mut frames, guard)| async move {
        loop {
            match frames.next().await {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => {
                        guard.written(&bytes);
                        return Some((Ok(bytes), (frames, guard)));
                    }
                    Err(_trailers) => {}
                },
                Some(Err(broken)) => {
                    guard.finish();
                    return Some((Err(broken), (frames, guard)));
                }
                None => {
                    guard.finish();
                    return None;
                }
            }
        }
    }))
}
