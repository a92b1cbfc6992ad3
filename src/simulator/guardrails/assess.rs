//! The judgement: texts and policies in, findings, masked texts and counters out. No I/O.

use std::ops::Range;

use serde_json::{Map, Value, json};

use super::grounding::Grounds;
use super::lexicon::has_phrase;
use super::policy::{Action, Level, Measure, Policies, Side};
use super::words;

/// Characters of a text unit (AWS's pricing page).
pub(super) const TEXT_UNIT: usize = 1000;
/// Most findings of one type or expression that are told of one text; all that there are is masked.
const MOST_TOLD: usize = 1000;

/// A text on its way to or from the model.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::simulator) struct Piece {
    pub(in crate::simulator) text: String,
    /// Whether it is judged; else it only counts in the coverage.
    pub(super) judged: bool,
    /// Whether answers must be grounded in it.
    pub(super) is_source: bool,
    /// Whether it is what answers must be relevant to.
    pub(super) is_query: bool,
}

impl Piece {
    /// A text that is judged.
    pub(super) fn judged(text: impl Into<String>) -> Piece {
        Piece { text: text.into(), judged: true, ..Piece::default() }
    }

    /// A text with the qualifiers of a `guardContent` block: a source or query is judged only when it says so.
    pub(super) fn qualified(text: &str, qualifiers: &Value) -> Piece {
        let has = |name: &str| qualifiers.as_array().is_some_and(|all| all.iter().any(|qualifier| qualifier == name));
        let (is_source, is_query) = (has("grounding_source"), has("query"));
        let judged = has("guard_content") || !(is_source || is_query);
        Piece { text: text.to_owned(), judged, is_source, is_query }
    }
}

/// What is judged in one go.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::simulator) struct Content {
    pub(super) pieces: Vec<Piece>,
    pub(super) images: Coverage,
}

impl Content {
    /// What answers are held against.
    pub(super) fn grounds(&self) -> Grounds {
        let join = |wanted: fn(&Piece) -> bool| {
            let texts: Vec<&str> =
                self.pieces.iter().filter(|piece| wanted(piece)).map(|piece| piece.text.as_str()).collect();
            texts.join("\n")
        };
        Grounds { source: join(|piece| piece.is_source), query: join(|piece| piece.is_query) }
    }

    /// Bytes of all texts.
    pub(super) fn size(&self) -> usize {
        self.pieces.iter().map(|piece| piece.text.len()).sum()
    }

    fn judged(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter(|piece| piece.judged).map(|piece| piece.text.as_str())
    }
}

/// What is done about a finding, or about the whole: the strongest counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::simulator) enum Outcome {
    #[default]
    None,
    Masked,
    Blocked,
}

impl Outcome {
    /// AWS's word in an assessment.
    fn name(self) -> &'static str {
        match self {
            Outcome::None => "NONE",
            Outcome::Masked => "ANONYMIZED",
            Outcome::Blocked => "BLOCKED",
        }
    }

    /// What `actionReason` says (recordings).
    pub(super) fn reason(self) -> &'static str {
        match self {
            Outcome::None => "No action.",
            Outcome::Masked => "Guardrail masked.",
            Outcome::Blocked => "Guardrail blocked.",
        }
    }
}

impl From<Action> for Outcome {
    fn from(action: Action) -> Outcome {
        match action {
            Action::Block => Outcome::Blocked,
            Action::Anonymize => Outcome::Masked,
            Action::None => Outcome::None,
        }
    }
}

/// The list of an assessment that a finding is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Topics,
    Filters,
    CustomWords,
    ManagedWords,
    Entities,
    Regexes,
    Grounding,
}

/// One entry of an assessment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    pub(super) list: List,
    /// The members before `action` and `detected`.
    what: Map<String, Value>,
    outcome: Outcome,
    pub(super) detected: bool,
}

impl Finding {
    fn new(list: List, what: Value, outcome: Outcome, detected: bool) -> Finding {
        let what = match what {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        Finding { list, what, outcome, detected }
    }

    /// The entry, in the order of the service model.
    pub(super) fn to_json(&self) -> Value {
        let mut entry = self.what.clone();
        entry.insert("action".into(), self.outcome.name().into());
        entry.insert("detected".into(), self.detected.into());
        entry.into()
    }
}

/// Text units per policy; images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Units {
    pub(super) topics: usize,
    pub(super) content: usize,
    pub(super) images: usize,
    pub(super) words: usize,
    pub(super) sensitive: usize,
    /// Custom regular expressions cost nothing.
    pub(super) sensitive_free: usize,
    pub(super) grounding: usize,
}

/// How much was judged, of how much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Coverage {
    pub(super) guarded: usize,
    pub(super) total: usize,
}

