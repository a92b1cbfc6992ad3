//! Personal data: the 31 types of AWS's list, each found by a pattern, by words that announce it (`my name is …`), or
//! both, and checked where the type has check digits.
//!
//! Patterns and their samples are in [`super::pii_table`]. AWS asks a model; what no pattern can tell is not found.

use std::ops::Range;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::pii_table::TABLE;

/// A type of personal data: a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind(usize);

static PATTERNS: LazyLock<Vec<Vec<Regex>>> = LazyLock::new(|| {
    let compile = |pattern: &&str| Regex::new(pattern).ok();
    TABLE.iter().map(|row| row.patterns.iter().filter_map(compile).collect()).collect()
});

impl Kind {
    /// From AWS's name.
    pub(super) fn of(name: &str) -> Option<Kind> {
        TABLE.iter().position(|row| row.name == name).map(Kind)
    }

    /// AWS's name, which is also what stands in its place when it is masked.
    pub(super) fn name(self) -> &'static str {
        TABLE.get(self.0).map_or("", |row| row.name)
    }

    /// Where the text has data of this type, in order and without overlap. A pattern's first group, where it has one,
    /// is the data; the rest announces it.
    pub(super) fn find(self, text: &str) -> Vec<Range<usize>> {
        let (Some(row), Some(patterns)) = (TABLE.get(self.0), PATTERNS.get(self.0)) else { return Vec::new() };
        let mut found: Vec<Range<usize>> = Vec::new();
        for pattern in patterns {
            for captures in pattern.captures_iter(text) {
                let Some(data) = captures.get(1).or_else(|| captures.get(0)) else { continue };
                let range = trimmed(data.range(), data.as_str());
                let given = text.get(range.clone()).unwrap_or_default();
                if !given.is_empty() && row.check.is_none_or(|check| check(given)) {
                    found.push(range);
                }
            }
        }
        without_overlap(found)
    }
}

/// Sorts and drops what overlaps an earlier, or at the same place longer, range.
pub(super) fn without_overlap(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    ranges.retain(|range| {
        let keep = range.start >= end;
        if keep {
            end = range.end;
        }
        keep
    });
    ranges
}

/// Without the punctuation that ends a sentence.
fn trimmed(range: Range<usize>, text: &str) -> Range<usize> {
    let kept = text.trim_end_matches(['.', ',', ';', ':', '!', '?', ' ']);
    range.start..range.start + kept.len()
}

/// The digits of a text.
fn digits(text: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    text.chars().filter_map(|letter| letter.to_digit(10))
}

