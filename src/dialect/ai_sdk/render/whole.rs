//! A whole answer: its steps as `content`.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use super::Settings;
use super::answer::{Answer, Last};
use super::finish::End;
use super::part::{Citation, Finish, Kind, Part, ProviderMetadata, Step};
use crate::conversation::Event;
use crate::error::{Error, Kind as Fault, Result};

#[derive(Serialize)]
struct Whole {
    content: Vec<Item>,
    #[serde(flatten)]
    finish: Finish,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Item {
    Said(Said),
    Part(Part),
}

/// What a stream says in pieces.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
enum Said {
    Text {
        text: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        citations: Vec<Citation>,
    },
    Reasoning {
        text: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        provider_metadata: Option<ProviderMetadata>,
    },
}

/// A whole answer: `content`, `finishReason`, `usage`, `providerMetadata`.
pub fn result(events: Vec<Event>, settings: &Settings) -> Result<Value> {
    let (mut answer, mut steps, mut content) = (Answer::new(settings.clone()), Vec::new(), Joined::default());
    for event in events {
        answer.step(event, &mut steps);
        steps.drain(..).for_each(|step| content.take(step));
    }
    let finish = answer.finish(End::Whole, &mut steps);
    steps.into_iter().for_each(|step| content.take(step));
    serde_json::to_value(Whole { content: content.items, finish })
        .map_err(|error| Error::new(Fault::Internal, format!("The answer could not be written: {error}.")))
}

/// Blocks as far as their pieces have come.
#[derive(Default)]
struct Joined {
    items: Vec<Item>,
    /// Where blocks are, by id.
    places: HashMap<String, usize>,
    last: Last<usize>,
}

impl Joined {
    fn take(&mut self, step: Step) {
        match step {
            Step::Delta(kind, text) => {
                let place = *self.last.of(kind);
                self.append(place, &text);
            }
            Step::Part(Part::TextStart { id }) => {
                self.begin(Kind::Text, id, Said::Text { text: String::new(), citations: Vec::new() });
            }
            Step::Part(Part::ReasoningStart { id }) => {
                self.begin(Kind::Reasoning, id, Said::Reasoning { text: String::new(), provider_metadata: None });
            }
            Step::Part(Part::TextDelta { id, delta }) => self.append(self.places.get(&id).copied(), &delta),
            Step::Part(Part::ReasoningDelta { id, delta, provider_metadata: metadata }) => {
                self.append(self.places.get(&id).copied(), &delta);
                self.amend(&id, metadata);
            }
            Step::Part(Part::TextEnd { id, citations: cited }) => {
                if let Some(Said::Text { citations, .. }) = self.said(self.places.get(&id).copied()) {
                    *citations = cited;
                }
            }
            Step::Part(Part::ReasoningEnd { id, provider_metadata: metadata }) => self.amend(&id, metadata),
            Step::Part(Part::ToolInputStart { .. } | Part::ToolInputDelta { .. } | Part::ToolInputEnd { .. }) => {}
            Step::Part(part) => self.items.push(Item::Part(part)),
        }
    }

    fn begin(&mut self, kind: Kind, id: String, said: Said) {
        *self.last.of(kind) = Some(self.items.len());
        self.places.insert(id, self.items.len());
        self.items.push(Item::Said(said));
    }

    fn said(&mut self, place: Option<usize>) -> Option<&mut Said> {
        match self.items.get_mut(place?)? {
            Item::Said(said) => Some(said),
            Item::Part(_) => None,
        }
    }

    fn append(&mut self, place: Option<usize>, piece: &str) {
        if let Some(Said::Text { text, .. } | Said::Reasoning { text, .. }) = self.said(place) {
            text.push_str(piece);
        }
    }

    fn amend(&mut self, id: &str, metadata: Option<ProviderMetadata>) {
        if let (Some(Said::Reasoning { provider_metadata, .. }), Some(_)) =
            (self.said(self.places.get(id).copied()), &metadata)
        {
            *provider_metadata = metadata;
        }
    }
}
