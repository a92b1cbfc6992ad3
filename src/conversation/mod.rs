//! The hub: what a caller asks and what a model answers, in words of neither OpenAI nor Bedrock.
//!
//! A dialect makes a [`Request`] out of a caller's JSON; a family makes a wire body out of a [`Request`] and [`Event`]s
//! out of wire bytes; a dialect makes the caller's answer out of [`Event`]s. Plain data: no I/O, no clock.

mod event;
mod loss;
mod request;

pub use event::{Event, StopReason, Usage};
pub use loss::{Loss, LossCode};
pub use request::{Block, Content, Image, ImageSource, Message, Parameters, Reasoning, Request, Role};
