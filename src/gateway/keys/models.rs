//! Which models a key may ask. A model has many spellings, a name, ids with and without a geography, ARNs, and a key that
//! allows one of them allows the model.

use crate::catalog::{self, Arn, Id};

/// The models of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::gateway) struct Models(Vec<String>);

impl Models {
    /// `patterns` as settings give them.
    pub(in crate::gateway) fn new(patterns: &[String]) -> Models {
        Models(patterns.iter().map(|pattern| pattern.trim().to_owned()).collect())
    }

    /// Whether there is anything that it does not allow.
    pub(super) fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::gateway) fn allow(&self, model: &str) -> bool {
        self.is_all() || matching(model, self.0.iter().map(String::as_str)).next().is_some()
    }
}

/// Those of `patterns` that mean `model` by any of its spellings.
pub(super) fn matching<'p>(model: &str, patterns: impl Iterator<Item = &'p str>) -> impl Iterator<Item = &'p str> {
    let spellings = spellings(model);
    patterns.filter(move |pattern| spellings.iter().any(|spelling| matches(pattern, spelling)))
}

/// The model as given, its id, the same without geography, and the names of the model. Not the ids of other geographies: a
/// key for `eu.*` must not reach what is computed elsewhere.
fn spellings(model: &str) -> Vec<String> {
    let mut all = vec![model.to_owned()];
    let wire_id = catalog::meant(model).map_or_else(|_| model.to_owned(), |target| target.wire_id);
    let wire_id = wire_id.as_str();
    let id = Arn::parse(wire_id).and_then(|arn| arn.model).or_else(|| Id::parse(wire_id));
    let Some(id) = id else { return all };
    let same = |other: &str| Id::parse(other).is_some_and(|same| same.base == id.base);
    let in_geography = id.geography.map(|geography| format!("{geography}.{}", id.base));
    all.extend(in_geography.into_iter().chain([wire_id, id.base].map(str::to_owned)));
    all.extend(catalog::names().filter(|name| same(name.id)).map(|name| name.name.to_owned()));
    all
}

/// Whether `pattern`, in which `*` stands for any text, is the whole of `text`, whatever the case of ASCII letters.
pub(in crate::gateway) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // Where to go on when a `*` has to stand for one letter more.
    let mut star = None;
    while let Some(letter) = text.get(t) {
        match pattern.get(p) {
            Some(b'*') => {
                p += 1;
                star = Some((p, t));
            }
            Some(wanted) if wanted.eq_ignore_ascii_case(letter) => (p, t) = (p + 1, t + 1),
            _ => {
                let Some((after, begun)) = star else { return false };
                star = Some((after, begun + 1));
                (p, t) = (after, begun + 1);
            }
        }
    }
    pattern.iter().skip(p).all(|letter| *letter == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn allowed(patterns: &[&str], model: &str) -> bool {
        Models::new(&patterns.iter().map(|pattern| (*pattern).to_owned()).collect::<Vec<_>>()).allow(model)
    }

    #[test]
    fn a_model_is_allowed_by_any_of_its_spellings() {
        let nova = "amazon.nova-micro-v1:0";
        let profile = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-micro-v1:0";
        for pattern in [nova, "amazon.*", "*nova-micro*", "Nova-Micro", "nova-*", "*"] {
            for model in [nova, "us.amazon.nova-micro-v1:0", "Nova-Micro", "bedrock/amazon.nova-micro-v1:0", profile] {
                assert!(allowed(&["other", pattern], model), "{pattern} {model}");
            }
            assert_eq!(allowed(&[pattern], "anthropic.claude-sonnet-4-20250514-v1:0"), pattern == "*", "{pattern}");
        }
        assert!(allowed(&["eu.*"], "eu.amazon.nova-micro-v1:0") && allowed(&["eu.*"], profile));
        assert!(!allowed(&["eu.*"], "us.amazon.nova-micro-v1:0") && !allowed(&["eu.*"], nova));
        assert!(allowed(&[], "anything"));
        assert!(allowed(&["fast"], "fast") && !allowed(&["fast"], "faster") && !allowed(&["fast"], ""));
    }

    proptest! {
        #[test]
        fn stars_stand_for_anything(parts in proptest::collection::vec("[ab]{0,3}", 1..5), fill in "[ab]{0,4}") {
            let pattern = parts.join("*");
            let (text, other) = (parts.join(&fill), pattern.clone() + "c");
            prop_assert!(matches(&pattern, &text));
            prop_assert!(matches(&pattern, &pattern));
            prop_assert!(!matches(&other, &text));
        }

        #[test]
        fn nothing_that_a_caller_writes_panics(pattern in ".{0,20}", text in ".{0,40}") {
            matches(&pattern, &text);
            spellings(&text);
        }
    }
}
