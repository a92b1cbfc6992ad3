//! Patterns of the service model, matched against the whole value as the service does.
//!
//! Most are one character class, or have one among their alternatives; those are tried first, from a table of the ASCII
//! characters, without a regular expression. The expressions are compiled when they are first needed.

use std::sync::LazyLock;

use regex_lite::Regex;

/// Values longer than this are not matched: the longest that any pattern of the model can take is 2,048 characters, and
/// the length of such a value is refused already, or is part of the pattern.
const LONGEST: usize = 10_000;

pub(super) struct Pattern {
    pub(super) text: String,
    classes: Vec<Class>,
    regex: LazyLock<Option<Regex>, Box<dyn FnOnce() -> Option<Regex> + Send>>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Pattern {
        let whole = format!("^(?:{text})$");
        Pattern {
            text: text.to_owned(),
            classes: alternatives(text).into_iter().filter_map(Class::parse).collect(),
            regex: LazyLock::new(Box::new(move || Regex::new(&whole).ok())),
        }
    }

    pub(super) fn matches(&self, value: &str) -> bool {
        if self.classes.iter().any(|class| class.matches(value)) {
            return true;
        }
        value.len() <= LONGEST && self.regex.as_ref().is_some_and(|regex| regex.is_match(value))
    }
}

/// `[…]` with a quantifier: which ASCII characters, and how many.
#[derive(Debug, PartialEq)]
struct Class {
    allowed: u128,
    least: usize,
    most: usize,
}

impl Class {
    fn parse(pattern: &str) -> Option<Class> {
        let pattern = unwrapped(pattern);
        let (inside, quantifier) = pattern.strip_prefix('[')?.rsplit_once(']')?;
        let (least, most) = match quantifier {
            "" => (1, 1),
            "+" => (1, usize::MAX),
            "*" => (0, usize::MAX),
            counted => {
                let (least, most) = counted.strip_prefix('{')?.strip_suffix('}')?.split_once(',')?;
                (least.parse().ok()?, most.parse().ok()?)
            }
        };
        Some(Class { allowed: characters(inside)?, least, most })
    }

    fn matches(&self, value: &str) -> bool {
        (self.least..=self.most).contains(&value.len())
            && value.bytes().all(|byte| byte < 128 && self.allowed >> byte & 1 == 1)
    }
}

/// The ASCII characters of a class, as bits; `None` for one that is more than literals, ranges and `\s`.
fn characters(inside: &str) -> Option<u128> {
    let mut allowed = 0;
    let mut rest = inside.bytes().peekable();
    if rest.peek() == Some(&b'^') {
        return None;
    }
    while let Some(byte) = rest.next() {
        let first = match byte {
            b'[' | b']' => return None,
            b'\\' => match rest.next()? {
                b's' => {
                    allowed |= b" \t\n\x0b\x0c\r".iter().fold(0, |bits, space| bits | 1 << space);
                    continue;
                }
                escaped if escaped.is_ascii_punctuation() => escaped,
                _ => return None,
            },
            byte if byte < 128 => byte,
            _ => return None,
        };
        let mut ahead = rest.clone();
        let last = match (ahead.next(), ahead.next()) {
            (Some(b'-'), Some(last)) if last.is_ascii() && last != b'\\' => {
                rest = ahead;
                last
            }
            _ => first,
        };
        allowed |= (first..=last).fold(0, |bits, character| bits | 1 << character);
    }
    Some(allowed)
}

/// Without anchors and groups around all of it.
fn unwrapped(pattern: &str) -> &str {
    let bare = pattern.strip_prefix('^').unwrap_or(pattern);
    let bare = bare.strip_suffix('$').unwrap_or(bare);
    match bare.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) if !inner.contains(['(', ')']) => unwrapped(inner),
        _ => bare,
    }
}

/// The pattern, cut at its outermost `|`.
fn alternatives(pattern: &str) -> Vec<&str> {
    let (mut depth, mut in_class, mut escaped, mut start, mut found) = (0, false, false, 0, Vec::new());
    for (at, character) in pattern.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth -= 1,
            '|' if !in_class && depth == 0 => {
                found.extend(pattern.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(pattern.get(start..));
    found
}

#[cfg(test)]
mod tests {
    use super::super::MODEL;
    use super::super::model::Kind;
    use super::*;

    #[test]
    fn every_pattern_of_the_model_compiles() {
        let mut count = 0;
        for shape in MODEL.all() {
            if let Kind::String { pattern: Some(pattern), .. } = &shape.kind {
                assert!(pattern.regex.is_some(), "{}: {}", shape.name, pattern.text);
                count += 1;
            }
        }
        assert!(count > 50, "{count}");
    }

    #[test]
    fn the_short_cut_agrees_with_the_regular_expression() {
        let values = [
            "",
            "a",
            "Z9",
            "a-b_c",
            "a b",
            "a.b:c",
            "é",
            "\t",
            "[x]",
            "1-2",
            "arn:aws:x",
            "a$b#c@d",
            "x\u{3000}y",
            "-",
            "]",
            "a/b",
        ];
        let patterns = MODEL.all().filter_map(|shape| match &shape.kind {
            Kind::String { pattern: Some(pattern), .. } => Some(pattern),
            _ => None,
        });
        for pattern in patterns.filter(|pattern| !pattern.classes.is_empty()) {
            for value in values {
                let regex = pattern.regex.as_ref().unwrap().is_match(value);
                assert_eq!(pattern.matches(value), regex, "{value} in {}", pattern.text);
            }
        }
    }

    #[test]
    fn matches_whole_values_only() {
        let cases = [
            ("[a-zA-Z0-9_-]+", "get_weather", true),
            ("[a-zA-Z0-9_-]+", "goal.upsert", false),
            ("[a-zA-Z0-9_-]+", "", false),
            ("[0-9]{12}", "123456789012", true),
            ("[0-9]{12}", "1234567890123", false),
            (r"[a-zA-Z0-9\s:_@$#=/+,-.]{1,256}", "a b,c-d.e", true),
            ("(|([1-9][0-9]{0,7})|(DRAFT))", "", true),
            ("(|([1-9][0-9]{0,7})|(DRAFT))", "0", false),
        ];
        for (pattern, value, expected) in cases {
            assert_eq!(Pattern::new(pattern).matches(value), expected, "{value} in {pattern}");
        }
    }

    #[test]
    fn a_class_is_told_from_other_patterns() {
        assert!(Class::parse("([a-z0-9]+)").is_some());
        for other in ["[^:]+", "a|[b]+", "([0-9a-zA-Z][_-]?)+", r"[\S]{1,4}", "[a]{12}", ".*"] {
            assert_eq!(Class::parse(other), None, "{other}");
        }
    }
}
