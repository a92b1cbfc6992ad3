//! `messages`: instructions apart, turns in the caller's order, one message of the caller for each.
//!
//! What a model or Converse cannot take of it (empty texts, turns out of turn, results without a call) is not judged
//! here.

use std::collections::HashMap;

use serde_json::Value;

use super::parts::Parts;
use super::{caching, calls, thoughts};
use crate::conversation::{Block, CachePoint, Content, Message, Request, Role, ToolResult, Ttl};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{ApiCode, Error, Result};

/// What answers of OpenAI's API and of its clients carry besides, which says nothing to a model when it comes back.
const ANSWERED: &[&str] = &["annotations", "citations", "parsed"];

/// Reads `messages`; `ttl` is that of cache marks which have none.
pub(super) fn parse(given: Option<Value>, ttl: Option<Ttl>, losses: &mut Losses<'_>) -> Result<Request> {
    let path = Path::field("messages");
    let items = match given {
        Some(Value::Array(items)) => items,
        None => return Err(Error::missing(path, "give an array of messages")),
        Some(other) => return Err(Error::wrong_type(path, "an array of messages", &other)),
    };
    if items.is_empty() {
        return Err(Error::invalid(path, "must hold at least one message."));
    }
    let messages = Vec::with_capacity(items.len());
    let request = Request { messages, ..Request::default() };
    let mut reader = Reader { request, parts: Parts { ttl, losses }, called: HashMap::new() };
    for (index, item) in items.into_iter().enumerate() {
        let message = Object::read(item, path.item(index), "an object with role and content")?;
        reader.message(index, message)?;
    }
    Ok(reader.request)
}

struct Reader<'r, 'l> {
    request: Request,
    parts: Parts<'r, 'l>,
    /// The id of the last `function_call` of each name, for the result that follows it.
    called: HashMap<String, String>,
}

impl Reader<'_, '_> {
    fn message(&mut self, index: usize, mut message: Object<'_>) -> Result<()> {
        let role = message.required_string("role", "say who speaks")?;
        let mark = caching::mark(&mut message, self.parts.ttl, self.parts.losses)?;
        let turn = match role.as_str() {
            "system" | "developer" => {
                let content = self.content(&mut message)?;
                self.request.system.push(marked(content, mark));
                None
            }
            "user" => Some((Role::User, self.content(&mut message)?)),
            "assistant" => Some((Role::Assistant, self.assistant(index, &mut message)?)),
            "tool" => Some((Role::User, self.tool(&mut message)?)),
            "function" => Some((Role::User, self.function(index, &mut message)?)),
            _ => {
                let roles = "must be system, developer, user, assistant, tool or function.";
                return Err(Error::invalid(message.at("role"), roles));
            }
        };
        if let Some((role, content)) = turn {
            let name = message.string("name")?.filter(|name| !name.is_empty());
            self.request.messages.push(Message { role, content: marked(content, mark), name });
        }
        self.parts.losses.unread(&message)
    }

    fn content(&mut self, message: &mut Object<'_>) -> Result<Content> {
        let given = message.take("content");
        let given = given.ok_or_else(|| Error::missing(message.at("content"), "give a string or an array of parts"))?;
        self.parts.content(given, message.at("content"))
    }

    /// Reasoning, then what was said, then what was called.
    fn assistant(&mut self, index: usize, message: &mut Object<'_>) -> Result<Content> {
        if message.take("audio").is_some() {
            let error = Error::invalid(message.at("audio"), "Bedrock stores no audio. Give what was said as content.");
            return Err(error.coded(ApiCode::UnsupportedParameter));
        }
        let mut blocks = thoughts::take(message, self.parts.losses)?;
        let refusal = message.string("refusal")?.filter(|text| !text.is_empty());
        let content = match message.take("content") {
            Some(given) => {
                if refusal.is_some() {
                    self.parts.losses.left_out(message.at("refusal"), "the content beside it counts")?;
                }
                self.parts.content(given, message.at("content"))?
            }
            None => Content::Text(refusal.unwrap_or_default()),
        };
        let calls = message.array("tool_calls", "an array of tool calls")?.unwrap_or_default();
        let call = message.take("function_call");
        for name in ANSWERED {
            message.take(name);
        }
        if blocks.is_empty() && calls.is_empty() && call.is_none() {
            return Ok(content);
        }
        blocks.extend(said(content));
        let path = message.at("tool_calls");
        for (index, call) in calls.into_iter().enumerate() {
            blocks.push(Block::ToolUse(calls::tool_call(call, path.item(index), self.parts.losses)?));
        }
        if let Some(call) = call {
            let id = format!("function_call_{index}");
            let call = calls::function_call(call, message.at("function_call"), id.clone(), self.parts.losses)?;
            self.called.insert(call.name.clone(), id);
            blocks.push(Block::ToolUse(call));
        }
        Ok(Content::Blocks(blocks))
    }

    fn tool(&mut self, message: &mut Object<'_>) -> Result<Content> {
        let id = message.required_string("tool_call_id", "give the id of the call that this answers")?;
        // The name of the tool: the call has it.
        message.take("name");
        self.result(message, id)
    }

    fn function(&mut self, index: usize, message: &mut Object<'_>) -> Result<Content> {
        let name = message.required_string("name", "name the function that this answers")?;
        let id = self.called.remove(&name).unwrap_or_else(|| format!("function_call_{index}"));
        self.result(message, id)
    }

    fn result(&mut self, message: &mut Object<'_>, id: String) -> Result<Content> {
        let is_error = message.flag("is_error")?.unwrap_or(false);
        let content = match message.take("content") {
            Some(given) => said(self.parts.content(given, message.at("content"))?),
            None => Vec::new(),
        };
        // Converse has cache points beside results, not in them.
        let (marks, content) = content.into_iter().partition(|block| matches!(block, Block::CachePoint(_)));
        let mut blocks: Vec<Block> = marks;
        blocks.truncate(1);
        blocks.insert(0, Block::ToolResult(ToolResult { param: message.place(), id, content, is_error }));
        Ok(Content::Blocks(blocks))
    }
}

fn said(content: Content) -> Vec<Block> {
    match content {
        Content::Text(text) if text.is_empty() => Vec::new(),
        Content::Text(text) => vec![Block::Text(text)],
        Content::Blocks(blocks) => blocks,
    }
}

fn marked(content: Content, mark: Option<CachePoint>) -> Content {
    let Some(mark) = mark else { return content };
    let mut blocks = said(content);
    blocks.push(Block::CachePoint(mark));
    Content::Blocks(blocks)
}
