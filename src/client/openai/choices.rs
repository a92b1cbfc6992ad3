//! Several answers to one request (`n`), read together as their events come.

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};

use crate::client::reading::Reading;
use crate::conversation::Event;
use crate::error::Result;

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
