//! Rules: which requests, and what they are answered. They belong to an account.

use std::fmt;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::de::Error as _;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::inquiry::Inquiry;
use super::matching::When;
use super::scripted::{Scripted, list};
use super::{Asked, Reply};
use crate::simulator::exception::Exception;

/// Time a function has for its answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is answered to which requests. As JSON:
/// `{"match": {"text": "weather"}, "answer": "It is sunny.", "times": 1}`, or `sequence` with a list of answers.
///
/// ```
/// use bedrock_wrapper::simulator::{Rule, State, When};
/// let state = State::new(Default::default());
/// let when = When { model: Some("*nova*".into()), ..When::default() };
/// let id = state.account().add_rule(Rule::new(when, ["first", "second and further"]));
/// assert_eq!(state.account().rule_calls(id), Some(0));
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Fields")]
pub struct Rule {
    /// What the journal calls it. Default: its number.
    pub name: Option<String>,
    /// The requests that it fits. Default: all.
    pub when: When,
    /// What it answers.
    pub answers: Answers,
    /// How many requests it answers before it is used up. Default: any number.
    pub times: Option<u64>,
    /// Rules of a higher priority are asked first, then those that were added earlier. Default 0.
    pub priority: i32,
}

/// What a rule answers.
#[derive(Clone, Debug)]
pub enum Answers {
    /// One after another; the last again and again.
    Given(Vec<Scripted>),
    /// What a function says.
    Function(Responder),
}

/// A function that answers, or leaves the request to the next rule.
#[derive(Clone)]
pub struct Responder {
    call: Arc<Call>,
    patience: Duration,
}

type Call = dyn Fn(Inquiry) -> BoxFuture<'static, Result<Option<Scripted>, String>> + Send + Sync;

/// A rule in JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Fields {
    name: Option<String>,
    #[serde(default, rename = "match", deserialize_with = "when")]
    when: When,
    answer: Option<Scripted>,
    #[serde(default, deserialize_with = "list")]
    sequence: Vec<Scripted>,
    times: Option<u64>,
    #[serde(default)]
    priority: i32,
}

/// What a request must be like; a text or an expression alone is what the user said last.
fn when<'de, D: Deserializer<'de>>(deserializer: D) -> Result<When, D::Error> {
    let given = Value::deserialize(deserializer)?;
    if given.is_string() || given.get("regex").is_some() {
        let text = serde_json::from_value(given).map_err(D::Error::custom)?;
        return Ok(When { text: Some(text), ..When::default() });
    }
    serde_json::from_value(given).map_err(D::Error::custom)
}

impl TryFrom<Fields> for Rule {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Rule, &'static str> {
        let answers = match (fields.answer, fields.sequence) {
            (Some(only), rest) if rest.is_empty() => vec![only],
            (None, sequence) if !sequence.is_empty() => sequence,
            _ => return Err("a rule has either `answer` or `sequence`, a list of at least one answer"),
        };
        let Fields { name, when, times, priority, .. } = fields;
        Ok(Rule { name, when, answers: Answers::Given(answers), times, priority })
    }
}

impl Rule {
    /// A rule that gives these answers one after another, and the last again and again.
    pub fn new<A: Into<Scripted>>(when: When, answers: impl IntoIterator<Item = A>) -> Rule {
        let answers = Answers::Given(answers.into_iter().map(Into::into).collect());
        Rule { name: None, when, answers, times: None, priority: 0 }
    }

    /// A rule that asks a function.
    pub fn asking(when: When, responder: Responder) -> Rule {
        Rule { name: None, when, answers: Answers::Function(responder), times: None, priority: 0 }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(name) = &self.name {
            map.serialize_entry("name", name)?;
        }
        map.serialize_entry("match", &self.when)?;
        match &self.answers {
            Answers::Given(answers) => match answers.as_slice() {
                [only] => map.serialize_entry("answer", only)?,
                several => map.serialize_entry("sequence", several)?,
            },
            Answers::Function(_) => map.serialize_entry("function", &true)?,
        }
        if let Some(times) = self.times {
            map.serialize_entry("times", &times)?;
        }
        if self.priority != 0 {
            map.serialize_entry("priority", &self.priority)?;
        }
        map.end()
    }
}

