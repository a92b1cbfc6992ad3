//! Word filters: custom words and phrases, and the managed list of profanities. Upper and lower case are the same; a
//! word is found only where it stands alone.

use super::lexicon::has_phrase;

/// The simulator's profanities: a short list, where AWS keeps a long one of its own.
const PROFANITY: &[&str] = &[
    "arsehole",
    "asshole",
    "bastard",
    "bitch",
    "bloody hell",
    "bollocks",
    "bullshit",
    "crap",
    "cunt",
    "damn",
    "dickhead",
    "fuck",
    "fucker",
    "fucking",
    "goddamn",
    "motherfucker",
    "piss off",
    "shit",
    "shitty",
    "wanker",
];

/// Whether a custom word or phrase is in the text.
pub(super) fn has(text: &str, word: &str) -> bool {
    has_phrase(&text.to_lowercase(), &word.to_lowercase())
}

/// The profanities in the text, as the list spells them.
pub(super) fn profanities(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    PROFANITY.iter().copied().filter(|word| has_phrase(&text, word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_in_any_case() {
        assert!(has("Our rival is ACME Corp.", "acme corp") && has("ÉCOLE", "école"));
        assert!(!has("acmecorp", "acme") && !has("acme  corp", "acme corp"));
        assert_eq!(profanities("Damn this scrappy Shit"), ["damn", "shit"]);
        assert!(profanities("Scunthorpe").is_empty());
    }
}
