//! What a request asks, whoever's body it came in. Readers ([`super::converse`], [`super::native`]) make a [`Question`];
//! [`super::sources`] answer it. Only the simulator knows these types.

use std::borrow::Cow;

use serde_json::Value;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    User,
    Assistant,
}

/// One turn of the conversation.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Turn {
    pub(super) role: Role,
    pub(super) parts: Vec<Part>,
}

/// A piece of a turn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Text(String),
    /// Text that a guardrail is to look at (`guardContent`).
    Guarded(Guarded),
    Image(Media),
    Video(Media),
    Audio(Media),
    Document(Document),
    /// What the caller's own search found.
    SearchResult(SearchResult),
    /// What the model thought in an earlier turn.
    Reasoning(Reasoning),
    /// The same, encrypted.
    Redacted(String),
    ToolUse(ToolUse),
    ToolResult(ToolResult),
}

/// Text for a guardrail, with `grounding_source`, `query` or `guard_content` where it says what it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Guarded {
    pub(super) text: String,
    pub(super) qualifiers: Vec<String>,
}

/// Where the content of a part is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    /// In the request; what could not be decoded is empty.
    Bytes(Vec<u8>),
    Text(String),
    /// Text in pieces that citations count.
    Chunks(Vec<String>),
    /// In S3, or at another address.
    Elsewhere(String),
}

/// An image, a video or a sound. Its format (`png`, `mp4` …) is empty where the request does not say.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Media {
    pub(super) format: String,
    pub(super) source: Source,
}

/// A document as sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Document {
    pub(super) name: String,
    /// `pdf`, `txt` …; empty where the request does not say.
    pub(super) format: String,
    pub(super) source: Source,
    /// What the caller says about it.
    pub(super) context: String,
    /// Whether the answer is to cite it.
    pub(super) citations: bool,
}

/// A result of the caller's own search.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SearchResult {
    pub(super) source: String,
    pub(super) title: String,
    pub(super) chunks: Vec<String>,
    /// Whether the answer is to cite it.
    pub(super) citations: bool,
}

/// What the model thought in an earlier turn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reasoning {
    pub(super) text: String,
    pub(super) signature: Option<String>,
}

/// A tool call of an earlier turn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ToolUse {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) input: Value,
}

/// What a tool said.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ToolResult {
    /// The [`ToolUse`] that it answers; empty where the family has no ids.
    pub(super) id: String,
    pub(super) parts: Vec<Part>,
    pub(super) is_error: bool,
}

/// A tool that the model may call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) description: String,
    /// JSON schema of the input.
    pub(super) schema: Value,
}

/// Whether tools are to be called.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum ToolChoice {
    #[default]
    Auto,
    /// Some tool.
    Any,
    /// This tool.
    Named(String),
    None,
}

/// A provider-neutral question.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Question {
    pub(super) system: String,
    pub(super) turns: Vec<Turn>,
    pub(super) max_tokens: Option<u64>,
    pub(super) temperature: Option<f64>,
    pub(super) top_p: Option<f64>,
    pub(super) top_k: Option<u64>,
    pub(super) stop: Vec<String>,
    /// Thinking was asked for (models that always think need no asking).
    pub(super) thinking: bool,
    pub(super) tools: Vec<Tool>,
    /// Names of tools that the service runs itself (`nova_code_interpreter` …).
    pub(super) server_tools: Vec<String>,
    pub(super) tool_choice: ToolChoice,
    /// JSON schema that the answer's text must be valid for; `{}` for any JSON.
    pub(super) schema: Option<Value>,
    /// The text a raw prompt came in, for families that echo it.
    pub(super) prompt: String,
    /// In the order of the prompt: tools, system text, turns.
    pub(super) cache_points: Vec<CachePoint>,
}

/// Asks to cache the prompt up to here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CachePoint {
    pub(super) place: Place,
    /// For an hour, not for five minutes.
    pub(super) hour: bool,
}

/// A place in the prompt. What stands before it is what a cache point caches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// After so many tools.
    Tools(usize),
    /// After all tools and so many bytes of the system text.
    System(usize),
    /// After all tools, the system text, so many whole turns, and so many parts of the next.
    Turns(usize, usize),
}

impl Turn {
    /// A turn of text; none when it is empty.
    pub(super) fn new(role: Role, text: impl Into<String>) -> Turn {
        let mut turn = Turn { role, parts: Vec::new() };
        turn.add_text(text);
        turn
    }

