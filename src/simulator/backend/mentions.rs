//! What a text mentions that a tool may need: numbers, quotations, places, names, sums.

use std::collections::VecDeque;

use serde_json::Value;

use super::phrases::number;

/// Words before a place.
const BEFORE_PLACES: &[&str] = &["in", "at", "for", "near", "to", "from", "of", "around"];
/// Capitalised words that are no place or name.
const NO_NAMES: &[&str] = &["celsius", "fahrenheit", "json", "i", "i'm", "english", "please", "utc", "gmt"];
/// Words after which no place follows in lower case.
const NO_PLACES: &[&str] =
    &["the", "a", "an", "my", "your", "this", "that", "me", "it", "one", "order", "celsius", "fahrenheit"];

/// Numbers in digits or words, and how they are spelled.
pub(super) fn numbers(text: &str) -> VecDeque<(Value, String)> {
    let separated = text.split(|c: char| c.is_whitespace() || "+*/=()<>?!;:\"'×÷\u{00a0}".contains(c));
    let read = separated.filter_map(|word| {
        let word = word.trim_end_matches(['.', ',', '%', '°']).trim_start_matches(['$', '€', '£', ',']);
        let plain = word.replace(',', "");
        let spelled = || number(&word.to_lowercase()).map(Value::from);
        let value = match plain.parse::<f64>() {
            Ok(value) if value.fract() == 0.0 && !plain.contains('.') => plain.parse::<i64>().ok().map(Value::from),
            Ok(value) => serde_json::Number::from_f64(value).map(Value::Number),
            Err(_) => spelled(),
        };
        Some((value?, word.to_owned()))
    });
    read.collect()
}

/// What stands in quotation marks.
pub(super) fn quotations(text: &str) -> VecDeque<String> {
    const MARKS: &[(char, char)] = &[('"', '"'), ('“', '”'), ('`', '`'), ('«', '»')];
    let mut out = VecDeque::new();
    let mut rest = text;
    while let Some((at, (open, close))) =
        rest.char_indices().find_map(|(at, c)| Some((at, MARKS.iter().find(|(open, _)| *open == c)?)))
    {
        let inside = rest.get(at + open.len_utf8()..).unwrap_or_default();
        let Some((quoted, after)) = inside.split_once(*close) else { break };
        if !quoted.trim().is_empty() {
            out.push_back(quoted.trim().to_owned());
        }
        rest = after;
    }
    out
}

/// The words of a text with the punctuation that follows them.
fn words(text: &str) -> Vec<(&str, &str)> {
    let split = |word| {
        let trimmed: &str = str::trim_start_matches(word, ['"', '(', '“']);
        let bare = trimmed.trim_end_matches(|c: char| !c.is_alphanumeric());
        (bare, trimmed.get(bare.len()..).unwrap_or_default())
    };
    text.split_whitespace().map(split).filter(|(word, _)| !word.is_empty()).collect()
}

fn is_name(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && !NO_NAMES.contains(&word.to_lowercase().as_str())
}

/// The places after the first "in", "at" …, and whether they are a list.
pub(super) fn places(text: &str) -> (VecDeque<String>, bool) {
    let words = words(text);
    let before = |pair: &[(&str, &str)]| match pair {
        [(before, ""), (place, _)] => BEFORE_PLACES.contains(&before.to_lowercase().as_str()) && is_name(place),
        _ => false,
    };
    if let Some(at) = words.windows(2).position(before) {
        return run(words.get(at + 1..).unwrap_or_default());
    }
    // "in paris": one word, where nothing else can be meant.
    let lower = words.windows(2).find_map(|pair| match pair {
        [("in" | "for", ""), (place, _)] => {
            let plain = place.chars().all(char::is_alphabetic) && place.starts_with(char::is_lowercase);
            (plain && place.len() > 2 && !NO_PLACES.contains(place)).then(|| (*place).to_owned())
        }
        _ => None,
    });
    (lower.into_iter().collect(), false)
}

