//! The managed list of profanities. Upper and lower case are the same; a word is found only where it stands alone.

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

/// The profanities in a text in lower case.
pub(super) fn profanities(text: &str) -> Vec<&'static str> {
    PROFANITY.iter().copied().filter(|word| has_phrase(text, word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profanities_stand_alone() {
        assert_eq!(profanities("damn this scrappy shit"), ["damn", "shit"]);
        assert!(profanities("scunthorpe").is_empty());
    }
}
