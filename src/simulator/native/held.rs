//! For families whose last piece of text carries the end: text held back until the next step is known.

use crate::simulator::answer::{Event, Stop, Usage};

/// Holds back one piece of text.
#[derive(Default)]
pub(super) struct Held(Option<String>);

/// What can be written now.
pub(super) enum Step {
    /// A piece that is not the last.
    Text(String),
    /// The last piece, empty if there was none.
    Last(String, Stop, Usage),
}

impl Held {
    /// The next step to write, if any. Reasoning has no place in these families' bodies.
    pub(super) fn step(&mut self, event: Event) -> Option<Step> {
        match event {
            Event::Text(piece) => self.0.replace(piece).map(Step::Text),
            Event::Stop(stop, usage) => Some(Step::Last(self.0.take().unwrap_or_default(), stop, usage)),
            _ => None,
        }
    }
}
