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
    Guarded(String),
    /// An image; what could not be decoded is empty.
    Image(Vec<u8>),
    Document(Document),
    /// What the model thought in an earlier turn.
    Reasoning(String),
    ToolUse(ToolUse),
    ToolResult(ToolResult),
}

/// A document as sent; its bytes are empty when it lies elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Document {
    pub(super) name: String,
    /// `pdf`, `txt` …
    pub(super) format: String,
    pub(super) bytes: Vec<u8>,
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
    pub(super) stop: Vec<String>,
    /// Thinking was asked for (models that always think need no asking).
    pub(super) thinking: bool,
    pub(super) tools: Vec<Tool>,
    pub(super) tool_choice: ToolChoice,
    /// JSON schema that the answer's text must be valid for; `{}` for any JSON.
    pub(super) schema: Option<Value>,
    /// The text a raw prompt came in, for families that echo it.
    pub(super) prompt: String,
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

    pub(super) fn add_image(&mut self, bytes: Vec<u8>) {
        self.parts.push(Part::Image(bytes));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// All that can be read as text, tool results and documents included, a blank line between parts.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self.parts.as_slice() {
            [Part::Text(text)] => text.into(),
            parts => joined(parts).into(),
        }
    }

    /// The images, those in tool results included.
    pub(super) fn images(&self) -> impl Iterator<Item = &[u8]> {
        self.parts.iter().flat_map(|part| match part {
            Part::Image(bytes) => vec![bytes.as_slice()],
            Part::ToolResult(result) => result.parts.iter().filter_map(Part::image).collect(),
            _ => Vec::new(),
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

impl Part {
    fn image(&self) -> Option<&[u8]> {
        match self {
            Part::Image(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl ToolResult {
    /// All its text, a blank line between parts.
    pub(super) fn text(&self) -> String {
        joined(&self.parts)
    }
}

fn joined(parts: &[Part]) -> String {
    let mut out = String::new();
    let mut add = |text: &str| {
        if !out.is_empty() && !text.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(text);
    };
    for part in parts {
        match part {
            Part::Text(text) | Part::Guarded(text) => add(text),
            Part::Document(document) => add(&String::from_utf8_lossy(&document.bytes)),
            Part::ToolResult(result) => add(&result.text()),
            Part::Image(_) | Part::Reasoning(_) | Part::ToolUse(_) => {}
        }
    }
    out
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
