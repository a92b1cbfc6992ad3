//! Something that was made: what it is at a time, and how it is told, alone or in the list of its kind.
//!
//! Nothing happens in the background, but for [`super::batch`]. A resource knows when it is ready, and what it says
//! follows from the time of the question.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use super::batch::Work;
use super::{Request, paging};
use crate::simulator::exception::Exception;
use crate::simulator::timestamp;

/// How the resources of a kind are told.
pub(super) struct Kind {
    /// The resource of their ARN: the text before its first `/`.
    pub(super) resource: &'static str,
    /// The member of the list's answer that holds the items.
    pub(super) list: &'static str,
    /// The members of an item, and what the whole calls them.
    pub(super) summary: &'static [(&'static str, &'static str)],
    pub(super) filters: &'static [(&'static str, Filter)],
    /// The member that says how far it is, and what it says: at work, ready, being stopped, stopped.
    pub(super) status: Option<(&'static str, [&'static str; 4])>,
    /// The members that say when it was made, when it last changed, and when it came to its end.
    pub(super) times: (&'static str, Option<&'static str>, Option<&'static str>),
}

/// What a parameter of the list asks of a member.
pub(super) enum Filter {
    Equals(&'static str),
    Contains(&'static str),
    /// Made after this time.
    After,
    /// Made before this time.
    Before,
}

/// A resource of an account.
pub(super) struct Resource {
    pub(super) arn: String,
    pub(super) name: String,
    /// The members that it has from the start.
    pub(super) members: Map<String, Value>,
    /// The members that it has, or that change, when it is ready.
    pub(super) outcome: Map<String, Value>,
    /// The members that only its item in a list has.
    pub(super) listed: Map<String, Value>,
    /// The foundation model that answers for it.
    pub(super) model: Option<String>,
    /// What it says while it is at work, when that is not what its kind says.
    pub(super) busy: Option<&'static str>,
    /// What is being done for it, beside the time that it takes.
    pub(super) work: Option<Work>,
    created: SystemTime,
    changed: SystemTime,
    ready: SystemTime,
    /// When it was told to stop, and when it will have.
    stop: Option<(SystemTime, SystemTime)>,
}

/// How far a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Working,
    Ready,
    Stopping,
    Stopped,
}

impl Resource {
    /// A resource that is ready at once. Members that are null are left out.
    pub(super) fn now(request: &Request<'_>, arn: String, name: &str, members: Value) -> Resource {
        Resource::new(arn, name, request.now, request.now, members)
    }

    /// A resource that takes its time.
    pub(super) fn soon(request: &Request<'_>, arn: String, name: &str, members: Value) -> Resource {
        Resource::new(arn, name, request.now, request.ready(), members)
    }

    /// A resource that comes to be when another is ready.
    pub(super) fn after(cause: &Resource, arn: String, name: &str, members: Value) -> Resource {
        Resource::new(arn, name, cause.ready, cause.ready, members)
    }

    fn new(arn: String, name: &str, created: SystemTime, ready: SystemTime, members: Value) -> Resource {
        Resource {
            arn,
            name: name.to_owned(),
            members: present(members),
            outcome: Map::new(),
            listed: Map::new(),
            model: None,
            busy: None,
            work: None,
            created,
            changed: created,
            ready,
            stop: None,
        }
    }

    /// The same, with further members.
    pub(super) fn with(mut self, members: Value) -> Resource {
        self.members.extend(present(members));
        self
    }

    /// The same, with members that it has when it is ready.
    pub(super) fn with_outcome(mut self, outcome: Value) -> Resource {
        self.outcome = present(outcome);
        self
    }

    /// The same, with members that only its item in a list has.
    pub(super) fn with_listed(mut self, members: Value) -> Resource {
        self.listed = present(members);
        self
    }

    /// The same, answered for by a model.
    pub(super) fn with_model(mut self, model: impl Into<String>) -> Resource {
        self.model = Some(model.into());
        self
    }

    /// Whether it is there: some are made ahead of their time, as the model of a job that is still at work.
    pub(super) fn exists(&self, now: SystemTime) -> bool {
        self.created <= now
    }

    pub(super) fn phase(&self, now: SystemTime) -> Phase {
        let is_done = || self.work.as_ref().is_none_or(|work| work.result().is_some());
        match self.stop {
            Some((_, done)) if done <= now => Phase::Stopped,
            Some(_) => Phase::Stopping,
            None if self.ready <= now && is_done() => Phase::Ready,
            None => Phase::Working,
        }
    }

    /// Stops it, which takes its time.
    pub(super) fn stop(&mut self, request: &Request<'_>) {
        self.stop = Some((request.now, request.ready()));
        if let Some(work) = &self.work {
            work.stop();
        }
    }

