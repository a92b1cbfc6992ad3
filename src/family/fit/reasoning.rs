//! How hard the model thinks: one wish of the caller, one field for each kind of model.
//!
//! Facts: "Extended thinking" and "Adaptive thinking" (user guide, Claude), Nova 2's `reasoningConfig`, gpt-oss's and
//! Kimi's `reasoning_effort`, DeepSeek's and GLM's `reasoning_config`. The shares of the answer that an effort stands for
//! are our choice.

use serde_json::{Map, Value, json};

use super::betas;
use super::sampling;
use super::tools::has_functions;
use crate::catalog::{Effort as Known, Model, Reasoning as Manner, Target};
use crate::conversation::{Block, Content, Effort, Loss, LossCode, Reasoning, Request, Role};
use crate::family::converse;

/// The least budget Claude takes ("Extended thinking": 1,024).
pub(super) const LEAST_BUDGET: u32 = 1_024;
/// Tokens left for the answer where the model's limit is not known.
const ANSWER: u32 = 4_096;
/// Effort, its share of `max_tokens` in percent, and its budget where there is no `max_tokens`.
const BUDGETS: &[(Effort, u32, u32)] = &[
    (Effort::Minimal, 0, LEAST_BUDGET),
    (Effort::Low, 25, LEAST_BUDGET),
    (Effort::Medium, 50, 4_096),
    (Effort::High, 80, 16_384),
    (Effort::ExtraHigh, 95, 32_768),
    (Effort::Max, 100, 32_768),
];
/// Effort, and its share of the model's output in percent where the answer has tokens of its own (`@ai-sdk/provider-utils`
/// 5.0, `mapReasoningToProviderBudget`).
const SHARES: &[(Effort, u32)] = &[
    (Effort::Minimal, 2),
    (Effort::Low, 10),
    (Effort::Medium, 30),
    (Effort::High, 60),
    (Effort::ExtraHigh, 90),
    (Effort::Max, 95),
];
/// Fields with which callers tell a model themselves how to reason.
const OWN_FIELDS: &[&str] = &["thinking", "reasoning", "reasoning_effort", "reasoning_config", "reasoningConfig"];
const INTERLEAVED: &str = "interleaved-thinking-2025-05-14";

/// Writes the wish into the request; says whether Claude will think.
pub(super) fn fit(request: &mut Request, target: &Target, losses: &mut Vec<Loss>) -> bool {
    let thinks = wish(request, target, losses);
    if request.thinking_display.take().is_some() {
        let message = format!("{} does not think here in a way that shows; it was left out.", target.model.id);
        losses.push(Loss::of(LossCode::UnsupportedField, "thinking.display", message));
    }
    thinks
}

fn wish(request: &mut Request, target: &Target, losses: &mut Vec<Loss>) -> bool {
    let model = target.model;
    if let Some(own) = OWN_FIELDS.iter().find_map(|name| request.extras.additional_fields.get(*name)) {
        let thinks = own["type"] == "enabled" || own["type"] == "adaptive";
        request.reasoning = None;
        if thinks && model.is_claude() {
            sampling::drop_for_thinking(request, losses);
        }
        return thinks && model.is_claude();
    }
    let named = target.thinking.then_some(Reasoning::Effort(Effort::High));
    let Some(wish) = request.reasoning.or(named) else { return false };
    match model.reasoning {
        Manner::Budget => budget(request, wish, model, losses),
        Manner::AdaptiveOrBudget => match wish {
            Reasoning::Budget(_) => budget(request, wish, model, losses),
            _ => adaptive(request, wish, model, losses),
        },
        Manner::Adaptive | Manner::AdaptiveOn | Manner::AdaptiveAlways => adaptive(request, wish, model, losses),
        Manner::Effort | Manner::Config | Manner::Nova2 | Manner::Openai => {
            effort_field(request, wish, model, losses);
            false
        }
        Manner::None | Manner::Always | Manner::Undocumented => {
            unheard(request, wish, model, losses);
            false
        }
    }
}

