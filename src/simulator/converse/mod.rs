//! Bedrock's own body: Converse and ConverseStream.

mod fields;
mod manner;
mod read;
mod stream;
mod whole;

pub(super) use manner::cut;
pub(super) use read::read;
pub(super) use stream::{Sink, Stream};
pub(super) use whole::whole;
