//! The second argument of `bedrockWrapper`, read field by field.

use serde_json::{Map, Value};

use super::{fields, messages};
use crate::conversation::{Loss, LossCode, Parameters, Request};
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
        Value::Object(fields) => fields,
        other => return Err(Error::wrong_type("request", "an object with model and messages", &other)),
    };
    let model = match fields.remove("model") {
        Some(Value::String(model)) => model,
        Some(Value::Null) | None => return Err(Error::invalid("model", "is missing; name a model.")),
        Some(other) => return Err(Error::wrong_type("model", "a string", &other)),
    };
    let stream = stream(&fields, losses)?;
    let include_thinking = flag(&fields, "include_thinking_data")?;
    let parameters = Parameters {
        max_tokens: max_tokens(&fields)?,
        temperature: fraction(&fields, "temperature", losses)?,
        top_p: fraction(&fields, "top_p", losses)?,
        top_k: None,
        stop: stop(&fields)?,
    };
    let conversation = messages::parse(fields.remove("messages"), losses)?;
    for (name, value) in &fields {
        fields::judge(name, value, losses)?;
    }
    let request = Request { parameters, stream, ..conversation };
    Ok(Call { model, include_thinking, request })
}

fn flag(fields: &Map<String, Value>, name: &str) -> Result<bool> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(other) => Err(Error::wrong_type(name, "true or false", other)),
    }
}

/// The JS package takes any truthy value; the strings it was seen with are taken, and reported.
fn stream(fields: &Map<String, Value>, losses: &mut Vec<Loss>) -> Result<bool> {
    let Some(Value::String(word)) = fields.get("stream") else { return flag(fields, "stream") };
    let stream = match word.as_str() {
        "true" => true,
        "false" => false,
        _ => return Err(Error::invalid("stream", "must be true or false, not a string.")),
    };
    losses.push(Loss::of(LossCode::ValueAdjusted, "stream", "A string was taken for the boolean it spells."));
    Ok(stream)
}

fn max_tokens(fields: &Map<String, Value>) -> Result<Option<u32>> {
    for name in ["max_completion_tokens", "max_tokens"] {
        let value = match fields.get(name) {
            None | Some(Value::Null) => continue,
            Some(value) => value,
        };
        // JavaScript has one number type: 800.0 is 800.
        let whole = value.as_u64().or_else(|| whole_number(value.as_f64()?));
        let Some(tokens) = whole.and_then(|tokens| u32::try_from(tokens).ok()).filter(|&tokens| tokens > 0) else {
            return Err(Error::invalid(name, "must be a whole number of tokens, 1 or more."));
        };
        return Ok(Some(tokens));
    }
    Ok(None)
}

fn whole_number(number: f64) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
    (number >= 0.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0).then_some(number as u64)
}

/// Temperature and top_p: OpenAI lets temperature go to 2, Bedrock's models to 1 (Converse: `0 to 1`).
fn fraction(fields: &Map<String, Value>, name: &str, losses: &mut Vec<Loss>) -> Result<Option<f64>> {
    let value = match fields.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => value,
    };
    match value.as_f64() {
        Some(number) if (0.0..=1.0).contains(&number) => Ok(Some(number)),
        Some(number) if name == "temperature" && number > 1.0 && number <= 2.0 => {
            let message = format!("{number} is more than Bedrock takes; 1 was sent.");
            losses.push(Loss::of(LossCode::ValueAdjusted, name, message));
            Ok(Some(1.0))
        }
        Some(_) => Err(Error::invalid(name, "must be between 0 and 1.")),
        None => Err(Error::wrong_type(name, "a number", value)),
    }
}

/// `stop_sequences` wins over `stop`, unless it is empty. An empty sequence asks for nothing.
fn stop(fields: &Map<String, Value>) -> Result<Vec<String>> {
    for name in ["stop_sequences", "stop"] {
        let sequences = match fields.get(name) {
            None | Some(Value::Null) => continue,
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(items)) => strings(name, items)?,
            Some(other) => return Err(Error::wrong_type(name, "a string or an array of strings", other)),
        };
        let sequences: Vec<String> = sequences.into_iter().filter(|sequence| !sequence.is_empty()).collect();
        if !sequences.is_empty() {
            return Ok(sequences);
        }
    }
    Ok(Vec::new())
}

fn strings(name: &str, items: &[Value]) -> Result<Vec<String>> {
    let string = |(index, item): (usize, &Value)| match item {
        Value::String(text) => Ok(text.clone()),
        other => Err(Error::wrong_type(format!("{name}[{index}]"), "a string", other)),
    };
    items.iter().enumerate().map(string).collect()
}
