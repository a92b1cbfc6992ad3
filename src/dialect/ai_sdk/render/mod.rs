//! What a model answers as `LanguageModelV4GenerateResult` and as stream parts.

use serde_json::{Value, json};

use super::Specification;
use crate::conversation::{Event, Usage};
use crate::error::Result;

/// What an answer is made with.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whose shapes.
    pub specification: Specification,
    /// An id nobody else has: tool calls that come without one are called by it.
    pub generated_id: String,
}

/// What begins an item that is the JSON of one stream part.
const JSON: char = '\0';

/// A stream's parts as items: a text of the open text block as it is, U+0001 and a piece of the open reasoning block,
/// U+0002 and a piece of the open tool input, or U+0000 and the JSON of a part.
#[derive(Debug, Default)]
pub struct Parts {
    settings: Settings,
    open: bool,
    usage: Usage,
    stop: Option<String>,
}

impl Parts {
    /// Parts in the shapes that `settings` name.
    pub fn new(settings: Settings) -> Parts {
        Parts { settings, ..Parts::default() }
    }

    /// Adds what an event comes to.
    pub fn step(&mut self, event: Event, items: &mut Vec<String>) {
        match event {
            Event::Text { text, .. } => {
                if !self.open {
                    self.open = true;
                    items.push(format!("{JSON}{}", json!({"type": "text-start", "id": "0"})));
                }
                items.push(text);
            }
            Event::Usage(usage) => self.usage.update(usage),
            Event::Stop(reason) => self.stop = Some(reason.as_str().to_owned()),
            _ => {}
        }
    }

    /// The answer is whole.
    pub fn finish(&mut self, items: &mut Vec<String>) -> Result<()> {
        if self.open {
            items.push(format!("{JSON}{}", json!({"type": "text-end", "id": "0"})));
        }
        self.end("stop", items);
        Ok(())
    }

    /// The answer broke; an error part goes before the last of these.
    pub fn fail(&mut self, items: &mut Vec<String>) {
        self.end("error", items);
    }

    fn end(&self, unified: &str, items: &mut Vec<String>) {
        let usage = json!({"inputTokens": {"total": self.usage.input_tokens}, "outputTokens": {"total": self.usage.output_tokens}});
        let reason = json!({"unified": unified, "raw": self.stop});
        items.push(format!("{JSON}{}", json!({"type": "finish", "finishReason": reason, "usage": usage})));
    }
}

/// A whole answer: `content`, `finishReason`, `usage`, `providerMetadata`.
pub fn result(events: Vec<Event>, _settings: &Settings) -> Result<Value> {
    let texts = events.iter().filter_map(|event| match event {
        Event::Text { text, .. } => Some(text.as_str()),
        _ => None,
    });
    let text: String = texts.collect();
    Ok(json!({"content": [{"type": "text", "text": text}], "finishReason": {"unified": "stop"}}))
}
