//! `response_format`: the form of the answer.

use serde_json::Value;

use crate::conversation::{Format, JsonSchema};
use crate::dialect::losses::Losses;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// The longest name of a schema.
const LONGEST_NAME: usize = 64;

/// Reads `response_format`. A schema format without a schema asks for any JSON object.
pub(super) fn parse(fields: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Format> {
    let Some(given) = fields.take("response_format") else { return Ok(Format::Text) };
    let mut format = Object::read(given, fields.at("response_format"), "an object with a type")?;
    let parsed = match format.required_string("type", "give text, json_object or json_schema")?.as_str() {
        "text" => Format::Text,
        "json_object" => Format::JsonObject,
        "json_schema" => json_schema(&mut format, losses)?,
        _ => return Err(Error::invalid(format.at("type"), "must be text, json_object or json_schema.")),
    };
    losses.unread(&format)?;
    Ok(parsed)
}

fn json_schema(format: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Format> {
    let given = format.take("json_schema");
    let given = given.ok_or_else(|| Error::missing(format.at("json_schema"), "give a name and a schema"))?;
    let mut schema = Object::read(given, format.at("json_schema"), "an object with a name and a schema")?;
    let name = schema.required_string("name", "name the schema")?;
    let plain = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_' || letter == b'-';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(plain) {
        let message = format!("must be 1 to {LONGEST_NAME} letters, digits, _ and -.");
        return Err(Error::invalid(schema.at("name"), message));
    }
    let description = schema.string("description")?.filter(|text| !text.is_empty());
    let strict = schema.flag("strict")?.unwrap_or(false);
    let parsed = match schema.map("schema")? {
        Some(members) => Format::JsonSchema(JsonSchema { name, description, schema: Value::Object(members), strict }),
        None => Format::JsonObject,
    };
    losses.unread(&schema)?;
    Ok(parsed)
}
