//! Programs written for OpenAI's API, on Amazon Bedrock.

pub mod catalog;
pub mod error;
pub mod media;
pub mod simulator;
