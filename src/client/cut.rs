//! Ends an answer at a stop sequence that the model could not be given.

use crate::conversation::{Event, StopReason};
use crate::dialect::stop::{Cut, StopCutter};

/// The state machine from events to the events before the first sequence.
#[derive(Debug)]
pub(super) struct EventCutter {
    cutter: StopCutter,
    /// The content block that the held text belongs to.
    block: u32,
    is_cut: bool,
}

impl EventCutter {
    /// Cuts at the first of `sequences`.
    pub(super) fn new(sequences: Vec<String>) -> EventCutter {
        EventCutter { cutter: StopCutter::new(sequences), block: 0, is_cut: false }
    }

    /// Adds what `event` comes to. What is held goes out before anything that is no text.
    pub(super) fn step(&mut self, event: Event, out: &mut Vec<Event>) {
        match event {
            // What the call cost and how it was served is still of interest.
            event if self.is_cut => out.extend(Some(event).filter(is_of_the_call)),
            Event::Text { index, text } => self.text(index, text, out),
            // Of the wire and not of the answer.
            Event::Raw { .. } => out.push(event),
            event => {
                self.finish(out);
                out.push(event);
            }
        }
    }

    /// No more text comes: what was held is no sequence.
    pub(super) fn finish(&mut self, out: &mut Vec<Event>) {
        let text = self.cutter.finish();
        self.give(text, out);
    }

    /// Whether the answer is over.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    fn text(&mut self, index: u32, text: String, out: &mut Vec<Event>) {
        self.block = index;
        match self.cutter.step(text) {
            Cut::Continue(text) => self.give(text, out),
            Cut::At(text, sequence) => {
                self.give(text, out);
                self.is_cut = true;
                out.extend([Event::BlockStop { index }, Event::Stop(StopReason::StopSequence(Some(sequence)))]);
            }
        }
    }

    fn give(&mut self, text: String, out: &mut Vec<Event>) {
        if !text.is_empty() {
            out.push(Event::Text { index: self.block, text });
        }
    }
}

/// Whether an event says something of the call, and not what the model answers.
fn is_of_the_call(event: &Event) -> bool {
    matches!(
        event,
        Event::Usage(_)
            | Event::UsageAsWritten(_)
            | Event::ServiceTier(_)
            | Event::Latency(_)
            | Event::Trace(_)
            | Event::PerformanceConfig(_)
            | Event::Raw { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Event {
        Event::Text { index: 1, text: text.to_owned() }
    }

    fn cut(events: Vec<Event>) -> Vec<Event> {
        let (mut cutter, mut out) = (EventCutter::new(vec!["END".to_owned()]), Vec::new());
        events.into_iter().for_each(|event| cutter.step(event, &mut out));
        cutter.finish(&mut out);
        out
    }

    #[test]
    fn nothing_comes_after_the_sequence_but_the_reason() {
        let stopped = Event::Stop(StopReason::StopSequence(Some("END".to_owned())));
        let events = vec![text("one EN"), text("D two"), Event::Stop(StopReason::EndTurn)];
        assert_eq!(cut(events), [text("one "), Event::BlockStop { index: 1 }, stopped]);
    }

    #[test]
    fn what_is_said_of_the_call_is_said_after_the_sequence_too() {
        let about = [Event::UsageAsWritten(serde_json::json!({"inputTokens": 1})), Event::Latency(7)];
        let out = cut([vec![text("oneEND")], about.to_vec()].concat());
        assert_eq!(out[out.len() - 2..], about);
    }

    #[test]
    fn what_was_held_goes_out_before_a_tool_call() {
        let call = Event::ToolUse { index: 2, id: "a".to_owned(), name: "b".to_owned() };
        assert_eq!(cut(vec![text("EN"), call.clone()]), [text("EN"), call]);
    }
}