/// `thinking` and the betas that go with it.
pub(super) fn write_thinking(request: &mut Request, model: &Model, manner: Reasoning) {
    let Some(mut thinking) = converse::thinking(manner) else { return };
    if let Some(display) = request.thinking_display.take() {
        thinking["display"] = Value::String(display);
    }
    let fields = &mut request.extras.additional_fields;
    model.anthropic_beta.iter().for_each(|beta| betas::add(fields, beta));
    fields.insert("thinking".to_owned(), thinking);
}

fn budget(request: &mut Request, wish: Reasoning, model: &Model, losses: &mut Vec<Loss>) -> bool {
    let asked = request.parameters.max_tokens;
    let budget = match wish {
        Reasoning::Off => {
            request.reasoning = Some(Reasoning::Off);
            return false;
        }
        Reasoning::Budget(tokens) => tokens,
        Reasoning::Adaptive => of_effort(Effort::Medium, asked),
        Reasoning::Effort(effort) if request.thinks_apart => share_of(effort, model.most_output()),
        Reasoning::Effort(effort) => of_effort(effort, asked),
    };
    if thought_is_missing(request) {
        let message = "The last tool calls came back without what the model thought before them, so it does not think \
                       in this turn. Send the reasoning back with its signature.";
        losses.push(Loss::of(LossCode::UnsupportedField, "reasoning_effort", message));
        request.reasoning = Some(Reasoning::Off);
        return false;
    }
    let budget = make_room(request, budget.max(LEAST_BUDGET), model, losses);
    request.reasoning = Some(Reasoning::Budget(budget));
    sampling::drop_for_thinking(request, losses);
    write_thinking(request, model, Reasoning::Budget(budget));
    if model.interleaved_thinking && has_functions(request) {
        betas::add(&mut request.extras.additional_fields, INTERLEAVED);
    }
    true
}

fn of_effort(effort: Effort, max_tokens: Option<u32>) -> u32 {
    let (_, percent, fixed) = BUDGETS.iter().find(|row| row.0 == effort).copied().unwrap_or((effort, 0, LEAST_BUDGET));
    match max_tokens {
        Some(most) if percent == 100 => most.saturating_sub(1),
        Some(most) => u32::try_from(u64::from(most) * u64::from(percent) / 100).unwrap_or(most),
        None => fixed,
    }
}

/// The share of all that the model gives, where the answer has tokens of its own.
fn share_of(effort: Effort, most: Option<u32>) -> u32 {
    let (_, percent) = SHARES.iter().find(|row| row.0 == effort).copied().unwrap_or((effort, 0));
    let most = u64::from(most.unwrap_or(ANSWER));
    u32::try_from(most * u64::from(percent) / 100).unwrap_or(u32::MAX).max(LEAST_BUDGET)
}

/// `max_tokens` counts the thinking and must be more than the budget, which Claude refuses to think without.
fn make_room(request: &mut Request, budget: u32, model: &Model, losses: &mut Vec<Loss>) -> u32 {
    let limit = model.most_output();
    let most = match request.parameters.max_tokens {
        _ if request.thinks_apart => with_room(request.parameters.max_tokens, budget, limit, losses),
        Some(asked) if asked > budget => asked,
        Some(asked) => {
            let raised = limit.unwrap_or(u32::MAX).min(budget.saturating_add(asked));
            let message = format!("Thinking takes {budget} tokens; {raised} were sent instead of {asked}.");
            losses.push(Loss::of(LossCode::ValueAdjusted, "max_tokens", message));
            raised
        }
        None => limit.unwrap_or(budget.saturating_add(ANSWER)),
    };
    request.parameters.max_tokens = Some(most);
    budget.min(most.saturating_sub(1)).max(LEAST_BUDGET)
}

/// The tokens of the answer and those of the thinking together, as many as the model gives.
fn with_room(answer: Option<u32>, budget: u32, limit: Option<u32>, losses: &mut Vec<Loss>) -> u32 {
    let wanted = budget.saturating_add(answer.unwrap_or(ANSWER));
    let Some(limit) = limit.filter(|&limit| wanted > limit) else { return wanted };
    if answer.is_some() {
        let message =
            format!("Answer and thinking would take {wanted} tokens; {limit}, the most there are, were sent.");
        losses.push(Loss::of(LossCode::ValueAdjusted, "max_tokens", message));
    }
    limit
}

