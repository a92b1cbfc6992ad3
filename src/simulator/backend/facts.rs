//! What the built-in model knows: the images it was given, what it was told, a few capitals, manners.

use super::images::sniff;
use super::{Ask, tokens};
use crate::simulator::question::{Role, Turn};

const CAPITALS: &[(&str, &str)] = &[
    ("argentina", "Buenos Aires"),
    ("australia", "Canberra"),
    ("austria", "Vienna"),
    ("brazil", "Brasília"),
    ("canada", "Ottawa"),
    ("china", "Beijing"),
    ("egypt", "Cairo"),
    ("france", "Paris"),
    ("germany", "Berlin"),
    ("greece", "Athens"),
    ("india", "New Delhi"),
    ("italy", "Rome"),
    ("japan", "Tokyo"),
    ("kenya", "Nairobi"),
    ("mexico", "Mexico City"),
    ("norway", "Oslo"),
    ("poland", "Warsaw"),
    ("portugal", "Lisbon"),
    ("spain", "Madrid"),
    ("sweden", "Stockholm"),
    ("switzerland", "Bern"),
];

/// Most characters of a question that an answer repeats.
const QUOTED_TOKENS: u64 = 40;

/// Format and size of the images in the latest user turn, or of earlier ones when asked about them.
pub(super) fn images(ask: &Ask) -> Option<String> {
    let about_images = ask.phrase.has_any(&["image", "images", "picture", "pictures", "photo"]);
    let mut turns = ask.question.turns.iter().rev().filter(|turn| turn.role == Role::User);
    let shows_images = |turn: &&Turn| turn.images().next().is_some();
    let latest = turns.next().filter(shows_images);
    let turn = latest.or_else(|| turns.find(|turn| about_images && shows_images(turn)))?;
    let seen: Vec<_> = turn.images().map(describe).collect();
    Some(match seen.as_slice() {
        [one] => format!("The image is {one}."),
        many => format!("There are {} images: {}.", many.len(), many.join("; ")),
    })
}

pub(super) fn describe(bytes: &[u8]) -> String {
    match sniff(bytes) {
        Some(image) => format!("a {} of {} by {} pixels", image.format, image.width, image.height),
        None => format!("{} bytes in a format I do not know", bytes.len()),
    }
}

/// "What is my name?" after "My name is Ada."
pub(super) fn remembered(ask: &Ask) -> Option<String> {
    let asked = ["what is my", "what's my", "what was my", "tell me my", "do you remember my", "do you know my"];
    let thing = asked.iter().find_map(|start| ask.phrase.after(start)).and_then(|rest| rest.first())?;
    let told = ask.question.turns.iter().rev().filter(|turn| turn.role == Role::User);
    let value = told.filter_map(|turn| stated(&turn.text(), thing)).next();
    Some(match value {
        Some(value) => format!("Your {thing} is {value}."),
        None => format!("You have not told me your {thing}."),
    })
}

/// What `text` says after "my `thing` is", up to the end of the clause, as typed.
fn stated(text: &str, thing: &str) -> Option<String> {
    let marker = format!("my {thing} is ");
    let at = text.to_ascii_lowercase().find(&marker)? + marker.len();
    let rest = text.get(at..)?;
    let end = rest.find(['.', ',', '!', '?', ';', '\n']).unwrap_or(rest.len());
    let clause = rest[..end].split(" and ").next()?.trim();
    (!clause.is_empty()).then(|| clause.to_owned())
}

/// "What is the capital of France?"
pub(super) fn capital(ask: &Ask) -> Option<String> {
    ask.phrase.has("capital").then_some(())?;
    let (country, city) = CAPITALS.iter().find(|(country, _)| ask.phrase.has(country))?;
    let terse = ask.phrase.has_any(&["one word", "single word", "only the city", "just the city", "city name only"]);
    let (first, rest) = country.split_at(1);
    Some(if terse { (*city).to_owned() } else { format!("The capital of {}{rest} is {city}.", first.to_uppercase()) })
}

/// "Hello"
pub(super) fn greeting(ask: &Ask) -> Option<String> {
    let greets = matches!(ask.phrase.words().first().map(String::as_str), Some("hello" | "hi" | "hey"));
    (greets && ask.phrase.words().len() <= 6).then(|| "Hello! How can I help you today?".to_owned())
}

/// When nothing else fits: a sentence that shows the question arrived.
pub(super) fn anything(ask: &Ask) -> String {
    match tokens::truncate(ask.text, QUOTED_TOKENS).trim() {
        "" => "I am ready. What would you like to know?".to_owned(),
        asked => format!("You asked: \"{asked}\". I am a small model on your own machine and keep my answers short."),
    }
}

#[cfg(test)]
mod tests {
    use super::super::answer;
    use super::super::tests::ask;
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(CAPITALS.is_sorted());
    }

    #[test]
    fn knows_capitals() {
        assert_eq!(answer(&ask("What is the capital of France?"), false).text(), "The capital of France is Paris.");
        assert_eq!(answer(&ask("Capital of Japan, one word"), false).text(), "Tokyo");
    }

    #[test]
    fn remembers_what_it_was_told() {
        let mut question = ask("Hello, my name is Ada Lovelace, nice to meet you.");
        question.turns.push(Turn::new(Role::Assistant, "Hello Ada!"));
        question.turns.push(Turn::new(Role::User, "What is my name?"));
        assert_eq!(answer(&question, false).text(), "Your name is Ada Lovelace.");
        assert_eq!(answer(&ask("What is my age?"), false).text(), "You have not told me your age.");
    }

    #[test]
    fn tells_an_images_format_and_size() {
        let mut question = ask("What is in this image?");
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 0, 0, 64, 0, 0, 0, 48]);
        question.turns[0].add_image(png);
        assert_eq!(answer(&question, false).text(), "The image is a png of 64 by 48 pixels.");
        question.turns[0].add_image(b"junk".to_vec());
        let both = "There are 2 images: a png of 64 by 48 pixels; 4 bytes in a format I do not know.";
        assert_eq!(answer(&question, false).text(), both);
    }

    #[test]
    fn any_other_question_is_mentioned() {
        assert!(answer(&ask("Why is the sky blue?"), false).text().contains("Why is the sky blue?"));
    }
}
