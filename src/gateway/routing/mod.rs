//! Which target a request goes to: a client of an account in a region.
//!
//! A name becomes models ([`aliases`]), each model with each target that serves it a candidate, and the candidates an order
//! ([`strategy`]). They are asked in it until one answers: what has no room, or failed lately ([`health`]), is passed over;
//! what is the caller's mistake ends it ([`failover`]); and all requests together make few further attempts ([`budget`]).

mod aliases;
mod breaker;
mod budget;
mod failover;
mod health;
mod listing;
mod metrics;
mod strategy;
mod target;

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::select_all;
use serde_json::Value;
use tokio::time::timeout;

use aliases::{Aliases, Meaning};
use budget::Budget;
use failover::{verdict, worse};
use strategy::{Candidate, order};
pub(super) use target::{Slot, Target, TargetHealth};

use super::ask::Ask;
use super::exchange::Failed;
use super::keys::Caller;
use super::refusal::Refusal;
use super::route::Operation;
use super::settings::{Settings, Strategy, is_weight};
use crate::catalog::Arn;
use crate::client::openai::{self, Answer, Call, Form, Payload};
use crate::config::Environment;
use crate::conversation::{Loss, LossCode};
use crate::error::{Error, Kind, Result};

/// How long a request waits for room where every target has as many as it may.
const WAIT: Duration = Duration::from_secs(1);
/// The longest name of a target.
const LONGEST_NAME: usize = 64;

/// All targets, and what callers may call models.
#[derive(Debug)]
pub(super) struct Routing {
    targets: Vec<Arc<Target>>,
    aliases: Aliases,
    budget: Arc<Budget>,
    max_attempts: u32,
    /// Whether the settings name targets, so that answers do too.
    named: bool,
    cross_region: bool,
    application_profiles: bool,
}

/// What became of asking.
pub(super) struct Routed {
    /// The last target that was asked; `None` also where the caller brought credentials of his own.
    pub(super) target: Option<Arc<Target>>,
    /// How many were.
    pub(super) attempts: u32,
    /// Those that failed before it.
    pub(super) failed: Vec<Failed>,
    /// The place of a request that is answered; it is kept until the answer has ended.
    pub(super) slot: Option<Slot>,
    pub(super) answer: std::result::Result<Answer, Refusal>,
}

/// A model at a target.
struct Chosen<'a> {
    target: &'a Arc<Target>,
    model: &'a str,
}

/// A request that is going round.
struct Round<'a> {
    routing: &'a Routing,
    chosen: Vec<Chosen<'a>>,
    ask: &'a Ask,
    call: Call,
}

impl Routing {
    /// The targets of the settings. Opens nothing. Those that are as they were `before` keep what is known of them.
    pub(super) fn of(settings: &Settings, environment: Environment<'_>, before: Option<&Routing>) -> Result<Routing> {
        check(settings)?;
        let mut targets: Vec<Arc<Target>> = Vec::new();
        for one in settings.all_targets() {
            let options = settings.options_of(&one);
            let made_of = settings.client_is_made_of(&options);
            let kept = before.and_then(|before| before.targets.iter().find(|target| target.is(&one, &made_of)));
            if let Some(kept) = kept {
                targets.push(kept.clone());
                continue;
            }
            let like = before.and_then(|before| before.targets.first()).or(targets.first());
            let client = settings.client(&options, environment)?;
            let target = Target::new(one, made_of, &client, like.map(|like| &like.patient))?;
            targets.push(Arc::new(target));
        }
        Ok(Routing {
            targets,
            aliases: Aliases::of(settings),
            budget: before.map(|before| before.budget.clone()).unwrap_or_default(),
            max_attempts: settings.max_attempts.max(1),
            named: !settings.targets.is_empty(),
            cross_region: settings.cross_region_inference,
            application_profiles: settings.application_inference_profiles,
        })
    }

    /// The models that the name in a request stands for.
    pub(super) fn behind(&self, ask: &Ask) -> Vec<String> {
        let meaning = self.aliases.meaning(&ask.model, ask.operation);
        meaning.choices.iter().map(|choice| choice.model.to_owned()).collect()
    }

