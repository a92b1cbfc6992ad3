//! A guardrail's policies, read from its configuration as GetGuardrail shows it (`topicPolicy`, `contentPolicy` …).
//!
//! What the configuration leaves open has AWS's defaults: both sides enabled, and the side's action the common one.

use regex_lite::Regex;
use serde_json::Value;

use super::content::Category;
use super::pii::Kind;
use super::topics::Topic;

/// Whose words are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulator) enum Side {
    Input,
    Output,
}

/// What to do about something that is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Block,
    Anonymize,
    /// Only say that it was found.
    None,
}

/// An action per side; `None` where the side is not enabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    input: Option<Action>,
    output: Option<Action>,
}

impl Rule {
    pub(super) fn at(self, side: Side) -> Option<Action> {
        match side {
            Side::Input => self.input,
            Side::Output => self.output,
        }
    }

    fn of(entry: &Value) -> Rule {
        let common = action(&entry["action"]).unwrap_or(Action::Block);
        let at = |own: &str, enabled: &str| {
            (entry[enabled] != Value::Bool(false)).then(|| action(&entry[own]).unwrap_or(common))
        };
        Rule { input: at("inputAction", "inputEnabled"), output: at("outputAction", "outputEnabled") }
    }
}

fn action(value: &Value) -> Option<Action> {
    match value.as_str()? {
        "BLOCK" => Some(Action::Block),
        "ANONYMIZE" => Some(Action::Anonymize),
        "NONE" => Some(Action::None),
        _ => None,
    }
}

/// How sure a content filter is, and how sure it must be: a filter of strength HIGH takes LOW confidence for enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    None,
    Low,
    Medium,
    High,
}

impl Level {
    pub(super) fn name(self) -> &'static str {
        match self {
            Level::None => "NONE",
            Level::Low => "LOW",
            Level::Medium => "MEDIUM",
            Level::High => "HIGH",
        }
    }

    fn of(value: &Value) -> Level {
        let levels = [Level::Low, Level::Medium, Level::High];
        levels.into_iter().find(|level| value == level.name()).unwrap_or(Level::None)
    }

    /// Whether a filter of this strength acts on that confidence.
    pub(super) fn acts_on(self, confidence: Level) -> bool {
        match self {
            Level::None => false,
            Level::Low => confidence >= Level::High,
            Level::Medium => confidence >= Level::Medium,
            Level::High => confidence >= Level::Low,
        }
    }
}

/// A content filter.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) category: Category,
    pub(super) rule: Rule,
    pub(super) input_strength: Level,
    pub(super) output_strength: Level,
    pub(super) input_images: bool,
    pub(super) output_images: bool,
}

impl Filter {
    pub(super) fn strength(&self, side: Side) -> Level {
        match side {
            Side::Input => self.input_strength,
            Side::Output => self.output_strength,
        }
    }

    pub(super) fn sees_images(&self, side: Side) -> bool {
        match side {
            Side::Input => self.input_images,
            Side::Output => self.output_images,
        }
    }
}

/// A custom word or phrase.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) text: String,
    /// In lower case.
    pub(super) lower: String,
    pub(super) rule: Rule,
}

/// A kind of personal data.
#[derive(Debug)]
pub(super) struct Entity {
    pub(super) kind: Kind,
    pub(super) rule: Rule,
}

/// A custom regular expression.
#[derive(Debug)]
pub(super) struct Custom {
    pub(super) name: String,
    pub(super) regex: Regex,
    pub(super) rule: Rule,
}

/// What contextual grounding measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Grounding,
    Relevance,
}

/// A contextual grounding filter: it acts below its threshold.
#[derive(Debug)]
pub(super) struct Grounding {
    pub(super) measure: Measure,
    pub(super) threshold: f64,
    pub(super) rule: Rule,
}

/// All that a guardrail looks for. Automated reasoning policies are kept with the guardrail, but not carried out.
#[derive(Debug, Default)]
pub(in crate::simulator) struct Policies {
    pub(super) topics: Vec<(Topic, Rule)>,
    pub(super) filters: Vec<Filter>,
    pub(super) words: Vec<Word>,
    pub(super) profanity: Option<Rule>,
    pub(super) entities: Vec<Entity>,
    pub(super) regexes: Vec<Custom>,
    pub(super) grounding: Vec<Grounding>,
}

