//! The prompt cache: what stood before a cache point is written the first time and read afterwards, as long as it is
//! kept.
//!
//! A request reads the longest beginning of its prompt that an earlier one of the same account and model wrote, also
//! where the cache point has moved on since (as Claude does), and writes the rest up to its last cache point.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::answer::Cache;
use super::backend;
use super::models::{Family, Model};
use super::question::{CachePoint, Part, Place, Question, Role, Source};

/// Fewest tokens before a cache point that Claude caches; AWS documents 1,024 to 4,096 by model. Nova reported 27
/// cached tokens (recorded).
const LEAST_OF_CLAUDE: u64 = 1024;
const MINUTES: Duration = Duration::from_secs(5 * 60);
const HOUR: Duration = Duration::from_secs(60 * 60);
/// Most cache points of a request, as AWS documents; of more, the last count.
const MOST_POINTS: usize = 4;
/// Most prompts kept.
const MOST: usize = 10_000;

/// Beginnings of prompts, by their digests, and when they are forgotten.
#[derive(Debug, Default)]
pub(super) struct PromptCache(Mutex<HashMap<u64, SystemTime>>);

impl PromptCache {
    /// What a request reads and writes; `None` where it has no cache points.
    pub(super) fn take(&self, model: &Model, question: &Question, now: SystemTime) -> Option<Cache> {
        let last = question.cache_points.last()?.place;
        let least = if model.series.family == Family::Claude { LEAST_OF_CLAUDE } else { 0 };
        let boundaries: Vec<_> = boundaries(model, question).into_iter().filter(|(place, _)| *place <= last).collect();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, until| *until > now);
        let known = boundaries.iter().rev().find(|(_, digest)| kept.contains_key(digest));
        let read = known.map_or(0, |(place, _)| backend::tokens_before(question, *place));
        let mut cache = Cache { read, ..Cache::default() };
        let ignored = question.cache_points.len().saturating_sub(MOST_POINTS);
        for CachePoint { place, hour } in question.cache_points.iter().skip(ignored) {
            let tokens = backend::tokens_before(question, *place);
            let Some((_, digest)) = boundaries.iter().find(|(at, _)| at == place).filter(|_| tokens >= least) else {
                continue;
            };
            let more = tokens.saturating_sub(cache.read + cache.write);
            cache.write += more;
            cache.write_hour += if *hour { more } else { 0 };
            if kept.len() >= MOST {
                kept.clear();
            }
            kept.insert(*digest, now + if *hour { HOUR } else { MINUTES });
        }
        Some(cache)
    }
}

/// The places where a prompt can be cut, and a digest of what stands before each.
fn boundaries(model: &Model, question: &Question) -> Vec<(Place, u64)> {
    let mut hasher = DefaultHasher::new();
    let mut out = Vec::new();
    model.id.hash(&mut hasher);
    for (at, tool) in question.tools.iter().enumerate() {
        (&tool.name, &tool.description, tool.schema.to_string()).hash(&mut hasher);
        out.push((Place::Tools(at + 1), hasher.finish()));
    }
    let mut from = 0;
    let points = question.cache_points.iter().filter_map(|point| match point.place {
        Place::System(bytes) => Some(bytes),
        _ => None,
    });
    for end in points.chain([question.system.len()]) {
        hasher.write(question.system.as_bytes().get(from..end).unwrap_or_default());
        out.push((Place::System(end), hasher.finish()));
        from = end;
    }
    for (at, turn) in question.turns.iter().enumerate() {
        (turn.role == Role::User).hash(&mut hasher);
        out.push((Place::Turns(at, 0), hasher.finish()));
        for (inner, part) in turn.parts.iter().enumerate() {
            hash(part, &mut hasher);
            out.push((Place::Turns(at, inner + 1), hasher.finish()));
        }
    }
    out
}

