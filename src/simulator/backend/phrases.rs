//! A text as lower-case words, and the few matches that the skills need.

/// The words of a text: runs of letters, digits and apostrophes; other characters only separate.
#[derive(Clone)]
pub(super) struct Phrase {
    words: Vec<String>,
}

const NUMBERS: &[&str] = &[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

impl Phrase {
    pub(super) fn new(text: &str) -> Phrase {
        let lower = text.to_lowercase().replace('’', "'");
        let words = lower.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-');
        Phrase {
            words: words.map(|word| word.trim_matches('\'')).filter(|w| !w.is_empty()).map(str::to_owned).collect(),
        }
    }

    /// Whether these words stand in the text, one after the other.
    pub(super) fn has(&self, phrase: &str) -> bool {
        self.after(phrase).is_some()
    }

    /// Whether any of these phrases stands in the text.
    pub(super) fn has_any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.has(phrase))
    }

    /// The words after the first occurrence of `phrase`.
    pub(super) fn after(&self, phrase: &str) -> Option<&[String]> {
        let first = phrase.bytes().next();
        // Most words differ in their first byte, which costs no call to see.
        let alike = self.words.iter().enumerate().filter(|(_, word)| word.bytes().next() == first);
        alike.map(|(at, _)| at).find_map(|at| spells(self.words.get(at..)?, phrase))
    }

    /// The words.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }

    /// The first number, as digits or as a word up to twenty.
    pub(super) fn number(&self) -> Option<i64> {
        self.words.iter().find_map(|word| number(word))
    }
}

/// The words that are left when those of `phrase` are taken from the beginning.
fn spells<'w>(mut words: &'w [String], phrase: &str) -> Option<&'w [String]> {
    let mut rest = phrase;
    loop {
        let (word, others) = words.split_first()?;
        rest = rest.strip_prefix(word.as_str())?;
        words = others;
        if rest.is_empty() {
            return Some(words);
        }
        rest = rest.strip_prefix(' ')?;
    }
}

/// The words of a name: `get_weather`, `getWeather` and `get-weather` are "get weather".
pub(super) fn words_of_name(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut begins = true;
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            begins = true;
            continue;
        }
        match words.last_mut() {
            Some(word) if !(begins || was_lower && c.is_uppercase()) => word.extend(c.to_lowercase()),
            _ => words.push(c.to_lowercase().collect()),
        }
        (begins, was_lower) = (false, c.is_lowercase());
    }
    words
}

/// The word without the `s` of a plural.
pub(super) fn stem(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem,
        _ => word,
    }
}

/// A number written in digits, or as a word up to twenty.
pub(super) fn number(word: &str) -> Option<i64> {
    let named = || NUMBERS.iter().position(|name| *name == word).map(|at| at as i64);
    word.parse().ok().or_else(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_words_not_letters() {
        let phrase = Phrase::new("What’s the CAPITAL of France, please?");
        assert!(phrase.has("capital of france") && phrase.has("what's"));
        assert!(!phrase.has("capital of fran"));
        assert_eq!(phrase.after("of").unwrap(), ["france", "please"]);
        assert_eq!(Phrase::new("list five or 7").number(), Some(5));
    }

    #[test]
    fn names_have_words_and_words_have_stems() {
        for name in ["get_weather", "getWeather", "get-weather", "GetWeather"] {
            assert_eq!(words_of_name(name), ["get", "weather"], "{name}");
        }
        assert_eq!(["hours", "glass", "is", "day"].map(stem), ["hour", "glass", "is", "day"]);
    }
}
