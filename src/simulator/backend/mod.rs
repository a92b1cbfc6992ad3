//! The built-in model: small, deterministic, obedient. It answers a [`Question`] by the first skill that understands it,
//! minds the system text, stop sequences and token limit, and counts its tokens.
//!
//! It knows nothing of bodies or models' wire shapes.

mod arithmetic;
mod facts;
pub(super) mod images;
mod instructions;
mod lists;
mod phrases;
mod story;
pub(super) mod tokens;

use super::answer::{Answer, Block, Stop, Usage};
use super::question::{Question, Role, Turn};
use phrases::Phrase;

/// Tokens an image costs: its area over 750, as Anthropic documents.
const PIXELS_PER_TOKEN: u64 = 750;
/// Tokens a turn costs on top of its text.
const TOKENS_PER_TURN: u64 = 3;

/// What a skill may look at.
struct Ask<'a> {
    question: &'a Question,
    /// The latest user text, as typed.
    text: &'a str,
    /// The same, ready for matching words.
    phrase: Phrase,
}

/// Tried in this order; the first that answers, answers.
const SKILLS: &[fn(&Ask) -> Option<String>] = &[
    facts::images,
    instructions::repeat,
    facts::remembered,
    lists::count,
    lists::list,
    arithmetic::calculate,
    facts::capital,
    story::write,
    facts::greeting,
];

/// The answer to `question`; `thinks` says whether the model reasons before it speaks.
pub(super) fn answer(question: &Question, thinks: bool) -> Answer {
    let text = obedient_text(question);
    let (text, matched) = cut_at_stop(&text, &question.stop);
    let limit = question.max_tokens.unwrap_or(u64::MAX);
    let reasoning = thinks.then(|| thoughts(question));
    let thought = reasoning.as_deref().map(|thoughts| tokens::truncate(thoughts, limit));
    let left = limit - thought.map_or(0, tokens::count);
    let spoken = tokens::truncate(text, left);
    let cut = spoken.len() < text.len() || thought.map(str::len) != reasoning.as_deref().map(str::len);
    let stop = match matched {
        _ if cut => Stop::MaxTokens,
        Some(sequence) => Stop::Sequence(sequence.to_owned()),
        None => Stop::EndTurn,
    };
    let output = thought.map_or(0, tokens::count) + tokens::count(spoken);
    let mut answer = Answer::text_only(spoken, stop, Usage::new(input_tokens(question), output.max(1)));
    if let Some(thought) = thought {
        answer.blocks.insert(0, Block::Reasoning { text: thought.to_owned().into(), signature: None });
    }
    answer
}

/// Tokens of the question, before anything is answered.
pub(super) fn input_tokens(question: &Question) -> u64 {
    let turns = question.turns.iter().map(|turn| {
        let pictures = turn.images().filter_map(images::sniff);
        let pixels = pictures.map(|image| u64::from(image.width) * u64::from(image.height));
        tokens::count(&turn.text()) + TOKENS_PER_TURN + pixels.map(|area| area.div_ceil(PIXELS_PER_TOKEN)).sum::<u64>()
    });
    (tokens::count(&question.system) + turns.sum::<u64>()).max(1)
}

fn obedient_text(question: &Question) -> String {
    let text = question.last_user().map_or_else(Default::default, Turn::text);
    let text = text.trim();
    let ask = Ask { question, text, phrase: Phrase::new(text) };
    let answer = SKILLS.iter().find_map(|skill| skill(&ask)).unwrap_or_else(|| facts::anything(&ask));
    let answer = instructions::obey_system(&question.system, answer);
    match question.prefill() {
        Some(prefill) => answer.strip_prefix(prefill.trim_end()).unwrap_or(&answer).to_owned(),
        None => answer,
    }
}

fn thoughts(question: &Question) -> String {
    let asked = question.last_user().map_or_else(Default::default, Turn::text);
    let asked = tokens::truncate(asked.trim(), 12).trim();
    let turns = question.turns.iter().filter(|turn| turn.role == Role::User).count();
    format!("The user asks: \"{asked}\". This is user turn {turns}; I will answer it directly.")
}

/// The text before the earliest stop sequence, and which one it was.
fn cut_at_stop<'a, 'b>(text: &'a str, stops: &'b [String]) -> (&'a str, Option<&'b str>) {
    let found = stops.iter().filter(|stop| !stop.is_empty()).filter_map(|stop| Some((text.find(stop.as_str())?, stop)));
    match found.min_by_key(|(at, _)| *at) {
        Some((at, stop)) => (&text[..at], Some(stop)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn ask(text: &str) -> Question {
        Question { turns: vec![Turn::new(Role::User, text)], ..Question::default() }
    }

    fn text(question: &Question) -> String {
        answer(question, false).text()
    }

    #[test]
    fn stops_before_the_earliest_sequence() {
        let stops = vec!["7".to_owned(), "5".to_owned(), String::new()];
        let answer = answer(&Question { stop: stops, ..ask("Count from 1 to 10") }, false);
        assert_eq!((answer.text().as_str(), answer.stop), ("1, 2, 3, 4, ", Stop::Sequence("5".into())));
    }

    #[test]
    fn keeps_to_max_tokens() {
        let answer = answer(&Question { max_tokens: Some(3), ..ask("Count from 1 to 10") }, false);
        assert_eq!((answer.text().as_str(), answer.stop, answer.usage.output), ("1, 2", Stop::MaxTokens, 3));
    }

    #[test]
    fn a_limit_that_just_fits_is_no_cut() {
        let answer = answer(&Question { max_tokens: Some(1), ..ask("Say exactly: hello") }, false);
        assert_eq!((answer.text().as_str(), answer.stop), ("hello", Stop::EndTurn));
    }

    #[test]
    fn thinking_counts_against_the_limit() {
        let short = answer(&Question { max_tokens: Some(5), ..ask("What is 1+1?") }, true);
        assert_eq!((short.text().as_str(), &short.stop, short.usage.output), ("", &Stop::MaxTokens, 5));
        let long = answer(&ask("What is 1+1?"), true);
        assert!(long.reasoning().unwrap().contains("What is 1+1?") && long.text().contains('2'));
    }

    #[test]
    fn continues_a_prefill() {
        let mut question = ask("Count from 1 to 5");
        question.turns.push(Turn::new(Role::Assistant, "1, 2,"));
        assert_eq!(text(&question), " 3, 4, 5");
    }

    #[test]
    fn the_same_question_has_the_same_answer() {
        assert_eq!(answer(&ask("Why is the sky blue?"), true), answer(&ask("Why is the sky blue?"), true));
    }
}
