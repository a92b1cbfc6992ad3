//! Orders about the answer's form: repeat this, and what a system text demands of every answer.

use super::Ask;
use crate::simulator::search::earliest;

/// Orders to repeat a text; the longer before the shorter.
const REPEAT: &[&str] = &[
    "reply with exactly the word",
    "reply with the single word",
    "respond with the single word",
    "answer with the single word",
    "reply with only the word",
    "reply only with the word",
    "respond only with the word",
    "reply with the word",
    "say only the word",
    "say the word",
    "reply with exactly",
    "reply exactly with",
    "respond with exactly",
    "respond exactly with",
    "answer with exactly",
    "repeat after me",
    "repeat exactly",
    "say exactly",
    "write exactly",
    "output exactly",
    "print exactly",
    "reply only with",
    "reply with only",
    "respond only with",
    "respond with only",
    "answer only with",
    "answer with only",
    "always reply with",
    "always respond with",
];

/// Orders to begin every answer with a text.
const PREFIX: &[&str] = &[
    "start every answer with",
    "start every reply with",
    "start every response with",
    "start each answer with",
    "start each response with",
    "start your answer with",
    "start your response with",
    "begin every answer with",
    "begin every reply with",
    "begin every response with",
    "begin each answer with",
    "begin your answer with",
    "begin your response with",
    "always start with",
    "always begin with",
    "prefix every answer with",
    "prefix your answer with",
];

/// What follows an order when it describes the answer ("only the number") and does not spell it.
const DESCRIPTIONS: &[&str] = &["the ", "a ", "an ", "one ", "your ", "json", "yes or no", "valid "];

const UPPERCASE: &[&str] = &["uppercase", "upper case", "upper-case", "all caps", "capital letters"];

/// "Say exactly: X"
pub(super) fn repeat(ask: &Ask) -> Option<String> {
    demanded(ask.text, REPEAT)
}

/// The answer as the system text wants it.
pub(super) fn obey_system(system: &str, answer: String) -> String {
    if let Some(only) = demanded(system, REPEAT) {
        return only;
    }
    let lower = system.to_lowercase();
    let mut answer = answer;
    if lower.contains("pirate") {
        answer = format!("Ahoy matey! {answer}");
    }
    if let Some(prefix) = demanded(system, PREFIX) {
        let space = if prefix.ends_with(char::is_whitespace) { "" } else { " " };
        answer = format!("{prefix}{space}{answer}");
    }
    if UPPERCASE.iter().any(|words| lower.contains(words)) {
        answer = answer.to_uppercase();
    }
    answer
}

/// The text after the first of these orders: what is in quotes, else the rest of the line after a colon, else the rest
/// of the sentence.
fn demanded(text: &str, orders: &[&str]) -> Option<String> {
    let (at, order) = earliest(&text.to_ascii_lowercase(), orders)?;
    let rest = text.get(at + order.len()..)?;
    if rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    let (colon, rest) = match rest.trim_start().strip_prefix(':') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, rest.trim_start()),
    };
    if !colon && DESCRIPTIONS.iter().any(|start| rest.to_ascii_lowercase().starts_with(start)) {
        return None;
    }
    let demanded = quoted(rest).unwrap_or_else(|| {
        let line = rest.lines().next().unwrap_or_default().trim();
        if colon { line } else { line.split_once(". ").map_or(line, |(sentence, _)| sentence).trim_end_matches('.') }
    });
    (!demanded.is_empty()).then(|| demanded.to_owned())
}

fn quoted(text: &str) -> Option<&str> {
    let open = text.chars().next()?;
    let close = match open {
        '"' | '\'' | '`' => open,
        '“' => '”',
        _ => return None,
    };
    text[open.len_utf8()..].split_once(close).map(|(inside, _)| inside)
}

#[cfg(test)]
mod tests {
    use super::super::answer;
    use super::super::tests::ask;
    use crate::simulator::question::Question;

    #[test]
    fn repeats_to_the_letter() {
        let cases = [
            ("Say exactly: Hello, Wörld.", "Hello, Wörld."),
            ("Repeat exactly: a  b", "a  b"),
            ("Reply with exactly RAW.", "RAW"),
            ("Reply with the single word: ok", "ok"),
            ("Please say exactly \"it's 5 o'clock\" now.", "it's 5 o'clock"),
            ("Respond with only “yes”", "yes"),
        ];
        for (question, expected) in cases {
            assert_eq!(answer(&ask(question), false).text(), expected, "{question}");
        }
    }

    #[test]
    fn obeys_the_system_text() {
        let cases = [
            ("Answer in UPPERCASE only.", "HELLO! HOW CAN I HELP YOU TODAY?"),
            ("Start every answer with \"Indeed,\"", "Indeed, Hello! How can I help you today?"),
            ("Reply only with PONG", "PONG"),
            ("You are a pirate.", "Ahoy matey! Hello! How can I help you today?"),
        ];
        for (system, expected) in cases {
            let question = Question { system: system.into(), ..ask("Hello") };
            assert_eq!(answer(&question, false).text(), expected, "{system}");
        }
    }
}
