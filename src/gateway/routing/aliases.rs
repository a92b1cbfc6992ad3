//! Which models of Bedrock a caller's name stands for: the aliases of the settings, then what OpenAI's own names mean here.

use crate::catalog;
use crate::gateway::keys::matches;
use crate::gateway::route::Operation;
use crate::gateway::settings::{AliasSettings, ChoiceSettings, Settings, Strategy};

/// OpenAI's names that are answered by `default_model`, and by `default_embedding_model`. Those of models that Bedrock has
/// itself (`gpt-oss-120b`) are no such names.
const CHAT: &[&str] = &["gpt-*", "chatgpt-*", "o1*", "o3*", "o4*"];
const EMBEDDING: &[&str] = &["text-embedding-*"];

/// All aliases.
#[derive(Debug)]
pub(super) struct Aliases {
    /// Names to the letter come first, then patterns, the longest first.
    aliases: Vec<(String, AliasSettings)>,
    chat: String,
    embedding: String,
    strategy: Strategy,
}

/// One model that a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice<'a> {
    pub(super) model: &'a str,
    /// The only target to ask.
    pub(super) target: Option<&'a str>,
    pub(super) weight: f64,
    /// The lowest is tried first.
    pub(super) rank: usize,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meaning<'a> {
    /// At least one.
    pub(super) choices: Vec<Choice<'a>>,
    pub(super) strategy: Strategy,
}

impl Aliases {
    /// Those of the settings.
    pub(super) fn of(settings: &Settings) -> Aliases {
        let mut aliases: Vec<_> = settings.aliases.clone().into_iter().collect();
        aliases.sort_by_key(|(name, _)| (name.contains('*'), usize::MAX - name.len()));
        Aliases {
            aliases,
            chat: settings.default_model.clone(),
            embedding: settings.default_embedding_model.clone(),
            strategy: settings.strategy,
        }
    }

    /// What `model` stands for.
    pub(super) fn meaning<'a>(&'a self, model: &'a str, operation: Operation) -> Meaning<'a> {
        let alias = self.aliases.iter().find(|(name, _)| name == model);
        let alias = alias.or_else(|| self.aliases.iter().find(|(name, _)| matches(name, model)));
        if let Some((_, alias)) = alias {
            return self.of_alias(alias);
        }
        let model = self.default_for(model, operation).unwrap_or(model);
        let choice = Choice { model, target: None, weight: 1.0, rank: 0 };
        Meaning { choices: vec![choice], strategy: self.strategy }
    }

    /// The names that can be listed: patterns are none. With each the first model that it stands for.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = self.aliases.iter().filter(|(name, _)| !name.contains('*'));
        named.filter_map(|(name, alias)| Some((name.as_str(), alias.models.first()?.model.as_str())))
    }

    fn of_alias<'a>(&self, alias: &'a AliasSettings) -> Meaning<'a> {
        let weighted = alias.models.iter().any(|choice| choice.weight.is_some());
        let strategy = alias.strategy.unwrap_or(if weighted { Strategy::Weighted } else { self.strategy });
        let in_order = alias.strategy.is_none_or(|strategy| strategy == Strategy::Priority) && !weighted;
        let choice = |(index, choice): (usize, &'a ChoiceSettings)| Choice {
            model: &choice.model,
            target: choice.target.as_deref(),
            weight: choice.weight.unwrap_or(1.0),
            rank: if in_order { index } else { 0 },
        };
        Meaning { choices: alias.models.iter().enumerate().map(choice).collect(), strategy }
    }

    fn default_for(&self, model: &str, operation: Operation) -> Option<&str> {
        let (names, default) = match operation {
            Operation::ChatCompletions => (CHAT, &self.chat),
            Operation::Embeddings => (EMBEDDING, &self.embedding),
            _ => return None,
        };
        let is_openais = names.iter().any(|name| matches(name, model)) && catalog::meant(model).is_err();
        is_openais.then_some(default.as_str()).filter(|default| !default.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json};

    fn aliases(aliases: serde_json::Value) -> Aliases {
        Aliases::of(&from_value(json!({"aliases": aliases})).unwrap())
    }

    fn models(aliases: &Aliases, model: &str) -> Vec<String> {
        let meaning = aliases.meaning(model, Operation::ChatCompletions);
        meaning.choices.iter().map(|choice| choice.model.to_string()).collect()
    }

    #[test]
    fn the_closest_alias_counts() {
        let aliases = aliases(json!({"gpt-*": "a", "gpt-4*": "b", "gpt-4o": ["c", "d"], "fast": "e"}));
        for (model, meant) in [
            ("gpt-4o", vec!["c", "d"]),
            ("gpt-4.1", vec!["b"]),
            ("gpt-3.5-turbo", vec!["a"]),
            ("faster", vec!["faster"]),
        ] {
            assert_eq!(models(&aliases, model), meant, "{model}");
        }
        assert_eq!(aliases.names().collect::<Vec<_>>(), [("gpt-4o", "c"), ("fast", "e")]);
    }

    #[test]
    fn openais_names_have_living_models_of_their_kind_behind_them() {
        let none = aliases(json!({}));
        let settings = Settings::default();
        for name in ["gpt-4o", "gpt-5-mini", "chatgpt-4o-latest", "o1", "o3-mini", "o4-mini"] {
            assert_eq!(models(&none, name), [settings.default_model.as_str()], "{name}");
        }
        for own in ["gpt-oss-120b", "openai.gpt-oss-20b-1:0", "amazon.nova-lite-v1:0", "nobody"] {
            assert_eq!(models(&none, own), [own]);
        }
        let embedding = none.meaning("text-embedding-3-small", Operation::Embeddings);
        assert_eq!(embedding.choices[0].model, settings.default_embedding_model);
        let chat = catalog::resolve(&settings.default_model).unwrap().model;
        let embedding = catalog::resolve(&settings.default_embedding_model).unwrap().model;
        assert_eq!((chat.kind, embedding.kind), (catalog::Kind::Text, catalog::Kind::Embedding));
        for model in [chat, embedding] {
            assert!(!model.derived && model.status == catalog::Status::Active, "{}", model.id);
        }
    }

    #[test]
    fn a_list_is_an_order_and_weights_are_shares() {
        let aliases = aliases(json!({
            "ordered": ["a", "b"],
            "shared": [{"model": "a", "weight": 3}, "b"],
            "fastest": {"models": ["a", "b"], "strategy": "least_latency"},
        }));
        let meaning = |name: &str| {
            let meaning = aliases.meaning(name, Operation::ChatCompletions);
            let ranks: Vec<_> = meaning.choices.iter().map(|choice| (choice.rank, choice.weight)).collect();
            (meaning.strategy, ranks)
        };
        assert_eq!(meaning("ordered"), (Strategy::Priority, vec![(0, 1.0), (1, 1.0)]));
        assert_eq!(meaning("shared"), (Strategy::Weighted, vec![(0, 3.0), (0, 1.0)]));
        assert_eq!(meaning("fastest"), (Strategy::LeastLatency, vec![(0, 1.0), (0, 1.0)]));
    }
}
