//! Whether the model may, must or must not call a tool, and how many at once.
//!
//! Facts: `ToolChoice` of Converse ("Only supported by Anthropic Claude 3 and Amazon Nova models"); "This model doesn't
//! support the toolConfig.toolChoice.any field"; Anthropic's `tool_choice` for what Converse has no member for;
//! "Extended thinking": no forced tools while thinking.

use serde_json::{Map, Value, json};

use super::native_tools::natives;
use super::tool_names::functions;
use super::tools::{has_functions, required_by_history};
use crate::catalog::{Model, ToolChoices};
use crate::conversation::{Content, Loss, LossCode, Request, Tool, ToolChoice};
use crate::error::{Error, Result};

/// Refuses the name of a tool that is not there; without tools there is nothing to choose.
pub(super) fn check(request: &mut Request) -> Result<()> {
    if !has_functions(request) {
        if request.tools.is_empty() || request.tool_choice != ToolChoice::Required {
            request.tool_choice = ToolChoice::Auto;
        }
        request.parallel_tool_calls = None;
        return Ok(());
    }
    match &request.tool_choice {
        ToolChoice::Named(name) if !names(&request.tools).any(|known| known == name) => {
            Err(Error::invalid("tool_choice", format!("no tool is named {name:?}; name one of tools.")))
        }
        _ => Ok(()),
    }
}

fn names(tools: &[Tool]) -> impl Iterator<Item = &str> {
    let functions = functions(tools).map(|function| function.name.as_str());
    functions.chain(natives(tools).map(|native| native.name.as_str()))
}

/// Puts the choice into what `model` takes.
pub(super) fn fit(request: &mut Request, model: &Model, thinks: bool, losses: &mut Vec<Loss>) {
    let forced = matches!(request.tool_choice, ToolChoice::Required | ToolChoice::Named(_));
    if forced && thinks && model.is_claude() && !model.forced_while_thinking {
        let message = "No tool can be forced while the model thinks; it decides itself.";
        losses.push(Loss::of(LossCode::ValueAdjusted, "tool_choice", message));
        request.tool_choice = ToolChoice::Auto;
    }
    match &request.tool_choice {
        ToolChoice::None => none(request, model, losses),
        ToolChoice::Required if model.tool_choice < ToolChoices::Any => {
            in_words(request, model, "Answer with a call of one of the tools.".to_owned(), losses);
        }
        ToolChoice::Named(name) if model.tool_choice < ToolChoices::Any => {
            let words = format!("Answer with a call of the tool {name}.");
            in_words(request, model, words, losses);
        }
        ToolChoice::Named(name) if model.tool_choice < ToolChoices::Named => {
            let name = name.clone();
            only(request, &name, model, losses);
        }
        ToolChoice::Auto | ToolChoice::Required | ToolChoice::Named(_) => {}
    }
    if request.parallel_tool_calls == Some(false) && has_functions(request) {
        one_at_a_time(request, model, losses);
    }
}

/// Without calls in the history the tools are simply not sent.
fn none(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    request.parallel_tool_calls = None;
    if !required_by_history(request) {
        request.tools.clear();
        request.tool_choice = ToolChoice::Auto;
        return;
    }
    if model.is_claude() {
        write(request, json!({"type": "none"}));
        request.tool_choice = ToolChoice::Auto;
        return;
    }
    in_words(request, model, "Do not call any tool.".to_owned(), losses);
}

fn in_words(request: &mut Request, model: &Model, words: String, losses: &mut Vec<Loss>) {
    let message = format!("{} has no such choice of tools; it was told in the instructions: {words}", model.id);
    losses.push(Loss::of(LossCode::Emulated, "tool_choice", message));
    request.system.push(Content::Text(words));
    request.tool_choice = ToolChoice::Auto;
}

/// A model that can be made to call a tool, but not which, gets only that one.
fn only(request: &mut Request, name: &str, model: &Model, losses: &mut Vec<Loss>) {
    request.tools.retain(|tool| matches!(tool, Tool::Function(function) if function.name == name));
    request.tool_choice = ToolChoice::Required;
    let message = format!("{} cannot be told which tool to call; it was given that one only.", model.id);
    losses.push(Loss::of(LossCode::Emulated, "tool_choice", message));
}

fn one_at_a_time(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    if !model.is_claude() {
        let message = format!("{} decides itself how many tools it calls at once.", model.id);
        losses.push(Loss::of(LossCode::UnsupportedField, "parallel_tool_calls", message));
        return;
    }
    let mut choice = match &request.tool_choice {
        ToolChoice::Required => json!({"type": "any"}),
        ToolChoice::Named(name) => json!({"type": "tool", "name": name}),
        ToolChoice::Auto | ToolChoice::None => json!({"type": "auto"}),
    };
    choice["disable_parallel_tool_use"] = Value::Bool(true);
    write(request, choice);
    request.tool_choice = ToolChoice::Auto;
}

/// What the caller wrote there himself stays.
fn write(request: &mut Request, choice: Value) {
    let fields: &mut Map<String, Value> = &mut request.extras.additional_fields;
    fields.entry("tool_choice").or_insert(choice);
}