fn hash(part: &Part, hasher: &mut DefaultHasher) {
    std::mem::discriminant(part).hash(hasher);
    match part {
        Part::Text(text) | Part::Redacted(text) => text.hash(hasher),
        Part::Guarded(guarded) => (&guarded.text, &guarded.qualifiers).hash(hasher),
        Part::Image(media) | Part::Video(media) | Part::Audio(media) => hash_source(&media.source, hasher),
        Part::Document(document) => {
            (&document.name, &document.context, document.citations).hash(hasher);
            hash_source(&document.source, hasher);
        }
        Part::SearchResult(found) => (&found.source, &found.title, &found.chunks, found.citations).hash(hasher),
        Part::Reasoning(thought) => (&thought.text, &thought.signature).hash(hasher),
        Part::ToolUse(call) => (&call.id, &call.name, call.input.to_string()).hash(hasher),
        Part::ToolResult(result) => {
            (&result.id, result.is_error).hash(hasher);
            result.parts.iter().for_each(|part| hash(part, hasher));
        }
    }
}

fn hash_source(source: &Source, hasher: &mut DefaultHasher) {
    match source {
        Source::Bytes(bytes) => bytes.hash(hasher),
        Source::Text(text) | Source::Elsewhere(text) => text.hash(hasher),
        Source::Chunks(chunks) => chunks.hash(hasher),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::question::Turn;

    fn cache(read: u64, write: u64, write_hour: u64) -> Option<Cache> {
        Some(Cache { read, write, write_hour })
    }

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn point(place: Place, hour: bool) -> CachePoint {
        CachePoint { place, hour }
    }

    /// A conversation of turns of ten words, with a cache point at the end of the last.
    fn talk(turns: usize) -> Question {
        let turn = |at: usize| {
            let role = if at.is_multiple_of(2) { Role::User } else { Role::Assistant };
            Turn::new(role, format!("{at} ").repeat(10).trim_end())
        };
        let mut question = Question { turns: (0..turns).map(turn).collect(), ..Question::default() };
        question.cache_points = vec![point(Place::Turns(turns - 1, 1), false)];
        question
    }

    #[test]
    fn the_first_time_is_written_and_later_ones_read_until_it_is_forgotten() {
        let nova = Model::find("us.amazon.nova-lite-v1:0").unwrap();
        let store = PromptCache::default();
        assert_eq!(store.take(&nova, &Question { cache_points: Vec::new(), ..talk(1) }, at(0)), None);
        assert_eq!(store.take(&nova, &talk(1), at(0)), cache(0, 10, 0));
        assert_eq!(store.take(&nova, &talk(1), at(200)), cache(10, 0, 0));
        assert_eq!(store.take(&nova, &talk(1), at(400)), cache(10, 0, 0), "each use keeps it for longer");
        assert_eq!(store.take(&nova, &talk(1), at(701)), cache(0, 10, 0));
        let other = Model::find("us.amazon.nova-pro-v1:0").unwrap();
        assert_eq!(store.take(&other, &talk(1), at(701)), cache(0, 10, 0));
    }

    #[test]
    fn a_conversation_reads_what_it_had_and_writes_what_is_new() {
        let nova = Model::find("us.amazon.nova-lite-v1:0").unwrap();
        let store = PromptCache::default();
        store.take(&nova, &talk(1), at(0));
        // Ten words, and what a turn costs.
        assert_eq!(store.take(&nova, &talk(3), at(1)), cache(10, 26, 0));
        let mut changed = talk(3);
        changed.turns[0] = Turn::new(Role::User, "quite different");
        assert_eq!(store.take(&nova, &changed, at(2)).unwrap().read, 0);
    }

    #[test]
    fn an_hour_is_counted_apart() {
        let nova = Model::find("us.amazon.nova-lite-v1:0").unwrap();
        let store = PromptCache::default();
        let mut question = talk(1);
        question.system = "one two three".into();
        question.cache_points.insert(0, point(Place::System(13), true));
        assert_eq!(store.take(&nova, &question, at(0)), cache(0, 13, 3));
        assert_eq!(store.take(&nova, &question, at(1000)), cache(3, 10, 0));
    }

    #[test]
    fn claude_caches_no_short_prompts() {
        let claude = Model::find("us.anthropic.claude-sonnet-4-5-20250929-v1:0").unwrap();
        let store = PromptCache::default();
        assert_eq!(store.take(&claude, &talk(1), at(0)), cache(0, 0, 0));
        let mut long = talk(1);
        long.turns[0] = Turn::new(Role::User, "word ".repeat(1024).trim_end());
        assert_eq!(store.take(&claude, &long, at(0)), cache(0, 1024, 0));
        assert_eq!(store.take(&claude, &long, at(1)), cache(1024, 0, 0));
    }
}