/// Claude thinks in a turn that goes on after tool results only if its thoughts before the calls are there.
fn thought_is_missing(request: &Request) -> bool {
    let Some(at) = request.messages.iter().rposition(|message| message.role == Role::Assistant) else { return false };
    let turn = request.messages.get(at).map(|message| blocks(&message.content)).unwrap_or_default();
    let calls = turn.iter().any(|block| matches!(block, Block::ToolUse(_)));
    calls && !matches!(turn.first(), Some(Block::Reasoning(_) | Block::Redacted(_)))
}

fn blocks(content: &Content) -> &[Block] {
    match content {
        Content::Text(_) => &[],
        Content::Blocks(blocks) => blocks,
    }
}

fn adaptive(request: &mut Request, wish: Reasoning, model: &Model, losses: &mut Vec<Loss>) -> bool {
    let effort = match wish {
        Reasoning::Off if model.reasoning == Manner::AdaptiveOn => {
            request.extras.additional_fields.insert("thinking".to_owned(), json!({"type": "disabled"}));
            return false;
        }
        Reasoning::Off if model.reasoning == Manner::AdaptiveAlways => {
            let message = format!("{} always thinks; it was asked to think as little as it can.", model.id);
            losses.push(Loss::of(LossCode::ValueAdjusted, "reasoning_effort", message));
            model.efforts.first().copied()
        }
        Reasoning::Off => return false,
        Reasoning::Adaptive => None,
        Reasoning::Effort(effort) => offered(model, effort, losses),
        Reasoning::Budget(tokens) => {
            let message = format!("{} takes no budget for thinking; it decides itself.", model.id);
            losses.push(Loss::of(LossCode::ValueAdjusted, "reasoning", message));
            nearest(model, of_budget(tokens))
        }
    };
    request.reasoning = Some(Reasoning::Adaptive);
    sampling::drop_for_thinking(request, losses);
    write_thinking(request, model, Reasoning::Adaptive);
    if let Some(effort) = effort {
        let config = request.extras.output_config.get_or_insert_with(|| Value::Object(Map::new()));
        if let Some(config) = config.as_object_mut() {
            config.entry("effort").or_insert_with(|| json!(word(effort)));
        }
    }
    true
}

/// Models that take a word.
fn effort_field(request: &mut Request, wish: Reasoning, model: &Model, losses: &mut Vec<Loss>) {
    let effort = match wish {
        Reasoning::Off => match model.reasoning {
            Manner::Effort => {
                let message = format!("{} always thinks; it was asked to think as little as it can.", model.id);
                losses.push(Loss::of(LossCode::ValueAdjusted, "reasoning_effort", message));
                model.efforts.first().copied()
            }
            Manner::Openai => {
                set(request, "reasoning", json!({"effort": "none"}));
                return;
            }
            _ => return,
        },
        Reasoning::Adaptive => {
            let message = format!("{} decides itself how hard it thinks only where nothing is said of it.", model.id);
            losses.push(Loss::of(LossCode::UnsupportedField, "reasoning", message));
            return;
        }
        Reasoning::Effort(effort) => offered(model, effort, losses),
        Reasoning::Budget(tokens) => {
            let message = format!("{} takes no budget for thinking; it was told how hard to think.", model.id);
            losses.push(Loss::of(LossCode::ValueAdjusted, "reasoning", message));
            nearest(model, of_budget(tokens))
        }
    };
    let Some(effort) = effort else { return };
    match model.reasoning {
        Manner::Config => set(request, "reasoning_config", json!(word(effort))),
        Manner::Openai => set(request, "reasoning", json!({"effort": word(effort)})),
        Manner::Nova2 => {
            set(request, "reasoningConfig", json!({"type": "enabled", "maxReasoningEffort": word(effort)}));
            if effort >= Known::High {
                unlimited(request, losses);
            }
        }
        _ => set(request, "reasoning_effort", json!(word(effort))),
    }
}