/// The judgement on a [`Content`].
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::simulator) struct Verdict {
    /// Everything that was looked for, found or not.
    pub(super) findings: Vec<Finding>,
    pub(in crate::simulator) outcome: Outcome,
    /// The pieces with what is to be masked in its place.
    pub(super) texts: Vec<String>,
    pub(super) units: Units,
    pub(super) characters: Coverage,
    /// Images; none where there are none.
    pub(super) images: Option<Coverage>,
}

/// Judges what goes to the model or comes from it. `grounds` is what an answer is held against.
pub(in crate::simulator) fn assess(policies: &Policies, side: Side, content: &Content, grounds: &Grounds) -> Verdict {
    let mut verdict =
        Verdict { texts: content.pieces.iter().map(|piece| piece.text.clone()).collect(), ..Verdict::default() };
    count(policies, side, content, &mut verdict);
    topics(policies, side, content, &mut verdict.findings);
    filters(policies, side, content, &mut verdict.findings);
    custom_words(policies, side, content, &mut verdict.findings);
    sensitive(policies, side, content, &mut verdict);
    if side == Side::Output && grounds.are_given() {
        grounding(policies, content, grounds, &mut verdict);
    }
    verdict.outcome = verdict.findings.iter().map(|finding| finding.outcome).max().unwrap_or_default();
    verdict
}

fn count(policies: &Policies, side: Side, content: &Content, verdict: &mut Verdict) {
    let guarded: usize = content.judged().map(|text| text.chars().count()).sum();
    let total = content.pieces.iter().map(|piece| piece.text.chars().count()).sum();
    verdict.characters = Coverage { guarded, total };
    let sees_images = policies.filters.iter().any(|filter| filter.rule.at(side).is_some() && filter.sees_images(side));
    if content.images.total > 0 {
        let guarded = if sees_images { content.images.guarded } else { 0 };
        verdict.images = Some(Coverage { guarded, ..content.images });
        verdict.units.images = guarded;
    }
    let units = guarded.div_ceil(TEXT_UNIT);
    let spent = |used: bool| if used { units } else { 0 };
    let units = &mut verdict.units;
    units.topics = spent(policies.topics.iter().any(|(_, rule)| rule.at(side).is_some()));
    units.content = spent(policies.filters.iter().any(|filter| filter.rule.at(side).is_some()));
    let profanity = policies.profanity.and_then(|rule| rule.at(side)).is_some();
    units.words = spent(profanity || policies.words.iter().any(|word| word.rule.at(side).is_some()));
    units.sensitive = spent(policies.entities.iter().any(|entity| entity.rule.at(side).is_some()));
    units.sensitive_free = spent(policies.regexes.iter().any(|custom| custom.rule.at(side).is_some()));
}

/// What an action does to something that was detected or not.
fn outcome(action: Action, detected: bool) -> Outcome {
    if detected { action.into() } else { Outcome::None }
}

fn topics(policies: &Policies, side: Side, content: &Content, findings: &mut Vec<Finding>) {
    for (topic, rule) in &policies.topics {
        let Some(action) = rule.at(side) else { continue };
        let detected = content.judged().any(|text| topic.is_met(text));
        let what = json!({"name": topic.name, "type": "DENY"});
        findings.push(Finding::new(List::Topics, what, outcome(action, detected), detected));
    }
}

fn filters(policies: &Policies, side: Side, content: &Content, findings: &mut Vec<Finding>) {
    for filter in &policies.filters {
        let Some(action) = filter.rule.at(side) else { continue };
        let confidence = content.judged().map(|text| filter.category.confidence(text)).max().unwrap_or(Level::None);
        let strength = filter.strength(side);
        let detected = strength.acts_on(confidence);
        let what = json!({
            "type": filter.category.name(),
            "confidence": confidence.name(),
            "filterStrength": strength.name(),
        });
        findings.push(Finding::new(List::Filters, what, outcome(action, detected), detected));
    }
}

fn custom_words(policies: &Policies, side: Side, content: &Content, findings: &mut Vec<Finding>) {
    let texts: Vec<String> = content.judged().map(str::to_lowercase).collect();
    for word in &policies.words {
        let Some(action) = word.rule.at(side) else { continue };
        if texts.iter().any(|text| has_phrase(text, &word.lower)) {
            findings.push(Finding::new(List::CustomWords, json!({"match": word.text}), action.into(), true));
        }
    }
    let Some(action) = policies.profanity.and_then(|rule| rule.at(side)) else { return };
    let mut found: Vec<_> = texts.iter().flat_map(|text| words::profanities(text)).collect();
    found.sort_unstable();
    found.dedup();
    let entry =
        |word| Finding::new(List::ManagedWords, json!({"match": word, "type": "PROFANITY"}), action.into(), true);
    findings.extend(found.into_iter().map(entry));
}

/// A place in a piece that is to be masked.
struct Mask<'a> {
    range: Range<usize>,
    name: &'a str,
}

