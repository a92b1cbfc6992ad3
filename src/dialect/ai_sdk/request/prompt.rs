//! `prompt`: instructions apart, turns in the caller's order.
//!
//! What a model or Converse cannot take of it (blank texts, turns out of turn, results without a call) is not judged here.

use serde_json::Value;

use super::marks::{self, Marks, Speaker};
use super::parts;
use crate::conversation::{Block, Content, Message, Request, Role};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// Reads `prompt`.
pub(super) fn parse(given: Option<Value>, losses: &mut Losses<'_>) -> Result<Request> {
    let path = Path::field("prompt");
    let items = match given {
        Some(Value::Array(items)) => items,
        None => return Err(Error::missing(path, "give an array of messages")),
        Some(other) => return Err(Error::wrong_type(path, "an array of messages", &other)),
    };
    let mut request = Request { messages: Vec::with_capacity(items.len()), ..Request::default() };
    for (index, item) in items.into_iter().enumerate() {
        message(Object::read(item, path.item(index), "an object with a role")?, &mut request, losses)?;
    }
    Ok(request)
}

fn message(mut message: Object<'_>, request: &mut Request, losses: &mut Losses<'_>) -> Result<()> {
    let role = message.required_string("role", "say who speaks")?;
    let marks = marks::take(&mut message, speaker(&role), losses)?;
    let mut turns = Turns { role: Role::User, blocks: Vec::new(), request };
    match role.as_str() {
        "system" => {
            let blocks = system(&mut message, &marks)?;
            turns.request.system.push(Content::Blocks(blocks));
            return Ok(());
        }
        "user" => each(&mut message, Speaker::Program, losses, |part, marks, losses| {
            turns.add(Role::User, parts::of_user(part, &marks, losses)?, marks);
            Ok(())
        })?,
        "tool" => each(&mut message, Speaker::Program, losses, |part, marks, losses| {
            // Its cache point is part of a result already.
            turns.add(Role::User, parts::of_tool(part, &marks, losses)?, Marks::default());
            Ok(())
        })?,
        "assistant" => {
            turns.role = Role::Assistant;
            each(&mut message, Speaker::Model, losses, |part, marks, losses| {
                let cache = marks.cache;
                let blocks = parts::of_assistant(part, marks, losses)?;
                // What a tool that the provider ran gave: on Bedrock it is the other side that says so.
                let is_result = blocks.iter().any(|block| matches!(block, Block::ToolResult(_)));
                let (role, cache) = if is_result { (Role::User, None) } else { (Role::Assistant, cache) };
                turns.add(role, blocks, Marks { cache, ..Marks::default() });
                Ok(())
            })?;
        }
        _ => return Err(Error::invalid(message.at("role"), "must be system, user, assistant or tool.")),
    }
    let role = turns.role;
    turns.add(role, Vec::new(), marks);
    turns.end();
    Ok(())
}

fn speaker(role: &str) -> Speaker {
    if role == "assistant" { Speaker::Model } else { Speaker::Program }
}

/// Instructions are a string.
fn system(message: &mut Object<'_>, marks: &Marks) -> Result<Vec<Block>> {
    let text = message.required_string("content", "give the text")?;
    let mut blocks = vec![Block::Text(text)];
    blocks.extend(marks.cache.map(Block::CachePoint));
    Ok(blocks)
}

fn each(
    message: &mut Object<'_>,
    speaker: Speaker,
    losses: &mut Losses<'_>,
    mut read: impl FnMut(&mut Object<'_>, Marks, &mut Losses<'_>) -> Result<()>,
) -> Result<()> {
    let items = parts::items(message)?;
    let place = message.at("content");
    for (index, item) in items.into_iter().enumerate() {
        let mut part = Object::read(item, place.item(index), "an object with a type")?;
        let marks = marks::take(&mut part, speaker, losses)?;
        read(&mut part, marks, losses)?;
    }
    Ok(())
}

/// One message of the caller as turns; more than one where it holds results of tools that the provider ran.
struct Turns<'r> {
    role: Role,
    blocks: Vec<Block>,
    request: &'r mut Request,
}

impl Turns<'_> {
    fn add(&mut self, role: Role, blocks: Vec<Block>, marks: Marks) {
        if role != self.role {
            self.end();
            self.role = role;
        }
        self.blocks.extend(blocks);
        self.blocks.extend(marks.cache.map(Block::CachePoint));
    }

    fn end(&mut self) {
        let blocks = std::mem::take(&mut self.blocks);
        if !blocks.is_empty() {
            self.request.messages.push(Message { role: self.role, content: Content::Blocks(blocks), name: None });
        }
    }
}
