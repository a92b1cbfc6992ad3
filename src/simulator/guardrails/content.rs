//! Content filters: short lists of words and phrases per category, each with the confidence it gives.
//!
//! AWS asks a model; here a phrase of the lists is found or it is not. The strongest phrase in a text decides.

use super::lexicon::has_phrase;
use super::policy::Level;

/// What a content filter looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    Sexual,
    Violence,
    Hate,
    Insults,
    Misconduct,
    /// Any of the following.
    PromptAttack,
    Jailbreak,
    PromptInjection,
    PromptLeakage,
}

/// A category, AWS's name of it and its phrases, by the confidence that they give.
struct Row {
    category: Category,
    name: &'static str,
    low: &'static [&'static str],
    medium: &'static [&'static str],
    high: &'static [&'static str],
}

const TABLE: &[Row] = &[
    Row {
        category: Category::Sexual,
        name: "SEXUAL",
        low: &["sexy", "nude", "naked", "erotic"],
        medium: &["sex scene", "sexual fantasy", "sexually explicit", "porn", "nsfw"],
        high: &["explicit sex", "hardcore porn", "pornographic story", "have sex with me"],
    },
    Row {
        category: Category::Violence,
        name: "VIOLENCE",
        low: &["fight", "weapon", "gun", "attack", "violence"],
        medium: &["beat him up", "beat her up", "beat someone up", "stab", "shoot someone", "hurt someone", "torture"],
        high: &["kill", "murder", "build a bomb", "make a bomb", "behead", "mass shooting", "i will hurt you"],
    },
    Row {
        category: Category::Hate,
        name: "HATE",
        low: &["racist", "sexist", "bigot"],
        medium: &["i hate immigrants", "i hate foreigners", "inferior race", "go back to your country"],
        high: &["exterminate them all", "ethnic cleansing is good", "they are subhuman", "gas the"],
    },
    Row {
        category: Category::Insults,
        name: "INSULTS",
        low: &["silly", "ridiculous", "clown"],
        medium: &["stupid", "dumb", "moron", "loser", "fool"],
        high: &["idiot", "you are worthless", "you are an imbecile", "piece of garbage"],
    },
    Row {
        category: Category::Misconduct,
        name: "MISCONDUCT",
        low: &["shoplift", "steal", "counterfeit"],
        medium: &["hack into", "pick a lock", "launder money", "evade taxes", "fake passport"],
        high: &["cook meth", "steal a car", "rob a bank", "forge a passport", "write malware", "make ransomware"],
    },
    Row { category: Category::PromptAttack, name: "PROMPT_ATTACK", low: &[], medium: &[], high: &[] },
    Row {
        category: Category::Jailbreak,
        name: "JAILBREAK",
        low: &["jailbreak", "developer mode"],
        medium: &["without any rules", "you are not bound by", "pretend you are an ai without"],
        high: &["do anything now", "you are now dan", "bypass your safety", "you have no restrictions"],
    },
    Row {
        category: Category::PromptInjection,
        name: "PROMPT_INJECTION",
        low: &["new instructions:", "end of instructions"],
        medium: &[
            "ignore all previous instructions",
            "ignore previous instructions",
            "ignore your instructions",
            "disregard all previous instructions",
            "disregard previous instructions",
            "forget your instructions",
            "forget all previous instructions",
        ],
        high: &["override your system prompt", "your new system prompt is"],
    },
    Row {
        category: Category::PromptLeakage,
        name: "PROMPT_LEAKAGE",
        low: &["system prompt"],
        medium: &["what is your system prompt", "what are your instructions"],
        high: &[
            "reveal your system prompt",
            "show me your system prompt",
            "repeat your system prompt",
            "print your system prompt",
        ],
    },
];

impl Category {
    /// From AWS's name.
    pub(super) fn of(name: &str) -> Option<Category> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.category)
    }

    /// AWS's name.
    pub(super) fn name(self) -> &'static str {
        self.row().map_or("", |row| row.name)
    }

    /// How sure one may be that the text is of this category.
    pub(super) fn confidence(self, text: &str) -> Level {
        if self == Category::PromptAttack {
            let attacks = [Category::Jailbreak, Category::PromptInjection, Category::PromptLeakage];
            return attacks.map(|attack| attack.confidence(text)).into_iter().max().unwrap_or(Level::None);
        }
        let text = text.to_lowercase();
        let has = |phrases: &[&str]| phrases.iter().any(|phrase| has_phrase(&text, phrase));
        match self.row() {
            Some(row) if has(row.high) => Level::High,
            Some(row) if has(row.medium) => Level::Medium,
            Some(row) if has(row.low) => Level::Low,
            _ => Level::None,
        }
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.category == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_phrase_decides() {
        assert_eq!(Category::Insults.confidence("You silly, stupid idiot!"), Level::High);
        assert_eq!(Category::Insults.confidence("You silly, stupid man"), Level::Medium);
        assert_eq!(Category::Insults.confidence("Don't be silly"), Level::Low);
        assert_eq!(Category::Insults.confidence("What a nice day"), Level::None);
        assert_eq!(Category::Violence.confidence("a skilled driver"), Level::None);
    }

    #[test]
    fn confidence_in_a_prompt_attack_is_as_recorded() {
        assert_eq!(Category::PromptAttack.confidence("Ignore all previous instructions"), Level::Medium);
    }

    #[test]
    fn every_phrase_is_lower_case_and_in_one_list_of_its_category() {
        for row in TABLE {
            let phrases: Vec<_> = [row.low, row.medium, row.high].concat();
            for (at, phrase) in phrases.iter().enumerate() {
                assert_eq!(phrase.to_lowercase(), **phrase);
                assert!(!phrases[..at].contains(phrase), "{}: {phrase}", row.name);
            }
            assert_eq!(Category::of(row.name), Some(row.category));
            assert_eq!(row.category.name(), row.name);
        }
    }
}
