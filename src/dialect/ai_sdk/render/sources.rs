//! What a text rests on: `source` parts, and the citations of a text block.
//!
//! Facts: `Citation` of Converse, recordings `claude/converse-*-citations-*`: a citation comes before or after the text of
//! its block, and belongs to the whole of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Document;
use super::part::{Citation, Part, ProviderMetadata, Source};

/// Citations of blocks that are not over.
#[derive(Debug, Default)]
pub(super) struct Citations {
    waiting: BTreeMap<u32, Vec<Citation>>,
}

impl Citations {
    /// The block `index` rests on this; `id` is for the source.
    pub(super) fn cite(&mut self, index: u32, id: String, citation: Value, documents: &[Document]) -> Part {
        let cited_text = cited_text(&citation);
        let source = Part::Source(source(id, citation, documents));
        self.waiting.entry(index).or_default().push(Citation { source: source.clone(), cited_text });
        source
    }

    /// What the block `index` rests on.
    pub(super) fn take(&mut self, index: u32) -> Vec<Citation> {
        self.waiting.remove(&index).unwrap_or_default()
    }
}

/// A page of the web, or one of the documents of the request; its metadata is the citation as it came.
fn source(id: String, citation: Value, documents: &[Document]) -> Source {
    let text = |pointer: &str| citation.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    let title = text("/title").map(str::to_owned);
    let is_url = |source: &&str| source.starts_with("https://") || source.starts_with("http://");
    if let Some(url) = text("/location/web/url").or(text("/source").filter(is_url)) {
        let url = Some(url.to_owned());
        let title = title.or(text("/location/web/domain").map(str::to_owned));
        let provider_metadata = ProviderMetadata(citation);
        return Source { source_type: "url", id, url, media_type: None, title, filename: None, provider_metadata };
    }
    let document = document(&citation).and_then(|place| documents.get(place));
    let name = document.and_then(|document| document.name.clone());
    let named = [title, name.clone(), text("/source").map(str::to_owned)].into_iter().flatten().next();
    Source {
        source_type: "document",
        id,
        url: None,
        media_type: Some(document.and_then(|document| document.media_type).unwrap_or("text/plain")),
        title: Some(named.unwrap_or_else(|| "Document".to_owned())),
        filename: name,
        provider_metadata: ProviderMetadata(citation),
    }
}

/// `documentIndex` of a `documentPage`, `documentChar` or `documentChunk`.
fn document(citation: &Value) -> Option<usize> {
    let locations = citation.get("location")?.as_object()?;
    let index = locations.values().find_map(|location| location.get("documentIndex")?.as_u64())?;
    usize::try_from(index).ok()
}

fn cited_text(citation: &Value) -> Option<String> {
    let passages = citation.get("sourceContent")?.as_array()?;
    let text: String = passages.iter().filter_map(|passage| passage.get("text")?.as_str()).collect();
    (!text.is_empty()).then_some(text)
}
