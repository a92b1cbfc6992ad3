//! Programs written for OpenAI's API, on Amazon Bedrock.

pub mod catalog;
pub mod client;
pub mod config;
pub mod conversation;
pub mod dialect;
pub mod error;
pub mod family;
pub mod media;
#[cfg(feature = "node")]
mod node;
pub mod simulator;
mod text;
pub mod transport;
