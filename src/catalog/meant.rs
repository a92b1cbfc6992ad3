//! What callers of other APIs write for a model: the prefixes of LiteLLM, names without provider, version and date, names
//! in another letter case.
//!
//! Sources: LiteLLM documentation, "AWS Bedrock" (`bedrock/`, `bedrock/converse/`, `bedrock/invoke/`); OpenRouter's ids
//! (`anthropic/claude-sonnet-4.5`); aliases of Anthropic's API (`claude-sonnet-4-5`, `…-latest`).

use super::{Arn, CATALOG, GEOGRAPHIES, Id, PROVIDERS, Status, Target, models, resolve};
use crate::error::Result;

/// What stands before an id to say how LiteLLM is to call it.
const PREFIXES: &[&str] = &["bedrock/converse_like/", "bedrock/converse/", "bedrock/invoke/", "bedrock/"];

/// What stands behind a name for the newest model of it.
const NEWEST: &str = "-latest";

/// A longer name is no short one.
const LONGEST: usize = 128;

/// Finds what `model` stands for: whatever [`resolve`] knows; else the same without a prefix of LiteLLM, the newest model
/// that a short name fits, or a name in another letter case.
///
/// A short name is an id without provider, date and version: `claude-sonnet-4-5`, `nova-lite`; without its number as well
/// it is the newest of all: `claude-sonnet`. Dots count as dashes, a geography may stand before it (`us.nova-lite`), and a
/// provider (`anthropic/claude-sonnet-4.5`). Models whose service has ended are found when no other fits.
///
/// The error of a name that fits nothing is that of [`resolve`].
pub fn meant(model: &str) -> Result<Target> {
    let error = match resolve(model) {
        Ok(target) => return Ok(target),
        Err(error) => error,
    };
    let bare = without_prefix(model);
    if bare.len() != model.len()
        && let Ok(target) = resolve(bare)
    {
        return Ok(target);
    }
    let (geography, short) = match bare.split_once('.') {
        Some((first, rest)) if GEOGRAPHIES.contains(&first) => (Some(first), rest),
        _ => (None, bare),
    };
    let alive = models().filter(|model| model.status == Status::Active).map(|model| model.id);
    let ended = models().filter(|model| model.status != Status::Active).map(|model| model.id);
    match (newest(short, alive).or_else(|| newest(short, ended)), geography) {
        (Some(id), None) => resolve(id),
        (Some(id), Some(geography)) => resolve(&format!("{geography}.{id}")),
        (None, _) => {
            let name = CATALOG.names.iter().find(|name| name.name.eq_ignore_ascii_case(bare)).ok_or(error)?;
            resolve(name.name)
        }
    }
}

/// The name without what LiteLLM puts before it.
pub fn without_prefix(model: &str) -> &str {
    PREFIXES.iter().find_map(|prefix| model.strip_prefix(prefix)).unwrap_or(model)
}

/// The newest of `ids` that the short name `short` fits, if any does.
pub fn newest<'i>(short: &str, ids: impl Iterator<Item = &'i str>) -> Option<&'i str> {
    let wanted = Short::of(short)?;
    let fitting = ids.filter_map(|id| Some((wanted.fits(id)?, id)));
    fitting.max_by(|(a, _), (b, _)| a.cmp(b)).map(|(_, id)| id)
}

/// A short name, read.
struct Short {
    provider: Option<String>,
    /// In lower case, with dashes for dots.
    name: String,
    /// Whether numbers may follow: the name has none at its end.
    is_line: bool,
}

/// How a short name fits an id; the greater is the better.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// Whether it leaves open only what says the edition of one model.
    is_exact: bool,
    /// Which of its line the model is: 4, 5.
    numbers: Vec<u64>,
    /// Dates, then `v1:0`.
    editions: (Vec<u64>, Vec<u64>),
}

impl Short {
    fn of(short: &str) -> Option<Short> {
        if short.is_empty() || short.len() > LONGEST || Arn::parse(short).is_some() {
            return None;
        }
        let lower = short.to_ascii_lowercase();
        let (provider, name) = match lower.split_once(['/', '.']) {
            Some((provider, name)) if PROVIDERS.contains(&provider) => (Some(provider.to_owned()), name.to_owned()),
            _ => (None, lower),
        };
        let name = name.strip_suffix(NEWEST).unwrap_or(&name).replace('.', "-");
        let is_line = !name.rsplit('-').next().unwrap_or_default().bytes().any(|byte| byte.is_ascii_digit());
        let says_enough = provider.is_some() || name.trim_matches('-').contains('-');
        says_enough.then_some(Short { provider, name, is_line })
    }

    fn fits(&self, id: &str) -> Option<Fit> {
        let id = Id::parse(id)?;
        if id.geography.is_some() || self.provider.as_deref().is_some_and(|provider| provider != id.provider) {
            return None;
        }
        let model = id.base.get(id.provider.len() + 1..)?.replace('.', "-");
        let rest = model.strip_prefix(&self.name)?;
        let mut fit = Fit { is_exact: true, numbers: Vec::new(), editions: Default::default() };
        if rest.is_empty() {
            return Some(fit);
        }
        if let Some(revision) = rest.strip_prefix(':') {
            fit.editions.1 = version(revision)?;
            return Some(fit);
        }
        for part in rest.strip_prefix('-')?.split('-') {
            match part.parse::<u64>() {
                Ok(date) if part.len() == 8 => fit.editions.0.push(date),
                Ok(number) if self.is_line => {
                    fit.is_exact = false;
                    fit.numbers.push(number);
                }
                Ok(_) => return None,
                Err(_) => fit.editions.1.extend(version(part)?),
            }
        }
        Some(fit)
    }
}