/// The check of card numbers and Canadian insurance numbers.
pub(super) fn luhn(text: &str) -> bool {
    let doubled = |(at, digit): (usize, u32)| match (at % 2, digit * 2) {
        (0, _) => digit,
        (_, double) if double > 9 => double - 9,
        (_, double) => double,
    };
    digits(text).rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// The check of IBANs: modulo 97.
pub(super) fn iban(text: &str) -> bool {
    let plain: Vec<char> = text.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
    if !(15..=34).contains(&plain.len()) {
        return false;
    }
    let rest = plain.iter().skip(4).chain(plain.iter().take(4)).filter_map(|letter| letter.to_digit(36));
    rest.fold(0, |rest, value| (rest * if value > 9 { 100 } else { 10 } + value) % 97) == 1
}

/// The check of NHS numbers: weights 10 to 2, modulo 11.
pub(super) fn nhs(text: &str) -> bool {
    weighted(text, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// The check of US routing numbers.
pub(super) fn routing(text: &str) -> bool {
    let sum = weighted(text, &[3, 7, 1, 3, 7, 1, 3, 7, 1]);
    sum > 0 && sum.is_multiple_of(10)
}

fn weighted(text: &str, weights: &[u32]) -> u32 {
    digits(text).zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// Area, group and serial that US social security numbers never have are refused.
pub(super) fn ssn(text: &str) -> bool {
    let mut parts = text.split(['-', ' ']);
    let (area, group, serial) = (parts.next(), parts.next(), parts.next());
    !matches!(area, None | Some("000" | "666"))
        && !text.starts_with('9')
        && !matches!(group, None | Some("00"))
        && !matches!(serial, None | Some("0000"))
}

/// The check digit of a vehicle identification number: its ninth character.
pub(super) fn vin(text: &str) -> bool {
    const VALUES: &[(&str, u32)] =
        &[("AJ", 1), ("BKS", 2), ("CLT", 3), ("DMU", 4), ("ENV", 5), ("FW", 6), ("GPX", 7), ("HY", 8), ("RZ", 9)];
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let value = |letter: char| {
        let row = VALUES.iter().find(|(letters, _)| letters.contains(letter));
        letter.to_digit(10).or_else(|| row.map(|(_, value)| *value))
    };
    let sum: u32 = text.chars().filter_map(value).zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    text.chars().nth(8) == if sum % 11 == 10 { Some('X') } else { char::from_digit(sum % 11, 10) }
}

/// Whether the text is an IP address.
pub(super) fn ip(text: &str) -> bool {
    text.parse::<std::net::IpAddr>().is_ok()
}

/// Ids have a digit in them; words have not.
pub(super) fn has_digit(text: &str) -> bool {
    digits(text).next().is_some()
}

/// What follows `password` or `user name` may be an ordinary word of the sentence.
pub(super) fn is_no_common_word(text: &str) -> bool {
    const COMMON: &[&str] = &[
        "and", "are", "for", "has", "field", "from", "have", "must", "not", "reset", "should", "that", "the", "was",
        "will", "with",
    ];
    !COMMON.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(name: &str, text: &'a str) -> Vec<&'a str> {
        Kind::of(name).unwrap().find(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn every_type_finds_its_sample_and_nothing_in_plain_talk() {
        let plain = "What is the weather like on the moon today? I counted 12 apples, 3.14 pies and 1234567890 stars.";
        for (row, patterns) in TABLE.iter().zip(PATTERNS.iter()) {
            assert_eq!(patterns.len(), row.patterns.len(), "{}: a pattern is no regular expression", row.name);
            let (before, rest) = row.sample.split_once('[').unwrap();
            let (data, after) = rest.split_once(']').unwrap();
            let text = format!("Grüße! {before}{data}{after}");
            assert_eq!(found(row.name, &text), [data], "{}", row.name);
            assert!(found(row.name, plain).is_empty(), "{}", row.name);
        }
        assert_eq!(TABLE.len(), 31);
        assert!(TABLE.is_sorted_by(|left, right| left.name < right.name));
    }

    #[test]
    fn wrong_check_digits_are_not_data() {
        assert!(found("CREDIT_DEBIT_CARD_NUMBER", "4111 1111 1111 1112").is_empty());
        assert!(found("INTERNATIONAL_BANK_ACCOUNT_NUMBER", "GB82 WEST 1234 5698 7654 33").is_empty());
        assert!(found("US_SOCIAL_SECURITY_NUMBER", "000-12-3456, 666-12-3456, 123-00-4567").is_empty());
        assert!(found("VEHICLE_IDENTIFICATION_NUMBER", "1HGCM82643A004352").is_empty());
        assert!(found("IP_ADDRESS", "256.1.1.1").is_empty());
    }

    #[test]
    fn several_are_found_in_order() {
        assert_eq!(found("EMAIL", "ä@b.de and a@b.de, c.d+e@f.co.uk."), ["a@b.de", "c.d+e@f.co.uk"]);
        assert_eq!(found("ADDRESS", "The capital of Italy is Rome."), ["Italy", "Rome"]);
        assert_eq!(found("PHONE", "(555) 123-4567 or +44 20 7946 0958"), ["(555) 123-4567", "+44 20 7946 0958"]);
        assert_eq!(found("IP_ADDRESS", "192.168.0.1 and 2001:db8::1."), ["192.168.0.1", "2001:db8::1"]);
    }

    #[test]
    fn overlaps_keep_the_first_and_longest() {
        assert_eq!(without_overlap(vec![3..5, 0..2, 0..4, 4..6]), [0..4, 4..6]);
    }
}
