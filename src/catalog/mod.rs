//! The catalog: which model a caller means, and what is known of it.
//!
//! `models.json` holds the authored rows: `models` (one per id), `names` (what callers write, in the order in which
//! they are listed) and `prefixes` (which relative an id newer than the file takes after). It is read once. An id that
//! the catalog does not know is no error as long as it has the form of one: it goes to Converse with safe defaults.
//! Pure: no I/O, environment or clock.

mod id;
mod listed;
mod making;
mod meant;
mod model;
mod region;

use std::sync::LazyLock;

use serde::Deserialize;

pub use id::{Arn, GEOGRAPHIES, Id, PROVIDERS};
pub use listed::{Listed, merged, owner};
pub use making::{Embedding, EmbeddingBody, ImageBody, ImageGeneration, Images, RerankBody};
pub use meant::{meant, newest, without_prefix};
pub use model::{
    Effort, Endpoint, Family, Invoke, Kind, Model, Name, PromptCache, Reasoning, Sampling, Status, Stop, Support,
    ToolChoices, Tools,
};

use crate::error::{self, Error};
use crate::nearest::nearest;

/// What a caller's `model` stands for.
#[derive(Clone, Debug)]
pub struct Target {
    /// What is sent in the path: the id of a name, or the caller's own id or ARN to the letter.
    pub wire_id: String,
    /// What is known, or assumed, of the model.
    pub model: &'static Model,
    /// The name, where the caller gave one.
    pub name: Option<&'static str>,
    /// Whether the name asks for thinking; an id or ARN never does.
    pub thinking: bool,
    /// Whether the name asks for the model's own reasoning to stay in the text.
    pub keep_reasoning: bool,
}

impl Target {
    /// A model that nothing is known of, called by the caller's own word for it.
    pub fn opaque(id: &str) -> Target {
        Target { wire_id: id.to_owned(), model: &OPAQUE, name: None, thinking: false, keep_reasoning: false }
    }

    /// The region of the ARN, where it is one: requests must go there.
    pub fn region(&self) -> Option<&str> {
        Arn::parse(&self.wire_id).map(|arn| arn.region)
    }

    /// Whether it is a resource of an account, of which only the service knows what lies behind it.
    pub fn is_resource(&self) -> bool {
        Arn::parse(&self.wire_id).is_some_and(|arn| arn.model.is_none())
    }

    /// The same as a model of Claude, where nothing is known of what lies behind its id.
    #[must_use]
    pub fn as_claude(self) -> Target {
        let is_unknown = self.model.derived && self.model.family.is_none();
        if is_unknown { Target { model: &SOME_CLAUDE, ..self } } else { self }
    }

    /// Refuses models that do not answer messages with text.
    pub fn require_text(&self) -> error::Result<()> {
        let makes = match self.model.kind {
            Kind::Text => return Ok(()),
            Kind::Embedding => "embeddings",
            Kind::Image => "images",
            Kind::Rerank => "rankings of documents",
            Kind::Video => "or describes video",
            Kind::Speech => "speech",
        };
        let message = format!("{} makes {makes} and cannot answer messages. Choose a text model.", self.wire_id);
        Err(Error::invalid("model", message))
    }
}

/// Finds what `model` stands for: a name of [`names`] (case-sensitive), an id with or without geography, or an ARN.
///
/// Anything else is an error of kind `UnknownModel` that tells the nearest names.
pub fn resolve(model: &str) -> error::Result<Target> {
    if let Some(name) = CATALOG.names.iter().find(|name| name.name == model) {
        return Ok(Target {
            wire_id: name.id.to_owned(),
            model: facts(name.id).unwrap_or(&OPAQUE),
            name: Some(name.name),
            thinking: name.thinking,
            keep_reasoning: name.keep_reasoning,
        });
    }
    let facts = facts(model).ok_or_else(|| unknown(model))?;
    Ok(Target { wire_id: model.to_owned(), model: facts, name: None, thinking: false, keep_reasoning: false })
}

/// Every name, in the order in which they are listed: those of bedrock-wrapper 2.12.0 first and in its order, then those
/// it no longer lists, then newer models.
pub fn names() -> impl Iterator<Item = &'static Name> {
    CATALOG.names.iter()
}

/// Every model, in the order of the ids.
pub fn models() -> impl Iterator<Item = &'static Model> {
    CATALOG.models.iter()
}

/// `models.json`, whose text lives as long as the program, so that its strings are borrowed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
struct File {
    models: Vec<Model>,
    prefixes: Vec<Prefix>,
    names: Vec<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prefix {
    prefix: &'static str,
    like: &'static str,
}

struct Catalog {
    models: Vec<Model>,
    /// What is assumed of ids that begin with the `id` of the entry.
    relatives: Vec<Model>,
    names: Vec<Name>,
}

const SOURCE: &str = include_str!("models.json");

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is part of the program and read by every test of this module")]
    let file: File = serde_json::from_str(SOURCE).expect("models.json is valid");
    let relative = |prefix: &Prefix| Some(Model::like(prefix.prefix, find(&file.models, prefix.like)?));
    let relatives = file.prefixes.iter().filter_map(relative).collect();
    Catalog { models: file.models, relatives, names: file.names }
});

static OPAQUE: Model = Model::opaque();

/// What is assumed of a model that is known to be Claude, but not which: the manners of the newest that can be told of
/// thinking in both ways. What another one refuses of it the service's answer teaches.
static SOME_CLAUDE: LazyLock<Model> = LazyLock::new(|| match find(&CATALOG.models, "anthropic.claude-opus-4-6-v1") {
    Some(relative) => Model::like("anthropic.claude", relative),
    None => Model::opaque(),
});

fn find<'m>(models: &'m [Model], id: &str) -> Option<&'m Model> {
    models.binary_search_by(|model| model.id.cmp(id)).ok().and_then(|index| models.get(index))
}

/// What is known, or assumed, of an id or ARN; `None` where it is neither.
fn facts(model: &str) -> Option<&'static Model> {
    match Arn::parse(model) {
        Some(Arn { model: Some(id), .. }) => Some(facts_of_id(id)),
        Some(Arn { model: None, .. }) => Some(&OPAQUE),
        None => Id::parse(model).map(facts_of_id),
    }
}

fn facts_of_id(id: Id<'_>) -> &'static Model {
    let relative = || {
        let alike = CATALOG.relatives.iter().filter(|relative| id.base.starts_with(relative.id));
        alike.max_by_key(|relative| relative.id.len())
    };
    find(&CATALOG.models, id.base)
        .or_else(|| find(&CATALOG.models, id.without_context_length()))
        .or_else(relative)
        .unwrap_or(&OPAQUE)
}

fn unknown(model: &str) -> Error {
    let candidates = names().flat_map(|name| [name.name, name.id]);
    let suggestion = match nearest(model, candidates).as_slice() {
        [] => String::new(),
        [one] => format!(" Did you mean {one}?"),
        [first @ .., last] => format!(" Did you mean {} or {last}?", first.join(", ")),
    };
    let message = format!(
        "Model configuration not found for model: {model}.{suggestion} listBedrockWrapperSupportedModels() gives every \
         name; the id of a Bedrock model or inference profile and ARNs are accepted as well."
    );
    Error::new(error::Kind::UnknownModel, message).at("model")
}

#[cfg(test)]
mod tests;
