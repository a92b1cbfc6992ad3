//! What a caller asks of a model.

use super::block::{Block, Image};
use super::extras::{Caching, Extras};
use super::tool::{Format, FormatRoute, Tool, ToolChoice};

/// One call: instructions, the conversation so far, and how to answer.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Instructions, in order; every one reaches the model.
    pub system: Vec<Content>,
    /// The conversation.
    pub messages: Vec<Message>,
    /// Limits and sampling.
    pub parameters: Parameters,
    /// Whether the answer is to come piece by piece; a few bodies have to say so.
    pub stream: bool,
    /// Whether and how the model is to reason before it answers; `None` leaves it to the model.
    pub reasoning: Option<Reasoning>,
    /// Whether `max_tokens` is for the answer alone, and what the model thinks is to be added to it.
    pub thinks_apart: bool,
    /// How Claude is to show what it thinks: `summarized` or `omitted`.
    pub thinking_display: Option<String>,
    /// What the model may call, in order.
    pub tools: Vec<Tool>,
    /// Whether it may, must or must not call one.
    pub tool_choice: ToolChoice,
    /// Whether it may call several at once; `None` leaves it to the model.
    pub parallel_tool_calls: Option<bool>,
    /// The form of the answer.
    pub format: Format,
    /// By which way a schema for the answer is kept.
    pub format_route: FormatRoute,
    /// What the tool is called whose input is the answer, where that is the way; `None` leaves it to fitting.
    pub format_tool: Option<&'static str>,
    /// Whether the caller checks an answer against its schema himself: it is then given out as it comes, and never asked
    /// for once more.
    pub checks_format: bool,
    /// What is to be kept in the prompt cache without being marked.
    pub caching: Caching,
    /// What goes to the service as the caller wrote it.
    pub extras: Extras,
    /// Whether turns go out as the caller put them and a missing `max_tokens` is the most the model gives, as
    /// bedrock-wrapper 2.12.0 did it. Else turns are mended until the model takes them, and what is not said is not
    /// sent, as OpenAI's callers expect it.
    pub as_given: bool,
}

impl Request {
    /// All instructions as one text.
    pub fn instructions(&self) -> String {
        let texts: Vec<String> = self.system.iter().map(|content| content.text("\n")).collect();
        texts.join("\n\n")
    }
}

/// Limits and sampling. `None` means: not said, the model's default holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    /// The most tokens the answer may have; at least 1.
    pub max_tokens: Option<u32>,
    /// Randomness, 0 to 1 on Bedrock.
    pub temperature: Option<f64>,
    /// Nucleus sampling, 0 to 1.
    pub top_p: Option<f64>,
    /// Sampling among this many likeliest tokens.
    pub top_k: Option<u32>,
    /// Texts at which the answer ends; the text itself is not part of the answer.
    pub stop: Vec<String>,
}

/// How a model is to reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reasoning {
    /// Not at all, where the model can do without.
    Off,
    /// At most this many tokens of reasoning (Claude up to 4.5: at least 1,024).
    Budget(u32),
    /// As much as the model finds right (Claude 4.6 and later).
    Adaptive,
    /// This hard.
    Effort(Effort),
}

/// How hard a model is to think, in OpenAI's words (`reasoning_effort`), least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effort {
    /// `minimal`
    Minimal,
    /// `low`
    Low,
    /// `medium`
    Medium,
    /// `high`
    High,
    /// `xhigh`
    ExtraHigh,
    /// `max`
    Max,
}

/// Who said it. Instructions are [`Request::system`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The caller's side.
    User,
    /// The model's side.
    Assistant,
}

impl Role {
    /// The wire name, the same in every family.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::User => "user",
            Role::Assistant => "assistant",
        }
    }
}

/// One turn of the conversation.
#[derive(Clone, Debug)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: Content,
    /// Who of several users or assistants speaks; most families have no place for it.
    pub name: Option<String>,
}

/// What a turn holds. The caller's form is kept: families that take a bare string get the bare string.
#[derive(Clone, Debug)]
pub enum Content {
    /// A bare string.
    Text(String),
    /// Parts in order.
    Blocks(Vec<Block>),
}

impl Content {
    /// All text of the turn, in order, joined by `separator`.
    pub fn text(&self, separator: &str) -> String {
        match self {
            Content::Text(text) => text.clone(),
            Content::Blocks(blocks) => {
                let texts: Vec<&str> = blocks.iter().filter_map(Block::as_text).collect();
                texts.join(separator)
            }
        }
    }

    /// Puts `text` before everything else.
    pub fn prepend(&mut self, text: &str) {
        match self {
            Content::Text(own) => own.insert_str(0, text),
            Content::Blocks(blocks) => blocks.insert(0, Block::Text(text.to_owned())),
        }
    }

    /// The images of the turn and of tool results in it, in order, to be made ready.
    pub fn images_mut(&mut self) -> impl Iterator<Item = &mut Image> {
        self.parts_mut().filter_map(|block| match block {
            Block::Image(image) => Some(image),
            _ => None,
        })
    }

    /// Everything that the turn and tool results in it consist of, in order.
    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut Block> {
        let blocks = match self {
            Content::Text(_) => &mut [],
            Content::Blocks(blocks) => blocks.as_mut_slice(),
        };
        blocks.iter_mut().flat_map(|block| match block {
            Block::ToolResult(result) => result.content.iter_mut(),
            own => std::slice::from_mut(own).iter_mut(),
        })
    }

    /// The images of the turn, in order.
    pub fn images(&self) -> impl Iterator<Item = &Image> {
        let blocks = match self {
            Content::Text(_) => &[],
            Content::Blocks(blocks) => blocks.as_slice(),
        };
        blocks.iter().filter_map(|block| match block {
            Block::Image(image) => Some(image),
            _ => None,
        })
    }
}