fn sensitive(policies: &Policies, side: Side, content: &Content, verdict: &mut Verdict) {
    let mut seen = vec![false; policies.entities.len()];
    let (mut entities, mut regexes) = (Vec::new(), Vec::new());
    for (at, piece) in content.pieces.iter().enumerate().filter(|(_, piece)| piece.judged) {
        let mut masks = Vec::new();
        let mut here = Vec::new();
        for (entity, seen) in policies.entities.iter().zip(&mut seen) {
            let Some(action) = entity.rule.at(side) else { continue };
            for (nth, range) in entity.kind.find(&piece.text).into_iter().enumerate() {
                *seen = true;
                if nth < MOST_TOLD {
                    let what = json!({"match": piece.text.get(range.clone()), "type": entity.kind.name()});
                    here.push((range.start, Finding::new(List::Entities, what, action.into(), true)));
                }
                masks.extend((action == Action::Anonymize).then(|| Mask { range, name: entity.kind.name() }));
            }
        }
        here.sort_by_key(|(start, _)| *start);
        entities.extend(here.into_iter().map(|(_, finding)| finding));
        for custom in &policies.regexes {
            let Some(action) = custom.rule.at(side) else { continue };
            let matches = custom.regex.find_iter(&piece.text).filter(|found| !found.is_empty());
            for (nth, found) in matches.enumerate() {
                if nth < MOST_TOLD {
                    let what = json!({"name": custom.name, "regex": custom.regex.as_str(), "match": found.as_str()});
                    regexes.push(Finding::new(List::Regexes, what, action.into(), true));
                }
                let range = found.range();
                masks.extend((action == Action::Anonymize).then_some(Mask { range, name: &custom.name }));
            }
        }
        if let Some(text) = verdict.texts.get_mut(at).filter(|_| !masks.is_empty()) {
            *text = masked(&piece.text, masks);
        }
    }
    let unseen = policies.entities.iter().zip(seen).filter(|(entity, seen)| !seen && entity.rule.at(side).is_some());
    let unseen = unseen.map(|(entity, _)| {
        let what = json!({"match": "", "type": entity.kind.name()});
        Finding::new(List::Entities, what, Outcome::None, false)
    });
    verdict.findings.extend(entities.into_iter().chain(unseen).chain(regexes));
}

/// The text with `{NAME}` in place of each range; of ranges that overlap, the first and longest counts.
fn masked(text: &str, mut masks: Vec<Mask<'_>>) -> String {
    masks.sort_by_key(|mask| (mask.range.start, std::cmp::Reverse(mask.range.end)));
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for mask in masks.iter().filter(|mask| !mask.range.is_empty()) {
        if mask.range.start < end {
            continue;
        }
        out.push_str(text.get(end..mask.range.start).unwrap_or_default());
        out.push_str(&format!("{{{}}}", mask.name));
        end = mask.range.end;
    }
    out.push_str(text.get(end..).unwrap_or_default());
    out
}

