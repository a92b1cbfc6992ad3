//! Anthropic's Messages body (`anthropic_version`, `max_tokens`, `messages`).

mod envelope;
mod read;
mod write;

pub(in crate::simulator) use read::tool_choice;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::body::{Body, check_keys};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::Answer;
use crate::simulator::exception::Exception;
use crate::simulator::question::Question;

/// Keys of the Messages body on Bedrock; `model` and `stream` are refused there.
const REQUIRED: &[&str] = &["anthropic_version", "max_tokens", "messages"];
const KNOWN: &[&str] = &[
    "system",
    "temperature",
    "top_p",
    "top_k",
    "stop_sequences",
    "tools",
    "tool_choice",
    "thinking",
    "anthropic_beta",
    "metadata",
    "output_config",
    "output_format",
    "context_management",
    "cache_control",
    "mcp_servers",
    "service_tier",
    "speed",
];

pub(super) struct Claude;

impl Codec for Claude {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys(body, REQUIRED, KNOWN)?;
        Ok(read::question(body))
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        write::whole(opening, answer)
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(write::Stream::new(opening)))
    }
}

/// A signature of the right form; its bytes are a hash of the thoughts.
pub(in crate::simulator) fn signature(thoughts: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(thoughts))
}
