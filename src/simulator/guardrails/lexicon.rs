//! Words as the rules compare them: lower case, without endings, without the words that carry no subject.

use std::collections::HashSet;

/// Words, or their stems, that say nothing about a subject; sorted.
const COMMON: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "answer", "any", "anyone", "anything", "are",
    "as", "ask", "at", "be", "because", "been", "before", "being", "but", "by", "can", "could", "did", "do", "does",
    "else", "etc", "example", "for", "from", "give", "had", "has", "have", "he", "hello", "help", "her", "here", "hi",
    "him", "his", "how", "i", "if", "in", "includ", "include", "into", "is", "it", "its", "just", "know", "let",
    "like", "may", "me", "might", "more", "most", "my", "no", "not", "of", "on", "only", "or", "other", "our", "out",
    "over", "please", "provid", "provide", "question", "related", "request", "said", "say", "shall", "she", "should",
    "so", "some", "someone", "such", "talk", "tell", "than", "thank", "thanks", "that", "the", "their", "them", "then",
    "there", "these", "they", "this", "those", "to", "topic", "up", "us", "use", "want", "was", "we", "were", "what",
    "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
];

/// The words of a text that carry its subject. `InvestmentObjectives` counts as two.
pub(super) fn subject(text: &str) -> HashSet<String> {
    let spaced = split_camel_case(text);
    let words = spaced.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_common = |word: &str| COMMON.binary_search(&word).is_ok();
    let words = words.map(str::to_lowercase).filter(|word| !is_common(word));
    words.map(|word| stem(&word)).filter(|stem| !is_common(stem)).collect()
}

/// How much of the smaller set is in the larger one: 0 to 1.
pub(super) fn overlap(left: &HashSet<String>, right: &HashSet<String>) -> f64 {
    let smaller = left.len().min(right.len());
    if smaller == 0 { 0.0 } else { left.intersection(right).count() as f64 / smaller as f64 }
}

/// The sentences of a text, by full stops, question and exclamation marks, and line ends.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '?', '!', '\n']).map(str::trim).filter(|sentence| !sentence.is_empty())
}

/// Whether `phrase` stands in `text` with no letter or digit beside it. Both in lower case.
pub(super) fn has_phrase(text: &str, phrase: &str) -> bool {
    !phrase.is_empty()
        && text.match_indices(phrase).any(|(at, _)| {
            let before = text.get(..at).and_then(|rest| rest.chars().next_back());
            let after = text.get(at + phrase.len()..).and_then(|rest| rest.chars().next());
            [before, after].into_iter().flatten().all(|neighbour| !neighbour.is_alphanumeric())
        })
}

fn split_camel_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut small = false;
    for letter in text.chars() {
        if small && letter.is_uppercase() {
            out.push(' ');
        }
        small = letter.is_lowercase();
        out.push(letter);
    }
    out
}

/// A word in lower case without the commonest English endings.
fn stem(word: &str) -> String {
    for (ending, shortest) in [("ing", 6), ("ies", 5), ("es", 5), ("ed", 5), ("s", 4)] {
        if let Some(rest) = word.strip_suffix(ending).filter(|_| word.len() >= shortest && !word.ends_with("ss")) {
            return match ending {
                "ies" => format!("{rest}y"),
                _ => rest.trim_end_matches('e').to_owned(),
            };
        }
    }
    word.trim_end_matches('e').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_sorted() {
        assert!(COMMON.is_sorted_by(|left, right| left < right), "keep COMMON in alphabetical order");
    }

    #[test]
    fn forms_of_a_word_are_one_word() {
        assert_eq!(subject("investing invested invests"), subject("Invest"));
        assert_eq!(subject("stock stocks"), subject("STOCKS!"));
        assert_eq!(subject("policy"), subject("policies"));
        assert_eq!(subject("What is the capital of it?").len(), 1);
        assert_eq!(subject("InvestmentObjectives"), subject("investment objectives"));
    }

    #[test]
    fn phrases_stand_alone() {
        assert!(has_phrase("a bad word.", "bad word") && has_phrase("bad", "bad") && has_phrase("c++!", "c++"));
        assert!(!has_phrase("badly", "bad") && !has_phrase("éclair", "clair") && !has_phrase("x", ""));
        assert!(has_phrase("badly bad", "bad"));
    }
}