    /// How the targets do.
    pub(super) fn report(&self) -> Vec<TargetHealth> {
        let now = Instant::now();
        self.targets.iter().map(|target| target.report(now)).collect()
    }

    /// Puts a request to one target after another until one answers or none is left. What fails once content has come is
    /// not tried again.
    pub(super) async fn answer(
        &self,
        caller: &Caller,
        ask: &Ask,
        method: &str,
        path: &str,
        payload: Payload,
    ) -> Routed {
        let (method, path, headers) = (method.to_owned(), path.to_owned(), ask.headers.clone());
        let mut call = Call { method, path, headers, payload, form: Form::ServerSentEvents };
        let meaning = self.aliases.meaning(&ask.model, ask.operation);
        self.name_fallbacks(ask, &mut call.payload);
        if let Some(own) = &caller.own {
            if let Some(choice) = meaning.choices.first() {
                name_model(&mut call.payload, choice.model);
            }
            let answer = openai::answer(&own.for_any_model(), call).await;
            return Routed::once(answer.map_err(|error| Refusal::of(&error, false)));
        }
        match ask.operation {
            Operation::Models => Routed::once(Ok(self.list().await)),
            Operation::Model => {
                let model = self.one(&call.path).await;
                Routed::once(model.map_err(|error| Refusal::of(&error, true)))
            }
            _ => self.go_round(meaning, ask, call).await,
        }
    }

    async fn go_round(&self, meaning: Meaning<'_>, ask: &Ask, call: Call) -> Routed {
        let now = Instant::now();
        let (mut chosen, mut candidates) = (Vec::new(), Vec::new());
        for choice in &meaning.choices {
            // Guardrails moderate; what is called their model is none.
            let model = if ask.operation == Operation::Moderations { "" } else { choice.model };
            for target in self.serving(model, choice.target) {
                let wait = || target.seconds(choice.model, ask.streamed, now) * (target.under_way() + 1) as f64;
                chosen.push(Chosen { target, model: choice.model });
                candidates.push(Candidate {
                    tier: (choice.rank, target.settings.priority),
                    weight: choice.weight * target.settings.weight,
                    name: (&target.name, choice.model),
                    cost: if meaning.strategy == Strategy::LeastLatency { wait() } else { 0.0 },
                });
            }
        }
        if chosen.is_empty() {
            let message = format!("No target of this gateway serves the model `{}`.", ask.model);
            return Routed::never(Refusal::invalid(404, "model_not_found", message).at("model"));
        }
        let affinity = ask.affinity.as_deref();
        let order = order(&candidates, meaning.strategy, affinity, &mut || fastrand::f64());
        self.budget.earn();
        Round { routing: self, chosen, ask, call }.go(order).await
    }

    /// The targets that may be asked for a model; for an ARN those in its region, where there are some.
    fn serving<'a>(&'a self, model: &str, only: Option<&str>) -> Vec<&'a Arc<Target>> {
        let named = |target: &&Arc<Target>| only.is_none_or(|only| *target.name == *only);
        let serves = |target: &&Arc<Target>| model.is_empty() || target.serves(model);
        let all: Vec<_> = self.targets.iter().filter(|target| named(target) && serves(target)).collect();
        let Some(arn) = Arn::parse(model) else { return all };
        let near: Vec<_> = all.iter().copied().filter(|target| target.region() == Some(arn.region)).collect();
        if near.is_empty() { all } else { near }
    }

    /// Puts what aliases stand for into the lists of models to fall back on.
    fn name_fallbacks(&self, ask: &Ask, payload: &mut Payload) {
        let Payload::Parsed(body) = payload else { return };
        if ask.fallbacks.is_empty() {
            return;
        }
        let lists =
            ["models", "fallbacks"].map(|name| body.get_mut(name).and_then(Value::as_array_mut).map(std::mem::take));
        for (name, list) in ["models", "fallbacks"].into_iter().zip(lists) {
            let Some(mut list) = list else { continue };
            for item in &mut list {
                let named = if item.is_object() { item.get_mut("model") } else { Some(item) };
                let Some(Value::String(model)) = named else { continue };
                let meant = self.aliases.meaning(model, ask.operation).choices.first().map(|one| one.model.to_owned());
                meant.into_iter().for_each(|meant| *model = meant);
            }
            if let Some(place) = body.get_mut(name) {
                *place = Value::Array(list);
            }
        }
    }

    /// What an answer's head says of its way.
    fn headers(&self, target: &Target, attempts: u32) -> Vec<(&'static str, String)> {
        let name = self.named.then(|| ("x-bedrock-target", target.name.to_string()));
        let attempts = (attempts > 1).then(|| ("x-bedrock-attempts", attempts.to_string()));
        name.into_iter().chain(attempts).collect()
    }
}

