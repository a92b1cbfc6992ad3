//! A guardrail at work on one inference: it judges what is asked, then what is answered, and keeps both verdicts.
//!
//! Input that is blocked is answered without a model: the guardrail's message, no tokens. Input that is masked reaches
//! the model masked. An answer is judged whole before any of it is told, unless the request asks for asynchronous
//! streaming: then it is told while it is judged, unmasked, and breaks off when it is found to be blocked.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::stream::{self, StreamExt as _};
use http::HeaderMap;
use serde_json::Value;

use super::assess::{Content, Coverage, Outcome, Piece, Verdict, assess};
use super::grounding::Grounds;
use super::judged::Judged;
use super::policy::{Policies, Side};
use super::report::{Named, Scope};
use super::store::Guardrails;
use crate::simulator::answer::{Answer, Block, Event, Kind, Spoken, Stop, Usage};
use crate::simulator::backend::tokens;
use crate::simulator::exception::Exception;
use crate::simulator::models::Family;
use crate::simulator::native::Body;
use crate::simulator::route::Operation;
use crate::simulator::sources::Live;
use crate::simulator::wording;

/// Characters of a piece in which judged text is told (a recording of Titan), and after which a stream that is told at
/// once is judged again.
const PIECE: usize = 250;

/// What a request says about guardrails.
#[derive(Debug)]
pub(in crate::simulator) struct Wanted {
    identifier: String,
    version: String,
    trace: Option<Scope>,
    asynchronous: bool,
    suffix: Option<String>,
    operation: Operation,
}

impl Wanted {
    /// From Converse's `guardrailConfig`; `None` when no guardrail is named.
    pub(in crate::simulator) fn in_converse(operation: Operation, body: &Body) -> Option<Wanted> {
        let config = body.get("guardrailConfig");
        let text = |key: &str| config[key].as_str().unwrap_or_default();
        Wanted {
            identifier: text("guardrailIdentifier").to_owned(),
            version: text("guardrailVersion").to_owned(),
            trace: scope(text("trace")),
            asynchronous: text("streamProcessingMode") == "async",
            suffix: None,
            operation,
        }
        .named()
    }

    /// From InvokeModel's headers, and `config`, which was in the body.
    pub(in crate::simulator) fn in_headers(
        operation: Operation,
        headers: &HeaderMap,
        config: &Value,
    ) -> Option<Wanted> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Wanted {
            identifier: text("x-amzn-bedrock-guardrailidentifier").to_owned(),
            version: text("x-amzn-bedrock-guardrailversion").to_owned(),
            trace: scope(text("x-amzn-bedrock-trace")),
            asynchronous: config["streamProcessingMode"] == "ASYNCHRONOUS",
            suffix: config["tagSuffix"].as_str().map(str::to_owned),
            operation,
        }
        .named()
    }

    fn named(self) -> Option<Wanted> {
        (!self.identifier.is_empty()).then_some(self)
    }
}

fn scope(word: &str) -> Option<Scope> {
    match word.to_ascii_lowercase().as_str() {
        "enabled" => Some(Scope::Interventions),
        "enabled_full" => Some(Scope::Full),
        _ => None,
    }
}

/// A verdict and how long it took, in milliseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    pub(super) latency: u64,
}

/// Milliseconds that went by since the last call.
pub(in crate::simulator) type Stopwatch = Box<dyn FnMut() -> u64 + Send + Sync>;

/// A guardrail and what it found so far.
pub(in crate::simulator) struct Guard {
    pub(super) named: Named,
    policies: Arc<Policies>,
    pub(super) blocked_input: String,
    blocked_output: String,
    pub(super) scope: Option<Scope>,
    asynchronous: bool,
    pub(super) operation: Operation,
    pub(super) family: Family,
    /// Part of the id of a message that no model made.
    pub(super) name: String,
    grounds: Grounds,
    watch: Stopwatch,
    pub(super) input: Judgement,
    pub(super) output: Option<Judgement>,
    /// What the model said, where that was not let through.
    pub(super) model_output: Vec<String>,
}

/// A guard that the writer of a stream shares with the stream itself.
pub(in crate::simulator) type Shared = Arc<Mutex<Guard>>;

impl Guard {
    /// The guardrail that a request wants, having judged its input. What is to be masked is masked in `body`.
    pub(in crate::simulator) fn screen(
        wanted: &Wanted,
        guardrails: &Guardrails,
        body: &mut Body,
        family: Family,
        name: &str,
        mut watch: Stopwatch,
    ) -> Result<Guard, Exception> {
        let applied = guardrails.applied(&wanted.identifier, &wanted.version);
        let (named, edition) = applied.ok_or_else(|| wording::UNKNOWN_GUARDRAIL.refuse(&[]))?;
        let judged = Judged::find(body.members(), wanted.suffix.as_deref());
        watch();
        let verdict = assess(&edition.policies, Side::Input, &judged.content, &Grounds::default());
        if verdict.outcome == Outcome::Masked {
            judged.put_back(body.members_mut(), &verdict.texts);
        }
        Ok(Guard {
            named,
            policies: Arc::clone(&edition.policies),
            blocked_input: edition.text("blockedInputMessaging").to_owned(),
            blocked_output: edition.text("blockedOutputsMessaging").to_owned(),
            scope: wanted.trace,
            asynchronous: wanted.asynchronous,
            operation: wanted.operation,
            family,
            name: name.to_owned(),
            grounds: judged.content.grounds(),
            input: Judgement { verdict, latency: watch() },
            watch,
            output: None,
            model_output: Vec::new(),
        })
    }

    /// What is answered in place of a model, when the input was blocked.
    pub(in crate::simulator) fn refusal(&self) -> Option<Answer> {
        let refusal = || Answer { trace: self.trace(), ..self.message(&self.blocked_input, Usage::default()) };
        self.has_blocked_input().then(refusal)
    }

