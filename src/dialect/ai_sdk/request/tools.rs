//! `tools` and `toolChoice`: what the model may call, and whether it must.

use serde_json::{Value, json};

use super::marks::{self, Speaker};
use super::native;
use crate::conversation::{Function, Tool, ToolChoice};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// Reads `tools`.
pub(super) fn parse(given: Vec<Value>, losses: &mut Losses<'_>) -> Result<Vec<Tool>> {
    let path = Path::field("tools");
    let mut tools = Vec::with_capacity(given.len());
    for (index, item) in given.into_iter().enumerate() {
        let mut tool = Object::read(item, path.item(index), "an object with a type")?;
        let marks = marks::take(&mut tool, Speaker::Program, losses)?;
        match tool.required_string("type", "give function or provider")?.as_str() {
            "function" => tools.push(Tool::Function(function(&mut tool, losses)?)),
            "provider" | "provider-defined" => tools.extend(native::tool(&mut tool, losses)?.map(Tool::Native)),
            _ => losses.left_out(tool.at("type"), "this type of tool is not known: function and provider are")?,
        }
        tools.extend(marks.cache.map(Tool::CachePoint));
    }
    // The service refuses points that nothing stands before.
    if tools.iter().all(|tool| matches!(tool, Tool::CachePoint(_))) {
        tools.clear();
    }
    Ok(tools)
}

fn function(tool: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Function> {
    let description = tool.string("description")?.filter(|text| !text.trim().is_empty());
    let examples = tool.array("inputExamples", "an array of examples")?.unwrap_or_default();
    if !examples.is_empty() {
        losses.emulated(tool.at("inputExamples"), "Bedrock has no examples of inputs; they went into the description.");
    }
    Ok(Function {
        param: tool.place(),
        name: tool.required_string("name", "name the tool")?,
        description: with_examples(description, &examples),
        schema: tool.take("inputSchema").unwrap_or_default(),
        strict: tool.flag("strict")?.unwrap_or(false),
    })
}

fn with_examples(description: Option<String>, examples: &[Value]) -> Option<String> {
    if examples.is_empty() {
        return description;
    }
    let lines = examples.iter().map(|example| example.get("input").unwrap_or(example).to_string());
    let listed = format!("Examples of inputs:\n{}", lines.collect::<Vec<_>>().join("\n"));
    Some(description.map_or(listed.clone(), |text| format!("{text}\n\n{listed}")))
}

/// Reads `toolChoice`, which says nothing where there is nothing to choose from.
pub(super) fn choice(call: &mut Object<'_>, has_tools: bool, losses: &mut Losses<'_>) -> Result<ToolChoice> {
    let Some(given) = call.take("toolChoice") else { return Ok(ToolChoice::Auto) };
    let given = if given.is_string() { json!({ "type": given }) } else { given };
    let mut choice = Object::read(given, call.at("toolChoice"), "an object with a type")?;
    let read = match choice.required_string("type", "give auto, none, required or tool")?.as_str() {
        "auto" => ToolChoice::Auto,
        "none" => ToolChoice::None,
        "required" => ToolChoice::Required,
        "tool" => ToolChoice::Named(choice.required_string("toolName", "name a tool")?),
        _ => return Err(Error::invalid(choice.at("type"), "must be auto, none, required or tool.")),
    };
    if has_tools {
        return Ok(read);
    }
    if !matches!(read, ToolChoice::Auto | ToolChoice::None) {
        losses.left_out(Path::field("toolChoice"), "there are no tools to choose from")?;
    }
    Ok(ToolChoice::Auto)
}
