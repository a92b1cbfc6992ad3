//! What the answer is, before anybody's body is made of it: a list of blocks, told whole or as [`Event`]s.
//!
//! [`super::sources`] make an [`Answer`]; writers ([`super::converse`], [`super::native`]) render it.

use std::borrow::Cow;

use serde_json::Value;

use super::backend::tokens;
use super::exception::Exception;

/// Why the model stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    EndTurn,
    MaxTokens,
    /// The stop sequence that was met; it is not part of the text.
    Sequence(String),
    ToolUse,
    Guardrail,
    ContentFiltered,
    /// Another reason, in Converse's words (`malformed_tool_use`, `model_context_window_exceeded` …).
    Other(String),
}

impl Stop {
    /// Converse's word.
    pub(super) fn reason(&self) -> &str {
        match self {
            Stop::EndTurn => "end_turn",
            Stop::MaxTokens => "max_tokens",
            Stop::Sequence(_) => "stop_sequence",
            Stop::ToolUse => "tool_use",
            Stop::Guardrail => "guardrail_intervened",
            Stop::ContentFiltered => "content_filtered",
            Stop::Other(reason) => reason,
        }
    }

    /// From Converse's word; `sequence` is the one that was met, where that is known.
    pub(super) fn from_reason(reason: &str, sequence: Option<&str>) -> Stop {
        match reason {
            "end_turn" => Stop::EndTurn,
            "max_tokens" => Stop::MaxTokens,
            "stop_sequence" => Stop::Sequence(sequence.unwrap_or_default().to_owned()),
            "tool_use" => Stop::ToolUse,
            "guardrail_intervened" => Stop::Guardrail,
            "content_filtered" => Stop::ContentFiltered,
            other => Stop::Other(other.to_owned()),
        }
    }
}

/// Tokens by the simulator's own count; the same in usage, headers and metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) input: u64,
    pub(super) output: u64,
    /// Tokens read from and written to the prompt cache; `None` where the request caches nothing.
    pub(super) cache: Option<Cache>,
}

/// Tokens of the prompt cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cache {
    pub(super) read: u64,
    pub(super) write: u64,
    /// How many of the written ones are kept for an hour, not for five minutes.
    pub(super) write_hour: u64,
}

impl Usage {
    pub(super) fn new(input: u64, output: u64) -> Usage {
        Usage { input, output, cache: None }
    }

    /// All tokens, those of the cache included.
    pub(super) fn total(self) -> u64 {
        let cache = self.cache.unwrap_or_default();
        [self.output, cache.read, cache.write].into_iter().fold(self.input, u64::saturating_add)
    }
}

/// How text is cut for a stream where an answer leaves that open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Tokens in a piece.
    pub(super) tokens: usize,
    /// The model's text begins with an empty piece.
    pub(super) empty_first: bool,
    /// The model's text ends with an empty piece.
    pub(super) empty_last: bool,
    /// An input without members is no piece at all.
    pub(super) bare_input: bool,
}

impl From<usize> for Cut {
    fn from(tokens: usize) -> Cut {
        Cut { tokens, empty_first: false, empty_last: false, bare_input: false }
    }
}

/// Text as it is spoken in a stream: cut by the simulator, or in given pieces.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Spoken {
    Whole(String),
    Pieces(Vec<String>),
}

impl Spoken {
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Spoken::Whole(text) => text.into(),
            Spoken::Pieces(pieces) => pieces.concat().into(),
        }
    }

    /// The pieces of a stream, `size` tokens each where they are not given. A piece is cut when it is asked for: of
    /// thousands of open streams each holds its text once.
    pub(super) fn pieces(self, size: usize) -> Pieces {
        match self {
            Spoken::Pieces(pieces) => Pieces::Given(pieces.into_iter()),
            Spoken::Whole(text) => Pieces::Cut { text, at: 0, size: size.max(1) },
        }
    }

    /// The pieces of text that the model speaks to the user.
    fn text_pieces(self, cut: Cut) -> impl Iterator<Item = String> + Send {
        let cuts = matches!(self, Spoken::Whole(_));
        let first = (cut.empty_first && cuts).then(String::new);
        let last = (cut.empty_last && cuts).then(String::new);
        first.into_iter().chain(self.pieces(cut.tokens)).chain(last)
    }
}

