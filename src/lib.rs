//! Programs written for OpenAI's API, on Amazon Bedrock.

pub mod client;
pub mod error;
pub mod media;
#[cfg(feature = "node")]
mod node;
pub mod simulator;
