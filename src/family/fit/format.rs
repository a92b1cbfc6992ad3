//! The form of the answer: by the service itself, by a tool whose input is the answer, or by words and a check.
//!
//! Facts: "Get validated JSON results from models" (user guide) for `outputConfig.textFormat` and the models that have
//! it. No schema fits "any object", so that form is asked for in words.

use serde_json::{Map, Value, json};

use super::tool_names::free;
use super::tools::{flatten, has_functions};
use super::{Plan, tools};
use crate::catalog::{Model, ToolChoices, Tools};
use crate::conversation::{
    Content, Format, FormatRoute, Function, JsonSchema, Loss, LossCode, Request, Tool, ToolChoice,
};
use crate::error::Result;
use crate::family::schema;

const JSON_TOOL: &str = "json_output";
const ANY_OBJECT: &str = "Answer with a single JSON object and nothing else: no explanation, no code fence.";

/// Asks for the form that the caller wants.
pub(super) fn fit(
    request: &mut Request,
    model: &Model,
    thinks: bool,
    plan: &mut Plan,
    losses: &mut Vec<Loss>,
) -> Result<()> {
    let format = std::mem::take(&mut request.format);
    let by_service = match request.format_route {
        FormatRoute::Best => model.structured_output,
        FormatRoute::Service => model.structured_output || model.is_claude(),
        FormatRoute::Tool => false,
    };
    plan.checked_by_caller = request.checks_format;
    match &format {
        Format::Text => {}
        Format::JsonObject => in_words(request, ANY_OBJECT.to_owned(), json!({"type": "object"}), plan),
        Format::JsonSchema(wanted) if by_service => native(request, wanted, losses),
        Format::JsonSchema(wanted) => instead(request, model, wanted, thinks, plan, losses)?,
    }
    request.format = format;
    Ok(())
}

fn native(request: &mut Request, wanted: &JsonSchema, losses: &mut Vec<Loss>) {
    let mut schema = wanted.schema.clone();
    if schema::clean(&mut schema) {
        let message = "Bounds that Bedrock does not take in a schema were put into its descriptions.";
        losses.push(Loss::of(LossCode::ValueAdjusted, "response_format", message));
    }
    let mut structure = json!({"schema": schema.to_string(), "name": wanted.name});
    if let Some(description) = wanted.description.as_deref().filter(|text| !text.is_empty()) {
        structure["description"] = json!(description);
    }
    let format = json!({"type": "json_schema", "structure": {"jsonSchema": structure}});
    let config = request.extras.output_config.get_or_insert_with(|| Value::Object(Map::new()));
    if let Some(config) = config.as_object_mut() {
        config.entry("textFormat").or_insert(format);
    }
}

/// For models without structured output, and for those that turn out not to have it.
pub(super) fn instead(
    request: &mut Request,
    model: &Model,
    wanted: &JsonSchema,
    thinks: bool,
    plan: &mut Plan,
    losses: &mut Vec<Loss>,
) -> Result<()> {
    if request.format_route != FormatRoute::Tool && !request.checks_format {
        let message = format!("{} does not hold answers to a schema; the answer is checked on our side.", model.id);
        losses.push(Loss::of(LossCode::Emulated, "response_format", message));
    }
    let refuses_force = thinks && model.is_claude() && !model.forced_while_thinking;
    let can_force = model.tools != Tools::None && model.tool_choice >= ToolChoices::Any && !refuses_force;
    let chosen = matches!(request.tool_choice, ToolChoice::Required | ToolChoice::Named(_));
    let is_object = wanted.schema.get("type").is_some_and(|kind| kind == "object");
    if !can_force || chosen || !is_object {
        let words = format!(
            "Answer with JSON that fits this schema, and nothing else: no explanation, no code fence.\n{}",
            wanted.schema
        );
        in_words(request, words, wanted.schema.clone(), plan);
        return Ok(());
    }
    by_tool(request, model, wanted, plan)
}

fn in_words(request: &mut Request, words: String, schema: Value, plan: &mut Plan) {
    request.system.push(Content::Text(words));
    plan.json_instructed = true;
    plan.schema = Some(schema);
}

fn by_tool(request: &mut Request, model: &Model, wanted: &JsonSchema, plan: &mut Plan) -> Result<()> {
    let name = free(request, request.format_tool.unwrap_or(JSON_TOOL));
    let mut input = wanted.schema.clone();
    if tools::follows_no_references(model) {
        flatten(&mut input, model, "response_format.json_schema.schema")?;
    }
    let description = wanted.description.as_deref().filter(|text| !text.is_empty());
    let description = description.unwrap_or("Gives the final answer to the user.").to_owned();
    request.tool_choice = match request.tool_choice {
        ToolChoice::Auto if has_functions(request) => ToolChoice::Required,
        _ => ToolChoice::Named(name.clone()),
    };
    request.tools.push(Tool::Function(Function {
        param: "response_format".to_owned(),
        name: name.clone(),
        description: Some(description),
        schema: input,
        strict: false,
    }));
    plan.json_tool = Some(name);
    plan.schema = Some(wanted.schema.clone());
    Ok(())
}
