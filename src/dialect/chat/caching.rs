//! What is to be kept in the prompt cache: marks on parts, and policies for the whole request.
//!
//! OpenAI's `prompt_cache_options` and `prompt_cache_breakpoint`, Anthropic's `cache_control`, the Access Gateway's
//! `prompt_caching`, and Converse's `cachePoint` all become cache points of Converse.

use crate::conversation::{Block, CachePoint, Caching, Content, Request, Tool, Ttl};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// What the request says about caching as a whole.
pub(super) struct Policy {
    /// The points to be set without marks.
    pub(super) caching: Caching,
    /// How long a mark keeps that does not say so itself.
    pub(super) ttl: Option<Ttl>,
    /// Whether the request says so by `prompt_cache_retention`, and asks for more than the least.
    retained: bool,
}

/// Reads every field about caching.
pub(super) fn parse(fields: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Policy> {
    let mut caching = Caching::default();
    let mut ttl = retention(fields)?;
    let retained = ttl == Some(Ttl::OneHour);
    if let Some(given) = fields.take("prompt_cache_options") {
        let mut options = Object::read(given, fields.at("prompt_cache_options"), "an object")?;
        match options.string("mode")?.as_deref() {
            None | Some("implicit") => caching = everywhere(),
            Some("explicit") => {}
            Some(_) => return Err(Error::invalid(options.at("mode"), "must be implicit or explicit.")),
        }
        ttl = lifetime(&mut options)?.or(ttl);
        losses.unread(&options)?;
    }
    if let Some(point) = cache_control(fields, losses)? {
        caching = everywhere();
        ttl = point.ttl.or(ttl);
    }
    if let Some(given) = fields.take("prompt_caching") {
        let mut places = Object::read(given, fields.at("prompt_caching"), "an object")?;
        caching.system |= places.flag("system")?.unwrap_or(false);
        caching.messages |= places.flag("messages")?.unwrap_or(false);
        caching.tools |= places.flag("tools")?.unwrap_or(false);
        ttl = lifetime(&mut places)?.or(ttl);
        losses.unread(&places)?;
    }
    caching.ttl = ttl;
    Ok(Policy { caching, ttl, retained })
}

/// OpenAI caches of its own accord; here there must be a point for a lifetime to mean anything.
pub(super) fn check(policy: &Policy, request: &Request, losses: &mut Losses<'_>) -> Result<()> {
    let held = |content: &Content| match content {
        Content::Text(_) => false,
        Content::Blocks(blocks) => blocks.iter().any(|block| matches!(block, Block::CachePoint(_))),
    };
    let caching = request.caching;
    let asked = caching.system || caching.messages || caching.tools;
    let marked = request.system.iter().any(held)
        || request.messages.iter().any(|message| held(&message.content))
        || request.tools.iter().any(|tool| matches!(tool, Tool::CachePoint(_)));
    if !policy.retained || asked || marked {
        return Ok(());
    }
    let why = "nothing is cached unless it is asked for; see prompt_cache_options";
    losses.left_out(Path::field("prompt_cache_retention"), why)
}

fn everywhere() -> Caching {
    Caching { system: true, messages: true, tools: true, ..Caching::default() }
}

/// The mark on a part, a message or a tool; `ttl` is that of the request.
pub(super) fn mark(part: &mut Object<'_>, ttl: Option<Ttl>, losses: &mut Losses<'_>) -> Result<Option<CachePoint>> {
    let mut mark = cache_control(part, losses)?;
    if let Some(given) = part.take("prompt_cache_breakpoint") {
        let mut breakpoint = Object::read(given, part.at("prompt_cache_breakpoint"), "an object with a mode")?;
        if breakpoint.string("mode")?.is_some_and(|mode| mode != "explicit") {
            return Err(Error::invalid(breakpoint.at("mode"), "must be explicit."));
        }
        mark = Some(CachePoint { ttl: lifetime(&mut breakpoint)? });
        losses.unread(&breakpoint)?;
    }
    if let Some(given) = part.take("cachePoint") {
        let mut point = Object::read(given, part.at("cachePoint"), "an object with a type")?;
        if point.string("type")?.is_some_and(|kind| kind != "default") {
            return Err(Error::invalid(point.at("type"), "must be default."));
        }
        mark = Some(CachePoint { ttl: lifetime(&mut point)? });
        losses.unread(&point)?;
    }
    Ok(mark.map(|point| CachePoint { ttl: point.ttl.or(ttl) }))
}

/// Anthropic's mark: `{"type": "ephemeral", "ttl": "5m" | "1h"}`.
fn cache_control(part: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Option<CachePoint>> {
    let Some(given) = part.take("cache_control") else { return Ok(None) };
    let mut control = Object::read(given, part.at("cache_control"), "an object with a type")?;
    if control.string("type")?.is_some_and(|kind| kind != "ephemeral") {
        return Err(Error::invalid(control.at("type"), "must be ephemeral."));
    }
    let point = CachePoint { ttl: lifetime(&mut control)? };
    losses.unread(&control)?;
    Ok(Some(point))
}

/// `ttl`: Bedrock keeps for five minutes or an hour; what is to be kept longer than the first gets the second.
fn lifetime(holder: &mut Object<'_>) -> Result<Option<Ttl>> {
    match holder.string("ttl")?.as_deref() {
        None => Ok(None),
        Some("5m") => Ok(Some(Ttl::FiveMinutes)),
        Some("30m" | "1h" | "12h") => Ok(Some(Ttl::OneHour)),
        Some(_) => Err(Error::invalid(holder.at("ttl"), "must be 5m, 30m, 1h or 12h; Bedrock keeps for 5m or 1h.")),
    }
}

fn retention(fields: &mut Object<'_>) -> Result<Option<Ttl>> {
    let name = "prompt_cache_retention";
    match fields.string(name)?.as_deref() {
        None => Ok(None),
        Some("in_memory" | "in-memory") => Ok(Some(Ttl::FiveMinutes)),
        Some("24h") => Ok(Some(Ttl::OneHour)),
        Some(_) => Err(Error::invalid(fields.at(name), "must be in_memory or 24h.")),
    }
}
