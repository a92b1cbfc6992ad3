//! Several answers to one request (`n`), read together as their events come.

use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};

use super::cut::EventCutter;
use super::memory::{Memory, Thoughts};
use crate::client::reply::Reply;
use crate::conversation::Event;
use crate::error::Result;

/// One answer on its way to the caller.
pub(super) struct Reading {
    /// Until it has ended.
    reply: Option<Reply>,
    /// Where the answer is cut on our side.
    cutter: Option<EventCutter>,
    thoughts: Thoughts,
    memory: Arc<Memory>,
}

impl Reading {
    /// Reads `reply` up to the first of `cut_at` and keeps what must be remembered of it in `memory`.
    pub(super) fn new(reply: Reply, cut_at: &[String], memory: Arc<Memory>) -> Reading {
        let cutter = (!cut_at.is_empty()).then(|| EventCutter::new(cut_at.to_vec()));
        Reading { reply: Some(reply), cutter, thoughts: Thoughts::default(), memory }
    }

    /// The events that are ready, at least one; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Event>>> {
        while let Some(reply) = &mut self.reply {
            let streamed = reply.is_streamed();
            let events = reply.next().await?;
            let is_last = events.is_none();
            let events = self.cut(events, streamed);
            events.iter().for_each(|event| self.thoughts.note(event));
            if is_last || self.reply.is_none() {
                self.end();
            }
            if !events.is_empty() {
                return Ok(Some(events));
            }
        }
        Ok(None)
    }

    /// What comes before the cut; after it the rest of a stream is not waited for.
    fn cut(&mut self, events: Option<Vec<Event>>, streamed: bool) -> Vec<Event> {
        let Some(cutter) = &mut self.cutter else { return events.unwrap_or_default() };
        let mut kept = Vec::new();
        match events {
            Some(events) => events.into_iter().for_each(|event| cutter.step(event, &mut kept)),
            None => cutter.finish(&mut kept),
        }
        if cutter.is_cut() && streamed {
            self.reply = None;
        }
        kept
    }

    fn end(&mut self) {
        self.reply = None;
        self.memory.keep(std::mem::take(&mut self.thoughts));
    }
}

/// What comes next of one of the answers.
pub(super) struct Step {
    /// Which answer, from 0.
    pub(super) choice: usize,
    /// Its events; `None`: it has ended.
    pub(super) events: Option<Vec<Event>>,
}

/// The answers to one request.
pub(super) enum Choices {
    /// The rule: one, read without further ado, while it is there.
    One(Option<Box<Reading>>),
    /// Several; each waits for its next events.
    Several(FuturesUnordered<BoxFuture<'static, Read>>),
}

/// One answer after its next events were read.
type Read = (usize, Reading, Result<Option<Vec<Event>>>);

impl Choices {
    /// Reads `readings`, whose places are their numbers.
    pub(super) fn new(mut readings: Vec<Reading>) -> Choices {
        if readings.len() > 1 {
            return Choices::Several(readings.into_iter().enumerate().map(|(choice, one)| read(choice, one)).collect());
        }
        Choices::One(readings.pop().map(Box::new))
    }

    /// What comes next; `None` when all are over. Nothing is to be read after a failure.
    pub(super) async fn next(&mut self) -> Result<Option<Step>> {
        match self {
            Choices::One(only) => {
                let Some(reading) = only else { return Ok(None) };
                let events = reading.next().await?;
                if events.is_none() {
                    *only = None;
                }
                Ok(Some(Step { choice: 0, events }))
            }
            Choices::Several(waiting) => {
                let Some((choice, reading, events)) = waiting.next().await else { return Ok(None) };
                let events = events?;
                if events.is_some() {
                    waiting.push(read(choice, reading));
                }
                Ok(Some(Step { choice, events }))
            }
        }
    }
}

fn read(choice: usize, mut reading: Reading) -> BoxFuture<'static, Read> {
    Box::pin(async move {
        let events = reading.next().await;
        (choice, reading, events)
    })
}
