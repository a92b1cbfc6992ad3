//! Asynchronous streaming: an answer that is told while it is judged. What is found comes too late to be masked, and
//! breaks the answer off when it is to be blocked (user guide).

use std::sync::Arc;

use futures::stream::{self, StreamExt as _};

use super::assess::Outcome;
use super::grounding::Grounds;
use super::guard::{Guard, Judgement, Shared, locked, spoken, verdict};
use super::policy::Side;
use crate::simulator::answer::{Event, Kind, Usage};
use crate::simulator::backend::tokens;
use crate::simulator::exception::Exception;
use crate::simulator::sources::Live;

/// Bytes after which a stream is judged again.
const PIECE: usize = 250;

/// Bytes before the latest piece of a stream that are judged with it again: what is found may begin in them.
const OVERLAP: usize = 1000;

/// A stream that is told at once and judged meanwhile.
struct Watched {
    guard: Shared,
    /// `None` when it is over.
    live: Option<Live>,
    /// Tokens of the question, for an answer that is broken off.
    input: u64,
    text: String,
    judged: usize,
    ready: Vec<Event>,
}

/// Judges a stream while it is told, where the request wants that.
pub(in crate::simulator) fn watch(guard: &Shared, live: Live, input: u64) -> Live {
    let is_due = |guard: &Guard| guard.asynchronous && !guard.has_blocked_input();
    if !is_due(&locked(guard)) {
        return live;
    }
    let guard = Arc::clone(guard);
    let watched = Watched { guard, live: Some(live), input, text: String::new(), judged: 0, ready: Vec::new() };
    stream::unfold(watched, |mut watched| async move { watched.next().await.map(|event| (event, watched)) }).boxed()
}

impl Watched {
    async fn next(&mut self) -> Option<Result<Event, Exception>> {
        if let Some(event) = self.ready.pop() {
            return Some(Ok(event));
        }
        let event = match self.live.as_mut()?.next().await? {
            Ok(event) => event,
            Err(exception) => return Some(Err(exception)),
        };
        if let Event::Text(piece) = &event {
            self.text.push_str(piece);
        }
        let is_last = matches!(event, Event::Stop(..));
        let is_due = is_last || self.text.len() - self.judged >= PIECE;
        if is_due {
            match self.judge(is_last).await {
                Ok(None) => {}
                told => {
                    self.live = None;
                    return told.transpose();
                }
            }
        }
        match locked(&self.guard).trace().filter(|_| is_last) {
            Some(trace) => {
                self.ready = vec![event];
                Some(Ok(Event::Trace(trace)))
            }
            None => Some(Ok(event)),
        }
    }

    /// Judges what was told lately, or, when that was the last of it, everything. When it is blocked: the first of the
    /// steps that end the answer, the others being ready.
    async fn judge(&mut self, is_last: bool) -> Result<Option<Event>, Exception> {
        let from = if is_last { 0 } else { self.text.floor_char_boundary(self.judged.saturating_sub(OVERLAP)) };
        self.judged = self.text.len();
        let content = spoken(vec![self.text.get(from..).unwrap_or_default().to_owned()]);
        let (policies, grounds) = {
            let mut guard = locked(&self.guard);
            (guard.watch)();
            // A part of an answer cannot be held against its source.
            let grounds = if is_last { guard.grounds.clone() } else { Grounds::default() };
            (Arc::clone(&guard.policies), grounds)
        };
        let verdict = verdict(&policies, Side::Output, &content, &grounds).await?;
        let mut guard = locked(&self.guard);
        let is_blocked = verdict.outcome == Outcome::Blocked;
        let latency = (guard.watch)();
        guard.output = Some(Judgement { verdict, latency });
        if !is_blocked {
            return Ok(None);
        }
        guard.model_output = vec![self.text.clone()];
        let usage = Usage::new(self.input, tokens::count(&self.text));
        self.ready = vec![Event::Stop(guard.stop(), usage)];
        self.ready.extend(guard.trace().map(Event::Trace));
        self.ready.push(Event::End(Kind::Text));
        Ok(Some(Event::Text(guard.blocked_output.clone())))
    }
}
