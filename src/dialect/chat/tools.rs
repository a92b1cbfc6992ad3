//! `tools` and its older form `functions`: what the model may call.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::caching;
use crate::conversation::{Function, SystemTool, Tool, Ttl};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// The tools of a request.
pub(super) struct Tools {
    /// In order.
    pub(super) list: Vec<Tool>,
    /// Names of those of type `custom`.
    pub(super) custom: Vec<String>,
    /// Whether they were given as `functions`.
    pub(super) legacy: bool,
}

/// Reads `tools` or `functions`; `ttl` is that of cache marks which have none.
pub(super) fn parse(fields: &mut Object<'_>, ttl: Option<Ttl>, losses: &mut Losses<'_>) -> Result<Tools> {
    let given = fields.array("tools", "an array of tools")?.unwrap_or_default();
    let functions = fields.array("functions", "an array of functions")?.unwrap_or_default();
    let legacy = !functions.is_empty();
    if legacy && !given.is_empty() {
        return Err(Error::invalid("functions", "cannot stand beside tools, which replaced it. Give tools alone."));
    }
    let mut tools = Tools { list: Vec::with_capacity(given.len()), custom: Vec::new(), legacy };
    let path = Path::field("tools");
    for (index, item) in given.into_iter().enumerate() {
        tools.read(Object::read(item, path.item(index), "an object with a type")?, ttl, losses)?;
    }
    let path = Path::field("functions");
    for (index, item) in functions.into_iter().enumerate() {
        let mut given = Object::read(item, path.item(index), "an object with a name")?;
        let function = function(&mut given, losses)?;
        tools.list.push(Tool::Function(function));
    }
    unique(&tools.list)?;
    Ok(tools)
}

impl Tools {
    fn read(&mut self, mut tool: Object<'_>, ttl: Option<Ttl>, losses: &mut Losses<'_>) -> Result<()> {
        let mark = caching::mark(&mut tool, ttl, losses)?;
        if let Some(given) = tool.take("systemTool") {
            let mut system = Object::read(given, tool.at("systemTool"), "an object with a name")?;
            let name = system.required_string("name", "name the tool")?;
            self.list.push(Tool::System(SystemTool { param: system.place(), name }));
        } else if tool.has("type") || mark.is_none() {
            self.typed(&mut tool, losses)?;
        }
        losses.unread(&tool)?;
        self.list.extend(mark.map(Tool::CachePoint));
        Ok(())
    }

    fn typed(&mut self, tool: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<()> {
        let kind = tool.required_string("type", "give function or custom")?;
        let read = match kind.as_str() {
            "function" => function,
            "custom" => custom,
            _ => return Err(Error::invalid(tool.at("type"), "must be function or custom.")),
        };
        let given = tool.take(&kind).ok_or_else(|| Error::missing(tool.at(&kind), "describe the tool"))?;
        let mut given = Object::read(given, tool.at(&kind), "an object with a name")?;
        let mut function = read(&mut given, losses)?;
        function.param = tool.place();
        if kind == "custom" {
            self.custom.push(function.name.clone());
        }
        self.list.push(Tool::Function(function));
        Ok(())
    }
}

fn function(given: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Function> {
    let function = Function {
        param: given.place(),
        name: name(given)?,
        description: given.string("description")?.filter(|text| !text.is_empty()),
        schema: schema(given.map("parameters")?, given)?,
        strict: given.flag("strict")?.unwrap_or(false),
    };
    losses.unread(given)?;
    Ok(function)
}

/// A tool that takes a text: a function with one string. A grammar cannot be held to; it is told to the model.
fn custom(given: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Function> {
    let name = name(given)?;
    let mut description = given.string("description")?.unwrap_or_default();
    if let Some(format) = given.take("format") {
        let mut format = Object::read(format, given.at("format"), "an object with a type")?;
        match format.required_string("type", "give text or grammar")?.as_str() {
            "text" => {}
            "grammar" => {
                let grammar = format.take("grammar").unwrap_or_default();
                let mut grammar = Object::read(grammar, format.at("grammar"), "an object with a definition")?;
                let syntax = grammar.required_string("syntax", "give lark or regex")?;
                let definition = grammar.required_string("definition", "give the grammar")?;
                if !description.is_empty() {
                    description += "\n\n";
                }
                description += &format!("The input must match this {syntax} grammar:\n{definition}");
                let message = "Bedrock does not hold a tool's input to a grammar; it was put into the description.";
                losses.emulated(format.at("grammar"), message);
            }
            _ => return Err(Error::invalid(format.at("type"), "must be text or grammar.")),
        }
    }
    losses.unread(given)?;
    Ok(Function {
        param: given.place(),
        name,
        description: Some(description).filter(|text| !text.is_empty()),
        schema: json!({"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}),
        strict: false,
    })
}

fn name(given: &mut Object<'_>) -> Result<String> {
    let name = given.required_string("name", "name the tool")?;
    if name.is_empty() { Err(Error::invalid(given.at("name"), "must not be empty.")) } else { Ok(name) }
}

/// The input of a tool is an object, also where the schema does not say so.
fn schema(parameters: Option<Map<String, Value>>, given: &Object<'_>) -> Result<Value> {
    let Some(mut schema) = parameters else { return Ok(json!({"type": "object", "properties": {}})) };
    match schema.get("type") {
        None | Some(Value::Null) => drop(schema.insert("type".to_owned(), Value::from("object"))),
        Some(Value::String(kind)) if kind != "object" => {
            let path = given.at("parameters");
            return Err(Error::invalid(path, "must be the schema of an object, as a tool's input is one."));
        }
        Some(_) => {}
    }
    Ok(Value::Object(schema))
}

fn unique(tools: &[Tool]) -> Result<()> {
    let mut names = HashSet::with_capacity(tools.len());
    for tool in tools {
        let Tool::Function(function) = tool else { continue };
        if !names.insert(function.name.as_str()) {
            let message = format!("has the name {:?}, which another tool has. Give each tool its own.", function.name);
            return Err(Error::invalid(function.param.clone(), message));
        }
    }
    Ok(())
}
