//! Text of any length on request: stories, essays, "write 500 words".

use super::Ask;
use super::phrases::number;

/// Words of a story when no number is given.
const USUAL: usize = 120;
/// Most words that are written.
const MOST: usize = 50_000;

const WRITES: &[&str] = &["write", "tell", "compose", "generate", "describe", "explain"];
const TEXTS: &[&str] = &["story", "tale", "essay", "poem", "paragraph", "words", "article", "haiku", "joke"];

/// Told over and over until there are enough words.
const TALE: &str = "Once upon a time a brave knight set out at dawn to find the dragon in the far mountains . \
    The road was long , and the knight met a miller , a fox and an old woman who knew the way . \
    Deep in the cave the knight raised the sword , and the dragon bowed its head and asked for a song . \
    So the knight sang , the dragon listened , and the two of them shared bread and water by the fire . \
    In the morning they went home together , and everyone in the village came out to see them .";

/// A tale; exactly as many words as asked for.
pub(super) fn write(ask: &Ask) -> Option<String> {
    (ask.phrase.has_any(WRITES) && ask.phrase.has_any(TEXTS)).then(|| tell(wanted(ask)))
}

fn wanted(ask: &Ask) -> usize {
    let before_words = ask.phrase.words().windows(2).find_map(|pair| match pair {
        [count, unit] if unit == "words" || unit == "word" => number(count),
        _ => None,
    });
    let hyphenated = || ask.phrase.words().iter().find_map(|word| number(word.strip_suffix("-word")?));
    let count = before_words.or_else(hyphenated).and_then(|count| usize::try_from(count).ok());
    count.unwrap_or(USUAL).clamp(1, MOST)
}

fn tell(words: usize) -> String {
    let (mut story, mut left) = (String::new(), words);
    for word in TALE.split_whitespace().cycle() {
        if matches!(word, "." | ",") {
            story.push_str(word);
            continue;
        }
        if left == 0 {
            break;
        }
        if !story.is_empty() {
            story.push(' ');
        }
        story.push_str(word);
        left -= 1;
    }
    if story.ends_with(',') {
        story.pop();
    }
    if !story.ends_with('.') {
        story.push('.');
    }
    story
}

#[cfg(test)]
mod tests {
    use super::super::answer;
    use super::super::tests::ask;

    #[test]
    fn writes_as_many_words_as_asked() {
        let cases = [("Write 500 words", 500), ("Write a story of 7 words.", 7), ("Write a 50-word essay", 50)];
        for (question, words) in cases {
            assert_eq!(answer(&ask(question), false).text().split_whitespace().count(), words, "{question}");
        }
        let story = answer(&ask("Tell me a story about a brave knight."), false).text();
        assert!(story.contains("knight") && story.contains("dragon") && story.ends_with('.'));
    }
}
