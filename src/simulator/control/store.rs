//! What an account has in one region.

use std::collections::{BTreeMap, VecDeque};
use std::time::SystemTime;

use serde_json::Value;

use super::Request;
use super::resource::{Kind, Phase, Resource};
use super::tags::Tags;
use crate::simulator::exception::Exception;
use crate::simulator::guardrails::Guardrails;
use crate::simulator::wording;

/// Answers kept for requests that come again; the oldest go first.
const MOST_ANSWERS: usize = 1000;
/// Most resources of a kind, to bound the memory of the simulator; the quotas of the service differ by kind.
const MOST_RESOURCES: usize = 1000;

/// The resources of one account in one region.
#[derive(Default)]
pub(in crate::simulator) struct Store {
    pub(in crate::simulator) guardrails: Guardrails,
    /// Of every resource that can have some.
    pub(in crate::simulator) tags: Tags,
    /// The configuration of invocation logging, as it was put.
    pub(in crate::simulator) logging: Option<Value>,
    /// By the resource of their ARN, in the order of their making.
    resources: BTreeMap<&'static str, Vec<Resource>>,
    answered: VecDeque<Answered>,
}

/// What lies behind an id or ARN of an account.
pub(in crate::simulator) enum Behind {
    /// The id of a foundation model.
    Model(String),
    /// Something that is still being made.
    NotReady,
}

/// What a request with a `clientRequestToken` was answered.
struct Answered {
    operation: &'static str,
    token: String,
    answer: Value,
}

impl Store {
    /// All of a kind, those that are still to come included.
    pub(super) fn all(&self, kind: &Kind) -> &[Resource] {
        self.resources.get(kind.resource).map(Vec::as_slice).unwrap_or_default()
    }

    /// The one that an id, a name or an ARN means, if it is there.
    pub(super) fn find(&mut self, kind: &Kind, identifier: &str, now: SystemTime) -> Option<&mut Resource> {
        let all = self.resources.get_mut(kind.resource)?;
        all.iter_mut().rfind(|resource| resource.is(identifier) && resource.exists(now))
    }

    /// The same, or `ResourceNotFoundException`.
    pub(super) fn get(&mut self, kind: &Kind, identifier: &str, now: SystemTime) -> Result<&mut Resource, Exception> {
        self.find(kind, identifier, now).ok_or_else(|| missing(identifier))
    }

    /// What answers for an id or ARN of the account's own; `None` when it is not one.
    pub(in crate::simulator) fn model(&mut self, identifier: &str, now: SystemTime) -> Option<Behind> {
        let all = self.resources.values().flatten();
        let mut usable = all.filter(|resource| resource.is_id(identifier) && resource.exists(now));
        let resource = usable.find(|resource| resource.model.is_some())?;
        match resource.phase(now) {
            Phase::Working if resource.busy.is_none() => Some(Behind::NotReady),
            _ => resource.model.clone().map(Behind::Model),
        }
    }

    /// Adds one, with the tags of its request.
    pub(super) fn add(&mut self, kind: &Kind, resource: Resource, tags: &Value) -> Result<(), Exception> {
        let all = self.resources.entry(kind.resource).or_default();
        if all.len() >= MOST_RESOURCES {
            let text = wording::TOO_MANY_RESOURCES.fill(&[&MOST_RESOURCES, &kind.resource]);
            return Err(Exception::new("ServiceQuotaExceededException", text));
        }
        self.tags.open(&resource.arn, tags)?;
        all.push(resource);
        Ok(())
    }

    /// Adds a job and the model that comes of it, each with its tags: both or neither.
    pub(super) fn add_job(
        &mut self,
        (kind, job, tags): (&Kind, Resource, &Value),
        (model_kind, model, model_tags): (&Kind, Resource, &Value),
    ) -> Result<(), Exception> {
        let arn = job.arn.clone();
        self.add(kind, job, tags)?;
        self.add(model_kind, model, model_tags).inspect_err(|_| self.remove(kind, &arn))
    }

    /// Refuses a name that another of the kind has.
    pub(super) fn check_name(&self, kind: &Kind, name: &str) -> Result<(), Exception> {
        match self.all(kind).iter().any(|resource| resource.name == name) {
            true => Err(Exception::new("ConflictException", wording::NAME_TAKEN.fill(&[&name]))),
            false => Ok(()),
        }
    }

    /// Removes it.
    pub(super) fn remove(&mut self, kind: &Kind, arn: &str) {
        self.tags.close(arn);
        if let Some(all) = self.resources.get_mut(kind.resource) {
            all.retain(|resource| resource.arn != arn);
        }
    }

    /// The answer to an earlier request with the same token: "If this token matches a previous request, Amazon Bedrock
    /// ignores the request, but does not return an error" (API reference).
    pub(super) fn answered(&self, request: &Request<'_>) -> Option<Value> {
        let (operation, token) = (request.operation(), request.text("clientRequestToken"));
        let same = |earlier: &&Answered| earlier.operation == operation && earlier.token == token;
        self.answered.iter().find(same).map(|earlier| earlier.answer.clone())
    }

    /// Keeps the answer of a request that has a token.
    pub(super) fn remember(&mut self, request: &Request<'_>, answer: &Value) {
        let token = request.text("clientRequestToken");
        if token.is_empty() {
            return;
        }
        if self.answered.len() == MOST_ANSWERS {
            self.answered.pop_front();
        }
        let answered = Answered { operation: request.operation(), token: token.to_owned(), answer: answer.clone() };
        self.answered.push_back(answered);
    }
}

/// The refusal of an identifier that means nothing.
pub(in crate::simulator) fn missing(identifier: &str) -> Exception {
    Exception::new("ResourceNotFoundException", wording::NO_RESOURCE.fill(&[&identifier]))
}
