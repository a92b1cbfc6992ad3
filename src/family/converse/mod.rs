//! Converse and ConverseStream: one body for every model.
//!
//! Source: API_runtime_Converse and API_runtime_ConverseStream; oddities from the recordings are named where they are
//! handled. Payloads carry a padding member `p`, which is ignored like any other member that nobody knows.

mod decode;
mod encode;
mod stream;

pub use decode::decode;
pub(super) use decode::{USAGE, decode_block, usage_of};
pub use encode::encode;
pub(super) use encode::{InferenceConfig, WireBlock, blocks, inference_config, thinking};
pub use stream::ConverseStream;
