//! `tool_choice` and its older form `function_call`: whether the model may, must or must not call a tool.

use std::collections::HashSet;

use serde_json::Value;

use super::tools::Tools;
use crate::conversation::{Tool, ToolChoice};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// Reads the choice. `allowed_tools` takes the other tools away.
pub(super) fn parse(fields: &mut Object<'_>, tools: &mut Tools, losses: &mut Losses<'_>) -> Result<ToolChoice> {
    let older = fields.take("function_call").map(|given| function_call(given, tools)).transpose()?;
    let newer = fields.take("tool_choice").map(|given| tool_choice(given, tools)).transpose()?;
    let (name, choice) = match (newer, older) {
        (Some(choice), _) => ("tool_choice", choice),
        (None, Some(choice)) => ("function_call", choice),
        (None, None) => return Ok(ToolChoice::Auto),
    };
    if !tools.list.is_empty() {
        return Ok(choice);
    }
    if !matches!(choice, ToolChoice::Auto | ToolChoice::None) {
        losses.left_out(Path::field(name), "there are no tools to choose from")?;
    }
    Ok(ToolChoice::Auto)
}

fn tool_choice(given: Value, tools: &mut Tools) -> Result<ToolChoice> {
    let path = Path::field("tool_choice");
    match given {
        Value::String(word) => match word.as_str() {
            "none" => Ok(ToolChoice::None),
            "auto" => Ok(ToolChoice::Auto),
            "required" => Ok(ToolChoice::Required),
            _ => Err(Error::invalid(path, "must be none, auto, required or an object that names a tool.")),
        },
        given => {
            let mut choice = Object::read(given, path, "none, auto, required or an object")?;
            let kind = choice.required_string("type", "give function, custom or allowed_tools")?;
            match kind.as_str() {
                "function" | "custom" => {
                    let name = name_in(&mut choice, &kind)?;
                    known(&name, tools, path.member(&kind).member("name"))?;
                    Ok(ToolChoice::Named(name))
                }
                "allowed_tools" => allowed_tools(&mut choice, tools),
                _ => Err(Error::invalid(choice.at("type"), "must be function, custom or allowed_tools.")),
            }
        }
    }
}

/// `{"function": {"name": …}}`, with the member that `kind` names.
fn name_in(holder: &mut Object<'_>, kind: &str) -> Result<String> {
    let given = holder.take(kind).ok_or_else(|| Error::missing(holder.at(kind), "give the name of a tool"))?;
    let mut named = Object::read(given, holder.at(kind), "an object with a name")?;
    named.required_string("name", "name a tool")
}

/// `{"mode": "auto" | "required", "tools": [{"type", …}]}`
fn allowed_tools(choice: &mut Object<'_>, tools: &mut Tools) -> Result<ToolChoice> {
    let given = choice.take("allowed_tools");
    let given = given.ok_or_else(|| Error::missing(choice.at("allowed_tools"), "give a mode and tools"))?;
    let mut allowed = Object::read(given, choice.at("allowed_tools"), "an object with a mode and tools")?;
    let mode = match allowed.required_string("mode", "give auto or required")?.as_str() {
        "auto" => ToolChoice::Auto,
        "required" => ToolChoice::Required,
        _ => return Err(Error::invalid(allowed.at("mode"), "must be auto or required.")),
    };
    let items = allowed.array("tools", "an array of tools")?.unwrap_or_default();
    let path = allowed.at("tools");
    let held: HashSet<&str> = tools.list.iter().filter_map(name).collect();
    let mut names = HashSet::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let mut tool = Object::read(item, path.item(index), "an object with a type")?;
        let kind = tool.required_string("type", "give function or custom")?;
        let name = name_in(&mut tool, &kind)?;
        if !held.contains(name.as_str()) {
            return Err(stranger(&name, tool.at(&kind).member("name")));
        }
        names.insert(name);
    }
    tools.list.retain(|tool| name(tool).is_none_or(|name| names.contains(name)));
    Ok(mode)
}

fn function_call(given: Value, tools: &Tools) -> Result<ToolChoice> {
    let path = Path::field("function_call");
    match given {
        Value::String(word) if word == "none" => Ok(ToolChoice::None),
        Value::String(word) if word == "auto" => Ok(ToolChoice::Auto),
        Value::String(_) => Err(Error::invalid(path, "must be none, auto or an object that names a function.")),
        given => {
            let mut choice = Object::read(given, path, "none, auto or an object with a name")?;
            let name = choice.required_string("name", "name a function")?;
            known(&name, tools, choice.at("name"))?;
            Ok(ToolChoice::Named(name))
        }
    }
}

fn known(wanted: &str, tools: &Tools, path: Path<'_>) -> Result<()> {
    let there = tools.list.is_empty() || tools.list.iter().filter_map(name).any(|name| name == wanted);
    if there { Ok(()) } else { Err(stranger(wanted, path)) }
}

fn stranger(name: &str, path: Path<'_>) -> Error {
    Error::invalid(path, format!("{name:?} is not among the tools."))
}

fn name(tool: &Tool) -> Option<&str> {
    match tool {
        Tool::Function(function) => Some(&function.name),
        Tool::System(system) => Some(&system.name),
        Tool::Native(_) | Tool::CachePoint(_) => None,
    }
}
