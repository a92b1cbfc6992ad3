//! The built-in model: small, deterministic, obedient. It calls the tools that are wanted, fills the schemas that are
//! given, and else answers a [`Question`] by the first skill that understands it. It minds the system text, stop
//! sequences and token limit, and counts its tokens.
//!
//! It knows nothing of bodies or models' wire shapes.

mod arguments;
mod arithmetic;
mod cost;
mod documents;
mod facts;
pub(super) mod images;
mod instructions;
mod lists;
mod mentions;
mod phrases;
mod results;
mod schema;
mod story;
mod structured;
pub(super) mod tokens;
mod tools;

use super::answer::{Answer, Block, Call, Spoken, Stop, Usage};
use super::question::{Question, Role, ToolChoice, Turn};
pub(super) use cost::{before as tokens_before, input_tokens};
use phrases::Phrase;
use tools::Wanted;

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
    results::tell,
];

/// The answer to `question`; `thinks` says whether the model reasons before it speaks.
pub(super) fn answer(question: &Question, thinks: bool) -> Answer {
    let said = question.last_user().map_or_else(Default::default, Turn::said);
    let text = said.trim();
    let ask = Ask { question, text, phrase: Phrase::new(text) };
    let calls = calls(&ask);
    let mut blocks = Vec::new();
    if thinks {
        blocks.push(Block::Reasoning { text: Spoken::Whole(thoughts(&ask, &calls)), signature: None });
    }
    let stop = if calls.is_empty() { Stop::EndTurn } else { Stop::ToolUse };
    match calls.is_empty() {
        true => blocks.extend(spoken(&ask)),
        false => blocks.extend(calls.into_iter().map(block)),
    }
    limited(question, blocks, stop)
}

fn calls(ask: &Ask) -> Vec<Wanted> {
    // "Say exactly: …" is an order to speak, whatever words follow.
    let speaks = ask.question.tool_choice == ToolChoice::Auto && instructions::repeat(ask).is_some();
    if speaks { Vec::new() } else { tools::wanted(ask) }
}

fn block(call: Wanted) -> Block {
    let call_of = Call { id: None, name: call.name, kind: None };
    Block::ToolUse { call: call_of, input: Spoken::Whole(call.input.to_string()) }
}

/// What the model says when it calls no tool.
fn spoken(ask: &Ask) -> Vec<Block> {
    if let Some(schema) = &ask.question.schema {
        let text = if ask.text.is_empty() { &said_before(ask.question) } else { ask.text };
        return vec![Block::text(structured::fill(schema, text, &plain(ask)))];
    }
    // A tool result speaks for itself where the user adds nothing.
    let results = ask.text.is_empty().then(|| results::tell(ask)).flatten();
    let documents = || documents::tell(ask).filter(|_| instructions::repeat(ask).is_none());
    if let (None, Some(mut blocks)) = (&results, documents()) {
        if let [Block::Text { text, citations }] = blocks.as_mut_slice()
            && citations.is_empty()
        {
            *text = Spoken::Whole(obedient(ask.question, text.text().into_owned()));
        }
        return blocks;
    }
    vec![Block::text(obedient(ask.question, results.unwrap_or_else(|| plain(ask))))]
}

/// What the user said last in words.
fn said_before(question: &Question) -> String {
    let turns = question.turns.iter().rev().filter(|turn| turn.role == Role::User);
    turns.map(|turn| turn.said().into_owned()).find(|said| !said.is_empty()).unwrap_or_default()
}

/// The words of the first skill that understands.
fn plain(ask: &Ask) -> String {
    SKILLS.iter().find_map(|skill| skill(ask)).unwrap_or_else(|| facts::anything(ask))
}

/// The answer as the system text and a prefill want it.
fn obedient(question: &Question, answer: String) -> String {
    let answer = instructions::obey_system(&question.system, answer);
    match question.prefill() {
        Some(prefill) => answer.strip_prefix(prefill.trim_end()).unwrap_or(&answer).to_owned(),
        None => answer,
    }
}

fn thoughts(ask: &Ask, calls: &[Wanted]) -> String {
    let asked = tokens::truncate(ask.text, 12).trim();
    let turns = ask.question.turns.iter().filter(|turn| turn.role == Role::User).count();
    let then = match calls {
        [] => "answer it directly".to_owned(),
        [call] => format!("call {}", call.name),
        calls => format!("make {} calls", calls.len()),
    };
    format!("The user asks: \"{asked}\". This is user turn {turns}; I will {then}.")
}