/// The pieces of a [`Spoken`].
pub(super) enum Pieces {
    Given(std::vec::IntoIter<String>),
    Cut { text: String, at: usize, size: usize },
}

impl Iterator for Pieces {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        match self {
            Pieces::Given(pieces) => pieces.next(),
            Pieces::Cut { text, at, size } => {
                let rest = text.get(*at..)?;
                let length: usize = tokens::split(rest).take(*size).map(str::len).sum();
                *at += length;
                rest.get(..length).filter(|piece| !piece.is_empty()).map(str::to_owned)
            }
        }
    }
}

impl From<String> for Spoken {
    fn from(text: String) -> Spoken {
        Spoken::Whole(text)
    }
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    Text {
        text: Spoken,
        /// Converse's `Citation` objects.
        citations: Vec<Value>,
    },
    Reasoning {
        text: Spoken,
        /// `None`: the writer signs, where the family signs.
        signature: Option<String>,
    },
    /// Encrypted reasoning as the model gives it; Converse encodes it once more (recorded of Claude 3.7).
    Redacted(String),
    ToolUse {
        call: Call,
        /// JSON text of the input; empty where there is none.
        input: Spoken,
    },
    /// The result of a tool that the service ran itself: Converse's `toolResult` object.
    ToolResult(Value),
    Image {
        /// `png`, `jpeg` …
        format: String,
        bytes: Vec<u8>,
    },
}

/// A call of a tool, but for its input.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    /// `None`: the writer makes one as the family does.
    pub(super) id: Option<String>,
    pub(super) name: String,
    /// Converse's `type`: `server_tool_use`, or what Nova 2 adds.
    pub(super) kind: Option<String>,
}

/// A provider-neutral answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) blocks: Vec<Block>,
    pub(super) stop: Stop,
    pub(super) usage: Usage,
    /// Converse's `trace`: what a guardrail did, which model a router chose.
    pub(super) trace: Option<Value>,
}

/// What kind of block ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Reasoning,
    ToolUse,
    ToolResult,
    Image,
}

/// A step of an answer as it is spoken. A block is its pieces and then [`Event::End`].
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Event {
    Start,
    /// A piece of a text block.
    Text(String),
    /// A citation of the open text block: Converse's `CitationsDelta`.
    Citation(Value),
    /// A piece of the reasoning.
    Reasoning(String),
    /// The signature of the open reasoning block, where it is given.
    Signature(String),
    /// All of a redacted reasoning block.
    Redacted(String),
    /// A tool use block begins.
    ToolUse(Call),
    /// A piece of the JSON text of the open tool use block.
    Input(String),
    /// All of a server tool's result.
    ToolResult(Value),
    /// All of an image.
    Image {
        format: String,
        bytes: Vec<u8>,
    },
    /// The open block ends.
    End(Kind),
    /// Converse's `trace`; it comes before the stop.
    Trace(Value),
    Stop(Stop, Usage),
}

impl Event {
    /// Whether the step is a token of the model, for pacing.
    pub(super) fn is_piece(&self) -> bool {
        matches!(self, Event::Text(_) | Event::Reasoning(_) | Event::Input(_))
    }
}

impl Answer {
    /// An answer without a trace.
    pub(super) fn new(blocks: Vec<Block>, stop: Stop, usage: Usage) -> Answer {
        Answer { blocks, stop, usage, trace: None }
    }

    /// An answer of one text.
    #[cfg(test)]
    pub(super) fn text_only(text: impl Into<String>, stop: Stop, usage: Usage) -> Answer {
        Answer::new(vec![Block::text(text)], stop, usage)
    }

    /// Puts these words in place of all reasoning.
    pub(super) fn hide_reasoning(&mut self, words: &str) {
        for block in &mut self.blocks {
            if let Block::Reasoning { text, .. } = block {
                *text = Spoken::Whole(words.to_owned());
            }
        }
    }

    /// All text blocks in one.
    pub(super) fn text(&self) -> String {
        let texts = self.blocks.iter().filter_map(|block| match block {
            Block::Text { text, .. } => Some(text.text()),
            _ => None,
        });
        texts.collect()
    }

    /// All reasoning in one; `None` where there is no such block.
    pub(super) fn reasoning(&self) -> Option<String> {
        let mut thoughts = self.blocks.iter().filter_map(|block| match block {
            Block::Reasoning { text, .. } => Some(text.text().into_owned()),
            _ => None,
        });
        let first = thoughts.next()?;
        Some(thoughts.fold(first, |all, more| all + &more))
    }

