//! What Converse says about messages: that there are some, who speaks when, and that they are not empty.

use super::{Request, Rule, list, messages};
use crate::simulator::exception::Exception;
use crate::simulator::models::Family;
use crate::simulator::wording;

pub(super) const RULES: &[Rule] = &[no_messages, empty_content, blank_text, starts_with_user, alternates];

/// Families whose conversations must start with the user and alternate.
const STRICT_TURNS: &[Family] = &[Family::Nova, Family::Llama, Family::MistralPrompt, Family::MistralChat];

/// The public service model does not require them, for the sake of prompts; the service does for every other model.
fn no_messages(request: &Request) -> Option<Exception> {
    if request.model.is_prompt() || !messages(request).is_empty() {
        return None;
    }
    if !request.body.has("messages") {
        let violation = wording::NULL_MEMBER.fill(&[&"messages"]);
        return Some(wording::ONE_VIOLATION.refuse(&[&violation]));
    }
    Some(match request.model.series.family {
        Family::Claude => wording::MODEL_RETURNED.refuse(&[&wording::NO_MESSAGES.text()]),
        _ => wording::STARTS_WITH_USER.refuse(&[]),
    })
}

fn empty_content(request: &Request) -> Option<Exception> {
    let at = messages(request).iter().position(|message| list(&message["content"]).is_empty())?;
    Some(wording::EMPTY_CONTENT.refuse(&[&at]))
}

/// Empty text; white space alone passes (recordings of Nova Micro and Claude Sonnet 4.5).
fn blank_text(request: &Request) -> Option<Exception> {
    let block = request.blocks.iter().find(|block| block.kind == "text" && block.value == "")?;
    Some(wording::BLANK_TEXT.refuse(&[&block.message, &block.at]))
}

fn starts_with_user(request: &Request) -> Option<Exception> {
    let family = request.model.series.family;
    let strict = STRICT_TURNS.contains(&family) || family == Family::CommandR;
    (strict && messages(request).first()?["role"] != "user").then(|| wording::STARTS_WITH_USER.refuse(&[]))
}

fn alternates(request: &Request) -> Option<Exception> {
    let repeated = messages(request).windows(2).any(|pair| pair[0]["role"] == pair[1]["role"]);
    (repeated && STRICT_TURNS.contains(&request.model.series.family)).then(|| wording::ALTERNATES.refuse(&[]))
}
