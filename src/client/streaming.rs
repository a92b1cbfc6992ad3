//! A streamed answer: bytes to frames to events to text, one batch for each piece the network gives.

use super::Outcome;
use super::reading::{Reading, note};
use crate::catalog::Target;
use crate::conversation::Event;
use crate::error::{Error, Result};
use crate::family::{self, Api, ReasoningTags, StreamDecoder, Surrogates};
use crate::transport::{Answer, Frames};

/// A stream being read.
pub(super) struct Streaming {
    answer: Answer,
    frames: Frames,
    decoder: Box<dyn StreamDecoder>,
    chunked: bool,
    surrogates: Surrogates,
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
            decoder: family::stream_decoder(api),
            chunked: api != Api::Converse,
            surrogates: Surrogates::default(),
            tags: target.model.reasoning_tags.then(ReasoningTags::default),
            reading,
            failure: None,
            over: false,
        }
    }

    /// The text of the next pieces, at least one; a failure comes after the text before it.
    pub(super) async fn next_batch(&mut self, outcome: &mut Outcome) -> Result<Option<Vec<String>>> {
        let mut text = Vec::new();
        while text.is_empty() {
            if let Some(failure) = self.failure.take() {
                return Err(failure.answered(None, self.answer.request_id.clone()));
            }
            if self.over {
                return Ok(None);
            }
            if let Err(failure) = self.advance(outcome, &mut text).await {
                self.failure = Some(failure);
            }
        }
        Ok(Some(text))
    }

    /// Reads one piece of the body and everything that is whole in it.
    async fn advance(&mut self, outcome: &mut Outcome, text: &mut Vec<String>) -> Result<()> {
        let Some(bytes) = self.answer.chunk().await? else {
            self.frames.finish()?;
            self.decoder.finish()?;
            self.end(outcome, text);
            return Ok(());
        };
        self.frames.push(&bytes);
        let mut events = Vec::new();
        while let Some(frame) = self.frames.next_frame()? {
            let chunk;
            let payload = if self.chunked && frame.event_type == "chunk" {
                chunk = family::invoke::native_chunk(&frame.payload)?;
                chunk.as_slice()
            } else {
                &frame.payload
            };
            self.decode(&frame.event_type, payload, &mut events)?;
            self.render(&mut events, outcome, text);
            if self.reading.renderer.cut_at().is_some() {
                self.end(outcome, text);
                return Ok(());
            }
        }
        Ok(())
    }

    fn decode(&mut self, event_type: &str, payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
        let refused = match self.decoder.step(event_type, payload, events) {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        match self.surrogates.join(payload) {
            Some(joined) => self.decoder.step(event_type, &joined, events),
            None => Err(refused),
        }
    }

    fn render(&mut self, events: &mut Vec<Event>, outcome: &mut Outcome, text: &mut Vec<String>) {
        let Some(tags) = &mut self.tags else {
            for event in events.drain(..) {
                note(&event, outcome);
                self.reading.renderer.step(event, text);
            }
            return;
        };
        let mut split = Vec::new();
        events.drain(..).for_each(|event| tags.step(event, &mut split));
        for event in split {
            note(&event, outcome);
            self.reading.renderer.step(event, text);
        }
    }

    fn end(&mut self, outcome: &mut Outcome, text: &mut Vec<String>) {
        let mut rest = Vec::new();
        if let Some(tags) = &mut self.tags {
            tags.finish(&mut rest);
        }
        rest.into_iter().for_each(|event| self.reading.renderer.step(event, text));
        self.reading.renderer.finish(text);
        self.reading.report(outcome);
        self.over = true;
    }
}
