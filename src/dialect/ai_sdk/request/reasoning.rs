//! Whether and how the model is to reason: the AI SDK's portable `reasoning`, and `reasoningConfig` of the provider, which
//! is more exact and wins.

use super::options::Options;
use crate::conversation::{Effort, Reasoning};
use crate::dialect::losses::Losses;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// What the call says about reasoning.
pub(super) struct Asked {
    /// `None`: nothing.
    pub(super) asked: Option<Reasoning>,
    /// `reasoningConfig.display`
    pub(super) display: Option<String>,
}

/// Levels, the lowest first.
const LEVELS: &[(&str, Effort)] = &[
    ("minimal", Effort::Minimal),
    ("low", Effort::Low),
    ("medium", Effort::Medium),
    ("high", Effort::High),
    ("xhigh", Effort::ExtraHigh),
    ("max", Effort::Max),
];

/// Reads both.
pub(super) fn parse(call: &mut Object<'_>, options: &mut Options<'_>, losses: &mut Losses<'_>) -> Result<Asked> {
    let portable = portable(call, losses)?;
    let name = "reasoningConfig";
    let holder = options.holding(name);
    let Some(given) = holder.take(name) else { return Ok(Asked { asked: portable, display: None }) };
    let mut config = Object::read(given, holder.at(name), "an object with a type")?;
    let display = word(&mut config, "display", &["omitted", "summarized"])?;
    let asked = config_of(&mut config, portable, losses)?;
    losses.unread(&config)?;
    Ok(Asked { asked, display })
}

fn portable(call: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Option<Reasoning>> {
    let name = "reasoning";
    let Some(word) = call.string(name)?.filter(|word| word != "provider-default") else { return Ok(None) };
    if word == "none" {
        return Ok(Some(Reasoning::Off));
    }
    let effort = effort(&word);
    if effort.is_none() {
        losses.left_out(call.at(name), "this level is not known")?;
    }
    Ok(effort.map(Reasoning::Effort))
}

fn effort(word: &str) -> Option<Effort> {
    LEVELS.iter().find(|(level, _)| *level == word).map(|(_, effort)| *effort)
}

/// `{"type", "budgetTokens", "maxReasoningEffort"}`; what it leaves open the portable level says.
fn config_of(
    config: &mut Object<'_>,
    portable: Option<Reasoning>,
    losses: &mut Losses<'_>,
) -> Result<Option<Reasoning>> {
    let kind = word(config, "type", &["enabled", "disabled", "adaptive"])?;
    let budget = config.whole("budgetTokens", "a whole number of tokens", 0)?.filter(|&tokens| tokens > 0);
    let name = "maxReasoningEffort";
    let hard =
        match config.string(name)? {
            None => None,
            Some(word) => {
                let known = effort(&word);
                Some(known.ok_or_else(|| {
                    Error::invalid(config.at(name), "must be minimal, low, medium, high, xhigh or max.")
                })?)
            }
        };
    let own = hard.map(Reasoning::Effort);
    let open = own.or(portable.filter(|asked| *asked != Reasoning::Off));
    Ok(match (kind.as_deref(), budget) {
        (Some("disabled"), _) => Some(Reasoning::Off),
        (Some("adaptive"), budget) => {
            if budget.is_some() {
                losses.left_out(config.at("budgetTokens"), "adaptive thinking has no budget")?;
            }
            open.or(Some(Reasoning::Adaptive))
        }
        (_, Some(tokens)) => {
            if hard.is_some() {
                losses.left_out(config.at(name), "budgetTokens says how much")?;
            }
            Some(Reasoning::Budget(tokens))
        }
        (Some(_), None) => open.or(Some(Reasoning::Adaptive)),
        (None, None) => own.or(portable),
    })
}

fn word(config: &mut Object<'_>, name: &str, words: &[&str]) -> Result<Option<String>> {
    let given = config.string(name)?;
    if given.as_deref().is_some_and(|word| !words.contains(&word)) {
        return Err(Error::invalid(config.at(name), format!("must be one of {}.", words.join(", "))));
    }
    Ok(given)
}
