//! The hub: what a caller asks and what a model answers, in words of neither OpenAI nor Bedrock.
//!
//! A dialect makes a [`Request`] out of a caller's JSON; a family makes a wire body out of a [`Request`] and [`Event`]s
//! out of wire bytes; a dialect makes the caller's answer out of [`Event`]s. Plain data: no I/O, no clock.

mod block;
pub mod embedding;
mod event;
mod extras;
pub mod image_generation;
mod loss;
pub mod moderation;
mod request;
pub mod rerank;
mod tool;

pub use block::{Block, File, FileKind, FileSource, Image, ImageSource, ReasoningText, Stored, ToolResult, ToolUse};
pub use event::{Event, StopReason, Usage};
pub use extras::{CachePoint, Caching, Extras, Ttl};
pub use loss::{Loss, LossCode};
pub use request::{Content, Effort, Message, Parameters, Reasoning, Request, Role};
pub use tool::{Format, FormatRoute, Function, JsonSchema, NativeTool, SystemTool, Tool, ToolChoice};
