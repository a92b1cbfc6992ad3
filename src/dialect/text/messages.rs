//! `messages`: instructions apart, turns in order, nothing empty.

use serde_json::{Map, Value};

use crate::conversation::{Block, Content, Image, ImageSource, Loss, LossCode, Message, Request, Role};
use crate::error::{Error, Result};

/// Reads `messages`. Empty turns and empty parts are left out, as Bedrock refuses them; they say nothing.
pub(super) fn parse(given: Option<Value>, losses: &mut Vec<Loss>) -> Result<Request> {
    let items = match given {
        Some(Value::Array(items)) => items,
        Some(Value::Null) | None => return Err(Error::invalid("messages", "is missing; give an array of messages.")),
        Some(other) => return Err(Error::wrong_type("messages", "an array of messages", &other)),
    };
    let mut request = Request::default();
    for (index, item) in items.into_iter().enumerate() {
        let path = format!("messages[{index}]");
        let Value::Object(mut message) = item else {
            return Err(Error::wrong_type(path, "an object with role and content", &item));
        };
        let speaker = speaker(&message, &path)?;
        let content = content(message.remove("content"), &format!("{path}.content"), losses)?;
        let name = name(message.remove("name"), &format!("{path}.name"))?;
        unread(&message, &path, losses)?;
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

fn speaker(message: &Map<String, Value>, path: &str) -> Result<Speaker> {
    let path = format!("{path}.role");
    match message.get("role") {
        Some(Value::String(role)) => match role.as_str() {
            "system" | "developer" => Ok(Speaker::Instructions),
            "user" => Ok(Speaker::Turn(Role::User)),
            "assistant" => Ok(Speaker::Turn(Role::Assistant)),
            "tool" | "function" => {
                Err(Error::invalid(path, "tool results are not for bedrockWrapper, which has no tools."))
            }
            _ => Err(Error::invalid(path, "must be system, developer, user or assistant.")),
        },
        Some(Value::Null) | None => Err(Error::invalid(path, "is missing.")),
        Some(other) => Err(Error::wrong_type(path, "a string", other)),
    }
}

fn name(given: Option<Value>, path: &str) -> Result<Option<String>> {
    match given {
        Some(Value::String(name)) => Ok(Some(name).filter(|name| !name.is_empty())),
        Some(Value::Null) | None => Ok(None),
        Some(other) => Err(Error::wrong_type(path, "a string", &other)),
    }
}

/// Members besides role, name and content.
fn unread(message: &Map<String, Value>, path: &str, losses: &mut Vec<Loss>) -> Result<()> {
    for (name, value) in message {
        let param = format!("{path}.{name}");
        match name.as_str() {
            "role" => {}
            _ if value.is_null() => {}
            "tool_calls" | "function_call" if value.as_array().is_none_or(|calls| !calls.is_empty()) => {
                return Err(Error::invalid(param, "tool calls are not for bedrockWrapper, which has no tools."));
            }
            "tool_calls" => {}
            _ => losses.push(Loss::of(LossCode::UnsupportedField, param, "Left out: Bedrock has no such member.")),
        }
    }
    Ok(())
}

/// `None` where there is nothing to say.
fn content(given: Option<Value>, path: &str, losses: &mut Vec<Loss>) -> Result<Option<Content>> {
    match given {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok((!text.is_empty()).then_some(Content::Text(text))),
        Some(Value::Array(parts)) => {
            let mut blocks = Vec::with_capacity(parts.len());
            for (index, item) in parts.into_iter().enumerate() {
                blocks.extend(part(item, &format!("{path}[{index}]"), losses)?);
            }
            Ok((!blocks.is_empty()).then_some(Content::Blocks(blocks)))
        }
        Some(other) => Err(Error::wrong_type(path, "a string or an array of parts", &other)),
    }
}

fn part(item: Value, path: &str, losses: &mut Vec<Loss>) -> Result<Option<Block>> {
    let Value::Object(mut part) = item else {
        return Err(Error::wrong_type(path, "an object with a type", &item));
    };
    let kind = match part.get("type") {
        Some(Value::String(kind)) => kind.clone(),
        Some(Value::Null) | None => return Err(Error::invalid(format!("{path}.type"), "is missing.")),
        Some(other) => return Err(Error::wrong_type(format!("{path}.type"), "a string", other)),
    };
    match kind.as_str() {
        "text" => text(part.remove("text"), &format!("{path}.text")),
        "image_url" => image_url(part.remove("image_url"), &format!("{path}.image_url"), losses).map(Some),
        "image" => native_image(part.remove("source"), &format!("{path}.source")).map(Some),
        other => {
            let message = format!("A part of type {other:?} was left out: bedrockWrapper takes text and images.");
            losses.push(Loss::of(LossCode::ContentOmitted, path, message));
            Ok(None)
        }
    }
}

fn text(given: Option<Value>, path: &str) -> Result<Option<Block>> {
    match given {
        Some(Value::String(text)) => Ok((!text.is_empty()).then_some(Block::Text(text))),
        Some(Value::Null) | None => Err(Error::invalid(path, "is missing.")),
        Some(other) => Err(Error::wrong_type(path, "a string", &other)),
    }
}

/// `{"url": …, "detail": …}`, or the URL itself.
fn image_url(given: Option<Value>, path: &str, losses: &mut Vec<Loss>) -> Result<Block> {
    let (url, path) = match given {
        Some(Value::Object(mut members)) => {
            if members.get("detail").is_some_and(|detail| !detail.is_null() && detail != "auto") {
                let message = "Left out: Bedrock decides itself how closely it looks.";
                losses.push(Loss::of(LossCode::UnsupportedField, format!("{path}.detail"), message));
            }
            (members.remove("url"), format!("{path}.url"))
        }
        given => (given, path.to_owned()),
    };
    image(url, path)
}

/// Anthropic's own part: `{"type": "base64", "media_type", "data"}` or `{"type": "url", "url"}`.
fn native_image(source: Option<Value>, path: &str) -> Result<Block> {
    let Some(Value::Object(mut source)) = source else {
        return Err(Error::invalid(path, "must be an object with type and data."));
    };
    let member = if source.contains_key("url") { "url" } else { "data" };
    image(source.remove(member), format!("{path}.{member}"))
}

fn image(given: Option<Value>, param: String) -> Result<Block> {
    match given {
        Some(Value::String(reference)) if !reference.is_empty() => {
            Ok(Block::Image(Image { param, source: ImageSource::Reference(reference) }))
        }
        Some(Value::String(_) | Value::Null) | None => Err(Error::invalid(param, "is missing; give a URL or base64.")),
        Some(other) => Err(Error::wrong_type(param, "a URL or base64 string", &other)),
    }
}
