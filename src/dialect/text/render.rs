//! Events as text: the answer, and the thinking where it was asked for.

use crate::conversation::Event;
use crate::dialect::stop::{Cut, StopCutter};

/// How the model's reasoning shows in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Not at all.
    Hidden,
    /// As the text it is (models that put their whole answer there).
    AsText,
    /// `<think>…</think>`, a blank line, then the text that follows.
    Think,
    /// `<reasoning>…</reasoning>`, directly before the text that follows (the `-Thinking` names of gpt-oss and Kimi).
    Reasoning,
}

impl Shown {
    fn open(self) -> &'static str {
        match self {
            Shown::Hidden | Shown::AsText => "",
            Shown::Think => "<think>",
            Shown::Reasoning => "<reasoning>",
        }
    }

    fn close(self) -> &'static str {
        match self {
            Shown::Hidden | Shown::AsText => "",
            Shown::Think => "</think>",
            Shown::Reasoning => "</reasoning>",
        }
    }

    /// What stands between the reasoning and the text.
    fn gap(self) -> &'static str {
        if self == Shown::Think { "\n\n" } else { "" }
    }
}

/// The state machine from events to pieces of text.
#[derive(Debug)]
pub struct TextRenderer {
    shown: Shown,
    reasoning: bool,
    omitted: bool,
    cutter: StopCutter,
    cut_at: Option<String>,
}

impl TextRenderer {
    /// Shows reasoning as `shown` and ends the text before the first of `cut_at`.
    pub fn new(shown: Shown, cut_at: Vec<String>) -> Self {
        TextRenderer { shown, reasoning: false, omitted: false, cutter: StopCutter::new(cut_at), cut_at: None }
    }

    /// Takes one event and adds the text it comes to. After [`cut_at`](Self::cut_at) is set nothing is added any more.
    pub fn step(&mut self, event: Event, out: &mut Vec<String>) {
        match event {
            _ if self.cut_at.is_some() => {}
            Event::Text { text, .. } => self.text(text, out),
            Event::Reasoning { .. } if self.shown == Shown::Hidden => self.omitted = true,
            Event::Reasoning { text, .. } if self.shown == Shown::AsText => self.text(text, out),
            Event::Reasoning { text, .. } => {
                let opened = if self.reasoning { text } else { self.shown.open().to_owned() + &text };
                self.reasoning = true;
                push(opened, out);
            }
            _ => {}
        }
    }

    /// The events of a whole answer with all thinking before all text, where thinking shows in tags.
    pub fn thinking_first(&self, events: Vec<Event>) -> Vec<Event> {
        let is_first = |event: &Event| self.shown == Shown::Think && matches!(event, Event::Reasoning { .. });
        let (mut first, rest): (Vec<Event>, Vec<Event>) = events.into_iter().partition(is_first);
        first.extend(rest);
        first
    }

    /// Gives out what was held as the possible beginning of a stop sequence: what would complete it does not come.
    pub fn release(&mut self, out: &mut Vec<String>) {
        let held = self.cutter.finish();
        self.give(held, out);
    }

    /// No more events come: gives out what was held and closes an open tag.
    pub fn finish(&mut self, out: &mut Vec<String>) {
        self.release(out);
        if self.reasoning {
            self.reasoning = false;
            push(self.shown.close().to_owned(), out);
        }
    }

    /// The stop sequence at which the text was cut on our side.
    pub fn cut_at(&self) -> Option<&str> {
        self.cut_at.as_deref()
    }

    /// Whether the model reasoned and the text does not show it.
    pub fn omitted_reasoning(&self) -> bool {
        self.omitted
    }

    fn text(&mut self, text: String, out: &mut Vec<String>) {
        match self.cutter.step(text) {
            Cut::Continue(text) => self.give(text, out),
            Cut::At(text, sequence) => {
                self.give(text, out);
                self.cut_at = Some(sequence);
            }
        }
    }

    fn give(&mut self, text: String, out: &mut Vec<String>) {
        if text.is_empty() {
            return;
        }
        if !std::mem::take(&mut self.reasoning) {
            return out.push(text);
        }
        out.push([self.shown.close(), self.shown.gap(), &text].concat());
    }
}

fn push(text: String, out: &mut Vec<String>) {
    if !text.is_empty() {
        out.push(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasoning(text: &str) -> Event {
        Event::Reasoning { index: 0, text: text.to_owned() }
    }

    fn text(text: &str) -> Event {
        Event::Text { index: 1, text: text.to_owned() }
    }

    fn streamed(shown: Shown, events: Vec<Event>) -> String {
        let (mut renderer, mut out) = (TextRenderer::new(shown, Vec::new()), Vec::new());
        events.into_iter().for_each(|event| renderer.step(event, &mut out));
        renderer.finish(&mut out);
        out.concat()
    }

    #[test]
    fn thinking_is_tagged_only_when_it_is_to_show() {
        let events = || vec![reasoning("It is "), reasoning("Paris."), text("Paris.")];
        assert_eq!(streamed(Shown::Think, events()), "<think>It is Paris.</think>\n\nParis.");
        assert_eq!(streamed(Shown::Reasoning, events()), "<reasoning>It is Paris.</reasoning>Paris.");
        assert_eq!(streamed(Shown::Hidden, events()), "Paris.");
    }

    #[test]
    fn an_answer_that_ends_in_thought_closes_its_tag() {
        assert_eq!(streamed(Shown::Think, vec![reasoning("Well")]), "<think>Well</think>");
    }

    #[test]
    fn thinking_can_be_put_first() {
        let events = || vec![text("One. "), reasoning("Second."), text("Two.")];
        let first = TextRenderer::new(Shown::Think, Vec::new()).thinking_first(events());
        assert_eq!(streamed(Shown::Think, first), "<think>Second.</think>\n\nOne. Two.");
        assert_eq!(streamed(Shown::Think, events()), "One. <think>Second.</think>\n\nTwo.");
    }
}
