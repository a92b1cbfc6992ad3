//! Counting and well-known lists, in the format that was asked for.

use super::Ask;
use super::phrases::{Phrase, number};

/// Longest list; the token limit usually ends it sooner.
const LONGEST: usize = 10_000;

/// Phrases that ask for a list → its items, separated by `|`.
const LISTS: &[(&[&str], &str)] = &[
    (
        &["days of the week", "weekdays", "week days", "days in a week"],
        "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
    ),
    (
        &["months of the year", "months", "twelve months"],
        "January|February|March|April|May|June|July|August|September|October|November|December",
    ),
    (&["alphabet", "letters from a to z"], "A|B|C|D|E|F|G|H|I|J|K|L|M|N|O|P|Q|R|S|T|U|V|W|X|Y|Z"),
    (&["planets"], "Mercury|Venus|Earth|Mars|Jupiter|Saturn|Uranus|Neptune"),
    (&["seasons"], "Spring|Summer|Autumn|Winter"),
    (&["cardinal directions"], "North|East|South|West"),
    (&["colors of the rainbow", "colours of the rainbow"], "Red|Orange|Yellow|Green|Blue|Indigo|Violet"),
];

/// Phrases that ask for a layout.
const LAYOUTS: &[(&[&str], Layout)] = &[
    (&["bullet points", "bullet point", "bulleted", "bullets", "bullet list"], Layout::Bullets),
    (&["numbered", "numbered list"], Layout::Numbered),
    (
        &["one per line", "on separate lines", "on a new line", "separate line", "own line", "newlines", "new lines"],
        Layout::Between("\n"),
    ),
    (&["separated by spaces", "space-separated", "separated by a space"], Layout::Between(" ")),
    (&["separated by dashes", "separated by hyphens"], Layout::Between("-")),
    (&["separated by semicolons"], Layout::Between("; ")),
    (&["without spaces", "no spaces"], Layout::Between(",")),
];

#[derive(Clone, Copy)]
enum Layout {
    Between(&'static str),
    Bullets,
    Numbered,
}

const ORDINALS: &[&str] =
    &["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"];

/// "Count from 1 to 10", up or down, "by 2".
pub(super) fn count(ask: &Ask) -> Option<String> {
    let words = ask.phrase.after("count").or_else(|| ask.phrase.after("numbers"))?;
    let (from, to) = range(words)?;
    let by = ask.phrase.after("by").and_then(|rest| number(rest.first()?)).filter(|by| *by > 0).unwrap_or(1);
    let step = usize::try_from(by).ok()?;
    let items: Vec<String> = if from <= to {
        (from..=to).step_by(step).take(LONGEST).map(|n| n.to_string()).collect()
    } else {
        (to..=from).rev().step_by(step).take(LONGEST).map(|n| n.to_string()).collect()
    };
    Some(lay_out(&items, &ask.phrase))
}

/// "from 3 to 7", "10 down to 1", "1-10"; "to 5" and a number alone count from 1.
fn range(words: &[String]) -> Option<(i64, i64)> {
    let (at, first) = words.iter().enumerate().find_map(|(at, word)| Some((at, span(word)?)))?;
    let (from, to) = match first {
        (from, Some(to)) => return Some((from, to)),
        (number, None) => (number, words.get(at + 1..)?),
    };
    let mut rest = to.iter().skip_while(|word| matches!(word.as_str(), "down" | "up" | "back"));
    match rest.next().map(String::as_str) {
        Some("to" | "through" | "until" | "till" | "and") => Some((from, number(rest.next()?)?)),
        _ => Some((1, from)),
    }
}

/// `7`, `seven` or `1-10`.
fn span(word: &str) -> Option<(i64, Option<i64>)> {
    let pair = || word.split_once('-').and_then(|(from, to)| Some((number(from)?, Some(number(to)?))));
    number(word).map(|single| (single, None)).or_else(pair)
}

/// Weekdays, months, the alphabet…; else any list of bullet points.
pub(super) fn list(ask: &Ask) -> Option<String> {
    if let Some((_, items)) = LISTS.iter().find(|(phrases, _)| ask.phrase.has_any(phrases)) {
        let items: Vec<_> = items.split('|').map(str::to_owned).collect();
        return Some(lay_out(&items, &ask.phrase));
    }
    let wanted = matches!(layout(&ask.phrase), Layout::Bullets | Layout::Numbered);
    let many = usize::try_from(ask.phrase.number().unwrap_or(5)).ok()?;
    wanted.then(|| {
        let items: Vec<_> = ORDINALS.iter().take(many.max(1)).map(|ordinal| format!("{ordinal} item")).collect();
        lay_out(&items, &ask.phrase)
    })
}

fn layout(phrase: &Phrase) -> Layout {
    LAYOUTS.iter().find(|(names, _)| phrase.has_any(names)).map_or(Layout::Between(", "), |(_, layout)| *layout)
}

fn lay_out(items: &[String], phrase: &Phrase) -> String {
    match layout(phrase) {
        Layout::Between(separator) => items.join(separator),
        Layout::Bullets => items.iter().map(|item| format!("• {item}")).collect::<Vec<_>>().join("\n"),
        Layout::Numbered => {
            items.iter().enumerate().map(|(at, item)| format!("{}. {item}", at + 1)).collect::<Vec<_>>().join("\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::answer;
    use super::super::tests::ask;

    #[test]
    fn lists_as_asked() {
        let cases = [
            ("Count from 1 to 10", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10"),
            ("Please count to five, one per line.", "1\n2\n3\n4\n5"),
            ("Count from 10 down to 7", "10, 9, 8, 7"),
            ("Count 1-4 separated by spaces", "1 2 3 4"),
            ("Count from 2 to 8 by 2", "2, 4, 6, 8"),
            ("List the days of the week", "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"),
            ("List the seasons as a numbered list", "1. Spring\n2. Summer\n3. Autumn\n4. Winter"),
            ("Give me 3 bullet points on tea", "• First item\n• Second item\n• Third item"),
        ];
        for (question, expected) in cases {
            assert_eq!(answer(&ask(question), false).text(), expected, "{question}");
        }
        let alphabet = answer(&ask("Recite the alphabet"), false).text();
        assert!(alphabet.starts_with("A, B") && alphabet.ends_with("Y, Z"));
    }

    #[test]
    fn a_huge_count_ends() {
        assert!(answer(&ask("Count from 1 to 99999999999"), false).text().ends_with("10000"));
    }
}
