//! `<reasoning>…</reasoning>` in the text of models that write it there (gpt-oss, Kimi), as reasoning events.
//!
//! Tags may be split over any number of chunks. Nothing is trimmed.

use crate::conversation::Event;
use crate::text::held_back;

const OPEN: &str = "<reasoning>";
const CLOSE: &str = "</reasoning>";

/// Splits text events at the tags; other events pass.
#[derive(Debug, Default)]
pub struct ReasoningTags {
    inside: bool,
    /// The beginning of what may become a tag, not yet given out.
    held: String,
    index: u32,
}

impl ReasoningTags {
    /// Takes one event and gives out what is certain.
    pub fn step(&mut self, event: Event, out: &mut Vec<Event>) {
        match event {
            Event::Text { index, text } => {
                self.index = index;
                self.text(&text, out);
            }
            // Of the wire and not of the answer.
            Event::Raw { .. } => out.push(event),
            other => {
                self.finish(out);
                out.push(other);
            }
        }
    }

    /// No more text comes: what was held is no tag.
    pub fn finish(&mut self, out: &mut Vec<Event>) {
        let held = std::mem::take(&mut self.held);
        self.emit(held, out);
    }

    fn text(&mut self, text: &str, out: &mut Vec<Event>) {
        let joined = if self.held.is_empty() { text.to_owned() } else { std::mem::take(&mut self.held) + text };
        let mut rest = joined.as_str();
        while let Some((before, after)) = rest.split_once(self.awaited()) {
            self.emit(before.to_owned(), out);
            self.inside = !self.inside;
            rest = after;
        }
        let keep = held_back(rest, &[self.awaited()]);
        let (certain, held) = rest.split_at(rest.len() - keep);
        self.emit(certain.to_owned(), out);
        self.held = held.to_owned();
    }

    fn awaited(&self) -> &'static str {
        if self.inside { CLOSE } else { OPEN }
    }

    fn emit(&self, text: String, out: &mut Vec<Event>) {
        if text.is_empty() {
            return;
        }
        let index = self.index;
        out.push(if self.inside { Event::Reasoning { index, text } } else { Event::Text { index, text } });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(pieces: &[&str]) -> (String, String) {
        let mut tags = ReasoningTags::default();
        let mut events = Vec::new();
        for piece in pieces {
            tags.step(Event::Text { index: 0, text: (*piece).to_owned() }, &mut events);
        }
        tags.finish(&mut events);
        let mut joined = (String::new(), String::new());
        for event in events {
            match event {
                Event::Text { text, .. } => joined.0 += &text,
                Event::Reasoning { text, .. } => joined.1 += &text,
                _ => unreachable!(),
            }
        }
        joined
    }

    #[test]
    fn a_tag_split_over_chunks_is_still_a_tag() {
        let pieces = ["<reas", "oning>It is", " Paris.</rea", "soning>Par", "is."];
        assert_eq!(split(&pieces), ("Paris.".into(), "It is Paris.".into()));
    }

    #[test]
    fn a_frame_as_it_came_does_not_part_a_tag() {
        let raw = || Event::Raw { name: "contentBlockDelta".to_owned(), payload: "{}".to_owned() };
        let text = |text: &str| Event::Text { index: 0, text: text.to_owned() };
        let (mut tags, mut events) = (ReasoningTags::default(), Vec::new());
        for event in [raw(), text("<reas"), raw(), text("oning>Hm")] {
            tags.step(event, &mut events);
        }
        assert_eq!(events, [raw(), raw(), Event::Reasoning { index: 0, text: "Hm".to_owned() }]);
    }

    #[test]
    fn what_only_begins_like_a_tag_is_text() {
        assert_eq!(split(&["a <rea", "son> b <"]), ("a <reason> b <".into(), String::new()));
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same(text in "(<reasoning>|</reasoning>|<|é|a| |</rea){0,12}", at in 0usize..60) {
            let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap();
            let (left, right) = text.split_at(at);
            prop_assert_eq!(split(&[left, right]), split(&[&text]));
            let letters: Vec<String> = text.chars().map(String::from).collect();
            let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
            prop_assert_eq!(split(&letters), split(&[&text]));
        }
    }
}