/// The answer before the first stop sequence, and of no more tokens than allowed.
fn limited(question: &Question, blocks: Vec<Block>, mut stop: Stop) -> Answer {
    let limit = question.max_tokens.unwrap_or(u64::MAX);
    let (mut kept, mut output) = (Vec::new(), 0);
    for block in blocks {
        let mut ends = false;
        let mut keep = |text: &Spoken, stops: &[String]| {
            let whole = text.text();
            let (text, matched) = cut_at_stop(&whole, stops);
            let fitting = tokens::truncate(text, limit - output);
            output += tokens::count(fitting);
            if let Some(sequence) = matched {
                (stop, ends) = (Stop::Sequence(sequence.to_owned()), true);
            }
            if fitting.len() < text.len() {
                (stop, ends) = (Stop::MaxTokens, true);
            }
            Spoken::Whole(fitting.to_owned())
        };
        let block = match block {
            Block::Text { text, citations } => Block::Text { text: keep(&text, &question.stop), citations },
            Block::Reasoning { text, signature } => Block::Reasoning { text: keep(&text, &[]), signature },
            Block::ToolUse { call, input } => Block::ToolUse { input: keep(&input, &[]), call },
            other => other,
        };
        kept.push(block);
        if ends {
            break;
        }
    }
    Answer::new(kept, stop, Usage::new(input_tokens(question), output.max(1)))
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
    use crate::simulator::question::Tool;
    use proptest::prelude::*;
    use serde_json::{Value, json};

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

    /// Texts of words that the skills look for, and of anything else.
    fn texts() -> impl Strategy<Value = String> {
        const WORDS: &[&str] = &[
            "weather",
            "in",
            "Paris",
            "and",
            "Rome,",
            "add",
            "2",
            "-3.5",
            "\"quoted",
            "\"",
            "city:",
            "=",
            "İstanbul",
            "2025-02-28",
            "ada@example.com",
            "about",
            "search for",
            "é",
            "日本",
            "?",
            "count",
            "to",
            "capital of",
            "(1+2)*3",
            "unit",
            "celsius",
            "my name is",
            "what is",
            "use the tool",
            "1,000",
            "…",
            "document",
        ];
        let word = prop_oneof![4 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => ".{0,6}"];
        prop::collection::vec(word, 0..14).prop_map(|words| words.join(" "))
    }

    fn tool_schemas() -> impl Strategy<Value = Value> {
        let string = json!({"type": "string"});
        prop::sample::select(vec![
            json!({"type": "object", "properties": {"city": string}, "required": ["city"]}),
            json!({"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "integer", "minimum": 3}}, "required": ["a", "b"]}),
            json!({"type": "object", "properties": {"unit": {"enum": ["celsius", 2]}, "on": {"type": "boolean"}}, "required": ["on"]}),
            json!({"type": "object", "properties": {"query": {"type": "string", "maxLength": 5}, "to": {"type": "string", "format": "email"}}, "required": ["query", "to"]}),
            json!({"type": "object", "properties": {"list": {"type": "array", "items": {"type": "number"}, "maxItems": 2}, "expression": string}, "required": ["list", "expression"]}),
        ])
    }

    proptest! {
        #[test]
        fn calls_and_json_are_valid_whatever_is_asked(text in texts(), schema in tool_schemas(), forced: bool) {
            let tool = Tool { name: "get_weather".into(), description: "Adds and searches.".into(), schema: schema.clone() };
            let tool_choice = if forced { ToolChoice::Any } else { ToolChoice::Auto };
            let question = Question { tools: vec![tool], tool_choice, ..ask(&text) };
            let told = answer(&question, true);
            let mut calls = 0;
            for block in &told.blocks {
                let Block::ToolUse { input, .. } = block else { continue };
                calls += 1;
                let input = serde_json::from_str(&input.text()).unwrap();
                prop_assert!(schema::fits(&schema, &input), "{input} for {schema}");
            }
            prop_assert_eq!(told.stop == Stop::ToolUse, calls > 0);
            prop_assert!(calls > 0 || !forced);
            let json = answer(&Question { schema: Some(schema.clone()), ..ask(&text) }, false).text();
            prop_assert!(schema::fits(&schema, &serde_json::from_str(&json).unwrap()), "{json} for {schema}");
        }

        #[test]
        fn limits_hold_whatever_is_asked(text in texts(), limit in 0..20u64, stop in "[a-z ]{1,2}") {
            let question = Question { max_tokens: Some(limit), stop: vec![stop.clone()], ..ask(&text) };
            let told = answer(&question, true);
            prop_assert!(told.usage.output <= limit.max(1));
            prop_assert!(!told.text().contains(&stop));
        }
    }
}
