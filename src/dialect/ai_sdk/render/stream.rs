//! A streamed answer: its steps as items.

use serde::Serialize;

use super::Settings;
use super::answer::Answer;
use super::finish::End;
use super::part::{Kind, Part, Step};
use crate::conversation::Event;

/// What begins an item that is the JSON of one stream part.
const JSON: char = '\0';
/// What begins a piece of the open reasoning block.
const REASONING: char = '\u{1}';
/// What begins a piece of the open tool input.
const TOOL_INPUT: char = '\u{2}';

/// A stream's parts as items: a text of the open text block as it is, U+0001 and a piece of the open reasoning block,
/// U+0002 and a piece of the open tool input, or U+0000 and the JSON of a part. An open block is the one of its kind
/// that began last. The last item is a `finish` part.
#[derive(Debug, Default)]
pub struct Parts {
    answer: Answer,
    /// Kept for its memory.
    steps: Vec<Step>,
    /// The text block that began last.
    text: String,
}

impl Parts {
    /// Parts in the shapes that `settings` name.
    pub fn new(settings: Settings) -> Parts {
        Parts { answer: Answer::new(settings), ..Parts::default() }
    }

    /// Adds what an event comes to.
    pub fn step(&mut self, event: Event, items: &mut Vec<String>) {
        self.answer.step(event, &mut self.steps);
        self.give(items);
    }

    /// The answer is whole.
    pub fn finish(&mut self, items: &mut Vec<String>) {
        self.end(End::Whole, items);
    }

    /// The answer failed, or was cut off: it ended before it was whole. An error part goes before the last of these.
    pub fn fail(&mut self, is_cut_off: bool, items: &mut Vec<String>) {
        self.end(if is_cut_off { End::CutOff } else { End::Failed }, items);
    }

    fn end(&mut self, end: End, items: &mut Vec<String>) {
        let finish = self.answer.finish(end, &mut self.steps);
        self.give(items);
        items.push(json(&Part::Finish(Box::new(finish))));
    }

    fn give(&mut self, items: &mut Vec<String>) {
        for step in self.steps.drain(..) {
            items.push(match step {
                Step::Delta(Kind::Text, delta) if delta.starts_with([JSON, REASONING, TOOL_INPUT]) => {
                    json(&Part::TextDelta { id: self.text.clone(), delta })
                }
                Step::Delta(Kind::Text, delta) => delta,
                Step::Delta(Kind::Reasoning, delta) => marked(REASONING, delta),
                Step::Delta(Kind::ToolInput, delta) => marked(TOOL_INPUT, delta),
                Step::Part(part) => {
                    if let Part::TextStart { id } = &part {
                        self.text.clone_from(id);
                    }
                    json(&part)
                }
            });
        }
    }
}

fn marked(mark: char, mut text: String) -> String {
    text.insert(0, mark);
    text
}

fn json(part: &impl Serialize) -> String {
    // Parts have names of their own and JSON values: serialization has nothing to fail on.
    format!("{JSON}{}", serde_json::to_string(part).unwrap_or_default())
}
