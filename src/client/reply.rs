//! What a model answers, as events: a whole answer at once, a stream batch by batch.

use bytes::Bytes;

use crate::catalog::{Model, Target};
use crate::conversation::{Event, Usage};
use crate::error::{Error, Result};
use crate::family::{self, Api, ReasoningTags, StreamDecoder};
use crate::transport::{Answer, Frame, Frames};

/// Events after which a batch is handed over though more may be ready.
const FULL_BATCH: usize = 256;

/// An answer whose head has come.
pub(super) struct Reply {
    answer: Answer,
    body: Body,
    /// What ends the answer once the events before it have been given out.
    failure: Option<Error>,
    over: bool,
    sent: Option<Bytes>,
}

/// How an answer was asked for, and what came before its body.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// Where the request went.
    pub(super) url: Option<String>,
    /// Headers of the answer, names in lower case.
    pub(super) headers: Vec<(String, String)>,
    /// The body of the request.
    pub(super) sent: Option<Bytes>,
}

enum Body {
    Whole { api: Api, model: &'static Model },
    Streamed(Box<Streamed>),
}

struct Streamed {
    frames: Frames,
    decoding: Decoding,
    tags: Option<ReasoningTags>,
    /// Whether the body came to its end.
    ended: bool,
}

impl Reply {
    /// Reads `answer` as one body.
    pub(super) fn whole(answer: Answer, api: Api, target: &Target) -> Reply {
        Reply::of(answer, Body::Whole { api, model: target.model })
    }

    /// Reads `answer` as a stream of frames.
    pub(super) fn streamed(answer: Answer, api: Api, target: &Target) -> Reply {
        let tags = target.model.reasoning_tags.then(ReasoningTags::default);
        let streamed = Streamed { frames: Frames::default(), decoding: Decoding::new(api), tags, ended: false };
        Reply::of(answer, Body::Streamed(Box::new(streamed)))
    }

    fn of(answer: Answer, body: Body) -> Reply {
        Reply { answer, body, failure: None, over: false, sent: None }
    }

    /// The same as the answer to the request that was `sent`.
    pub(super) fn to(self, sent: Option<Bytes>) -> Reply {
        Reply { sent, ..self }
    }

    /// The same with each frame of a stream as it came, before what it says ([`Event::Raw`]).
    pub(super) fn with_frames(mut self) -> Reply {
        if let Body::Streamed(streamed) = &mut self.body {
            streamed.decoding.raw = true;
        }
        self
    }

    /// How it was asked for and what came before its body, where the call keeps that.
    pub(super) fn head(&mut self) -> Head {
        let Answer { url, headers, .. } = &mut self.answer;
        Head { url: url.take(), headers: std::mem::take(headers), sent: self.sent.take() }
    }

    /// `x-amzn-RequestId`.
    pub(super) fn request_id(&self) -> Option<&str> {
        self.answer.request_id.as_deref()
    }

    /// Whether the events come as the model says them.
    pub(super) fn is_streamed(&self) -> bool {
        matches!(self.body, Body::Streamed(_))
    }

    /// Whether the body of a stream came to its end; a failure then is that the answer did not.
    pub(super) fn has_ended(&self) -> bool {
        matches!(&self.body, Body::Streamed(streamed) if streamed.ended)
    }

    /// The events that are ready, at least one; `None` at the end. A failure comes after the events before it.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Event>>> {
        if let Some(failure) = self.failure.take() {
            self.over = true;
            return Err(failure.answered(None, self.answer.request_id.clone()));
        }
        if self.over {
            return Ok(None);
        }
        let mut events = Vec::new();
        let read = match &mut self.body {
            Body::Whole { api, model } => read_whole(&mut self.answer, *api, model, &mut events).await,
            Body::Streamed(streamed) => streamed.read(&mut self.answer, &mut events).await,
        };
        match read {
            Ok(more) => self.over = !more,
            Err(failure) => self.failure = Some(failure),
        }
        if events.is_empty() { Box::pin(self.next()).await } else { Ok(Some(events)) }
    }
}

/// Says that no more may come.
async fn read_whole(answer: &mut Answer, api: Api, model: &Model, events: &mut Vec<Event>) -> Result<bool> {
    let body = answer.whole().await?;
    *events = family::decode(api, model, &body)?;
    if !events.iter().any(|event| matches!(event, Event::Usage(_))) {
        events.extend(usage_in_headers(answer.token_counts).map(Event::Usage));
    }
    Ok(false)
}

fn usage_in_headers((input, output): (Option<u64>, Option<u64>)) -> Option<Usage> {
    if input.is_none() && output.is_none() {
        return None;
    }
    let mut usage = Usage::default();
    usage.update(Usage { input_tokens: input, output_tokens: output, ..Usage::default() });
    Some(usage)
}

impl Streamed {
    /// Reads until there is an event, and then what is ready; says whether more may come.
    async fn read(&mut self, answer: &mut Answer, events: &mut Vec<Event>) -> Result<bool> {
        loop {
            let piece = answer.chunk().await;
            if !self.take(piece, events)? {
                return Ok(false);
            }
            if !events.is_empty() {
                break;
            }
        }
        while events.len() < FULL_BATCH {
            let Some(piece) = answer.ready_chunk().await else { break };
            if !self.take(piece, events)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// One piece of the body and everything that is whole in it; says whether more may come. What was held back as the
    /// possible beginning of a tag is given out when no more comes, be it that the answer is whole or that it broke.
    fn take(&mut self, piece: Result<Option<Bytes>>, events: &mut Vec<Event>) -> Result<bool> {
        let Streamed { frames, decoding, tags, ended } = self;
        *ended = matches!(piece, Ok(None));
        let mut decoded = Vec::new();
        let more = piece.and_then(|piece| decoding.read(frames, piece, &mut decoded));
        match tags {
            None if events.is_empty() => *events = decoded,
            None => events.append(&mut decoded),
            Some(tags) => {
                decoded.into_iter().for_each(|event| tags.step(event, events));
                if !matches!(more, Ok(true)) {
                    tags.finish(events);
                }
            }
        }
        more
    }
}

/// From bytes to events.
struct Decoding {
    decoder: Box<dyn StreamDecoder>,
    /// Whether events are native chunks in base64 (InvokeModel).
    native: bool,
    /// Whether each frame is given out as it came.
    raw: bool,
    /// The native chunk at hand; kept for its memory.
    chunk: Vec<u8>,
}

impl Decoding {
    fn new(api: Api) -> Self {
        Decoding { decoder: family::stream_decoder(api), native: api != Api::Converse, raw: false, chunk: Vec::new() }
    }

    /// The end of the body, or a piece of it; the events before a failure are kept.
    fn read(&mut self, frames: &mut Frames, piece: Option<Bytes>, events: &mut Vec<Event>) -> Result<bool> {
        let Some(bytes) = piece else {
            frames.finish()?;
            self.decoder.finish()?;
            return Ok(false);
        };
        frames.push(&bytes);
        while let Some(frame) = frames.next_frame()? {
            self.one(&frame, events)?;
        }
        Ok(true)
    }

    fn one(&mut self, frame: &Frame<'_>, events: &mut Vec<Event>) -> Result<()> {
        let payload = if self.native && frame.event_type == "chunk" {
            family::invoke::native_chunk(frame.payload, &mut self.chunk)?;
            self.chunk.as_slice()
        } else {
            frame.payload
        };
        if self.raw {
            let payload = String::from_utf8_lossy(payload).into_owned();
            events.push(Event::Raw { name: frame.event_type.to_owned(), payload });
        }
        self.decoder.step(frame.event_type, payload, events)
    }
}
