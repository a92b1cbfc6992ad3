//! `providerOptions` of a call: those of `amazonBedrock`, of its older name `bedrock`, and the few of `anthropic` that mean
//! something here. Options of other providers are theirs.

use serde_json::{Map, Value};

use crate::conversation::FormatRoute;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// Where the provider's own options stand.
pub(super) const NAMESPACE: &str = "amazonBedrock";
/// Where they stood before version 5 of `@ai-sdk/amazon-bedrock`.
pub(super) const OLDER_NAMESPACE: &str = "bedrock";
/// Where those of Claude stand.
pub(super) const CLAUDES: &str = "anthropic";

/// The options of a call. The newer name wins, member by member.
pub(super) struct Options<'p> {
    own: Object<'p>,
    older: Object<'p>,
    claudes: Object<'p>,
}

/// `providerOptions` by namespace.
pub(super) fn namespaces(holder: &mut Object<'_>) -> Result<Map<String, Value>> {
    Ok(holder.map("providerOptions")?.unwrap_or_default())
}

impl<'p> Options<'p> {
    /// Reads the three namespaces, which stand at `places`.
    pub(super) fn read(mut namespaces: Map<String, Value>, places: [Path<'p>; 3]) -> Result<Options<'p>> {
        let [own, older, claudes] = places;
        let mut take = |name: &str, place: Path<'p>| {
            let given = namespaces.remove(name).filter(|given| !given.is_null());
            Object::read(given.unwrap_or_else(|| Value::Object(Map::new())), place, "an object")
        };
        Ok(Options {
            own: take(NAMESPACE, own)?,
            older: take(OLDER_NAMESPACE, older)?,
            claudes: take(CLAUDES, claudes)?,
        })
    }

    /// The namespace that says `name`.
    pub(super) fn holding(&mut self, name: &str) -> &mut Object<'p> {
        if self.own.has(name) || !self.older.has(name) {
            self.older.take(name);
            &mut self.own
        } else {
            &mut self.older
        }
    }

    /// The same for what may stand among Claude's as well.
    fn holding_anywhere(&mut self, name: &str) -> &mut Object<'p> {
        if self.own.has(name) || self.older.has(name) { self.holding(name) } else { &mut self.claudes }
    }

    /// `disableParallelToolUse`
    pub(super) fn disables_parallel_tools(&mut self) -> Result<bool> {
        let name = "disableParallelToolUse";
        Ok(self.holding_anywhere(name).flag(name)?.unwrap_or(false))
    }

    /// `structuredOutputMode`
    pub(super) fn format_route(&mut self) -> Result<FormatRoute> {
        let name = "structuredOutputMode";
        let holder = self.holding_anywhere(name);
        match holder.string(name)?.as_deref() {
            None | Some("auto") => Ok(FormatRoute::Best),
            Some("outputFormat") => Ok(FormatRoute::Service),
            Some("jsonTool") => Ok(FormatRoute::Tool),
            Some(_) => Err(Error::invalid(holder.at(name), "must be outputFormat, jsonTool or auto.")),
        }
    }

    /// What nobody has read, and where it stands. Among Claude's there is more, which Anthropic's own API takes.
    pub(super) fn unread(&self) -> impl Iterator<Item = (&str, &Value, String)> {
        let own = self.own.unread().map(|(name, value)| (name, value, self.own.at(name).to_string()));
        let older = self.older.unread().filter(|(name, _)| !self.own.has(name));
        own.chain(older.map(|(name, value)| (name, value, self.older.at(name).to_string())))
    }
}
