//! Whether and how the model is to reason: OpenAI's `reasoning_effort` and the ways of other providers.

use serde_json::Value;

use crate::conversation::{Effort, Reasoning};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// What the request says about reasoning.
pub(super) struct Asked {
    /// `None`: nothing.
    pub(super) asked: Option<Reasoning>,
    /// `thinking.display`.
    pub(super) display: Option<String>,
    /// Whether the answer is to be without it.
    pub(super) hidden: bool,
}

/// Reads every field about reasoning. The first that says something counts, in this order: a budget of Anthropic's or
/// Amazon's is more exact than an effort.
pub(super) fn parse(fields: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Asked> {
    let shown = fields.flag("include_thinking_data")?;
    let mut asked: Option<(Reasoning, &str)> = None;
    let mut display = None;
    for name in ["thinking", "reasoning_config", "reasoningConfig"] {
        if let Some(given) = fields.take(name) {
            let said = config(given, fields.at(name), &mut display, losses)?;
            agree(&mut asked, said, name, losses)?;
        }
    }
    let mut excluded = false;
    if let Some(given) = fields.take("reasoning") {
        let mut reasoning = Object::read(given, fields.at("reasoning"), "an object")?;
        excluded = reasoning.flag("exclude")?.unwrap_or(false);
        if let Some(said) = unified(&mut reasoning)? {
            agree(&mut asked, said, "reasoning", losses)?;
        }
        losses.unread(&reasoning)?;
    }
    if let Some(word) = fields.string("reasoning_effort")? {
        let said = effort(&word, fields.at("reasoning_effort"))?;
        agree(&mut asked, said, "reasoning_effort", losses)?;
    }
    Ok(Asked { asked: asked.map(|(reasoning, _)| reasoning), display, hidden: excluded || shown == Some(false) })
}

/// Adaptive reasoning may be told how hard as well; anything else is said once.
fn agree<'n>(
    asked: &mut Option<(Reasoning, &'n str)>,
    said: Reasoning,
    name: &'n str,
    losses: &mut Losses<'_>,
) -> Result<()> {
    match (*asked, said) {
        (None, _) | (Some((Reasoning::Adaptive, _)), Reasoning::Effort(_)) => *asked = Some((said, name)),
        (Some((first, _)), said) if first == said => {}
        (Some((_, first)), _) => losses.left_out(Path::field(name), &format!("{first} says how to reason"))?,
    }
    Ok(())
}

/// `thinking` (Anthropic), `reasoning_config` (the Access Gateway; DeepSeek's is a word) and `reasoningConfig` (Nova).
fn config(given: Value, path: Path<'_>, display: &mut Option<String>, losses: &mut Losses<'_>) -> Result<Reasoning> {
    if let Value::String(word) = given {
        return effort(&word, path);
    }
    let mut config = Object::read(given, path, "an object with a type")?;
    let wanted = "a whole number of tokens";
    let budget = config.whole("budget_tokens", wanted, 1)?.or(config.whole("budgetTokens", wanted, 1)?);
    let hard = config.string("maxReasoningEffort")?;
    let hard = hard.map(|word| effort(&word, config.at("maxReasoningEffort"))).transpose()?;
    let reasoning = match config.required_string("type", "give enabled, adaptive or disabled")?.as_str() {
        "disabled" => Reasoning::Off,
        "adaptive" => hard.unwrap_or(Reasoning::Adaptive),
        "enabled" => budget.map(Reasoning::Budget).or(hard).unwrap_or(Reasoning::Adaptive),
        _ => return Err(Error::invalid(config.at("type"), "must be enabled, adaptive or disabled.")),
    };
    if let Some(word) = config.string("display")? {
        if word != "summarized" && word != "omitted" {
            return Err(Error::invalid(config.at("display"), "must be summarized or omitted."));
        }
        display.get_or_insert(word);
    }
    losses.unread(&config)?;
    Ok(reasoning)
}

/// `reasoning` of OpenRouter: `{"effort", "max_tokens", "enabled", "exclude"}`.
fn unified(reasoning: &mut Object<'_>) -> Result<Option<Reasoning>> {
    let budget = reasoning.whole("max_tokens", "a whole number of tokens", 0)?;
    let word = reasoning.string("effort")?;
    let hard = word.map(|word| effort(&word, reasoning.at("effort"))).transpose()?;
    Ok(match (reasoning.flag("enabled")?, budget) {
        (Some(false), _) | (_, Some(0)) => Some(Reasoning::Off),
        (_, Some(budget)) => Some(Reasoning::Budget(budget)),
        // OpenRouter: enabled alone is medium effort.
        (Some(true), None) => hard.or(Some(Reasoning::Effort(Effort::Medium))),
        (None, None) => hard,
    })
}

/// OpenAI's words.
fn effort(word: &str, path: Path<'_>) -> Result<Reasoning> {
    Ok(Reasoning::Effort(match word {
        "none" => return Ok(Reasoning::Off),
        "minimal" => Effort::Minimal,
        "low" => Effort::Low,
        "medium" => Effort::Medium,
        "high" => Effort::High,
        "xhigh" => Effort::ExtraHigh,
        "max" => Effort::Max,
        _ => return Err(Error::invalid(path, "must be none, minimal, low, medium, high, xhigh or max.")),
    }))
}
