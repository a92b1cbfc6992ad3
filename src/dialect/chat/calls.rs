//! The tool calls of assistant messages.

use serde_json::{Map, Value, json};

use crate::conversation::ToolUse;
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// Reads one of `tool_calls`.
pub(super) fn tool_call(item: Value, path: Path<'_>, losses: &mut Losses<'_>) -> Result<ToolUse> {
    let mut call = Object::read(item, path, "an object with an id")?;
    let id = call.required_string("id", "give the id that the model gave the call")?;
    let kind = match call.string("type")? {
        Some(kind) => kind,
        None if call.has("custom") => "custom".to_owned(),
        None => "function".to_owned(),
    };
    let read = match kind.as_str() {
        "function" => function,
        "custom" => custom,
        _ => return Err(Error::invalid(call.at("type"), "must be function or custom.")),
    };
    let given = call.take(&kind).ok_or_else(|| Error::missing(call.at(&kind), "say what was called"))?;
    let (name, input) = read(&mut Object::read(given, call.at(&kind), "an object with a name")?, losses)?;
    // What streams number their calls by.
    call.drop_if("index", Value::is_number);
    losses.unread(&call)?;
    Ok(ToolUse { param: path.into(), id, name, input })
}

/// Reads the older `function_call`, which has no id.
pub(super) fn function_call(given: Value, path: Path<'_>, id: String, losses: &mut Losses<'_>) -> Result<ToolUse> {
    let (name, input) = function(&mut Object::read(given, path, "an object with a name")?, losses)?;
    Ok(ToolUse { param: path.into(), id, name, input })
}

fn function(call: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<(String, Value)> {
    let name = call.required_string("name", "name the function")?;
    let input = match call.take("arguments") {
        None => Value::Object(Map::new()),
        Some(Value::String(text)) => arguments(text, call.at("arguments"), losses)?,
        Some(given @ Value::Object(_)) => given,
        Some(other) => {
            return Err(Error::wrong_type(call.at("arguments"), "a string that holds a JSON object", &other));
        }
    };
    // The `parse` helper of the openai package adds it to the calls of its answers.
    call.take("parsed_arguments");
    losses.unread(call)?;
    Ok((name, input))
}

/// The input of a tool is an object on Bedrock. Arguments that a model did not finish are kept as they are.
fn arguments(text: String, path: Path<'_>, losses: &mut Losses<'_>) -> Result<Value> {
    if text.trim_ascii().is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    match serde_json::from_str(&text) {
        Ok(Value::Object(members)) => Ok(Value::Object(members)),
        Ok(other) => {
            losses.adjusted(path, || "The input of a tool is an object; it was sent as `{\"value\": …}`.".to_owned());
            Ok(json!({ "value": other }))
        }
        Err(error) if losses.strict() => {
            Err(Error::invalid(path, format!("must be a string that holds a JSON object: {error}.")))
        }
        Err(error) => {
            let message =
                format!("These arguments are no JSON ({error}); they were sent as `{{\"_raw_arguments\": …}}`.");
            losses.adjusted(path, || message);
            Ok(json!({ "_raw_arguments": text }))
        }
    }
}

/// The call of a custom tool is that of a function with one string.
fn custom(call: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<(String, Value)> {
    let name = call.required_string("name", "name the tool")?;
    let input = call.required_string("input", "give the input of the tool")?;
    losses.unread(call)?;
    Ok((name, json!({ "input": input })))
}
