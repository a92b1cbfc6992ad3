//! What whole answers and streams have in common: usage, and what they repeat of the request. Keys are alphabetical.

use serde_json::{Map, Value, json};

use super::manner::{Counts, Manner};
use crate::simulator::answer::Usage;
use crate::simulator::json::Json;
use crate::simulator::native::Body;

/// What an answer repeats of the request, or looks up for it.
#[derive(Debug)]
pub(super) struct Echo {
    /// `additionalModelResponseFieldPaths`.
    paths: Vec<String>,
    performance: Value,
    tier: Value,
}

impl Echo {
    pub(super) fn of(body: &Body) -> Echo {
        let paths = body.get("additionalModelResponseFieldPaths").as_array().into_iter().flatten();
        Echo {
            paths: paths.filter_map(Value::as_str).map(str::to_owned).collect(),
            performance: body.get("performanceConfig").clone(),
            tier: body.get("serviceTier").clone(),
        }
    }

    /// `performanceConfig` and `serviceTier`, where the request has them.
    pub(super) fn write_settings(&self, out: &mut Json) {
        if self.performance.is_object() {
            out.member("performanceConfig").sorted(&self.performance);
        }
        if self.tier.is_object() {
            out.member("serviceTier").sorted(&self.tier);
        }
    }

    /// Whether the request asks for members of the model's own body.
    pub(super) fn has_paths(&self) -> bool {
        !self.paths.is_empty()
    }

    /// `additionalModelResponseFields`: the members of the model's `own` body that the request's JSON pointers name,
    /// but for what is missing or null.
    pub(super) fn write_extra_fields(&self, own: &Value, out: &mut Json) {
        let mut fields = Map::new();
        for path in &self.paths {
            if let Some(found) = own.pointer(path).filter(|found| !found.is_null()) {
                insert(&mut fields, path.trim_start_matches('/'), found.clone());
            }
        }
        if !fields.is_empty() {
            out.member("additionalModelResponseFields").value(&Value::Object(fields));
        }
    }
}

/// Puts a value at `a/b/c`, making the objects on the way.
fn insert(fields: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('/') {
        None => {
            fields.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = fields.entry(first).or_insert_with(|| json!({}));
            if let Some(inner) = inner.as_object_mut() {
                insert(inner, rest, value);
            }
        }
    }
}

/// `usage`. `unused` says which cache counts are told when no cache was used.
pub(super) fn write_usage(usage: Usage, manner: &Manner, unused: Counts, out: &mut Json) {
    let counts = if usage.cache.is_some() { Counts::All } else { unused };
    let cache = usage.cache.unwrap_or_default();
    out.member("usage").raw("{");
    if manner.details && cache.write > 0 {
        out.member("cacheDetails").raw("[");
        for (ttl, tokens) in [("1h", cache.write_hour), ("5m", cache.write.saturating_sub(cache.write_hour))] {
            if tokens > 0 {
                out.comma().raw("{").member("inputTokens").number(tokens).member("ttl").string(ttl).raw("}");
            }
        }
        out.raw("]");
    }
    if counts != Counts::None {
        out.member("cacheReadInputTokenCount").number(cache.read);
        out.member("cacheReadInputTokens").number(cache.read);
    }
    if counts == Counts::All {
        out.member("cacheWriteInputTokenCount").number(cache.write);
        out.member("cacheWriteInputTokens").number(cache.write);
    }
    out.member("inputTokens").number(usage.input).member("outputTokens").number(usage.output);
    out.member("serverToolUsage").raw("{}").member("totalTokens").number(usage.total()).raw("}");
}