/// Nova 2 refuses limits and sampling with its highest effort.
fn unlimited(request: &mut Request, losses: &mut Vec<Loss>) {
    const WHY: &str = "Not to be had with this reasoning effort; it was left out.";
    sampling::drop(&mut request.parameters.temperature, "temperature", WHY, losses);
    sampling::drop(&mut request.parameters.top_p, "top_p", WHY, losses);
    if request.parameters.max_tokens.take().is_some() {
        losses.push(Loss::of(LossCode::UnsupportedField, "max_tokens", WHY));
    }
}

fn unheard(request: &mut Request, wish: Reasoning, model: &Model, losses: &mut Vec<Loss>) {
    request.reasoning = None;
    let why = match (model.reasoning, wish) {
        (Manner::Always, _) => "always reasons and takes no word on how hard",
        (_, Reasoning::Off) => return,
        (Manner::Undocumented, _) => "has no documented field for it",
        _ => "does not reason",
    };
    losses.push(Loss::of(LossCode::UnsupportedField, "reasoning_effort", format!("Left out: {} {why}.", model.id)));
}

fn set(request: &mut Request, name: &str, value: Value) {
    request.extras.additional_fields.insert(name.to_owned(), value);
}

fn of_budget(tokens: u32) -> Effort {
    match tokens {
        0..=2_048 => Effort::Low,
        2_049..=8_192 => Effort::Medium,
        _ => Effort::High,
    }
}

/// The same, told where it is another.
fn offered(model: &Model, wish: Effort, losses: &mut Vec<Loss>) -> Option<Known> {
    let known = nearest(model, wish)?;
    if rank(known) != wish as u8 {
        let message = format!("{} knows no such effort; it was asked for {}, the nearest.", model.id, word(known));
        losses.push(Loss::of(LossCode::ValueAdjusted, "reasoning_effort", message));
    }
    Some(known)
}

/// The effort that the model knows nearest to `wish`. Between two, models that are told a plain word get the higher,
/// Claude, whose highest costs most, the lower.
fn nearest(model: &Model, wish: Effort) -> Option<Known> {
    let distance = |known: Known| rank(known).abs_diff(wish as u8);
    let upward = model.reasoning == Manner::Effort;
    let tie = |known: Known| if upward { u8::MAX - rank(known) } else { rank(known) };
    model.efforts.iter().copied().min_by_key(|&known| (distance(known), tie(known)))
}

/// Where it stands among OpenAI's words, which have one more.
fn rank(known: Known) -> u8 {
    known as u8 + 1
}

fn word(effort: Known) -> &'static str {
    match effort {
        Known::Low => "low",
        Known::Medium => "medium",
        Known::High => "high",
        Known::ExtraHigh => "xhigh",
        Known::Max => "max",
    }
}

/// Thoughts in the history: Claude takes back what it signed, other models the text alone, and models that do not reason
/// nothing.
pub(super) fn history(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    let mut dropped = 0;
    for message in &mut request.messages {
        let Content::Blocks(blocks) = &mut message.content else { continue };
        let before = blocks.len();
        blocks.retain_mut(|block| match block {
            Block::Reasoning(thought) if model.is_claude() => thought.signature.is_some(),
            Block::Reasoning(_) | Block::Redacted(_) if model.derived => true,
            Block::Reasoning(thought) => {
                thought.signature = None;
                model.reasoning != Manner::None && !thought.text.trim().is_empty()
            }
            Block::Redacted(_) => model.is_claude(),
            _ => true,
        });
        dropped += before - blocks.len();
    }
    if dropped > 0 {
        let why = if model.is_claude() { "takes back what it signed only" } else { "does not take it back" };
        let message = format!("{dropped} parts of reasoning in the messages were left out: {} {why}.", model.id);
        losses.push(Loss::of(LossCode::ContentOmitted, "messages", message));
    }
}