/// "Paris", "New York City", "San Francisco, CA", "Oslo, Rome, and Bern".
fn run(words: &[(&str, &str)]) -> (VecDeque<String>, bool) {
    let (mut items, mut is_list) = (VecDeque::from([String::new()]), false);
    for (at, (word, gap)) in words.iter().enumerate() {
        let name_follows = words.get(at + 1).is_some_and(|(next, _)| is_name(next));
        let joins = matches!(*word, "and" | "or" | "&") && name_follows;
        if !joins && !is_name(word) {
            break;
        }
        is_list |= joins;
        match items.back_mut() {
            Some(item) if !joins && item.is_empty() => item.push_str(word),
            Some(item) if !joins => {
                item.push(' ');
                item.push_str(word);
            }
            _ => {}
        }
        let is_open = items.back().is_some_and(|item| !item.is_empty());
        match *gap {
            "" if joins && is_open => items.push_back(String::new()),
            "," if is_open => items.push_back(String::new()),
            "" => {}
            _ => break,
        }
    }
    items.retain(|item| !item.is_empty());
    if is_list || items.len() < 2 {
        return (items, is_list);
    }
    // A place and its country.
    (VecDeque::from([Vec::from(items).join(", ")]), false)
}

/// Capitalised words that do not begin a sentence, those that follow each other as one.
pub(super) fn names(text: &str) -> VecDeque<String> {
    let mut out: VecDeque<String> = VecDeque::new();
    let (mut begins, mut follows) = (true, false);
    for (word, gap) in words(text) {
        let named = !begins && is_name(word);
        match out.back_mut() {
            Some(last) if named && follows => {
                last.push(' ');
                last.push_str(word);
            }
            _ if named => out.push_back(word.to_owned()),
            _ => {}
        }
        (begins, follows) = (gap.contains(['.', '?', '!', ':']), named && gap.is_empty());
    }
    out
}

/// The first sum as typed: `15 * (2 + 3)`.
pub(super) fn sum(text: &str) -> Option<String> {
    let runs = text.split(|c: char| !(c.is_ascii_digit() || c.is_whitespace() || "+-*/^().%×÷".contains(c)));
    let tidy = runs.map(|run| run.trim().trim_end_matches('.').trim());
    let is_sum = |run: &&str| {
        run.contains(|c: char| "+-*/^×÷".contains(c)) && run.chars().filter(char::is_ascii_digit).count() > 1
    };
    tidy.into_iter().find(is_sum).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_one_or_a_list() {
        let cases: [(&str, &[&str], bool); 8] = [
            ("weather in Paris?", &["Paris"], false),
            ("Weather in New York City today", &["New York City"], false),
            ("in San Francisco, CA", &["San Francisco, CA"], false),
            ("for Oslo, Rome and Bern.", &["Oslo", "Rome", "Bern"], true),
            ("for Oslo, Rome, and Bern.", &["Oslo", "Rome", "Bern"], true),
            ("in paris", &["paris"], false),
            ("in the morning, in Celsius", &[], false),
            ("", &[], false),
        ];
        for (text, expected, is_list) in cases {
            assert_eq!(places(text), (expected.iter().map(|place| (*place).to_owned()).collect(), is_list), "{text}");
        }
    }

    #[test]
    fn finds_numbers_quotations_names_and_sums() {
        let spelled = |text| numbers(text).into_iter().map(|(_, spelled)| spelled).collect::<Vec<_>>();
        assert_eq!(spelled("Add two, -3.5 and $1,000; not v2 or 2025-02-28."), ["two", "-3.5", "1,000"]);
        assert_eq!(quotations("say \"a b\" and “c” but \"never"), ["a b", "c"]);
        assert_eq!(names("Ask Ada Lovelace. Then Bob, please."), ["Ada Lovelace", "Bob"]);
        assert_eq!(sum("What is 15 * (2 + 3)?").as_deref(), Some("15 * (2 + 3)"));
        assert_eq!(sum("On 5 May."), None);
    }
}
