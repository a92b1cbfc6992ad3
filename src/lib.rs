//! Programs written for OpenAI's API, on Amazon Bedrock.

pub mod error;
pub mod media;
pub mod simulator;