impl Responder {
    /// A function that is called for each request that the rule fits. `None` leaves the request to the next rule; an
    /// error, or no answer within 30 seconds, is answered with a 500.
    pub fn new<F, T>(function: F) -> Responder
    where
        F: Fn(Inquiry) -> T + Send + Sync + 'static,
        T: Future<Output = Result<Option<Scripted>, String>> + Send + 'static,
    {
        Responder { call: Arc::new(move |inquiry| function(inquiry).boxed()), patience: PATIENCE }
    }

    /// Another limit than 30 seconds.
    pub fn within(self, patience: Duration) -> Responder {
        Responder { patience, ..self }
    }

    async fn ask(&self, inquiry: Inquiry) -> Result<Option<Scripted>, String> {
        let answer = tokio::time::timeout(self.patience, (self.call)(inquiry));
        answer.await.unwrap_or_else(|_| Err(format!("it gave no answer within {} ms", self.patience.as_millis())))
    }
}

impl fmt::Debug for Responder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Responder").field("patience", &self.patience).finish_non_exhaustive()
    }
}

/// A rule in force.
#[derive(Debug)]
pub(in crate::simulator) struct Active {
    pub(in crate::simulator) id: u32,
    pub(in crate::simulator) rule: Rule,
    calls: AtomicU64,
}

/// The rules of an account, in the order in which they are asked.
#[derive(Debug, Default)]
pub(in crate::simulator) struct Rulebook {
    next: AtomicU32,
    rules: Mutex<Arc<Vec<Arc<Active>>>>,
}

impl Rulebook {
    /// Adds a rule; the number by which it is known.
    pub(in crate::simulator) fn add(&self, rule: Rule) -> u32 {
        let id = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let mut rules = self.lock();
        let at = rules.partition_point(|other| other.rule.priority >= rule.priority);
        Arc::make_mut(&mut rules).insert(at, Arc::new(Active { id, rule, calls: AtomicU64::new(0) }));
        id
    }

    /// Removes a rule; whether it was there.
    pub(in crate::simulator) fn remove(&self, id: u32) -> bool {
        let mut rules = self.lock();
        let before = rules.len();
        Arc::make_mut(&mut rules).retain(|active| active.id != id);
        rules.len() < before
    }

    pub(in crate::simulator) fn clear(&self) {
        *self.lock() = Arc::default();
    }

