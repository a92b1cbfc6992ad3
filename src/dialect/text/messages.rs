//! `messages`: instructions apart, turns in order, nothing empty.

use serde_json::Value;

use crate::conversation::{Block, Content, Image, ImageSource, Message, Request, Role};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// Reads `messages`. Empty turns and empty parts are left out, as Bedrock refuses them; they say nothing.
pub(super) fn parse(given: Option<Value>, losses: &mut Losses<'_>) -> Result<Request> {
    let path = Path::field("messages");
    let items = match given {
        Some(Value::Array(items)) => items,
        None => return Err(Error::missing(path, "give an array of messages")),
        Some(other) => return Err(Error::wrong_type(path, "an array of messages", &other)),
    };
    let mut request = Request::default();
    for (index, item) in items.into_iter().enumerate() {
        let mut message = Object::read(item, path.item(index), "an object with role and content")?;
        let speaker = speaker(&mut message)?;
        let given = message.take("content");
        let content = content(given, message.at("content"), losses)?;
        let name = message.string("name")?.filter(|name| !name.is_empty());
        unread(&message, losses)?;
        let Some(content) = content else { continue };
        match speaker {
            Speaker::Instructions => request.system.push(content),
            Speaker::Turn(role) => request.messages.push(Message { role, content, name }),
        }
    }
    Ok(request)
}

enum Speaker {
    Instructions,
    Turn(Role),
}

fn speaker(message: &mut Object<'_>) -> Result<Speaker> {
    let role = message.required_string("role", "say who speaks")?;
    match role.as_str() {
        "system" | "developer" => Ok(Speaker::Instructions),
        "user" => Ok(Speaker::Turn(Role::User)),
        "assistant" => Ok(Speaker::Turn(Role::Assistant)),
        "tool" | "function" => {
            Err(Error::invalid(message.at("role"), "tool results are not for bedrockWrapper, which has no tools."))
        }
        _ => Err(Error::invalid(message.at("role"), "must be system, developer, user or assistant.")),
    }
}

/// Members besides role, name and content.
fn unread(message: &Object<'_>, losses: &mut Losses<'_>) -> Result<()> {
    for (name, value) in message.unread() {
        match name {
            "tool_calls" if value.as_array().is_some_and(Vec::is_empty) => {}
            "tool_calls" | "function_call" => {
                let why = "tool calls are not for bedrockWrapper, which has no tools.";
                return Err(Error::invalid(message.at(name), why));
            }
            _ => losses.left_out(message.at(name), "Bedrock has no such member")?,
        }
    }
    Ok(())
}

/// `None` where there is nothing to say.
fn content(given: Option<Value>, path: Path<'_>, losses: &mut Losses<'_>) -> Result<Option<Content>> {
    match given {
        None => Ok(None),
        Some(Value::String(text)) => Ok((!text.is_empty()).then_some(Content::Text(text))),
        Some(Value::Array(parts)) => {
            let mut blocks = Vec::with_capacity(parts.len());
            for (index, item) in parts.into_iter().enumerate() {
                blocks.extend(part(item, path.item(index), losses)?);
            }
            Ok((!blocks.is_empty()).then_some(Content::Blocks(blocks)))
        }
        Some(other) => Err(Error::wrong_type(path, "a string or an array of parts", &other)),
    }
}

fn part(item: Value, path: Path<'_>, losses: &mut Losses<'_>) -> Result<Option<Block>> {
    let mut part = Object::read(item, path, "an object with a type")?;
    let kind = part.required_string("type", "give text or image_url")?;
    match kind.as_str() {
        "text" => {
            let text = part.required_string("text", "give the text")?;
            Ok((!text.is_empty()).then_some(Block::Text(text)))
        }
        "image_url" => image_url(&mut part, losses).map(Some),
        "image" => native_image(&mut part).map(Some),
        other => {
            losses.omitted(path, || {
                format!("A part of type {other:?} was left out: bedrockWrapper takes text and images.")
            });
            Ok(None)
        }
    }
}

/// `{"url": …, "detail": …}`, or the URL itself.
fn image_url(part: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Block> {
    match part.take("image_url") {
        Some(given @ Value::Object(_)) => {
            let mut image_url = Object::read(given, part.at("image_url"), "an object with a url")?;
            if image_url.take("detail").is_some_and(|detail| detail != "auto") {
                losses.left_out(image_url.at("detail"), "Bedrock decides itself how closely it looks")?;
            }
            image(image_url.take("url"), image_url.at("url"))
        }
        given => image(given, part.at("image_url")),
    }
}

/// Anthropic's own part: `{"type": "base64", "media_type", "data"}` or `{"type": "url", "url"}`.
fn native_image(part: &mut Object<'_>) -> Result<Block> {
    let source = part.take("source").unwrap_or_default();
    let mut source = Object::read(source, part.at("source"), "an object with type and data")?;
    let member = if source.has("url") { "url" } else { "data" };
    image(source.take(member), source.at(member))
}

fn image(given: Option<Value>, path: Path<'_>) -> Result<Block> {
    match given {
        Some(Value::String(reference)) if !reference.is_empty() => {
            Ok(Block::Image(Image { param: path.into(), source: ImageSource::Reference(reference), guarded: false }))
        }
        Some(Value::String(_)) | None => Err(Error::missing(path, "give a URL or base64")),
        Some(other) => Err(Error::wrong_type(path, "a URL or base64 string", &other)),
    }
}