    pub(in crate::simulator) fn has_blocked_input(&self) -> bool {
        self.input.verdict.outcome == Outcome::Blocked
    }

    pub(in crate::simulator) fn has_masked_input(&self) -> bool {
        self.input.verdict.outcome == Outcome::Masked
    }

    pub(in crate::simulator) fn is_asynchronous(&self) -> bool {
        self.asynchronous
    }

    /// Whether anything was blocked or masked.
    pub(super) fn has_intervened(&self) -> bool {
        self.input.verdict.outcome != Outcome::None || self.output_outcome() != Outcome::None
    }

    pub(super) fn output_outcome(&self) -> Outcome {
        self.output.as_ref().map_or(Outcome::None, |output| output.verdict.outcome)
    }

    /// The answer as it may be told. `told` spells what the model said, for the trace.
    pub(in crate::simulator) fn judge(&mut self, mut answer: Answer, told: impl FnOnce(&Answer) -> String) -> Answer {
        let texts = answer.blocks.iter().filter_map(|block| match block {
            Block::Text { text, .. } => Some(text.text().into_owned()),
            _ => None,
        });
        let verdict = self.assess_output(texts.collect());
        match verdict.outcome {
            Outcome::None => {}
            Outcome::Blocked => {
                self.model_output = vec![told(&answer)];
                answer = self.message(&self.blocked_output, answer.usage);
            }
            Outcome::Masked => {
                self.model_output = vec![told(&answer)];
                let mut texts = verdict.texts.iter();
                for block in &mut answer.blocks {
                    if let (Block::Text { text, .. }, Some(masked)) = (block, texts.by_ref().next()) {
                        *text = Spoken::Pieces(pieces(masked));
                    }
                }
                if self.operation.is_converse() {
                    answer.stop = Stop::Guardrail;
                }
            }
        }
        answer.trace = self.trace().or(answer.trace);
        answer
    }

    fn assess_output(&mut self, texts: Vec<String>) -> Verdict {
        let pieces = texts.into_iter().map(Piece::judged).collect();
        let content = Content { pieces, images: Coverage::default() };
        (self.watch)();
        let verdict = assess(&self.policies, Side::Output, &content, &self.grounds);
        self.output = Some(Judgement { verdict: verdict.clone(), latency: (self.watch)() });
        verdict
    }

    /// A message of the guardrail as an answer; streams tell it in one piece.
    fn message(&self, text: &str, usage: Usage) -> Answer {
        let text = Spoken::Pieces(vec![text.to_owned()]);
        Answer::new(vec![Block::Text { text, citations: Vec::new() }], self.stop(), usage)
    }

    /// InvokeModel's families have no word for it (recordings).
    fn stop(&self) -> Stop {
        if self.operation.is_converse() { Stop::Guardrail } else { Stop::EndTurn }
    }
}

/// The guard itself.
pub(in crate::simulator) fn locked(guard: &Shared) -> MutexGuard<'_, Guard> {
    guard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Text in pieces of [`PIECE`] characters.
fn pieces(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(PIECE).map(|piece| piece.iter().collect()).collect()
}

/// A stream that is told at once and judged meanwhile.
struct Watched {
    guard: Shared,
    /// `None` when it is over.
    live: Option<Live>,
    /// Tokens of the question, for an answer that is broken off.
    input: u64,
    text: String,
    judged: usize,
    ready: Vec<Event>,
}

/// Judges a stream while it is told, where the request wants that: what is found comes too late to be masked, and breaks the answer off when it is to
/// be blocked (user guide, asynchronous mode).
pub(in crate::simulator) fn watch(guard: &Shared, live: Live, input: u64) -> Live {
    let is_due = |guard: &Guard| guard.asynchronous && !guard.has_blocked_input();
    if !is_due(&locked(guard)) {
        return live;
    }
    let guard = Arc::clone(guard);
    let watched = Watched { guard, live: Some(live), input, text: String::new(), judged: 0, ready: Vec::new() };
    stream::unfold(watched, |mut watched| async move { watched.next().await.map(|event| (event, watched)) }).boxed()
}

impl Watched {
    async fn next(&mut self) -> Option<Result<Event, Exception>> {
        if let Some(event) = self.ready.pop() {
            return Some(Ok(event));
        }
        let event = match self.live.as_mut()?.next().await? {
            Ok(event) => event,
            Err(exception) => return Some(Err(exception)),
        };
        if let Event::Text(piece) = &event {
            self.text.push_str(piece);
        }
        let is_last = matches!(event, Event::Stop(..));
        let is_due = is_last || self.text.len() - self.judged >= PIECE;
        if is_due && let Some(refusal) = self.judge() {
            self.live = None;
            return Some(Ok(refusal));
        }
        match locked(&self.guard).trace().filter(|_| is_last) {
            Some(trace) => {
                self.ready = vec![event];
                Some(Ok(Event::Trace(trace)))
            }
            None => Some(Ok(event)),
        }
    }

    /// Judges the text so far; when it is blocked, the first of the steps that end the answer, the others being ready.
    fn judge(&mut self) -> Option<Event> {
        self.judged = self.text.len();
        let mut guard = locked(&self.guard);
        let verdict = guard.assess_output(vec![self.text.clone()]);
        if verdict.outcome != Outcome::Blocked {
            return None;
        }
        guard.model_output = vec![self.text.clone()];
        let usage = Usage::new(self.input, tokens::count(&self.text));
        self.ready = vec![Event::Stop(guard.stop(), usage)];
        self.ready.extend(guard.trace().map(Event::Trace));
        self.ready.push(Event::End(Kind::Text));
        Some(Event::Text(guard.blocked_output.clone()))
    }
}
