//! What the text rests on: web pages as `annotations` of OpenAI's API, documents as `citations`, which it does not have.
//!
//! Places are counted in UTF-16 units of the whole `content`, so that JavaScript's `slice` finds them. Recordings
//! `claude/converse-*-citations-*`: a citation belongs to the whole of the block it stands in.

use serde::Serialize;
use serde_json::Value;

/// Everything that is cited; in a stream it comes at once, after the text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Cited {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) annotations: Vec<Annotation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) citations: Vec<DocumentCitation>,
}

/// `ChatCompletionMessage.Annotation`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Annotation {
    r#type: &'static str,
    url_citation: UrlCitation,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct UrlCitation {
    end_index: usize,
    start_index: usize,
    title: String,
    url: String,
}

/// A citation in Converse's own form (`title`, `source`, `sourceContent`, `location`), and what cites it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct DocumentCitation {
    start_index: usize,
    end_index: usize,
    #[serde(flatten)]
    citation: Value,
}

/// Where the text has got to, and what it has cited.
#[derive(Debug, Default)]
pub(super) struct Citations {
    length: usize,
    block: Option<u32>,
    block_start: usize,
    waiting: Vec<Value>,
    cited: Cited,
}

impl Citations {
    /// More text of the content block `index`.
    pub(super) fn text(&mut self, index: u32, text: &str) {
        self.enter(index);
        self.length += length(text);
    }

    /// Text that is no part of a block.
    pub(super) fn between(&mut self, text: &str) {
        self.leave();
        self.length += length(text);
    }

    /// The block `index` rests on this.
    pub(super) fn cite(&mut self, index: u32, citation: Value) {
        self.enter(index);
        self.waiting.push(citation);
    }

    /// All that was cited, if anything was.
    pub(super) fn end(&mut self) -> Option<Cited> {
        self.leave();
        let cited = std::mem::take(&mut self.cited);
        (cited != Cited::default()).then_some(cited)
    }

    fn enter(&mut self, index: u32) {
        if self.block != Some(index) {
            self.leave();
            self.block = Some(index);
            self.block_start = self.length;
        }
    }

    fn leave(&mut self) {
        self.block = None;
        let (start_index, end_index) = (self.block_start, self.length);
        for citation in self.waiting.drain(..) {
            let text = |pointer: &str| citation.pointer(pointer).and_then(Value::as_str);
            let Some(url) = text("/location/web/url") else {
                if citation.is_object() {
                    self.cited.citations.push(DocumentCitation { start_index, end_index, citation });
                }
                continue;
            };
            let title = text("/title").or(text("/location/web/domain")).unwrap_or(url).to_owned();
            let url_citation = UrlCitation { end_index, start_index, title, url: url.to_owned() };
            self.cited.annotations.push(Annotation { r#type: "url_citation", url_citation });
        }
    }
}

fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn places_are_those_of_the_block_in_utf16_units() {
        let mut citations = Citations::default();
        citations.text(0, "See \u{1f44b} ");
        citations.text(1, "here");
        citations.cite(1, json!({"location": {"web": {"url": "https://a.example/b", "domain": "a.example"}}}));
        citations.text(1, "!");
        citations.text(2, " And");
        citations.cite(2, json!({"title": "Doc", "location": {"documentPage": {"documentIndex": 0}}}));
        assert_eq!(
            serde_json::to_value(citations.end()).unwrap(),
            json!({
                "annotations": [{"type": "url_citation", "url_citation":
                    {"start_index": 7, "end_index": 12, "title": "a.example", "url": "https://a.example/b"}}],
                "citations": [{"start_index": 12, "end_index": 16, "title": "Doc",
                    "location": {"documentPage": {"documentIndex": 0}}}],
            })
        );
        assert_eq!(citations.end(), None);
    }
}
