//! `[aliases]`: what callers may call models, and how a choice is made among several.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How one of several targets, or of an alias's models, is chosen. The others follow when it fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// In order: of an alias's list, then of `priority`, then of the settings.
    #[default]
    Priority,
    /// By chance, in proportion to the weights.
    Weighted,
    /// The faster of two taken by chance: time to the first content, and requests that are under way.
    LeastLatency,
    /// Requests with the same `prompt_cache_key` (else `user`) to the same target, so that they meet its prompt cache; others
    /// by weight.
    Sticky,
}

/// What a name stands for: a model, models to be tried in order, or a table with `models` and `strategy`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub struct AliasSettings {
    /// At least one.
    pub models: Vec<ChoiceSettings>,
    /// How to choose among them. Default: in order, or by weight where one of them has a weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<Strategy>,
}

/// One of an alias's models: its name, or a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub struct ChoiceSettings {
    /// Name, id or ARN.
    pub model: String,
    /// Its share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// The only target that is asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WholeAlias {
    models: Vec<ChoiceSettings>,
    strategy: Option<Strategy>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WholeChoice {
    model: String,
    weight: Option<f64>,
    target: Option<String>,
}

impl TryFrom<Value> for AliasSettings {
    type Error = String;

    fn try_from(given: Value) -> Result<AliasSettings, String> {
        let alias = match given {
            Value::Object(_) => {
                let WholeAlias { models, strategy } =
                    serde_json::from_value(given).map_err(|error| error.to_string())?;
                AliasSettings { models, strategy }
            }
            Value::Array(_) => {
                let models = serde_json::from_value(given).map_err(|error| error.to_string())?;
                AliasSettings { models, strategy: None }
            }
            one => AliasSettings { models: vec![ChoiceSettings::try_from(one)?], strategy: None },
        };
        if alias.models.is_empty() {
            return Err("an alias needs at least one model".to_owned());
        }
        Ok(alias)
    }
}

impl TryFrom<Value> for ChoiceSettings {
    type Error = String;

    fn try_from(given: Value) -> Result<ChoiceSettings, String> {
        let choice = match given {
            Value::String(model) => ChoiceSettings { model, weight: None, target: None },
            Value::Object(_) => {
                let WholeChoice { model, weight, target } =
                    serde_json::from_value(given).map_err(|error| error.to_string())?;
                ChoiceSettings { model, weight, target }
            }
            _ => return Err("expected a model, a list of models or a table with `models`".to_owned()),
        };
        if choice.model.trim().is_empty() {
            return Err("the name of a model is empty".to_owned());
        }
        if choice.weight.is_some_and(|weight| !is_weight(weight)) {
            return Err(format!("the `weight` of {} must be from 0 to {MOST_WEIGHT}", choice.model));
        }
        Ok(choice)
    }
}

/// The greatest weight.
pub(in crate::gateway) const MOST_WEIGHT: f64 = 1_000_000.0;

/// Whether a share is one.
pub(in crate::gateway) fn is_weight(weight: f64) -> bool {
    (0.0..=MOST_WEIGHT).contains(&weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json, to_value};

    fn read(given: Value) -> Result<AliasSettings, String> {
        from_value(given).map_err(|error| error.to_string())
    }

    #[test]
    fn an_alias_is_a_model_a_list_or_a_table() {
        assert_eq!(read(json!("nova-lite")).unwrap().models[0].model, "nova-lite");
        let list = read(json!(["a", {"model": "b", "weight": 2, "target": "west"}])).unwrap();
        assert_eq!((list.models.len(), list.models[1].weight, list.strategy), (2, Some(2.0), None));
        let table = read(json!({"models": ["a"], "strategy": "least_latency"})).unwrap();
        assert_eq!(table.strategy, Some(Strategy::LeastLatency));
        assert_eq!(read(to_value(&list).unwrap()), Ok(list));
    }

    #[test]
    fn what_is_none_is_told_in_plain_words() {
        for (given, part) in [
            (json!([]), "at least one model"),
            (json!(7), "expected a model"),
            (json!(" "), "is empty"),
            (json!([{"model": "a", "weight": -1}]), "must be from 0"),
            (json!({"model": ["a"]}), "unknown field `model`"),
            (json!({"models": ["a"], "strategy": "luck"}), "unknown variant `luck`"),
        ] {
            let error = read(given).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