impl Round<'_> {
    async fn go(self, order: Vec<usize>) -> Routed {
        let begun = Instant::now();
        let mut rest = order.clone();
        rest.reverse();
        let first = match self.next(&mut rest) {
            Some(first) => Some(first),
            None => self.last_resort(&order).await,
        };
        let Some((mut index, mut slot)) = first else {
            let message = "Every target has as many requests as it takes at once. Try again in a moment.";
            return Routed::never(Refusal::unavailable(503, "overloaded", message).after(WAIT));
        };
        let Round { routing, chosen, ask, mut call } = self;
        let (mut attempts, mut failed, mut losses) = (0, Vec::new(), Vec::new());
        let mut said = None;
        loop {
            // The first is always there: indices are those of `chosen`.
            let Some(Chosen { target, model }) = chosen.get(index) else { return Routed::never(lost()) };
            attempts += 1;
            let more = attempts < routing.max_attempts && rest.iter().any(|index| is_free(&chosen, *index));
            let mut this = if more { call.clone() } else { taken(&mut call) };
            name_model(&mut this.payload, model);
            let client = if more { &target.hasty } else { &target.patient };
            let error = match openai::answer(client, this).await {
                Ok(mut answer) => {
                    slot.answered();
                    losses.into_iter().for_each(|loss| answer.warn(loss));
                    answer.headers.extend(routing.headers(target, attempts));
                    let (target, slot, answer) = (Some(Arc::clone(target)), Some(slot), Ok(answer));
                    return Routed { target, attempts, failed, slot, answer };
                }
                Err(error) => error,
            };
            slot.failed(&error);
            drop(slot);
            let next = if more && verdict(&error).elsewhere { next(&chosen, ask, &mut rest) } else { None };
            let Some((to, place)) = next.filter(|_| routing.budget.take()) else {
                let error = worse(said, error);
                let mut refusal = Refusal::of(&error, true);
                refusal.headers.extend(routing.headers(target, attempts));
                return Routed { target: Some(Arc::clone(target)), attempts, failed, slot: None, answer: Err(refusal) };
            };
            losses.push(told(&chosen, index, to, &error));
            failed.push(Failed { target: target.name.clone(), error: error.name().to_owned(), after: begun.elapsed() });
            said = Some(worse(said, error));
            (index, slot) = (to, place);
        }
    }

    fn next(&self, rest: &mut Vec<usize>) -> Option<(usize, Slot)> {
        next(&self.chosen, self.ask, rest)
    }

    /// Where each target is full or has failed lately, rather ask one that failed than none, the one first that is due
    /// first; else wait for room.
    async fn last_resort(&self, order: &[usize]) -> Option<(usize, Slot)> {
        let now = Instant::now();
        let due = |index: &usize| self.chosen.get(*index).and_then(|one| one.target.due(one.model, now));
        let mut out: Vec<usize> = order.iter().copied().filter(|index| due(index).is_some()).collect();
        // The next is taken from the end.
        out.sort_by_key(|index| Reverse(due(index)));
        while let Some(index) = out.pop() {
            let entered = self.chosen.get(index).and_then(|one| one.target.enter(one.model, self.ask.streamed));
            if let Some(slot) = entered {
                return Some((index, slot));
            }
        }
        let waits = order.iter().filter_map(|index| {
            let one = self.chosen.get(*index)?;
            let slot = one.target.clone().wait(one.model, self.ask.streamed);
            Some(Box::pin(async move { (*index, slot.await) }))
        });
        let waits: Vec<_> = waits.collect();
        if waits.is_empty() {
            return None;
        }
        timeout(WAIT, select_all(waits)).await.ok().map(|(entered, ..)| entered)
    }
}

