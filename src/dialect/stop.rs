//! Cuts an answer at the first stop sequence, for models that cannot be given one. Exact across chunk borders.

use crate::text::held_back;

/// Watches a text for the first of several sequences.
#[derive(Debug, Default)]
pub struct StopCutter {
    sequences: Vec<String>,
    /// The beginning of what may become a sequence, not yet given out.
    held: String,
}

/// What a piece of text came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Cut {
    /// This much is certain; go on.
    Continue(String),
    /// The answer ends here, before this sequence.
    At(String, String),
}

impl StopCutter {
    /// Watches for each of `sequences`.
    pub fn new(sequences: Vec<String>) -> Self {
        StopCutter { sequences, held: String::new() }
    }

    /// Takes a piece of text.
    pub fn step(&mut self, text: String) -> Cut {
        if self.sequences.is_empty() {
            return Cut::Continue(text);
        }
        let mut joined = std::mem::take(&mut self.held) + &text;
        let first = self.sequences.iter().filter_map(|sequence| Some((joined.find(sequence.as_str())?, sequence)));
        // At one place the longest counts: it is the one a model would have been stopped by last.
        if let Some((at, sequence)) = first.min_by_key(|(at, sequence)| (*at, usize::MAX - sequence.len())) {
            joined.truncate(at);
            return Cut::At(joined, sequence.clone());
        }
        self.held = joined.split_off(joined.len() - held_back(&joined, &self.sequences));
        Cut::Continue(joined)
    }

    /// No more text comes: what was held is no sequence.
    pub fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(pieces: &[&str], sequences: &[&str]) -> (String, Option<String>) {
        let mut cutter = StopCutter::new(sequences.iter().map(|text| (*text).to_owned()).collect());
        let mut out = String::new();
        for piece in pieces {
            match cutter.step((*piece).to_owned()) {
                Cut::Continue(text) => out += &text,
                Cut::At(text, sequence) => return (out + &text, Some(sequence)),
            }
        }
        (out + &cutter.finish(), None)
    }

    #[test]
    fn a_sequence_split_over_chunks_is_found_and_not_given_out() {
        assert_eq!(cut(&["1, 2, ST", "O", "P, 3"], &["STOP"]), ("1, 2, ".into(), Some("STOP".into())));
        assert_eq!(cut(&["1, 2, ST", "O"], &["STOP"]), ("1, 2, STO".into(), None));
    }

    proptest! {
        #[test]
        fn any_split_is_cut_at_the_same_place(text in "[abé]{0,20}", at in 0usize..40) {
            let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap();
            let (left, right) = text.split_at(at);
            let sequences = ["aab", "éa", "bbb"];
            let whole = cut(&[&text], &sequences);
            prop_assert_eq!(cut(&[left, right], &sequences).0, whole.0.clone());
            let letters: Vec<String> = text.chars().map(String::from).collect();
            let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
            prop_assert_eq!(cut(&letters, &sequences).0, whole.0);
        }
    }
}
