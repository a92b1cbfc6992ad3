//! A guardrail at work on one inference: it judges what is asked, then what is answered, and keeps both verdicts.
//!
//! Input that is blocked is answered without a model: the guardrail's message, no tokens. Input that is masked reaches
//! the model masked. An answer is judged whole before any of it is told, unless the request asks for asynchronous
//! streaming: then it is told while it is judged, unmasked, and breaks off when it is found to be blocked.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::assess::{Content, Coverage, Outcome, Piece, Verdict, assess};
use super::grounding::Grounds;
use super::judged::Judged;
use super::policy::{Policies, Side};
use super::report::{Named, Scope};
use super::store::Edition;
use super::wanted::Wanted;
use crate::simulator::answer::{Answer, Block, Spoken, Stop, Usage};
use crate::simulator::exception::Exception;
use crate::simulator::models::Family;
use crate::simulator::native::Body;
use crate::simulator::route::Operation;

/// Characters of a piece in which masked text is told (a recording of Titan).
const PIECE: usize = 250;

/// Bytes of text that are judged at once.
const LARGEST_HERE: usize = 50_000;

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
    pub(super) policies: Arc<Policies>,
    pub(super) blocked_input: String,
    pub(super) blocked_output: String,
    pub(super) scope: Option<Scope>,
    pub(super) asynchronous: bool,
    pub(super) operation: Operation,
    pub(super) family: Family,
    /// Part of the id of a message that no model made.
    pub(super) name: String,
    pub(super) grounds: Grounds,
    pub(super) watch: Stopwatch,
    pub(super) input: Judgement,
    pub(super) output: Option<Judgement>,
    /// What the model said, where that was not let through.
    pub(super) model_output: Vec<String>,
}

/// A guard that the writer of a stream shares with the stream itself.
pub(in crate::simulator) type Shared = Arc<Mutex<Guard>>;

impl Guard {
    /// The guardrail that a request wants, having judged its input. What is to be masked is masked in `body`.
    pub(super) async fn screen(
        (named, edition): (Named, Arc<Edition>),
        wanted: &Wanted,
        body: &mut Body,
        family: Family,
        name: &str,
        mut watch: Stopwatch,
    ) -> Result<Guard, Exception> {
        let judged = Judged::find(body.members(), wanted.suffix.as_deref());
        watch();
        let verdict = verdict(&edition.policies, Side::Input, &judged.content, &Grounds::default()).await?;
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
    pub(super) async fn judge(
        &mut self,
        mut answer: Answer,
        told: impl FnOnce(&Answer) -> String,
    ) -> Result<Answer, Exception> {
        let texts = answer.blocks.iter().filter_map(|block| match block {
            Block::Text { text, .. } => Some(text.text().into_owned()),
            _ => None,
        });
        let content = spoken(texts.collect());
        (self.watch)();
        let verdict = verdict(&self.policies, Side::Output, &content, &self.grounds).await?;
        self.output = Some(Judgement { verdict: verdict.clone(), latency: (self.watch)() });
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
        Ok(answer)
    }

    /// A message of the guardrail as an answer; streams tell it in one piece.
    fn message(&self, text: &str, usage: Usage) -> Answer {
        let text = Spoken::Pieces(vec![text.to_owned()]);
        Answer::new(vec![Block::Text { text, citations: Vec::new() }], self.stop(), usage)
    }

    /// InvokeModel's families have no word for it (recordings).
    pub(super) fn stop(&self) -> Stop {
        if self.operation.is_converse() { Stop::Guardrail } else { Stop::EndTurn }
    }
}

/// The guard itself.
pub(in crate::simulator) fn locked(guard: &Shared) -> MutexGuard<'_, Guard> {
    guard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the model said, to be judged.
pub(super) fn spoken(texts: Vec<String>) -> Content {
    Content { pieces: texts.into_iter().map(Piece::judged).collect(), images: Coverage::default() }
}

/// The judgement: made here, or where there is much to read, on a thread that no stream waits for.
pub(super) async fn verdict(
    policies: &Arc<Policies>,
    side: Side,
    content: &Content,
    grounds: &Grounds,
) -> Result<Verdict, Exception> {
    if content.size() <= LARGEST_HERE {
        return Ok(assess(policies, side, content, grounds));
    }
    let (policies, content, grounds) = (Arc::clone(policies), content.clone(), grounds.clone());
    let judged = tokio::task::spawn_blocking(move || assess(&policies, side, &content, &grounds)).await;
    judged.map_err(|error| Exception::new("InternalServerException", error.to_string()))
}

/// Text in pieces of [`PIECE`] characters.
fn pieces(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(PIECE).map(|piece| piece.iter().collect()).collect()
}
