//! A text that a regular expression matches: the shortest, for expressions of literals, classes, groups, alternatives
//! and repetitions. Others (look-around, back references, Unicode properties) have none.

use std::iter::Peekable;
use std::str::Chars;

/// Most repetitions; more are not needed for a sample.
const MOST: usize = 200;
/// Longest text, in bytes.
const LONGEST: usize = 10_000;
/// Deepest nesting of groups.
const DEEPEST: usize = 20;

/// A text of at least `shortest` characters that matches `pattern`, if one is found.
pub(super) fn matching(pattern: &str, shortest: usize) -> Option<String> {
    let check = regex_lite::Regex::new(pattern).ok()?;
    // What may be repeated without end is repeated until the text is long enough.
    let texts = (0..=shortest.min(MOST)).map(|more| {
        let mut parser = Parser { rest: pattern.chars().peekable(), more };
        let text = parser.alternatives(0)?;
        parser.rest.peek().is_none().then_some(text)
    });
    let found = texts.map_while(|text| text).find(|text| text.chars().count() >= shortest);
    found.filter(|text| check.is_match(text))
}

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
    /// Repetitions on top of the fewest, where there is no most.
    more: usize,
}

impl Parser<'_> {
    /// `a|b`: the first.
    fn alternatives(&mut self, depth: usize) -> Option<String> {
        let first = self.sequence(depth)?;
        while self.rest.next_if_eq(&'|').is_some() {
            self.sequence(depth)?;
        }
        Some(first)
    }

    fn sequence(&mut self, depth: usize) -> Option<String> {
        let mut out = String::new();
        while let Some(&next) = self.rest.peek() {
            if matches!(next, '|' | ')') {
                break;
            }
            let atom = self.atom(depth)?;
            let times = self.times()?;
            if out.len() + atom.len() * times > LONGEST {
                return None;
            }
            out.push_str(&atom.repeat(times));
        }
        Some(out)
    }

    fn atom(&mut self, depth: usize) -> Option<String> {
        Some(match self.rest.next()? {
            '^' | '$' => String::new(),
            '.' => "a".to_owned(),
            '[' => self.class()?.to_string(),
            '(' => self.group(depth)?,
            '\\' => escaped(self.rest.next()?)?.to_string(),
            '*' | '+' | '?' | '{' => return None,
            literal => literal.to_string(),
        })
    }

    fn group(&mut self, depth: usize) -> Option<String> {
        if self.rest.next_if_eq(&'?').is_some() && self.rest.next()? != ':' {
            return None;
        }
        let inner = (depth < DEEPEST).then(|| self.alternatives(depth + 1))??;
        (self.rest.next()? == ')').then_some(inner)
    }

    /// A character of a class: the first that it names, or one that it does not.
    fn class(&mut self) -> Option<char> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut ranges = Vec::new();
        loop {
            let first = match self.rest.next()? {
                ']' if !ranges.is_empty() => break,
                '\\' => escaped(self.rest.next()?)?,
                other => other,
            };
            let mut ahead = self.rest.clone();
            let last = match (ahead.next(), ahead.next()) {
                (Some('-'), Some(last)) if last != ']' => {
                    self.rest.nth(1);
                    last
                }
                _ => first,
            };
            ranges.push((first, last));
        }
        if !negated {
            return ranges.first().map(|(first, _)| *first);
        }
        let excluded = |c: &char| ranges.iter().any(|(first, last)| (first..=last).contains(&c));
        ('a'..='z').chain('0'..='9').find(|c| !excluded(c))
    }

    /// How often what stands before is repeated.
    fn times(&mut self) -> Option<usize> {
        let times = match self.rest.peek() {
            Some('?') => 0,
            Some('*') => self.more,
            Some('+') => 1 + self.more,
            Some('{') => {
                let inside: String = self.rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
                let least = least.parse::<usize>().ok()?;
                let most = if most.is_empty() { usize::MAX } else { most.parse().ok()? };
                self.rest.next_if_eq(&'?');
                return Some(least.saturating_add(self.more).min(most).min(MOST));
            }
            _ => return Some(1),
        };
        self.rest.next();
        self.rest.next_if_eq(&'?');
        Some(times)
    }
}

fn escaped(c: char) -> Option<char> {
    Some(match c {
        'd' => '0',
        'w' => 'a',
        's' => ' ',
        't' => '\t',
        'n' => '\n',
        'D' | 'S' => 'a',
        'W' => '-',
        c if c.is_alphanumeric() => return None,
        c => c,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finds_the_shortest() {
        let cases = [
            ("^[A-Z]{3}-\\d{4}$", 0, Some("AAA-0000")),
            ("^(foo|bar)+$", 0, Some("foo")),
            ("^[^a-c]x?y*$", 0, Some("d")),
            ("^\\w+@\\w+\\.com$", 9, Some("aa@aa.com")),
            ("^a{2,3}?b$", 0, Some("aab")),
            ("^[a-z0-9_-]+$", 4, Some("aaaa")),
            ("^(?:\\+1)?\\s$", 0, Some(" ")),
            ("^a$", 5, None),
            ("(((a{99}){99}){99}){99}", 0, None),
            ("(?=a)a", 0, None),
            ("(", 0, None),
        ];
        for (pattern, shortest, expected) in cases {
            assert_eq!(matching(pattern, shortest).as_deref(), expected, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(pattern in "[a\\[\\]()|*+?{},1\\\\d^$.:-]{0,12}") {
            if let Some(text) = matching(&pattern, 2) {
                prop_assert!(regex_lite::Regex::new(&pattern).unwrap().is_match(&text));
            }
        }
    }
}
