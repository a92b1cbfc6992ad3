//! The dialect of `bedrockWrapper`: an OpenAI-style chat request in, plain text out.

mod fields;
mod messages;
mod render;
mod request;

pub use render::{Shown, TextRenderer};
pub use request::{Call, parse};
