//! The second argument of `bedrockWrapper`, read field by field.

use serde_json::Value;

use super::fields::FIELDS;
use super::messages;
use crate::conversation::{Loss, Parameters, Request};
use crate::dialect::fields::judge;
use crate::dialect::losses::Losses;
use crate::dialect::parameters;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// A call as the caller meant it.
#[derive(Debug)]
pub struct Call {
    /// A name, id or ARN.
    pub model: String,
    /// Whether the text is to show the model's thinking.
    pub include_thinking: bool,
    /// What the model is asked.
    pub request: Request,
}

/// Reads a request. What is wrong is an error that names the field; what is left out is a loss.
pub fn parse(given: Value, losses: &mut Vec<Loss>) -> Result<Call> {
    let mut fields = match given {
        Value::Object(fields) => Object::request(fields),
        other => return Err(Error::wrong_type("request", "an object with model and messages", &other)),
    };
    let mut losses = Losses::new(losses, false);
    let model = fields.required_string("model", "name a model")?;
    let stream = stream(&mut fields, &mut losses)?;
    let include_thinking = fields.flag("include_thinking_data")?.unwrap_or(false);
    let parameters = Parameters {
        max_tokens: parameters::max_tokens(&mut fields)?,
        temperature: parameters::temperature(&mut fields, &mut losses)?,
        top_p: parameters::top_p(&mut fields)?,
        top_k: None,
        stop: parameters::stop(&mut fields)?,
    };
    let conversation = messages::parse(fields.take("messages"), &mut losses)?;
    for (name, value) in fields.unread() {
        judge(FIELDS, name, value, &mut losses)?;
    }
    losses.finish();
    Ok(Call { model, include_thinking, request: Request { parameters, stream, as_given: true, ..conversation } })
}

/// The JS package takes any truthy value; the strings it was seen with are taken, and reported.
fn stream(fields: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<bool> {
    let stream = match fields.take("stream") {
        None => return Ok(false),
        Some(Value::Bool(stream)) => return Ok(stream),
        Some(Value::String(word)) if word == "true" => true,
        Some(Value::String(word)) if word == "false" => false,
        Some(other) => return Err(Error::wrong_type("stream", "true or false", &other)),
    };
    losses.adjusted(fields.at("stream"), || "A string was taken for the boolean it spells.".to_owned());
    Ok(stream)
}
