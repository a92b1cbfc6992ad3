//! What the model may call: the tools themselves and their schemas, and that history with calls has tools.
//!
//! Facts: Converse's refusals ("This model doesn't support tool use in streaming mode", "The toolConfig field must be
//! defined when using toolUse and toolResult content blocks", "…inputSchema.json.type must be one of the following:
//! object"); "Tool use with Amazon Nova" for the root of a schema.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Plan, native_tools};
use crate::catalog::{Family, Model, Tools};
use crate::conversation::{Block, Content, Function, Loss, LossCode, Request, SystemTool, Tool, ToolChoice};
use crate::error::{ApiCode, Error, Result};
use crate::family::schema;

/// Refuses tools that the model cannot use.
pub(super) fn refuse(request: &mut Request, model: &Model) -> Result<()> {
    refuse_system_tools(request, model)?;
    if request.tools.is_empty() || model.tools != Tools::None {
        return Ok(());
    }
    if request.tool_choice == ToolChoice::None {
        request.tools.clear();
        return Ok(());
    }
    let message = format!("{} cannot call tools. Leave them out or choose another model.", model.id);
    Err(Error::invalid("tools", message))
}

/// Only Amazon's Nova is known to run tools itself; a model that is not known may.
fn refuse_system_tools(request: &Request, model: &Model) -> Result<()> {
    if model.family.is_none() || model.is_nova() {
        return Ok(());
    }
    let asked = request.tools.iter().find_map(|tool| match tool {
        Tool::System(system) => Some(system),
        Tool::Function(_) | Tool::Native(_) | Tool::CachePoint(_) => None,
    });
    let Some(SystemTool { param, name }) = asked else { return Ok(()) };
    let message = format!("{} has no {name}; Amazon Nova has. Leave it out or choose another model.", model.id);
    Err(Error::invalid(param, message).coded(ApiCode::UnsupportedParameter))
}

/// Notes where a stream can hold no calls.
pub(super) fn ask_whole(request: &Request, model: &Model, plan: &mut Plan, losses: &mut Vec<Loss>) {
    if model.tools == Tools::Once && request.stream && !request.tools.is_empty() {
        plan.replay_whole = true;
        let message = format!("{} calls no tools in a stream; the answer was asked for whole.", model.id);
        losses.push(Loss::of(LossCode::Fallback, "stream", message));
    }
}

/// Tools for the calls in the history, where the request has none: Converse refuses the one without the other.
pub(super) fn of_history(request: &mut Request, losses: &mut Vec<Loss>) {
    if request.tools.iter().any(|tool| !matches!(tool, Tool::Native(_))) {
        return;
    }
    let mut names: Vec<&str> = Vec::new();
    let mut seen = HashSet::new();
    for call in calls(request) {
        if seen.insert(call) {
            names.push(call);
        }
    }
    if names.is_empty() {
        return;
    }
    if !request.tools.is_empty() {
        native_tools::beside(request, &names.into_iter().map(str::to_owned).collect::<Vec<_>>());
        return;
    }
    let message =
        "The messages hold tool calls, but the request has no tools; Bedrock was told of those that were called.";
    losses.push(Loss::of(LossCode::Emulated, "tools", message));
    request.tools = names.into_iter().map(named).collect();
    // They are there for the history; the caller offers none.
    request.tool_choice = ToolChoice::None;
    request.parallel_tool_calls = None;
}

/// A tool that nothing but the name is known of.
pub(super) fn named(name: &str) -> Tool {
    Tool::Function(Function {
        param: "tools".to_owned(),
        name: name.to_owned(),
        description: None,
        schema: json!({"type": "object"}),
        strict: false,
    })
}

/// The tools that the conversation called.
fn calls(request: &Request) -> impl Iterator<Item = &str> {
    let blocks = request.messages.iter().flat_map(|message| match &message.content {
        Content::Text(_) => &[],
        Content::Blocks(blocks) => blocks.as_slice(),
    });
    blocks.filter_map(|block| match block {
        Block::ToolUse(call) => Some(call.name.as_str()),
        _ => None,
    })
}

/// Whether Converse requires tools because of the messages.
pub(super) fn required_by_history(request: &Request) -> bool {
    calls(request).next().is_some()
}

/// Schemas in the form that the model takes.
pub(super) fn schemas(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) -> Result<()> {
    let mut simplified = Vec::new();
    for tool in &mut request.tools {
        let Tool::Function(function) = tool else { continue };
        object_root(function)?;
        if fit_schema(function, model, losses)? {
            simplified.push(function.name.as_str());
        }
    }
    if let [first, others @ ..] = simplified.as_slice() {
        let others = if others.is_empty() { String::new() } else { format!(" and {} others", others.len()) };
        let message = format!("The schema of {first}{others} was put into the form that {} takes.", model.id);
        losses.push(Loss::of(LossCode::ValueAdjusted, "tools", message));
    }
    Ok(())
}

/// The input of a tool is an object; an absent schema is one that takes anything.
fn object_root(function: &mut Function) -> Result<()> {
    if function.schema.is_null() {
        function.schema = json!({"type": "object", "properties": {}});
    }
    let Some(members) = function.schema.as_object_mut() else {
        return Err(Error::wrong_type(function.param.clone(), "a JSON schema, which is an object", &function.schema));
    };
    match members.get("type") {
        Some(Value::String(kind)) if kind == "object" => {}
        None | Some(Value::Null) => {
            members.insert("type".to_owned(), json!("object"));
        }
        Some(Value::Array(kinds)) if kinds.contains(&json!("object")) => {
            members.insert("type".to_owned(), json!("object"));
        }
        Some(other) => {
            let message = format!("the schema of a tool's input must be of type \"object\", not {other}.");
            return Err(Error::invalid(function.param.clone(), message));
        }
    }
    Ok(())
}

/// Says whether the schema lost anything.
fn fit_schema(function: &mut Function, model: &Model, losses: &mut Vec<Loss>) -> Result<bool> {
    if function.strict && !model.structured_output {
        function.strict = false;
        let message = format!("{} does not hold tool inputs to a schema; strict was left out.", model.id);
        losses.push(Loss::of(LossCode::UnsupportedField, function.param.clone(), message));
    }
    if function.strict {
        return Ok(schema::clean(&mut function.schema));
    }
    if follows_no_references(model) { flatten(&mut function.schema, model, &function.param) } else { Ok(false) }
}

pub(super) fn follows_no_references(model: &Model) -> bool {
    matches!(model.family, Some(Family::Nova | Family::Llama3 | Family::Llama4))
}

/// Replaces references; says whether the schema lost anything by it.
pub(super) fn flatten(given: &mut Value, model: &Model, param: &str) -> Result<bool> {
    let (inlined, cut) = schema::inline(given).map_err(|schema::TooLarge| {
        let message = format!("{} follows no $ref, and without them the schema is too large.", model.id);
        Error::invalid(param, message)
    })?;
    *given = inlined;
    Ok((model.is_nova() && schema::plain_root(given)) || cut)
}

/// Whether anything is among the tools that the caller carries out.
pub(super) fn has_functions(request: &Request) -> bool {
    request.tools.iter().any(|tool| matches!(tool, Tool::Function(_) | Tool::Native(_)))
}
