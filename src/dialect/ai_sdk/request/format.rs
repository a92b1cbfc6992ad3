//! `responseFormat`: the form of the answer.

use serde_json::Value;

use crate::conversation::{Format, JsonSchema};
use crate::dialect::losses::Losses;
use crate::dialect::read::Object;
use crate::error::Result;

/// The longest name of a schema (`JsonSchemaDefinition` of Converse).
const LONGEST_NAME: usize = 64;
/// What `@ai-sdk/amazon-bedrock` calls the tool whose input is the answer; programs' mocks know it by that.
pub(super) const TOOL: &str = "json";
/// What a schema without a name is called.
const NAME: &str = "response";

/// Reads `responseFormat`. JSON without a schema is any JSON object.
pub(super) fn parse(call: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Format> {
    let Some(given) = call.take("responseFormat") else { return Ok(Format::Text) };
    let mut format = Object::read(given, call.at("responseFormat"), "an object with a type")?;
    match format.required_string("type", "give text or json")?.as_str() {
        "text" => Ok(Format::Text),
        "json" => {
            let name = format.string("name")?;
            let description = format.string("description")?.filter(|text| !text.trim().is_empty());
            Ok(match format.map("schema")? {
                Some(schema) => Format::JsonSchema(JsonSchema {
                    name: plain(name.as_deref().unwrap_or_default()),
                    description,
                    schema: Value::Object(schema),
                    strict: true,
                }),
                None => Format::JsonObject,
            })
        }
        _ => {
            losses.left_out(format.at("type"), "this form is not known: text and json are")?;
            Ok(Format::Text)
        }
    }
}

/// A name in the characters that the service takes.
fn plain(name: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    let letters = name.chars().take(LONGEST_NAME).map(|letter| if allowed(letter) { letter } else { '_' });
    let plain: String = letters.collect();
    if plain.is_empty() { NAME.to_owned() } else { plain }
}
