//! Contextual grounding by common words. AWS asks a model; here GROUNDING is the share of the answer's words that the
//! source has, and RELEVANCE the share of the query's words that the answer, or the sentences of the source that it
//! draws on, have.

use super::lexicon::{overlap, sentences, subject};
use super::policy::Measure;

/// What an answer is held against.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::simulator) struct Grounds {
    pub(super) source: String,
    pub(super) query: String,
}

impl Grounds {
    /// Whether there is anything to compare with: both a source and a query are needed.
    pub(super) fn are_given(&self) -> bool {
        !self.source.is_empty() && !self.query.is_empty()
    }

    /// 0 to 1, in hundredths.
    pub(super) fn score(&self, measure: Measure, answer: &str) -> f64 {
        let words = subject(answer);
        let (asked, mut known) = match measure {
            Measure::Grounding => (words, subject(&self.source)),
            Measure::Relevance => {
                let drawn = sentences(&self.source).map(subject).filter(|sentence| overlap(sentence, &words) > 0.0);
                let drawn: Vec<_> = drawn.collect();
                (subject(&self.query), words.into_iter().chain(drawn.into_iter().flatten()).collect())
            }
        };
        if asked.is_empty() {
            return 1.0;
        }
        known.retain(|word| asked.contains(word));
        (known.len() as f64 / asked.len() as f64 * 100.0).round() / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_from_the_source_scores_high() {
        let grounds = Grounds {
            source: "London is the capital of UK. Tokyo is the capital of Japan.".into(),
            query: "What is the capital of Japan?".into(),
        };
        let scores = |answer| [Measure::Grounding, Measure::Relevance].map(|measure| grounds.score(measure, answer));
        assert_eq!(scores("Tokyo"), [1.0, 1.0]);
        assert_eq!(scores("Tokyo is the capital of Japan."), [1.0, 1.0]);
        assert_eq!(scores("Bananas are yellow."), [0.0, 0.0]);
        assert_eq!(scores("London is the capital of France"), [0.67, 1.0]);
        assert!(!Grounds::default().are_given());
    }
}
