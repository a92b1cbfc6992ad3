//! Thoughts that a model writes into its text between `<think>` and `</think>`, told apart from the answer.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// A piece of what the model said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Thought(String),
    Text(String),
}

/// Splits a text that comes in pieces. Only a text that begins with the tag holds thoughts.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    place: Place,
    held: String,
}

#[derive(Debug, Default, PartialEq)]
enum Place {
    #[default]
    Beginning,
    /// Line ends after the tag belong to it.
    Opening,
    Thinking,
    /// White space after the thoughts belongs to neither.
    Between,
    Speaking,
}

impl Splitter {
    /// What is known of a piece and what was held before it.
    pub(super) fn step(&mut self, piece: &str) -> Vec<Said> {
        self.held.push_str(piece);
        let mut out = Vec::new();
        while self.advance(&mut out) {}
        out
    }

    /// What was held back for the beginning of a tag that did not come.
    pub(super) fn finish(&mut self) -> Option<Said> {
        let held = std::mem::take(&mut self.held);
        match self.place {
            _ if held.is_empty() => None,
            Place::Thinking => Some(Said::Thought(held)),
            _ => Some(Said::Text(held)),
        }
    }

    /// One step on; false when more text is needed.
    fn advance(&mut self, out: &mut Vec<Said>) -> bool {
        match self.place {
            Place::Beginning => {
                let start = self.held.trim_start();
                if start.len() < OPEN.len() && OPEN.starts_with(start) {
                    return false;
                }
                self.place = match start.strip_prefix(OPEN) {
                    Some(rest) => {
                        self.held = rest.to_owned();
                        Place::Opening
                    }
                    None => Place::Speaking,
                };
                true
            }
            Place::Opening => {
                self.held = self.held.trim_start_matches('\n').to_owned();
                if self.held.is_empty() {
                    return false;
                }
                self.place = Place::Thinking;
                true
            }
            Place::Thinking => {
                if let Some((thought, rest)) = self.held.split_once(CLOSE) {
                    let thought = thought.trim_end().to_owned();
                    self.held = rest.to_owned();
                    self.place = Place::Between;
                    out.extend((!thought.is_empty()).then_some(Said::Thought(thought)));
                    return true;
                }
                let keep = (1..CLOSE.len()).rev().find(|n| CLOSE.get(..*n).is_some_and(|tag| self.held.ends_with(tag)));
                let safe = self.held.len() - keep.unwrap_or(0);
                // White space may be the last before the tag.
                let safe = self.held.get(..safe).map_or(0, |text| text.trim_end().len());
                let rest = self.held.split_off(safe);
                let thought = std::mem::replace(&mut self.held, rest);
                out.extend((!thought.is_empty()).then_some(Said::Thought(thought)));
                false
            }
            Place::Between => {
                self.held = self.held.trim_start().to_owned();
                if self.held.is_empty() {
                    return false;
                }
                self.place = Place::Speaking;
                true
            }
            Place::Speaking => {
                let text = std::mem::take(&mut self.held);
                out.extend((!text.is_empty()).then_some(Said::Text(text)));
                false
            }
        }
    }
}

/// The thoughts and the answer of a whole text.
pub(super) fn split(text: &str) -> (String, String) {
    let mut splitter = Splitter::default();
    let said = splitter.step(text).into_iter().chain(splitter.finish());
    said.fold(Default::default(), |(mut thoughts, mut answer), said| {
        match said {
            Said::Thought(piece) => thoughts.push_str(&piece),
            Said::Text(piece) => answer.push_str(&piece),
        }
        (thoughts, answer)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thoughts_are_told_apart() {
        for (text, thoughts, answer) in [
            ("<think>\nHm, so.\n</think>\n\nFour.", "Hm, so.", "Four."),
            ("\n<think></think>Four.", "", "Four."),
            ("Four, I <think>.", "", "Four, I <think>."),
            ("<think>no end", "no end", ""),
            ("<th", "", "<th"),
            ("", "", ""),
        ] {
            assert_eq!(split(text), (thoughts.to_owned(), answer.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same(pieces in proptest::collection::vec("(<think>|</think>|<|/|think|>|\n| |é|a){0,3}", 0..12)) {
            let mut splitter = Splitter::default();
            let mut told = (String::new(), String::new());
            let said: Vec<Said> = pieces.iter().flat_map(|piece| splitter.step(piece)).collect();
            for said in said.into_iter().chain(splitter.finish()) {
                match said {
                    Said::Thought(piece) => told.0.push_str(&piece),
                    Said::Text(piece) => told.1.push_str(&piece),
                }
            }
            prop_assert_eq!(told, split(&pieces.concat()));
        }
    }
}
