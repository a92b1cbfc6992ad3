//! One answer on its way to the caller: what fitting changed is changed back, and it is cut where that is left to us.

use std::sync::Arc;

use super::cut::EventCutter;
use super::memory::{Memory, Thoughts};
use super::reply::Reply;
use crate::conversation::Event;
use crate::error::{Error, Result};
use crate::family::Undo;
use crate::family::fit::Plan;

/// One answer on its way to the caller.
pub(super) struct Reading {
    source: Source,
    /// What fitting changed is changed back.
    undo: Undo,
    /// Where the answer is cut on our side.
    cutter: Option<EventCutter>,
    thoughts: Thoughts,
    memory: Arc<Memory>,
    /// Whether it ended before it was whole.
    is_cut_off: bool,
}

enum Source {
    /// An answer that comes.
    Reply(Box<Reply>),
    /// An answer that was read, and needs nothing any more.
    Read(Vec<Event>),
    /// What broke the answer off; it comes after what was held back.
    Broken(Box<Error>),
    Over,
}

impl Reading {
    /// Reads `reply`, does what `plan` has left to do, and keeps what must be remembered of it in `memory`.
    pub(super) fn new(reply: Reply, plan: &Plan, memory: Arc<Memory>) -> Reading {
        let cutter = (!plan.cut_at.is_empty()).then(|| EventCutter::new(plan.cut_at.clone()));
        let source = Source::Reply(Box::new(reply));
        Reading { source, undo: Undo::new(plan), cutter, thoughts: Thoughts::default(), memory, is_cut_off: false }
    }

    /// An answer that was read with another.
    pub(super) fn of(events: Vec<Event>) -> Reading {
        let (undo, memory) = (Undo::new(&Plan::default()), Arc::default());
        Reading {
            source: Source::Read(events),
            undo,
            cutter: None,
            thoughts: Thoughts::default(),
            memory,
            is_cut_off: false,
        }
    }

    /// The events that are ready, at least one; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Event>>> {
        loop {
            let Source::Reply(reply) = &mut self.source else {
                return match std::mem::replace(&mut self.source, Source::Over) {
                    Source::Read(events) => Ok(Some(events)),
                    Source::Broken(failure) => Err(*failure),
                    Source::Reply(_) | Source::Over => Ok(None),
                };
            };
            let (read, streamed) = (reply.next().await, reply.is_streamed());
            self.is_cut_off = read.is_err() && reply.has_ended();
            let (read, failure) = read.map_or_else(|failure| (None, Some(failure)), |read| (read, None));
            let is_last = read.is_none();
            let undone = self.undone(read);
            let events = self.cut(undone);
            events.iter().for_each(|event| self.thoughts.note(event));
            if let Some(failure) = failure {
                self.source = Source::Broken(Box::new(failure));
            } else if is_last || streamed && self.cutter.as_ref().is_some_and(EventCutter::is_cut) {
                // After the cut the rest of a stream is not waited for.
                self.source = Source::Over;
                self.memory.keep(std::mem::take(&mut self.thoughts));
            }
            if !events.is_empty() {
                return Ok(Some(events));
            }
        }
    }

    /// Whether the answer failed because it ended before it was whole.
    pub(super) fn is_cut_off(&self) -> bool {
        self.is_cut_off
    }

    /// All events there are.
    pub(super) async fn all(&mut self) -> Result<Vec<Event>> {
        let mut all = Vec::new();
        while let Some(events) = self.next().await? {
            all.extend(events);
        }
        Ok(all)
    }

    fn undone(&mut self, read: Option<Vec<Event>>) -> (Vec<Event>, bool) {
        let mut undone = Vec::new();
        match read {
            Some(events) if self.undo.is_idle() => (events, false),
            Some(events) => {
                events.into_iter().for_each(|event| self.undo.step(event, &mut undone));
                (undone, false)
            }
            None => {
                self.undo.finish(&mut undone);
                (undone, true)
            }
        }
    }

    /// What comes before the cut.
    fn cut(&mut self, (events, is_last): (Vec<Event>, bool)) -> Vec<Event> {
        let Some(cutter) = &mut self.cutter else { return events };
        let mut kept = Vec::new();
        events.into_iter().for_each(|event| cutter.step(event, &mut kept));
        if is_last {
            cutter.finish(&mut kept);
        }
        kept
    }
}
