//! Who speaks when: turns alternate, begin and end with the user, and hold nothing that is blank.
//!
//! Facts: Converse's refusals ("A conversation must alternate…", "must start with a user message", "The text field … is
//! blank"), the model cards of Claude (no prefill from 4.6 on; never together with tools).

use super::tool_turns;
use crate::catalog::{Model, Tools};
use crate::conversation::{Block, Content, Loss, LossCode, Message, Request, Role};
use crate::error::{Error, Result};

/// What stands for a user who has not spoken yet.
const OPENING: &str = ".";
/// Asks for the rest of an answer from models that do not simply continue it.
const CONTINUE: &str = "Continue exactly where your last message stopped.";
/// What stands for a tool result without content: Converse refuses blank text.
const EMPTY_RESULT: &str = "(empty)";

/// Only OpenAI's chat style answers instructions alone.
pub(super) fn require_question(request: &Request, instructions_will_do: bool) -> Result<()> {
    let asked = request.messages.iter().any(|message| message.role == Role::User);
    if asked || (instructions_will_do && !request.system.is_empty()) {
        return Ok(());
    }
    Err(Error::invalid("messages", "must hold at least one user message that is not empty."))
}

/// Puts the turns into an order that every model takes.
pub(super) fn mend(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) -> Result<()> {
    drop_names(request, losses);
    request.system.retain_mut(keep_what_says_something);
    let mut messages = std::mem::take(&mut request.messages);
    if model.tools == Tools::None {
        tool_turns::tell_in_words(&mut messages, model, losses);
    }
    request.messages = merge(messages);
    require_question(request, false)?;
    if request.messages.first().is_some_and(|message| message.role == Role::Assistant) {
        let message = "A conversation begins with the user on Bedrock; a user message was put before the first one.";
        losses.push(Loss::of(LossCode::Emulated, "messages", message));
        request.messages.insert(0, user(OPENING));
    }
    tool_turns::pair(&mut request.messages, model, losses);
    end(request, model, losses);
    Ok(())
}

/// Models without a system prompt on Converse get the instructions before the first user turn.
pub(super) fn instructions(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    if model.system || request.system.is_empty() {
        return;
    }
    let system = request.instructions();
    let Some(first) = request.messages.iter_mut().find(|message| message.role == Role::User) else { return };
    request.system.clear();
    first.content.prepend(&format!("{system}\n\n"));
    let message = format!("{} has no system prompt; the instructions went into the first user message.", model.id);
    losses.push(Loss::of(LossCode::Emulated, "messages", message));
}

fn drop_names(request: &mut Request, losses: &mut Vec<Loss>) {
    let count = request.messages.iter_mut().filter_map(|message| message.name.take()).count();
    if count > 0 {
        let message = format!("Names of speakers were left out ({count}): Converse has no place for them.");
        losses.push(Loss::of(LossCode::UnsupportedField, "messages[].name", message));
    }
}

/// Turns of one speaker in a row become one; what is blank is left out, as it says nothing.
fn merge(messages: Vec<Message>) -> Vec<Message> {
    let mut merged: Vec<Message> = Vec::with_capacity(messages.len());
    for mut message in messages {
        if !keep_what_says_something(&mut message.content) {
            continue;
        }
        let blocks = into_blocks(message.content);
        match merged.last_mut() {
            Some(last) if last.role == message.role => blocks_of(&mut last.content).extend(blocks),
            _ => merged.push(Message { content: Content::Blocks(blocks), ..message }),
        }
    }
    merged
}

/// Leaves out blank text; says whether anything but cache points is left.
fn keep_what_says_something(content: &mut Content) -> bool {
    match content {
        Content::Text(text) => !text.trim().is_empty(),
        Content::Blocks(blocks) => {
            blocks.retain_mut(|block| match block {
                Block::Text(text) => !text.trim().is_empty(),
                Block::ToolUse(call) => {
                    tool_turns::make_object(&mut call.input);
                    true
                }
                Block::ToolResult(result) => {
                    result.content.iter_mut().for_each(tool_turns::json_is_an_object);
                    result.content.retain(|part| part.as_text().is_none_or(|text| !text.trim().is_empty()));
                    if result.content.is_empty() {
                        result.content.push(Block::Text(EMPTY_RESULT.to_owned()));
                    }
                    true
                }
                _ => true,
            });
            blocks.iter().any(|block| !matches!(block, Block::CachePoint(_)))
        }
    }
}

/// The last turn: no white space after it, and no assistant's turn where the model does not continue one.
fn end(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    let Some(last) = request.messages.last_mut().filter(|last| last.role == Role::Assistant) else { return };
    let mut said = blocks_of(&mut last.content).iter_mut().rev();
    if let Some(Block::Text(text)) = said.find(|block| !matches!(block, Block::CachePoint(_))) {
        text.truncate(text.trim_end().len());
    }
    let with_tools = model.is_claude() && !request.tools.is_empty();
    if model.prefill && !with_tools {
        return;
    }
    let why = if model.prefill { " when there are tools" } else { "" };
    let message = format!("{} does not continue an assistant message{why}; a user message asks it to.", model.id);
    losses.push(Loss::of(LossCode::Emulated, "messages", message));
    request.messages.push(user(CONTINUE));
}

pub(super) fn user(text: &str) -> Message {
    let content = Content::Blocks(vec![Block::Text(text.to_owned())]);
    Message { role: Role::User, content, name: None }
}

fn into_blocks(content: Content) -> Vec<Block> {
    match content {
        Content::Text(text) => vec![Block::Text(text)],
        Content::Blocks(blocks) => blocks,
    }
}

/// The parts of a turn; a bare string becomes one.
pub(super) fn blocks_of(content: &mut Content) -> &mut Vec<Block> {
    if let Content::Text(text) = content {
        *content = Content::Blocks(vec![Block::Text(std::mem::take(text))]);
    }
    match content {
        Content::Blocks(blocks) => blocks,
        Content::Text(_) => unreachable!("it was made into blocks above"),
    }
}
