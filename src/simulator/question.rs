//! What a request asks, whoever's body it came in; and what the answer is, before anybody's body is made of it.
//!
//! Readers ([`super::converse`], [`super::native`]) make a [`Question`], [`super::backend`] makes an [`Answer`], writers
//! render it whole or as [`Event`]s. Only the simulator knows these types.

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    User,
    Assistant,
}

/// One turn of the conversation; tool calls and results are kept as text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Turn {
    pub(super) role: Role,
    pub(super) text: String,
    /// Images as bytes; what could not be decoded is empty.
    pub(super) images: Vec<Vec<u8>>,
}

/// A provider-neutral question.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Question {
    pub(super) system: String,
    pub(super) turns: Vec<Turn>,
    pub(super) max_tokens: Option<u64>,
    pub(super) stop: Vec<String>,
    /// Thinking was asked for (models that always think need no asking).
    pub(super) thinking: bool,
    /// The text a raw prompt came in, for families that echo it.
    pub(super) prompt: String,
}

impl Turn {
    pub(super) fn new(role: Role, text: impl Into<String>) -> Turn {
        Turn { role, text: text.into(), images: Vec::new() }
    }
}

impl Question {
    /// The latest user turn.
    pub(super) fn last_user(&self) -> Option<&Turn> {
        self.turns.iter().rev().find(|turn| turn.role == Role::User)
    }

    /// The text that the caller put into the model's mouth: a closing assistant turn.
    pub(super) fn prefill(&self) -> Option<&str> {
        self.turns.last().filter(|turn| turn.role == Role::Assistant).map(|turn| turn.text.as_str())
    }

    /// Whether any turn holds an image.
    pub(super) fn has_images(&self) -> bool {
        self.turns.iter().any(|turn| !turn.images.is_empty())
    }

    /// Appends to the system text, a blank line between parts.
    pub(super) fn add_system(&mut self, text: &str) {
        if !self.system.is_empty() && !text.is_empty() {
            self.system.push_str("\n\n");
        }
        self.system.push_str(text);
    }
}

/// Why the model stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    EndTurn,
    MaxTokens,
    /// The stop sequence that was met; it is not part of the text.
    Sequence(String),
}

/// Tokens by the simulator's own count; the same in usage, headers and metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) input: u64,
    pub(super) output: u64,
}

/// A provider-neutral answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) reasoning: Option<String>,
    pub(super) text: String,
    pub(super) stop: Stop,
    pub(super) usage: Usage,
}

/// A step of an answer as it is spoken.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Event {
    Start,
    /// A piece of the reasoning.
    Reasoning(String),
    ReasoningEnd,
    /// A piece of the text.
    Text(String),
    Stop(Stop, Usage),
}

impl Answer {
    /// The steps in which this answer is spoken, `size` tokens a piece.
    pub(super) fn events(self, size: usize) -> impl Iterator<Item = Event> + Send {
        let Answer { reasoning, text, stop, usage } = self;
        let thoughts = reasoning.map(|text| pieces(text, size).into_iter().map(Event::Reasoning));
        let ends = thoughts.is_some().then_some(Event::ReasoningEnd);
        std::iter::once(Event::Start)
            .chain(thoughts.into_iter().flatten())
            .chain(ends)
            .chain(pieces(text, size).into_iter().map(Event::Text))
            .chain([Event::Stop(stop, usage)])
    }
}

fn pieces(text: String, size: usize) -> Vec<String> {
    super::backend::tokens::split(&text).collect::<Vec<_>>().chunks(size.max(1)).map(<[&str]>::concat).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_spell_the_answer_in_order() {
        let answer = Answer {
            reasoning: Some("I think.".into()),
            text: "One, two.".into(),
            stop: Stop::EndTurn,
            usage: Usage { input: 1, output: 2 },
        };
        let events: Vec<_> = answer.events(2).collect();
        let expected = [
            Event::Start,
            Event::Reasoning("I think".into()),
            Event::Reasoning(".".into()),
            Event::ReasoningEnd,
            Event::Text("One,".into()),
            Event::Text(" two.".into()),
            Event::Stop(Stop::EndTurn, Usage { input: 1, output: 2 }),
        ];
        assert_eq!(events, expected);
    }
}
