//! Which targets stand for a model: the map's, else AWSim's usual ones, else whatever the default service has.

use super::config::{Backend, Target, Targets};
use crate::simulator::faults::matches;
use crate::simulator::models::{Kind, Model};

/// Id without geography, with `*` for any text → the tag that AWSim asks for. The first that fits.
const USUAL: &[(&str, &str)] = &[
    ("meta.llama2-13b*", "llama2:13b"),
    ("meta.llama2-70b*", "llama2:70b"),
    ("meta.llama3-1-70b*", "llama3.1:70b"),
    ("meta.llama3-8b*", "llama3:8b"),
    ("meta.llama3-70b*", "llama3:70b"),
    ("mistral.mixtral*", "mixtral:8x7b"),
    ("mistral.*", "mistral:7b"),
    ("*", "llama3.1:8b"),
];
const USUAL_EMBEDDER: &str = "nomic-embed-text";

impl Backend {
    /// What the map says of a model: the whole id before patterns, longer patterns before shorter ones.
    pub(super) fn mapped(&self, model: &Model) -> Option<&Targets> {
        let map = if model.series.family.kind() == Kind::Embedding { &self.embed } else { &self.chat };
        let exact = [&model.requested, &model.id].into_iter().find_map(|id| map.get(id));
        exact.or_else(|| {
            let fitting =
                map.iter().filter(|(pattern, _)| matches(pattern, &model.requested) || matches(pattern, &model.id));
            fitting.max_by_key(|(pattern, _)| pattern.len()).map(|(_, targets)| targets)
        })
    }

    /// A target for a model that the map does not name, out of what the default service has. Nothing is known of its
    /// models when the list is empty; then it is asked for the usual one.
    pub(super) fn unmapped(&self, model: &Model, has: &[String]) -> Target {
        let embeds = model.series.family.kind() == Kind::Embedding;
        let usual = match embeds {
            true => USUAL_EMBEDDER,
            false => USUAL.iter().find(|(pattern, _)| matches(pattern, &model.id)).map_or("", |(_, tag)| tag),
        };
        let is_usual = |tag: &&String| tag.as_str() == usual || tag.strip_suffix(":latest") == Some(usual);
        let is_kind = |tag: &&String| tag.contains("embed") == embeds;
        let tag = has.iter().find(is_usual).or_else(|| has.iter().find(is_kind)).map_or(usual, String::as_str);
        Target { tag: tag.to_owned(), ..Target::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backend() -> Backend {
        let map = r#"
            [backends.local]
            provider = "ollama"
            [invoke]
            "anthropic.claude-3-haiku-20240307-v1:0" = "exact"
            "anthropic.*" = "claude"
            "anthropic.claude-sonnet*" = "sonnet"
            [embed]
            "cohere.*" = "vectors"
        "#;
        Backend::parse(map, &|_| None).unwrap()
    }

    fn tag(id: &str) -> Option<String> {
        backend().mapped(&Model::find(id).unwrap()).map(|targets| targets.targets[0].tag.clone())
    }

    #[test]
    fn the_closest_row_of_the_map_wins() {
        assert_eq!(tag("us.anthropic.claude-3-haiku-20240307-v1:0").as_deref(), Some("exact"));
        assert_eq!(tag("us.anthropic.claude-sonnet-4-6").as_deref(), Some("sonnet"));
        assert_eq!(tag("anthropic.claude-v2").as_deref(), Some("claude"));
        assert_eq!(tag("cohere.embed-english-v3").as_deref(), Some("vectors"));
        assert_eq!(tag("us.amazon.nova-pro-v1:0"), None);
    }

    #[test]
    fn without_a_map_it_takes_what_there_is() {
        let target = |id: &str, has: &[&str]| {
            let has: Vec<String> = has.iter().map(|&tag| tag.to_owned()).collect();
            backend().unmapped(&Model::find(id).unwrap(), &has).tag
        };
        assert_eq!(target("meta.llama3-70b-instruct-v1:0", &[]), "llama3:70b");
        assert_eq!(target("us.amazon.nova-pro-v1:0", &["qwen3:4b", "llama3.1:8b"]), "llama3.1:8b");
        assert_eq!(target("us.amazon.nova-pro-v1:0", &["nomic-embed-text:latest", "qwen3:4b"]), "qwen3:4b");
        assert_eq!(
            target("amazon.titan-embed-text-v2:0", &["qwen3:4b", "nomic-embed-text:latest"]),
            "nomic-embed-text:latest"
        );
    }
}