/// The next of `rest`, taken from its end, that has room and has not failed lately.
fn next(chosen: &[Chosen<'_>], ask: &Ask, rest: &mut Vec<usize>) -> Option<(usize, Slot)> {
    while let Some(index) = rest.pop() {
        if !is_free(chosen, index) {
            continue;
        }
        let entered = chosen.get(index).and_then(|one| one.target.enter(one.model, ask.streamed));
        if let Some(slot) = entered {
            return Some((index, slot));
        }
    }
    None
}

fn is_free(chosen: &[Chosen<'_>], index: usize) -> bool {
    chosen.get(index).is_some_and(|one| one.target.due(one.model, Instant::now()).is_none())
}

fn told(chosen: &[Chosen<'_>], from: usize, to: usize, error: &Error) -> Loss {
    let name = |index: usize| {
        chosen.get(index).map_or_else(String::new, |one| format!("{} at {}", one.model, one.target.name))
    };
    let message = format!("{} did not answer ({}); {} was asked.", name(from), error.name(), name(to));
    Loss::of(LossCode::Fallback, "model", message)
}

fn lost() -> Refusal {
    Refusal::of(&Error::new(Kind::Internal, "A target was to be asked that is not there."), true)
}

fn taken(call: &mut Call) -> Call {
    let nothing = Call {
        method: String::new(),
        path: String::new(),
        headers: Vec::new(),
        payload: Payload::Parsed(Value::Null),
        form: call.form,
    };
    std::mem::replace(call, nothing)
}

/// Puts the model's own name into the body. A body without one is the engine's to refuse.
fn name_model(payload: &mut Payload, name: &str) {
    if let Payload::Parsed(body) = payload
        && let Some(Value::String(model)) = body.get_mut("model")
        && model != name
    {
        name.clone_into(model);
    }
}

impl Routed {
    fn once(answer: std::result::Result<Answer, Refusal>) -> Routed {
        Routed { target: None, attempts: 1, failed: Vec::new(), slot: None, answer }
    }

    /// Nobody was asked.
    fn never(refusal: Refusal) -> Routed {
        Routed { attempts: 0, ..Routed::once(Err(refusal)) }
    }
}

/// Whether the settings of targets and aliases go together.
fn check(settings: &Settings) -> Result<()> {
    let wrong = |at: &str, message: String| Err(Error::new(Kind::Configuration, message).at(at.to_owned()));
    let mut names = HashSet::new();
    for (index, target) in settings.targets.iter().enumerate() {
        let name = target.name.as_str();
        let at = format!("targets[{index}]");
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(is_name) {
            let message =
                format!("{at}.name: a target is called by 1 to {LONGEST_NAME} letters, digits, `-`, `_` or `.`.");
            return wrong(&format!("{at}.name"), message);
        }
        if !names.insert(name) {
            return wrong(&format!("{at}.name"), format!("{at}.name: two targets are called `{name}`."));
        }
        if !is_weight(target.weight) {
            return wrong(&format!("{at}.weight"), format!("{at}.weight: must be from 0 to 1000000."));
        }
        if target.concurrency == Some(0) {
            return wrong(&format!("{at}.concurrency"), format!("{at}.concurrency: must be at least 1."));
        }
    }
    for (alias, meant) in &settings.aliases {
        let unknown =
            meant.models.iter().filter_map(|choice| choice.target.as_deref()).find(|name| !names.contains(name));
        if let Some(unknown) = unknown {
            let message = format!("aliases.{alias}: there is no target `{unknown}`.");
            return wrong(&format!("aliases.{alias}"), message);
        }
    }
    Ok(())
}