    pub(in crate::simulator) fn list(&self) -> Arc<Vec<Arc<Active>>> {
        Arc::clone(&self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Vec<Arc<Active>>>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Active {
    /// How many requests it has answered.
    pub(in crate::simulator) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    fn is_used_up(&self) -> bool {
        self.rule.times.is_some_and(|times| self.calls() >= times)
    }

    /// Counts one use, and says how many there were before; `None` when it is used up.
    fn claim(&self) -> Option<u64> {
        let more = |calls| self.rule.times.is_none_or(|times| calls < times).then_some(calls + 1);
        self.calls.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()
    }

    async fn answer(&self, asked: &Asked<'_>) -> Result<Option<Scripted>, Exception> {
        if self.is_used_up() || !self.rule.when.fits(asked) {
            return Ok(None);
        }
        match &self.rule.answers {
            Answers::Given(answers) => {
                let Some(before) = self.claim() else { return Ok(None) };
                let at = usize::try_from(before).unwrap_or(usize::MAX).min(answers.len().saturating_sub(1));
                Ok(answers.get(at).cloned())
            }
            Answers::Function(responder) => match responder.ask(Inquiry::of(asked)).await {
                Ok(answer) => Ok(answer.filter(|_| self.claim().is_some())),
                Err(problem) => {
                    asked.journal.answered_by(self.title());
                    Err(Exception::new(
                        "InternalServerException",
                        format!("The function of {}: {problem}", self.title()),
                    ))
                }
            },
        }
    }

    fn title(&self) -> String {
        match &self.rule.name {
            Some(name) => format!("rule {name:?}"),
            None => format!("rule {}", self.id),
        }
    }
}

/// What the first rule that fits has to say: the account's own before those for all.
pub(super) async fn reply(asked: &Asked<'_>) -> Result<Option<Reply>, Exception> {
    let main = asked.state.account();
    let books = [Some(asked.account), Some(main).filter(|main| main.id() != asked.account.id())];
    for account in books.into_iter().flatten() {
        for active in account.rulebook().list().iter() {
            if let Some(scripted) = active.answer(asked).await? {
                asked.journal.answered_by(active.title());
                return scripted.reply(asked.input).map(Some);
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::sources::testing::Case;
    use serde_json::json;

    fn rule(rule: serde_json::Value) -> Rule {
        serde_json::from_value(rule).unwrap()
    }

    #[tokio::test]
    async fn answers_come_in_turn_and_the_last_stays() {
        let case = Case::asking("hello");
        let id = case.account().add_rule(rule(json!({"sequence": ["one", "two"]})));
        for expected in ["one", "two", "two"] {
            assert_eq!(case.reply().await.unwrap(), expected);
        }
        assert_eq!(case.account().rule_calls(id), Some(3));
        assert!(case.account().remove_rule(id) && !case.account().remove_rule(id));
        assert_eq!(case.reply().await, None);
    }

    #[test]
    fn a_text_or_an_expression_alone_is_what_the_user_said() {
        for text in [json!("hello"), json!({"regex": "^h"})] {
            let (short, long) = (json!({"match": text, "answer": ""}), json!({"match": {"text": text}, "answer": ""}));
            assert_eq!(rule(short).when, rule(long).when);
        }
        for (refused, told) in [(json!({"txt": ""}), "`txt`"), (json!({"regex": "("}), "regular expression")] {
            let error = serde_json::from_value::<Rule>(json!({"match": refused, "answer": ""})).unwrap_err();
            assert!(error.to_string().contains(told), "{error}");
        }
    }

    #[tokio::test]
    async fn a_rule_that_is_used_up_leaves_the_request_to_the_next() {
        let case = Case::asking("hello");
        case.account().add_rule(rule(json!({"sequence": ["one", "two"], "times": 2})));
        case.account().add_rule(rule(json!({"answer": "later"})));
        case.account().add_rule(rule(json!({"answer": "first of all", "times": 1, "priority": 1})));
        for expected in ["first of all", "one", "two", "later"] {
            assert_eq!(case.reply().await.unwrap(), expected);
        }
    }

    #[tokio::test]
    async fn functions_answer_pass_and_fail() {
        let case = Case::asking("hello");
        case.account().add_rule(Rule::asking(When::default(), Responder::new(|_| async { Ok(None) })));
        let echo = Responder::new(|inquiry: Inquiry| async move { Ok(Some(Scripted::from(inquiry.text + "!"))) });
        let id = case.account().add_rule(Rule { times: Some(1), ..Rule::asking(When::default(), echo) });
        assert_eq!(case.reply().await.unwrap(), "hello!");
        assert_eq!(case.reply().await, None, "it is used up");
        case.account().remove_rule(id);

        let slow = Responder::new(|_| std::future::pending()).within(Duration::from_millis(5));
        case.account().add_rule(Rule { name: Some("slow".into()), ..Rule::asking(When::default(), slow) });
        let failure = case.ask().await.unwrap_err();
        let text = "The function of rule \"slow\": it gave no answer within 5 ms";
        assert_eq!((failure.status, failure.message.as_str()), (500, text));
    }

    #[tokio::test]
    async fn an_accounts_own_rules_come_first_and_those_for_all_after_them() {
        let mut case = Case::asking("hello");
        case.state.account().add_rule(rule(json!({"answer": "for all"})));
        case.account = case.state.open_account();
        assert_eq!(case.reply().await.unwrap(), "for all");
        case.account.add_rule(rule(json!({"answer": "my own"})));
        assert_eq!(case.reply().await.unwrap(), "my own");
        case.account = case.state.open_account();
        assert_eq!(case.reply().await.unwrap(), "for all");
    }

    #[test]
    fn a_rule_needs_one_answer_or_several() {
        for refused in
            [json!({}), json!({"sequence": []}), json!({"answer": "a", "sequence": ["b"]}), json!({"anwser": "a"})]
        {
            assert!(serde_json::from_value::<Rule>(refused.clone()).is_err(), "{refused}");
        }
        let written = json!({"match": {"text": "a"}, "sequence": [{"text": "b"}, {"text": "c"}], "times": 2});
        assert_eq!(serde_json::to_value(rule(written.clone())).unwrap(), written);
    }
}