    /// The answer that these steps spell. They must end with [`Event::Stop`].
    pub(super) fn collect(events: Vec<Event>) -> Result<Answer, Exception> {
        let mut blocks = Vec::new();
        let mut open = Open::default();
        let mut trace = None;
        for event in events {
            match event {
                Event::Start => {}
                Event::Trace(given) => trace = Some(given),
                Event::Stop(stop, usage) => {
                    blocks.extend(open.close());
                    return Ok(Answer { blocks, stop, usage, trace });
                }
                Event::End(_) => blocks.extend(open.close()),
                event => blocks.extend(open.add(event)),
            }
        }
        Err(Exception::new("ModelErrorException", "The model ended its answer before it was complete."))
    }

    /// The steps in which this answer is spoken; text that is not in pieces is cut.
    pub(super) fn events(self, cut: impl Into<Cut>) -> impl Iterator<Item = Event> + Send {
        let cut = cut.into();
        let last = Event::Stop(self.stop, self.usage);
        let blocks = self.blocks.into_iter().flat_map(move |block| block.events(cut));
        std::iter::once(Event::Start).chain(blocks).chain(self.trace.map(Event::Trace)).chain([last])
    }
}

/// The block that is being spoken.
#[derive(Default)]
struct Open {
    block: Option<Block>,
    pieces: Vec<String>,
}

impl Open {
    /// Takes a step; returns the block that it completes.
    fn add(&mut self, event: Event) -> Option<Block> {
        let done = match &event {
            Event::Text(_) if !matches!(self.block, None | Some(Block::Text { .. })) => self.close(),
            Event::Reasoning(_) if !matches!(self.block, None | Some(Block::Reasoning { .. })) => self.close(),
            Event::ToolUse(_) | Event::ToolResult(_) | Event::Image { .. } | Event::Redacted(_) => self.close(),
            _ => None,
        };
        let empty = || Spoken::Pieces(Vec::new());
        match event {
            Event::Text(piece) => {
                self.block.get_or_insert_with(|| Block::Text { text: empty(), citations: Vec::new() });
                self.pieces.push(piece);
            }
            Event::Citation(citation) => {
                let block = self.block.get_or_insert_with(|| Block::Text { text: empty(), citations: Vec::new() });
                if let Block::Text { citations, .. } = block {
                    citations.push(citation);
                }
            }
            Event::Reasoning(piece) => {
                self.block.get_or_insert_with(|| Block::Reasoning { text: empty(), signature: None });
                self.pieces.push(piece);
            }
            Event::Signature(given) => {
                let block = self.block.get_or_insert_with(|| Block::Reasoning { text: empty(), signature: None });
                if let Block::Reasoning { signature, .. } = block {
                    *signature = Some(given);
                }
            }
            Event::Input(piece) => self.pieces.push(piece),
            Event::ToolUse(call) => self.block = Some(Block::ToolUse { call, input: empty() }),
            Event::Redacted(data) => self.block = Some(Block::Redacted(data)),
            Event::ToolResult(result) => self.block = Some(Block::ToolResult(result)),
            Event::Image { format, bytes } => self.block = Some(Block::Image { format, bytes }),
            Event::Start | Event::End(_) | Event::Trace(_) | Event::Stop(..) => {}
        }
        done
    }

    fn close(&mut self) -> Option<Block> {
        let pieces = Spoken::Pieces(std::mem::take(&mut self.pieces));
        Some(match self.block.take()? {
            Block::Text { citations, .. } => Block::Text { text: pieces, citations },
            Block::Reasoning { signature, .. } => Block::Reasoning { text: pieces, signature },
            Block::ToolUse { call, .. } => Block::ToolUse { call, input: pieces },
            block => block,
        })
    }
}

impl Block {
    /// A block of text without citations.
    pub(super) fn text(text: impl Into<String>) -> Block {
        Block::Text { text: Spoken::Whole(text.into()), citations: Vec::new() }
    }