impl Policies {
    /// Whether it has a filter that AWS does not take: prompt attacks are looked for in what is asked only.
    pub(super) fn filters_attacks_by_models(&self) -> bool {
        let attacks = self.filters.iter().filter(|filter| filter.category == Category::PromptAttack);
        attacks.into_iter().any(|filter| filter.output_strength != Level::None)
    }

    /// Whether answers are held against a source.
    pub(super) fn asks_for_grounds(&self) -> bool {
        self.grounding.iter().any(|filter| filter.rule.at(Side::Output).is_some())
    }

    /// Reads a configuration; the error is the pattern that is no regular expression.
    pub(super) fn parse(config: &Value) -> Result<Policies, String> {
        let list = |pointer: &str| config.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or(&[]);
        let regexes = list("/sensitiveInformationPolicy/regexes").iter().map(|entry| {
            let pattern = text(&entry["pattern"]);
            let regex = Regex::new(pattern).map_err(|_| pattern.to_owned())?;
            Ok(Custom { name: text(&entry["name"]).to_owned(), regex, rule: Rule::of(entry) })
        });
        Ok(Policies {
            topics: list("/topicPolicy/topics").iter().map(|entry| (Topic::of(entry), Rule::of(entry))).collect(),
            filters: list("/contentPolicy/filters").iter().filter_map(filter).collect(),
            words: list("/wordPolicy/words").iter().map(word).collect(),
            profanity: list("/wordPolicy/managedWordLists").first().map(Rule::of),
            entities: list("/sensitiveInformationPolicy/piiEntities")
                .iter()
                .filter_map(|entry| Some(Entity { kind: Kind::of(text(&entry["type"]))?, rule: Rule::of(entry) }))
                .collect(),
            regexes: regexes.collect::<Result<_, String>>()?,
            grounding: list("/contextualGroundingPolicy/filters").iter().map(grounding).collect(),
        })
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn word(entry: &Value) -> Word {
    let text = text(&entry["text"]);
    Word { text: text.to_owned(), lower: text.to_lowercase(), rule: Rule::of(entry) }
}

fn filter(entry: &Value) -> Option<Filter> {
    let sees = |key: &str| entry[key].as_array().is_some_and(|modes| modes.iter().any(|mode| mode == "IMAGE"));
    Some(Filter {
        category: Category::of(text(&entry["type"]))?,
        rule: Rule::of(entry),
        input_strength: Level::of(&entry["inputStrength"]),
        output_strength: Level::of(&entry["outputStrength"]),
        input_images: sees("inputModalities"),
        output_images: sees("outputModalities"),
    })
}

fn grounding(entry: &Value) -> Grounding {
    let mut rule = Rule::of(entry);
    if entry["enabled"] == Value::Bool(false) {
        rule = Rule { input: None, output: None };
    }
    Grounding {
        measure: if entry["type"] == "RELEVANCE" { Measure::Relevance } else { Measure::Grounding },
        threshold: entry["threshold"].as_f64().unwrap_or_default(),
        rule,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sides_have_their_own_actions_and_may_be_off() {
        let rule = Rule::of(&json!({"action": "ANONYMIZE", "inputAction": "BLOCK", "outputEnabled": false}));
        assert_eq!((rule.at(Side::Input), rule.at(Side::Output)), (Some(Action::Block), None));
        let rule = Rule::of(&json!({"action": "ANONYMIZE"}));
        assert_eq!(rule.at(Side::Output), Some(Action::Anonymize));
        assert_eq!(Rule::of(&json!({"inputAction": "NONE"})).at(Side::Input), Some(Action::None));
    }

    #[test]
    fn a_stronger_filter_needs_less_confidence() {
        let acts = |strength: Level| [Level::Low, Level::Medium, Level::High].map(|level| strength.acts_on(level));
        assert_eq!(acts(Level::None), [false, false, false]);
        assert_eq!(acts(Level::Low), [false, false, true]);
        assert_eq!(acts(Level::Medium), [false, true, true]);
        assert_eq!(acts(Level::High), [true, true, true]);
        assert!(!Level::High.acts_on(Level::None));
    }

    #[test]
    fn a_wrong_pattern_is_named() {
        let config =
            json!({"sensitiveInformationPolicy": {"regexes": [{"name": "n", "pattern": "(", "action": "BLOCK"}]}});
        assert_eq!(Policies::parse(&config).unwrap_err(), "(");
    }
}
