//! What a caller asks of a model.

use std::fmt;

use crate::media;

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
    /// Texts at which the answer ends; the text itself is not part of the answer.
    pub stop: Vec<String>,
}

/// How a model is to reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reasoning {
    /// At most this many tokens of reasoning (Claude up to 4.5: at least 1,024).
    Budget(u32),
    /// As much as the model finds right (Claude 4.6 and later).
    Adaptive,
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

    /// The images of the turn, in order, to be made ready.
    pub fn images_mut(&mut self) -> impl Iterator<Item = &mut Image> {
        let blocks = match self {
            Content::Text(_) => &mut [],
            Content::Blocks(blocks) => blocks.as_mut_slice(),
        };
        blocks.iter_mut().filter_map(|block| match block {
            Block::Image(image) => Some(image),
            Block::Text(_) => None,
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
            Block::Text(_) => None,
        })
    }
}

/// One part of a turn.
#[derive(Clone, Debug)]
pub enum Block {
    /// Text.
    Text(String),
    /// A picture.
    Image(Image),
}

impl Block {
    fn as_text(&self) -> Option<&str> {
        match self {
            Block::Text(text) => Some(text),
            Block::Image(_) => None,
        }
    }
}

/// A picture and where in the caller's request it stands.
#[derive(Clone, Debug)]
pub struct Image {
    /// Path of the field it came from, for errors.
    pub param: String,
    /// The picture.
    pub source: ImageSource,
}

impl Image {
    /// Format and base64 of the picture, once it has been made ready.
    pub fn ready(&self) -> Option<(media::Format, &str)> {
        match &self.source {
            ImageSource::Ready(image) => Some((image.format, image.base64())),
            ImageSource::Reference(_) => None,
        }
    }
}

/// A picture as the caller gave it, or as it goes out.
#[derive(Clone)]
pub enum ImageSource {
    /// A data URL, an http(s) URL or bare base64, not looked at yet.
    Reference(String),
    /// Checked, within the limits, in a format that Bedrock takes.
    Ready(media::Image),
}

impl fmt::Debug for ImageSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImageSource::Reference(given) => write!(f, "Reference({} characters)", given.len()),
            ImageSource::Ready(image) => image.fmt(f),
        }
    }
}