/// What ends an id: `v1`, `v1:0`, `1:0`.
fn version(part: &str) -> Option<Vec<u64>> {
    let bare = part.strip_prefix('v').unwrap_or(part);
    bare.split(':').map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(model: &str) -> Option<String> {
        meant(model).ok().map(|target| target.wire_id)
    }

    #[test]
    fn short_names_mean_the_newest_model_that_they_fit() {
        for (short, full) in [
            ("claude-sonnet-4-5", "anthropic.claude-sonnet-4-5-20250929-v1:0"),
            ("claude-sonnet-4.5", "anthropic.claude-sonnet-4-5-20250929-v1:0"),
            ("anthropic/claude-sonnet-4.5", "anthropic.claude-sonnet-4-5-20250929-v1:0"),
            ("us.claude-sonnet-4-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
            ("claude-sonnet-4", "anthropic.claude-sonnet-4-20250514-v1:0"),
            ("claude-opus-4-6", "anthropic.claude-opus-4-6-v1"),
            ("claude-3-5-sonnet-latest", "anthropic.claude-3-5-sonnet-20241022-v2:0"),
            ("claude-3-5-sonnet-20240620", "anthropic.claude-3-5-sonnet-20240620-v1:0"),
            ("nova-2-multimodal-embeddings", "amazon.nova-2-multimodal-embeddings-v1:0"),
            ("titan-embed-text-v2", "amazon.titan-embed-text-v2:0"),
            ("llama3-3-70b-instruct", "meta.llama3-3-70b-instruct-v1:0"),
            ("gpt-oss-120b", "openai.gpt-oss-120b-1:0"),
            ("mistral-large", "mistral.mistral-large-2407-v1:0"),
            ("glm-5.3", "zai.glm-5.3"),
            ("nova-canvas", "amazon.nova-canvas-v1:0"),
        ] {
            assert_eq!(id(short).as_deref(), Some(full), "{short}");
        }
    }

    #[test]
    fn what_other_programs_put_before_an_id_is_taken_off() {
        for (model, full) in [
            ("bedrock/us.amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0"),
            ("bedrock/converse/us.amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0"),
            ("bedrock/invoke/cohere.embed-v4:0", "cohere.embed-v4:0"),
            ("bedrock/claude-haiku-4-5", "anthropic.claude-haiku-4-5-20251001-v1:0"),
        ] {
            assert_eq!(id(model).as_deref(), Some(full), "{model}");
        }
        let arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1";
        assert_eq!(id(&format!("bedrock/{arn}")).as_deref(), Some(arn));
    }

    #[test]
    fn what_resolve_knows_is_left_as_it_is() {
        for model in ["Claude-4-5-Sonnet", "anthropic.claude-next", "us.amazon.nova-lite-v1:0"] {
            assert_eq!(id(model), Some(resolve(model).unwrap().wire_id), "{model}");
        }
        assert_eq!(id("claude-4-5-sonnet"), id("Claude-4-5-Sonnet"), "in another letter case");
        assert!(meant("claude-opus-5-thinking").unwrap().thinking);
    }

    #[test]
    fn a_name_of_something_else_is_no_short_name() {
        for model in
            ["", "-", "gpt-4o", "gpt-5", "gpt-4.1-mini", "text-embedding-3-small", "a", "claude", "v1", "o3", "../x"]
        {
            assert_eq!(id(model), None, "{model}");
        }
    }

    #[test]
    fn models_are_compared_by_their_numbers() {
        let of = |short: &str, ids: &[&'static str]| newest(short, ids.iter().copied());
        let sonnets = [
            "anthropic.claude-sonnet-4-6",
            "anthropic.claude-sonnet-4-5-20250929-v1:0",
            "anthropic.claude-sonnet-4-20250514-v1:0",
            "anthropic.claude-sonnet-5",
        ];
        assert_eq!(of("claude-sonnet", &sonnets), Some("anthropic.claude-sonnet-5"));
        assert_eq!(of("claude-sonnet-4", &sonnets), Some("anthropic.claude-sonnet-4-20250514-v1:0"));
        assert_eq!(of("claude-sonnet-4-6", &sonnets), Some("anthropic.claude-sonnet-4-6"));
        assert_eq!(of("claude-sonnet", &sonnets[1..3]), Some("anthropic.claude-sonnet-4-5-20250929-v1:0"));
        let tens = ["anthropic.claude-opus-4-9", "anthropic.claude-opus-4-10"];
        assert_eq!(of("claude-opus", &tens), Some("anthropic.claude-opus-4-10"));
        assert_eq!(of("claude-opus", &["us.anthropic.claude-opus-4-9"]), None, "a profile is no model");
    }
}