fn grounding(policies: &Policies, content: &Content, grounds: &Grounds, verdict: &mut Verdict) {
    let answer = content.judged().collect::<Vec<_>>().join("\n");
    if answer.is_empty() {
        return;
    }
    let filters = policies.grounding.iter().filter_map(|filter| Some((filter, filter.rule.at(Side::Output)?)));
    for (filter, action) in filters {
        let score = grounds.score(filter.measure, &answer);
        let detected = score < filter.threshold;
        let name = if filter.measure == Measure::Grounding { "GROUNDING" } else { "RELEVANCE" };
        let what = json!({"type": name, "threshold": filter.threshold, "score": score});
        verdict.findings.push(Finding::new(List::Grounding, what, outcome(action, detected), detected));
        let characters =
            [&grounds.source, &grounds.query, &answer].map(|text| text.chars().count()).iter().sum::<usize>();
        verdict.units.grounding = characters.div_ceil(TEXT_UNIT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn judge(config: Value, side: Side, text: &str) -> Verdict {
        let content = Content { pieces: vec![Piece::judged(text)], images: Coverage::default() };
        assess(&Policies::parse(&config).unwrap(), side, &content, &Grounds::default())
    }

    fn entity(kind: &str, action: &str) -> Value {
        json!({"sensitiveInformationPolicy": {"piiEntities": [{"type": kind, "action": action}]}})
    }

    #[test]
    fn masks_are_put_where_the_data_was() {
        let verdict = judge(entity("EMAIL", "ANONYMIZE"), Side::Input, "Größe 🎈: a@b.de, c@d.de");
        assert_eq!(verdict.texts, ["Größe 🎈: {EMAIL}, {EMAIL}"]);
        assert_eq!(verdict.outcome, Outcome::Masked);
        assert_eq!(verdict.characters, Coverage { guarded: 23, total: 23 });
        let verdict = judge(entity("EMAIL", "BLOCK"), Side::Input, "a@b.de");
        assert_eq!((verdict.outcome, verdict.texts.as_slice()), (Outcome::Blocked, ["a@b.de".to_owned()].as_slice()));
        let verdict = judge(entity("EMAIL", "NONE"), Side::Input, "a@b.de");
        assert_eq!((verdict.outcome, verdict.findings[0].detected), (Outcome::None, true));
    }

    #[test]
    fn the_strongest_outcome_counts() {
        let mut config = entity("EMAIL", "ANONYMIZE");
        config["wordPolicy"] =
            json!({"words": [{"text": "acme"}], "managedWordLists": [{"type": "PROFANITY", "inputEnabled": false}]});
        assert_eq!(judge(config.clone(), Side::Output, "a@b.de of ACME").outcome, Outcome::Blocked);
        assert_eq!(judge(config.clone(), Side::Output, "damn").outcome, Outcome::Blocked);
        assert_eq!(judge(config.clone(), Side::Input, "damn").outcome, Outcome::None);
        assert_eq!(judge(config, Side::Output, "fine").outcome, Outcome::None);
    }

    #[test]
    fn strength_is_per_side() {
        let filters = json!([{"type": "INSULTS", "inputStrength": "LOW", "outputStrength": "HIGH"}]);
        let config = json!({"contentPolicy": {"filters": filters}});
        let text = "What a silly question";
        assert_eq!(judge(config.clone(), Side::Input, text).outcome, Outcome::None);
        let verdict = judge(config, Side::Output, text);
        let expected = json!({"type": "INSULTS", "confidence": "LOW", "filterStrength": "HIGH", "action": "BLOCKED", "detected": true});
        assert_eq!((verdict.outcome, verdict.findings[0].to_json()), (Outcome::Blocked, expected));
    }

    #[test]
    fn of_very_many_findings_a_part_is_told_and_all_are_masked() {
        let regexes = json!([{"name": "any", "pattern": "x", "action": "ANONYMIZE"}]);
        let config = json!({"sensitiveInformationPolicy": {"regexes": regexes}});
        let verdict = judge(config, Side::Input, &"x".repeat(MOST_TOLD + 1));
        assert_eq!((verdict.findings.len(), &verdict.texts), (MOST_TOLD, &vec!["{any}".repeat(MOST_TOLD + 1)]));
    }

    #[test]
    fn units_are_a_thousand_characters_of_what_is_judged() {
        let config = json!({"topicPolicy": {"topics": [{"name": "x", "definition": "y"}]}});
        assert_eq!(judge(config.clone(), Side::Input, &"é".repeat(1000)).units.topics, 1);
        assert_eq!(judge(config.clone(), Side::Input, &"é".repeat(1001)).units.topics, 2);
        assert_eq!(judge(config, Side::Input, "").units, Units::default());
    }

    #[test]
    fn an_answer_is_held_against_its_source() {
        let filters =
            json!([{"type": "GROUNDING", "threshold": 0.7}, {"type": "RELEVANCE", "threshold": 0.5, "action": "NONE"}]);
        let policies = Policies::parse(&json!({"contextualGroundingPolicy": {"filters": filters}})).unwrap();
        let content = Content { pieces: vec![Piece::judged("Bananas are yellow.")], images: Coverage::default() };
        let grounds = Grounds { source: "Tokyo is the capital of Japan.".into(), query: "Capital of Japan?".into() };
        let verdict = assess(&policies, Side::Output, &content, &grounds);
        assert_eq!((verdict.outcome, verdict.units.grounding), (Outcome::Blocked, 1));
        let entries: Vec<_> = verdict.findings.iter().map(Finding::to_json).collect();
        assert_eq!(
            entries[1],
            json!({"type": "RELEVANCE", "threshold": 0.5, "score": 0.0, "action": "NONE", "detected": true})
        );
        assert!(assess(&policies, Side::Output, &content, &Grounds::default()).findings.is_empty());
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,60}", at in 0..31usize) {
            let kind = super::super::pii_table::TABLE[at].name;
            let config = json!({
                "sensitiveInformationPolicy": {
                    "piiEntities": [{"type": kind, "action": "ANONYMIZE"}, {"type": "URL", "action": "ANONYMIZE"}],
                    "regexes": [{"name": "any", "pattern": "[a-f]*.?", "action": "ANONYMIZE"}],
                },
                "topicPolicy": {"topics": [{"name": "t", "definition": "some thing"}]},
                "wordPolicy": {"words": [{"text": text.get(..1).unwrap_or("x")}], "managedWordLists": [{}]},
            });
            let verdict = judge(config, Side::Input, &text);
            prop_assert_eq!(verdict.texts.len(), 1);
            prop_assert_eq!(verdict.outcome == Outcome::None, text.is_empty());
        }
    }
}