    /// Changes it, which takes its time: `members` at once, `outcome` when that is over. Until then it says `busy`.
    pub(super) fn change(&mut self, request: &Request<'_>, busy: &'static str, members: Value, outcome: Value) {
        let before = std::mem::replace(&mut self.outcome, present(outcome));
        self.members.extend(before);
        self.members.extend(present(members));
        (self.changed, self.ready, self.busy) = (request.now, request.ready(), Some(busy));
    }

    /// Whether an id, a name or an ARN means this one.
    pub(super) fn is(&self, identifier: &str) -> bool {
        self.is_id(identifier) || identifier == self.name
    }

    /// Whether an id or an ARN means this one.
    pub(super) fn is_id(&self, identifier: &str) -> bool {
        identifier == self.arn || Some(identifier) == self.arn.rsplit('/').next()
    }

    /// All that it says.
    pub(super) fn whole(&self, kind: &Kind, now: SystemTime) -> Value {
        self.told(kind, now).into()
    }

    fn item(&self, kind: &Kind, now: SystemTime) -> Map<String, Value> {
        let mut item = self.told(kind, now);
        item.extend(self.listed.clone());
        item
    }

    fn told(&self, kind: &Kind, now: SystemTime) -> Map<String, Value> {
        let mut whole = self.members.clone();
        let phase = self.phase(now);
        if phase == Phase::Ready {
            whole.extend(self.outcome.clone());
        }
        if let Some((member, [working, ready, stopping, stopped])) = kind.status {
            let says = match phase {
                Phase::Working => self.busy.unwrap_or(working),
                Phase::Ready => ready,
                Phase::Stopping => stopping,
                Phase::Stopped => stopped,
            };
            whole.insert(member.into(), says.into());
        }
        let changed = match (phase, self.stop) {
            (Phase::Ready, _) => self.ready,
            (Phase::Stopping, Some((asked, _))) => asked,
            (Phase::Stopped, Some((_, done))) => done,
            _ => self.changed,
        };
        let ended = matches!(phase, Phase::Ready | Phase::Stopped);
        whole.insert(kind.times.0.into(), timestamp::milliseconds(self.created).into());
        if let Some(member) = kind.times.1 {
            whole.insert(member.into(), timestamp::milliseconds(changed).into());
        }
        if let Some(member) = kind.times.2.filter(|_| ended) {
            whole.insert(member.into(), timestamp::milliseconds(changed).into());
        }
        if let Some(result) = self.work.as_ref().and_then(Work::result).filter(|_| phase == Phase::Ready) {
            whole.extend(present(result));
        }
        whole
    }
}

/// The page of a list that the request asks for, filtered and sorted as it says; the newest first unless it says so.
pub(super) fn list<'r>(
    request: &Request<'_>,
    kind: &Kind,
    resources: impl IntoIterator<Item = &'r Resource>,
) -> Result<Value, Exception> {
    let there = resources.into_iter().filter(|resource| resource.exists(request.now));
    let mut found: Vec<(SystemTime, Map<String, Value>)> =
        there.map(|resource| (resource.created, resource.item(kind, request.now))).collect();
    found.retain(|(created, whole)| {
        kind.filters.iter().all(|(name, filter)| fits(request, name, filter, *created, whole))
    });
    found.sort_by_key(|(created, _)| *created);
    if request.query("sortOrder") != Some("Ascending") {
        found.reverse();
    }
    paging::page(request, kind.list, found.into_iter().map(|(_, whole)| summary(kind, &whole)))
}

fn fits(request: &Request<'_>, name: &str, filter: &Filter, created: SystemTime, whole: &Map<String, Value>) -> bool {
    let Some(wanted) = request.query(name) else { return true };
    let time =
        || timestamp::parse_extended(wanted).map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    match filter {
        Filter::Equals(member) => whole.get(*member).is_some_and(|value| value == wanted),
        Filter::Contains(member) => {
            whole.get(*member).and_then(Value::as_str).is_some_and(|text| text.contains(wanted))
        }
        Filter::After => time().is_some_and(|time| created > time),
        Filter::Before => time().is_some_and(|time| created < time),
    }
}

fn summary(kind: &Kind, whole: &Map<String, Value>) -> Value {
    let members =
        kind.summary.iter().filter_map(|(ours, theirs)| Some(((*ours).to_owned(), whole.get(*theirs)?.clone())));
    members.collect::<Map<String, Value>>().into()
}

fn present(members: Value) -> Map<String, Value> {
    match members {
        Value::Object(members) => members.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}
