//! Bedrock's own body: Converse and ConverseStream.

mod read;
mod write;

pub(super) use read::read;
pub(super) use write::{Stream, whole};
