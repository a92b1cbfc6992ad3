//! The guardrails of an account in a region: a working draft each, and numbered versions of it that never change.

use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Map, Value};

use super::policy::Policies;
use super::report::Named;

/// Most guardrails of an account in a region (service quotas).
pub(super) const MOST_GUARDRAILS: usize = 100;
/// Most versions of a guardrail (service quotas).
pub(super) const MOST_VERSIONS: usize = 20;

/// The version that can be changed.
pub(super) const DRAFT: &str = "DRAFT";

/// What a guardrail is at one version.
#[derive(Clone, Debug)]
pub(super) struct Edition {
    /// As GetGuardrail shows it: name, policies, messages.
    pub(super) config: Value,
    pub(super) policies: Arc<Policies>,
    pub(super) created: SystemTime,
    pub(super) updated: SystemTime,
}

impl Edition {
    /// Reads the body of CreateGuardrail or UpdateGuardrail; the error is the pattern that is no regular expression.
    pub(super) fn parse(body: &Map<String, Value>, now: SystemTime) -> Result<Edition, String> {
        let config = configuration(body);
        let policies = Arc::new(Policies::parse(&config)?);
        Ok(Edition { config, policies, created: now, updated: now })
    }

    /// A string of the configuration, empty when it is missing.
    pub(super) fn text(&self, key: &str) -> &str {
        self.config[key].as_str().unwrap_or_default()
    }
}

/// A guardrail with its versions.
#[derive(Debug)]
pub(super) struct Guardrail {
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) draft: Arc<Edition>,
    /// Oldest first; a number is never given twice.
    versions: Vec<(u32, Arc<Edition>)>,
    last: u32,
}

impl Guardrail {
    pub(super) fn new(id: String, arn: String, draft: Edition) -> Guardrail {
        Guardrail { id, arn, draft: Arc::new(draft), versions: Vec::new(), last: 0 }
    }

    /// Keeps the draft as the next version; `None` when there are as many as there may be.
    pub(super) fn add_version(&mut self, description: Option<&str>, now: SystemTime) -> Option<u32> {
        if self.versions.len() >= MOST_VERSIONS {
            return None;
        }
        let mut edition = Edition { created: now, updated: now, ..Edition::clone(&self.draft) };
        if let Some(description) = description {
            edition.config["description"] = description.into();
        }
        self.last += 1;
        self.versions.push((self.last, Arc::new(edition)));
        Some(self.last)
    }

    /// The draft, then the versions from the oldest.
    pub(super) fn editions(&self) -> impl Iterator<Item = (String, &Arc<Edition>)> {
        let versions = self.versions.iter().map(|(number, edition)| (number.to_string(), edition));
        std::iter::once((DRAFT.to_owned(), &self.draft)).chain(versions)
    }

    pub(super) fn edition(&self, version: &str) -> Option<&Arc<Edition>> {
        self.editions().find(|(number, _)| number == version).map(|(_, edition)| edition)
    }

    /// Whether there was such a version to remove.
    pub(super) fn remove_version(&mut self, version: &str) -> bool {
        let before = self.versions.len();
        self.versions.retain(|(number, _)| number.to_string() != version);
        self.versions.len() < before
    }
}

/// All guardrails, oldest first.
#[derive(Debug, Default)]
pub(in crate::simulator) struct Guardrails(Vec<Guardrail>);

impl Guardrails {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Guardrail> {
        self.0.iter()
    }

    /// By id or ARN.
    pub(super) fn find(&self, identifier: &str) -> Option<&Guardrail> {
        self.0.iter().find(|guardrail| guardrail.id == identifier || guardrail.arn == identifier)
    }

    pub(super) fn find_mut(&mut self, identifier: &str) -> Option<&mut Guardrail> {
        self.0.iter_mut().find(|guardrail| guardrail.id == identifier || guardrail.arn == identifier)
    }

    /// Whether a guardrail other than `id` has this name.
    pub(super) fn has_name(&self, name: &str, id: &str) -> bool {
        self.0.iter().any(|guardrail| guardrail.id != id && guardrail.draft.text("name") == name)
    }

    /// Whether there may be more of them.
    pub(super) fn are_full(&self) -> bool {
        self.0.len() >= MOST_GUARDRAILS
    }

    pub(super) fn add(&mut self, guardrail: Guardrail) {
        self.0.push(guardrail);
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.0.retain(|guardrail| guardrail.id != id);
    }

    /// The guardrail that a request of the runtime names, at a version.
    pub(super) fn applied(&self, identifier: &str, version: &str) -> Option<(Named, Arc<Edition>)> {
        let guardrail = self.find(identifier)?;
        let edition = Arc::clone(guardrail.edition(version)?);
        let (id, arn) = (guardrail.id.clone(), guardrail.arn.clone());
        Some((Named { id, arn, version: version.to_owned() }, edition))
    }
}

/// Members of a request that are not shown, or shown otherwise.
const NOT_SHOWN: &[&str] = &["clientRequestToken", "tags", "kmsKeyId", "crossRegionConfig"];

/// A request's `topicPolicyConfig.topicsConfig` is shown as `topicPolicy.topics`, and so on.
fn configuration(body: &Map<String, Value>) -> Value {
    let shown = body.iter().filter(|(key, value)| !value.is_null() && !NOT_SHOWN.contains(&key.as_str()));
    shown.map(|(key, value)| (plain(key), renamed(value))).collect::<Map<_, _>>().into()
}

fn renamed(policy: &Value) -> Value {
    match policy {
        Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            members.map(|(key, value)| (plain(key), value.clone())).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

fn plain(key: &str) -> String {
    key.strip_suffix("Config").unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn edition(name: &str) -> Edition {
        let body = json!({"name": name, "wordPolicyConfig": {"wordsConfig": [{"text": "x"}]}, "tags": []});
        Edition::parse(body.as_object().unwrap(), SystemTime::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn configurations_are_shown_under_their_plain_names() {
        assert_eq!(edition("n").config, json!({"name": "n", "wordPolicy": {"words": [{"text": "x"}]}}));
    }

    #[test]
    fn versions_keep_what_the_draft_was() {
        let mut all = Guardrails::default();
        all.add(Guardrail::new("abc".into(), "arn:abc".into(), edition("one")));
        let guardrail = all.find_mut("arn:abc").unwrap();
        assert_eq!(guardrail.add_version(Some("first"), SystemTime::UNIX_EPOCH), Some(1));
        guardrail.draft = Arc::new(edition("two"));
        assert_eq!(guardrail.add_version(None, SystemTime::UNIX_EPOCH), Some(2));
        assert!(guardrail.remove_version("2") && !guardrail.remove_version("2") && !guardrail.remove_version(DRAFT));
        assert_eq!(guardrail.add_version(None, SystemTime::UNIX_EPOCH), Some(3));
        let names: Vec<_> = guardrail.editions().map(|(number, edition)| (number, edition.text("name"))).collect();
        assert_eq!(names, [("DRAFT".into(), "two"), ("1".into(), "one"), ("3".into(), "two")]);
        assert_eq!(all.find("abc").unwrap().edition("1").unwrap().text("description"), "first");
        assert!(all.has_name("two", "") && !all.has_name("two", "abc") && !all.has_name("one", ""));
        assert!(all.applied("abc", "9").is_none() && all.applied("abd", DRAFT).is_none());
    }
}