    fn events(self, cut: Cut) -> Box<dyn Iterator<Item = Event> + Send> {
        let once = |event| Box::new(std::iter::once(event)) as Box<dyn Iterator<Item = Event> + Send>;
        let (steps, kind) = match self {
            Block::Text { text, citations } => {
                // Citations come first (every recording that has one).
                let citations = citations.into_iter().map(Event::Citation);
                (Box::new(citations.chain(text.text_pieces(cut).map(Event::Text))) as Box<_>, Kind::Text)
            }
            Block::Reasoning { text, signature } => {
                let signature = signature.map(Event::Signature);
                (Box::new(text.pieces(cut.tokens).map(Event::Reasoning).chain(signature)) as Box<_>, Kind::Reasoning)
            }
            Block::Redacted(data) => (once(Event::Redacted(data)), Kind::Reasoning),
            Block::ToolUse { call, input } => {
                let bare = cut.bare_input && input == Spoken::Whole("{}".to_owned());
                let input = input.pieces(cut.tokens).filter(move |_| !bare).map(Event::Input);
                (Box::new(std::iter::once(Event::ToolUse(call)).chain(input)) as Box<_>, Kind::ToolUse)
            }
            Block::ToolResult(result) => (once(Event::ToolResult(result)), Kind::ToolResult),
            Block::Image { format, bytes } => (once(Event::Image { format, bytes }), Kind::Image),
        };
        Box::new(steps.chain([Event::End(kind)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_spell_the_answer_in_order() {
        let call = Call { id: None, name: "sum".into(), kind: None };
        let answer = Answer::new(
            vec![
                Block::Reasoning { text: "I think.".to_owned().into(), signature: Some("s".into()) },
                Block::Text { text: "One, two.".to_owned().into(), citations: Vec::new() },
                Block::ToolUse { call: call.clone(), input: Spoken::Pieces(vec!["{\"a\"".into(), ":1}".into()]) },
            ],
            Stop::ToolUse,
            Usage::new(1, 2),
        );
        let events: Vec<_> = answer.events(2).collect();
        let expected = [
            Event::Start,
            Event::Reasoning("I think".into()),
            Event::Reasoning(".".into()),
            Event::Signature("s".into()),
            Event::End(Kind::Reasoning),
            Event::Text("One,".into()),
            Event::Text(" two.".into()),
            Event::End(Kind::Text),
            Event::ToolUse(call),
            Event::Input("{\"a\"".into()),
            Event::Input(":1}".into()),
            Event::End(Kind::ToolUse),
            Event::Stop(Stop::ToolUse, Usage::new(1, 2)),
        ];
        assert_eq!(events, expected);
    }

    #[test]
    fn events_collect_into_the_answer_they_spell() {
        let call = Call { id: Some("t1".into()), name: "sum".into(), kind: None };
        let pieces = |text: &[&str]| Spoken::Pieces(text.iter().map(|&piece| piece.to_owned()).collect());
        let answer = Answer {
            blocks: vec![
                Block::Reasoning { text: pieces(&["I ", "think."]), signature: Some("s".into()) },
                Block::Redacted("cmVk".into()),
                Block::Text { text: pieces(&["One"]), citations: vec![Value::from("c")] },
                Block::ToolUse { call, input: pieces(&["{}"]) },
            ],
            stop: Stop::ToolUse,
            usage: Usage::new(1, 2),
            trace: Some(Value::from("t")),
        };
        assert_eq!(Answer::collect(answer.clone().events(1).collect()), Ok(answer.clone()));
        let mut cut: Vec<Event> = answer.events(1).collect();
        cut.pop();
        assert!(Answer::collect(cut).is_err());
    }

    #[test]
    fn only_text_that_is_cut_has_the_models_empty_pieces() {
        let cut = Cut { empty_first: true, empty_last: true, ..Cut::from(1) };
        let pieces = |answer: Answer| {
            let texts = answer.events(cut).filter_map(|event| match event {
                Event::Text(piece) => Some(piece),
                _ => None,
            });
            texts.collect::<Vec<_>>()
        };
        assert_eq!(pieces(Answer::text_only("a b", Stop::EndTurn, Usage::default())), ["", "a", " b", ""]);
        let given = Block::Text { text: Spoken::Pieces(vec!["a b".into()]), citations: Vec::new() };
        assert_eq!(pieces(Answer::new(vec![given], Stop::EndTurn, Usage::default())), ["a b"]);
    }

    #[test]
    fn reasons_are_the_same_both_ways() {
        for reason in
            ["end_turn", "max_tokens", "stop_sequence", "tool_use", "guardrail_intervened", "malformed_tool_use"]
        {
            assert_eq!(Stop::from_reason(reason, None).reason(), reason);
        }
    }
}
