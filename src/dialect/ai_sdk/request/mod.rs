//! `LanguageModelV4CallOptions` as a request.
//!
//! Read so that what a program wrote for `@ai-sdk/amazon-bedrock` 5.0 means the same here. What the model cannot take of it
//! is not judged here.

mod files;
mod format;
mod marks;
mod native;
mod options;
mod outputs;
mod parts;
mod prompt;
mod reasoning;
mod sampling;
mod service;
mod tools;

use serde_json::Value;

use super::fields::FIELDS;
use crate::conversation::{Loss, Request};
use crate::dialect::fields::{check_type, judge};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};
use options::{CLAUDES, NAMESPACE, OLDER_NAMESPACE, Options, namespaces};

/// Reads a call of a language model. What is wrong is an error that names the option; what is left out is a loss.
pub fn parse(call: Value, losses: &mut Vec<Loss>) -> Result<Request> {
    let Value::Object(members) = call else {
        return Err(Error::wrong_type("options", "an object", &call));
    };
    let mut call = Object::request(members);
    let mut losses = Losses::new(losses, false);
    let place = Path::field("providerOptions");
    let places = [place.member(NAMESPACE), place.member(OLDER_NAMESPACE), place.member(CLAUDES)];
    let mut options = Options::read(namespaces(&mut call)?, places)?;
    let prompt = prompt::parse(call.take("prompt"), &mut losses)?;
    let reasoning = reasoning::parse(&mut call, &mut options, &mut losses)?;
    let tools = tools::parse(call.array("tools", "an array of tools")?.unwrap_or_default(), &mut losses)?;
    let format = format::parse(&mut call, &mut losses)?;
    let route = options.format_route()?;
    let mut parameters = sampling::parse(&mut call, &mut losses)?;
    sampling::inference_config(&mut options, &mut parameters, &mut losses)?;
    let request = Request {
        parameters,
        reasoning: reasoning.asked,
        thinks_apart: true,
        thinking_display: reasoning.display,
        tool_choice: tools::choice(&mut call, !tools.is_empty(), &mut losses)?,
        parallel_tool_calls: options.disables_parallel_tools()?.then_some(false),
        tools,
        format,
        format_route: route,
        format_tool: Some(format::TOOL),
        checks_format: true,
        extras: service::parse(options, route)?,
        ..prompt
    };
    for (name, value) in call.unread() {
        check_type(FIELDS, name, value)?;
        judge(FIELDS, name, value, &mut losses)?;
    }
    losses.finish();
    Ok(request)
}
