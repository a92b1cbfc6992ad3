//! `providerOptions` of messages, parts and tools: cache points, what a guardrail looks at, citations, and what proves that
//! reasoning is the model's own.

use serde_json::Value;

use super::options::{CLAUDES, NAMESPACE, OLDER_NAMESPACE, namespaces};
use crate::conversation::{CachePoint, Ttl};
use crate::dialect::formats::citations;
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// What `qualifiers` of `guardContent` can say (`GuardrailConverseContentQualifier`).
const QUALIFIERS: &[&str] = &["grounding_source", "guard_content", "query"];

/// Whose words a part is, and with it what its options are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaker {
    /// The program's.
    Program,
    /// The model's: what came with its answer comes back with it, and is nobody's wish.
    Model,
}

/// The options of a message, part or tool.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// `cachePoint`, `cacheControl` of Anthropic
    pub(super) cache: Option<CachePoint>,
    /// `guardContent`
    pub(super) guarded: Option<bool>,
    /// `guardContentQualifiers`
    pub(super) qualifiers: Vec<String>,
    /// `citations`
    pub(super) citations: Option<bool>,
    /// What a document is called (Anthropic's `title`).
    pub(super) title: Option<String>,
    /// What the model should know about a document (Anthropic's `context`).
    pub(super) context: Option<String>,
    /// `signature`
    pub(super) signature: Option<String>,
    /// `redactedContent`, `redactedData`
    pub(super) redacted: Option<String>,
}

/// Reads the options of `holder`. The newer name of the provider wins, member by member, and Anthropic's comes last.
pub(super) fn take(holder: &mut Object<'_>, speaker: Speaker, losses: &mut Losses<'_>) -> Result<Marks> {
    let mut marks = Marks::default();
    let mut namespaces = namespaces(holder)?;
    let place = holder.at("providerOptions");
    for name in [NAMESPACE, OLDER_NAMESPACE, CLAUDES] {
        let Some(given) = namespaces.remove(name).filter(|given| !given.is_null()) else { continue };
        let mut options = Object::read(given, place.member(name), "an object")?;
        marks.add(&mut options)?;
        if speaker == Speaker::Program && name != CLAUDES {
            losses.unread(&options)?;
        }
    }
    Ok(marks)
}

impl Marks {
    fn add(&mut self, options: &mut Object<'_>) -> Result<()> {
        self.cache = self.cache.or(cache_point(options)?);
        self.guarded = self.guarded.or(options.flag("guardContent")?);
        let qualifiers = options.strings("guardContentQualifiers")?;
        if let Some(stranger) = qualifiers.iter().find(|word| !QUALIFIERS.contains(&word.as_str())) {
            let message = format!("{stranger:?} is none of {}.", QUALIFIERS.join(", "));
            return Err(Error::invalid(options.at("guardContentQualifiers"), message));
        }
        if self.qualifiers.is_empty() {
            self.qualifiers = qualifiers;
        }
        if options.has("citations") {
            let cited = citations(options)?;
            self.citations.get_or_insert(cited);
        }
        add(&mut self.title, options, "title")?;
        add(&mut self.context, options, "context")?;
        add(&mut self.signature, options, "signature")?;
        add(&mut self.redacted, options, "redactedContent")?;
        add(&mut self.redacted, options, "redactedData")
    }
}

fn add(to: &mut Option<String>, options: &mut Object<'_>, name: &str) -> Result<()> {
    let given = options.string(name)?.filter(|text| !text.is_empty());
    if to.is_none() {
        *to = given;
    }
    Ok(())
}

fn cache_point(options: &mut Object<'_>) -> Result<Option<CachePoint>> {
    for (name, kind) in [("cachePoint", "default"), ("cacheControl", "ephemeral"), ("cache_control", "ephemeral")] {
        if let Some(given) = options.take(name) {
            return point(given, kind, options.at(name)).map(Some);
        }
    }
    Ok(None)
}

fn point(given: Value, wanted: &str, place: Path<'_>) -> Result<CachePoint> {
    let mut point = Object::read(given, place, "an object with a type")?;
    if point.string("type")?.is_some_and(|kind| kind != wanted) {
        return Err(Error::invalid(point.at("type"), format!("must be {wanted}.")));
    }
    let ttl = match point.string("ttl")?.as_deref() {
        None => None,
        Some("5m") => Some(Ttl::FiveMinutes),
        Some("1h") => Some(Ttl::OneHour),
        Some(_) => return Err(Error::invalid(point.at("ttl"), "must be 5m or 1h.")),
    };
    Ok(CachePoint { ttl })
}
