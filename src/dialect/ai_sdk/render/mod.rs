//! What a model answers as `LanguageModelV4GenerateResult` and as stream parts, or as those of v3.
//!
//! [`answer`] makes steps of an answer out of events; a stream gives them out as they come, a whole answer is the same
//! steps joined. Sources: `@ai-sdk/provider` 4.0.38 for the shapes and their order, `@ai-sdk/amazon-bedrock` 5.0.101 for
//! what it calls what only Bedrock has.

mod answer;
mod block;
mod finish;
mod ids;
mod media;
mod metadata;
mod part;
mod server_tool;
mod sources;
mod stream;
#[cfg(test)]
mod tests;
mod usage;
mod whole;

pub use stream::Parts;
pub use whole::result;

use super::Specification;
use crate::conversation::{Block, Content, FileKind, Request, Tool};
use crate::dialect::formats::media_type;

/// What an answer is made with.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whose shapes.
    pub specification: Specification,
    /// An id nobody else has: calls and sources that come without one are called by it.
    pub generated_id: String,
    /// The documents of the request, which citations count.
    pub documents: Vec<Document>,
    /// Tools that the program has declared and Bedrock runs.
    pub tools: Vec<String>,
}

/// A document of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its media type, where the request tells.
    pub media_type: Option<&'static str>,
    /// The program's name for it.
    pub name: Option<String>,
}

impl Settings {
    /// What the answer to `request` is made with.
    pub fn of(request: &Request, specification: Specification, generated_id: String) -> Settings {
        let system_tool = |tool: &Tool| match tool {
            Tool::System(tool) => Some(tool.name.clone()),
            Tool::Function(_) | Tool::Native(_) | Tool::CachePoint(_) => None,
        };
        Settings {
            specification,
            generated_id,
            documents: documents(request),
            tools: request.tools.iter().filter_map(system_tool).collect(),
        }
    }
}

fn documents(request: &Request) -> Vec<Document> {
    let blocks = request.messages.iter().flat_map(|message| match &message.content {
        Content::Blocks(blocks) => blocks.as_slice(),
        Content::Text(_) => &[],
    });
    let files = blocks.filter_map(|block| match block {
        Block::File(file) if file.kind == FileKind::Document => Some(file),
        _ => None,
    });
    files
        .map(|file| Document {
            media_type: file.format.as_deref().and_then(|format| media_type(file.kind, format)),
            name: file.name.clone(),
        })
        .collect()
}
