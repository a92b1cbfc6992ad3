//! Tools that a model was trained for: Claude's computer, shell, editor and memory.
//!
//! Facts: "Computer use" (user guide): they stand in `additionalModelRequestFields.tools` in Anthropic's own words, with a
//! flag in `anthropic_beta`; Converse's refusal ("The toolConfig field must be defined when using toolUse and toolResult
//! content blocks") holds for their calls too.

use serde_json::{Value, json};

use super::{betas, tools};
use crate::catalog::Model;
use crate::conversation::{Function, Loss, LossCode, NativeTool, Request, Tool, ToolChoice};

/// What makes a `toolConfig` where there are no functions to tell of.
const PLACEHOLDER: &str = "unused";

/// Leaves them out for models that are not Claude.
pub(super) fn refuse(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    if model.is_claude() {
        return;
    }
    let Request { tools, tool_choice, .. } = request;
    tools.retain(|tool| {
        let Tool::Native(native) = tool else { return true };
        let kind = native.definition["type"].as_str().unwrap_or(&native.name);
        let message = format!("Left out: {kind} is a tool of Claude, which {} is not known to be.", model.id);
        losses.push(Loss::of(LossCode::UnsupportedField, native.param.clone(), message));
        if *tool_choice == ToolChoice::Named(native.name.clone()) {
            *tool_choice = ToolChoice::Auto;
        }
        false
    });
}

/// All that are among the tools.
pub(super) fn natives(tools: &[Tool]) -> impl Iterator<Item = &NativeTool> {
    tools.iter().filter_map(|tool| match tool {
        Tool::Native(native) => Some(native),
        Tool::Function(_) | Tool::System(_) | Tool::CachePoint(_) => None,
    })
}

/// The model's own name of it; a set of tools has none.
pub(super) fn own_name(native: &NativeTool) -> Option<&str> {
    native.definition["name"].as_str()
}

/// Tools for `called` in a history beside nothing but native ones: Converse wants to have been told of some.
pub(super) fn beside(request: &mut Request, called: &[String]) {
    let is_native = |name: &&String| natives(&request.tools).any(|native| own_name(native) == Some(name.as_str()));
    let mut functions: Vec<Tool> =
        called.iter().filter(|name| !is_native(name)).map(|name| tools::named(name)).collect();
    if functions.is_empty() {
        functions.push(Tool::Function(Function {
            param: "tools".to_owned(),
            name: PLACEHOLDER.to_owned(),
            description: Some("Does nothing. Never call it.".to_owned()),
            schema: json!({"type": "object", "properties": {}}),
            strict: false,
        }));
    }
    request.tools.append(&mut functions);
}

/// Writes them, and a choice that concerns them, in the model's own words.
pub(super) fn write(request: &mut Request) {
    let of_native = match &request.tool_choice {
        ToolChoice::Required => Some(json!({"type": "any"})),
        ToolChoice::Named(name) => {
            natives(&request.tools).any(|native| native.name == *name).then(|| json!({"type": "tool", "name": name}))
        }
        ToolChoice::Auto | ToolChoice::None => None,
    };
    let fields = &mut request.extras.additional_fields;
    let mut definitions = Vec::new();
    for tool in request.tools.extract_if(.., |tool| matches!(tool, Tool::Native(_))) {
        let Tool::Native(native) = tool else { continue };
        definitions.push(native.definition);
        if let Some(beta) = native.beta {
            betas::add(fields, beta);
        }
    }
    if definitions.is_empty() {
        return;
    }
    if let Some(choice) = of_native {
        fields.entry("tool_choice").or_insert(choice);
        request.tool_choice = ToolChoice::Auto;
    }
    // Whoever wrote another form there wants it sent as it is.
    if let Value::Array(own) = fields.entry("tools").or_insert_with(|| json!([])) {
        own.append(&mut definitions);
    }
}
