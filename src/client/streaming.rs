//! A streamed answer: bytes to frames to events to text, one batch for each piece the network gives.

use bytes::Bytes;

use super::Outcome;
use super::reading::{Reading, note};
use crate::catalog::Target;
use crate::conversation::Event;
use crate::error::{Error, Result};
use crate::family::{self, Api, ReasoningTags, StreamDecoder, Surrogates};
use crate::transport::{Answer, Frame, Frames};

/// Pieces of text after which a batch is handed over though more may be ready.
const FULL_BATCH: usize = 256;

/// A stream being read.
pub(super) struct Streaming {
    answer: Answer,
    frames: Frames,
    decoding: Decoding,
    tags: Option<ReasoningTags>,
    reading: Reading,
    /// What ends the stream once the text before it has been given out.
    failure: Option<Error>,
    over: bool,
}

impl Streaming {
    /// Starts to read `answer`.
    pub(super) fn new(answer: Answer, api: Api, target: &Target, reading: Reading) -> Self {
        Streaming {
            answer,
            frames: Frames::default(),
            decoding: Decoding::new(api),
            tags: target.model.reasoning_tags.then(ReasoningTags::default),
            reading,
            failure: None,
            over: false,
        }
    }

    /// The text that is ready, at least one piece; a failure comes after the text before it.
    pub(super) async fn next_batch(&mut self, outcome: &mut Outcome) -> Result<Option<Vec<String>>> {
        let mut text = Vec::new();
        while text.is_empty() {
            if let Some(failure) = self.failure.take() {
                return Err(failure.answered(None, self.answer.request_id.clone()));
            }
            if self.over {
                return Ok(None);
            }
            let piece = self.answer.chunk().await;
            self.take(piece, outcome, &mut text);
        }
        while text.len() < FULL_BATCH && !self.over && self.failure.is_none() {
            let Some(piece) = self.answer.ready_chunk().await else { break };
            self.take(piece, outcome, &mut text);
        }
        Ok(Some(text))
    }

    fn take(&mut self, piece: Result<Option<Bytes>>, outcome: &mut Outcome, text: &mut Vec<String>) {
        let more = piece.and_then(|piece| self.read(piece, outcome, text));
        if !matches!(more, Ok(true)) {
            self.release(text);
        }
        match more {
            // Nothing after the cut counts, not even a failure.
            _ if self.reading.renderer.cut_at().is_some() => self.end(outcome, text),
            Ok(true) => {}
            Ok(false) => self.end(outcome, text),
            Err(failure) => self.failure = Some(failure),
        }
    }

    /// Reads one piece of the body and everything that is whole in it; says whether more may come.
    fn read(&mut self, piece: Option<Bytes>, outcome: &mut Outcome, text: &mut Vec<String>) -> Result<bool> {
        let Some(bytes) = piece else {
            self.frames.finish()?;
            self.decoding.decoder.finish()?;
            return Ok(false);
        };
        self.frames.push(&bytes);
        let mut events = Vec::new();
        let decoded = self.decoding.all(&mut self.frames, &mut events);
        self.render(events, outcome, text);
        decoded.map(|()| true)
    }

    fn render(&mut self, events: Vec<Event>, outcome: &mut Outcome, text: &mut Vec<String>) {
        let events = match &mut self.tags {
            Some(tags) => {
                let mut split = Vec::with_capacity(events.len());
                events.into_iter().for_each(|event| tags.step(event, &mut split));
                split
            }
            None => events,
        };
        for event in events {
            note(&event, outcome);
            self.reading.renderer.step(event, text);
        }
    }

    /// Gives out what was held back as the possible beginning of a tag or a stop sequence: no more comes, be it that
    /// the answer is whole or that it broke.
    fn release(&mut self, text: &mut Vec<String>) {
        let mut held = Vec::new();
        if let Some(tags) = &mut self.tags {
            tags.finish(&mut held);
        }
        held.into_iter().for_each(|event| self.reading.renderer.step(event, text));
        self.reading.renderer.release(text);
    }

    fn end(&mut self, outcome: &mut Outcome, text: &mut Vec<String>) {
        self.reading.renderer.finish(text);
        self.reading.report(outcome);
        self.over = true;
    }
}

/// From frames to events.
struct Decoding {
    decoder: Box<dyn StreamDecoder>,
    surrogates: Surrogates,
    /// Whether events are native chunks in base64 (InvokeModel).
    native: bool,
    /// The native chunk at hand; kept for its memory.
    chunk: Vec<u8>,
}

impl Decoding {
    fn new(api: Api) -> Self {
        Decoding {
            decoder: family::stream_decoder(api),
            surrogates: Surrogates::default(),
            native: api != Api::Converse,
            chunk: Vec::new(),
        }
    }

    /// Every whole frame; the events before a failure are kept.
    fn all(&mut self, frames: &mut Frames, events: &mut Vec<Event>) -> Result<()> {
        while let Some(frame) = frames.next_frame()? {
            self.one(&frame, events)?;
        }
        Ok(())
    }

    fn one(&mut self, frame: &Frame<'_>, events: &mut Vec<Event>) -> Result<()> {
        let payload = if self.native && frame.event_type == "chunk" {
            family::invoke::native_chunk(frame.payload, &mut self.chunk)?;
            self.chunk.as_slice()
        } else {
            frame.payload
        };
        let refused = match self.decoder.step(frame.event_type, payload, events) {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        match self.surrogates.join(payload) {
            Some(joined) => self.decoder.step(frame.event_type, &joined, events),
            None => Err(refused),
        }
    }
}