    pub(super) fn add_text(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.parts.push(Part::Text(text));
        }
    }

    /// Adds an image whose format the request does not say.
    pub(super) fn add_image(&mut self, bytes: Vec<u8>) {
        self.parts.push(Part::Image(Media { format: String::new(), source: Source::Bytes(bytes) }));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// All that can be read as text, tool results and documents included, a blank line between parts.
    pub(super) fn text(&self) -> Cow<'_, str> {
        text_of(&self.parts, |_| true)
    }

    /// What the turn itself says: its text, without documents, search and tool results.
    pub(super) fn said(&self) -> Cow<'_, str> {
        text_of(&self.parts, |part| matches!(part, Part::Text(_) | Part::Guarded(_)))
    }

    /// The images, those in tool results included.
    pub(super) fn images(&self) -> impl Iterator<Item = &[u8]> {
        self.parts_within().filter_map(|part| match part {
            Part::Image(image) => Some(image.source.bytes()),
            _ => None,
        })
    }

    /// The parts, and behind each tool result what is in it.
    pub(super) fn parts_within(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().flat_map(|part| {
            let inner = match part {
                Part::ToolResult(result) => result.parts.as_slice(),
                _ => &[],
            };
            std::iter::once(part).chain(inner)
        })
    }

    /// What tools said in this turn.
    pub(super) fn tool_results(&self) -> impl Iterator<Item = &ToolResult> {
        self.parts.iter().filter_map(|part| match part {
            Part::ToolResult(result) => Some(result),
            _ => None,
        })
    }
}

impl Source {
    /// The bytes that are in the request.
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Source::Bytes(bytes) => bytes,
            Source::Text(text) => text.as_bytes(),
            Source::Chunks(_) | Source::Elsewhere(_) => &[],
        }
    }

    /// What can be read as text; empty for binary content.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Source::Bytes(bytes) => std::str::from_utf8(bytes).unwrap_or_default().into(),
            Source::Text(text) => text.into(),
            Source::Chunks(chunks) => chunks.concat().into(),
            Source::Elsewhere(_) => "".into(),
        }
    }
}

impl ToolResult {
    /// All its text, a blank line between parts.
    pub(super) fn text(&self) -> Cow<'_, str> {
        text_of(&self.parts, |_| true)
    }
}

/// The texts of the parts that are `wanted`, a blank line between them.
fn text_of(parts: &[Part], wanted: impl Fn(&Part) -> bool) -> Cow<'_, str> {
    let mut texts = parts.iter().filter(|part| wanted(part)).map(Part::text).filter(|text| !text.is_empty());
    let first = texts.next().unwrap_or_default();
    let Some(second) = texts.next() else { return first };
    let mut all = first.into_owned();
    for text in std::iter::once(second).chain(texts) {
        all.push_str("\n\n");
        all.push_str(&text);
    }
    all.into()
}

impl Part {
    fn text(&self) -> Cow<'_, str> {
        match self {
            Part::Text(text) | Part::Guarded(Guarded { text, .. }) => text.into(),
            Part::Document(document) => document.source.text(),
            Part::SearchResult(result) => result.chunks.concat().into(),
            Part::ToolResult(result) => result.text(),
            Part::Image(_) | Part::Video(_) | Part::Audio(_) => "".into(),
            Part::Reasoning(_) | Part::Redacted(_) | Part::ToolUse(_) => "".into(),
        }
    }
}

impl Question {
    /// The latest user turn.
    pub(super) fn last_user(&self) -> Option<&Turn> {
        self.turns.iter().rev().find(|turn| turn.role == Role::User)
    }

    /// The text that the caller put into the model's mouth: a closing assistant turn.
    pub(super) fn prefill(&self) -> Option<Cow<'_, str>> {
        self.turns.last().filter(|turn| turn.role == Role::Assistant).map(Turn::text)
    }

    /// Whether any turn holds an image.
    pub(super) fn has_images(&self) -> bool {
        self.turns.iter().any(|turn| turn.images().next().is_some())
    }

    /// Appends to the system text, a blank line between parts.
    pub(super) fn add_system(&mut self, text: &str) {
        if !self.system.is_empty() && !text.is_empty() {
            self.system.push_str("\n\n");
        }
        self.system.push_str(text);
    }
}
