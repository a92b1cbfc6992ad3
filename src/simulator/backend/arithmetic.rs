//! Sums of two numbers: `1+1`, `12 times 3`, `9 divided by 2`.

use super::Ask;
use super::phrases::number;

/// Longest number that is read, in characters.
const LONGEST: usize = 20;

/// Signs and words → operator.
const OPERATORS: &[(&str, char)] = &[
    ("divided by", '/'),
    ("multiplied by", '*'),
    ("times", '*'),
    ("plus", '+'),
    ("minus", '-'),
    ("x", '*'),
    ("×", '*'),
    ("÷", '/'),
    ("+", '+'),
    ("*", '*'),
    ("/", '/'),
    ("-", '-'),
    ("−", '-'),
];

/// The first sum in the text, worked out.
pub(super) fn calculate(ask: &Ask) -> Option<String> {
    let (left, operator, right) = sum(&ask.text.to_lowercase())?;
    let result = match operator {
        '+' => left.checked_add(right)?.to_string(),
        '-' => left.checked_sub(right)?.to_string(),
        '*' => left.checked_mul(right)?.to_string(),
        _ if right == 0 => return Some("Division by zero is not defined.".to_owned()),
        _ if left % right == 0 => (left / right).to_string(),
        _ => (left as f64 / right as f64).to_string(),
    };
    let terse = ask.phrase.has_any(&["just the number", "only the number", "number only", "only the result"]);
    Some(if terse { result } else { format!("{left} {operator} {right} = {result}") })
}

/// Numbers on both sides of the first operator that has them.
fn sum(text: &str) -> Option<(i64, char, i64)> {
    OPERATORS.iter().find_map(|(sign, operator)| {
        text.match_indices(sign).find_map(|(at, _)| {
            let (before, after) = (text[..at].trim_end(), text[at + sign.len()..].trim_start());
            let left = before.get(before.len() - run(before.chars().rev())?..)?;
            let right = after.get(..run(after.chars())?)?;
            // A third part makes a date or a version of it: 2025-02-28.
            let chained = before[..before.len() - left.len()].ends_with(sign) || after[right.len()..].starts_with(sign);
            if chained { None } else { Some((number(left)?, *operator, number(right)?)) }
        })
    })
}

/// Bytes of the letters and digits up to the first other character; `None` when they are too many for a number. What is
/// one long word, of many letters that are signs as well, is not read again from each of them.
fn run(letters: impl Iterator<Item = char>) -> Option<usize> {
    let mut letters = letters.take_while(|letter| letter.is_alphanumeric());
    let length = letters.by_ref().take(LONGEST).map(char::len_utf8).sum();
    letters.next().is_none().then_some(length)
}

#[cfg(test)]
mod tests {
    use super::super::tests::ask;
    use super::super::{Phrase, answer};

    #[test]
    fn works_out_sums() {
        let cases = [
            ("what is 1+1", "1 + 1 = 2"),
            ("What is 2 + 2? Answer with only the number.", "4"),
            ("15 * 23", "15 * 23 = 345"),
            ("nine divided by 3", "9 / 3 = 3"),
            ("9 divided by 2", "9 / 2 = 4.5"),
            ("5 minus seven", "5 - 7 = -2"),
            ("1/0", "Division by zero is not defined."),
        ];
        for (question, expected) in cases {
            assert_eq!(answer(&ask(question), false).text(), expected, "{question}");
        }
    }

    #[test]
    fn a_word_of_signs_is_read_once() {
        let mut read = 0;
        let signs = "x".repeat(1000);
        for (at, _) in signs.match_indices('x') {
            let after = signs.get(at + 1..).unwrap().chars().inspect(|_| read += 1);
            super::run(after);
        }
        assert!(read <= signs.len() * (super::LONGEST + 1), "{read}");
    }

    #[test]
    fn words_are_no_sums() {
        let long = format!("{}1 x 1", "0".repeat(super::LONGEST));
        for text in [&long, "a well-known fact", "on 2025-02-28", "C++ or A/B", "9223372036854775807 + 1"] {
            let question = ask(text);
            let asked = super::Ask { question: &question, text, phrase: Phrase::new(text) };
            assert_eq!(super::calculate(&asked), None, "{text}");
        }
    }
}
