//! The body of a request, read field by field.

use serde_json::Value;

use super::fields::FIELDS;
use super::input;
use super::render::Encoding;
use crate::conversation::Loss;
use crate::conversation::embedding::{Purpose, Request, Truncate};
use crate::dialect::extra_body;
use crate::dialect::fields::{check_type, judge};
use crate::dialect::losses::Losses;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// A call as the caller meant it.
#[derive(Debug)]
pub struct Call {
    /// An id, ARN or name.
    pub model: String,
    /// How vectors are written.
    pub encoding: Encoding,
    /// What is embedded.
    pub request: Request,
}

/// Words for what vectors are for: Cohere's, then Jina's and Voyage's.
const PURPOSES: &[(&str, Purpose)] = &[
    ("search_document", Purpose::Document),
    ("search_query", Purpose::Query),
    ("classification", Purpose::Classification),
    ("clustering", Purpose::Clustering),
    ("document", Purpose::Document),
    ("passage", Purpose::Document),
    ("query", Purpose::Query),
];

/// Words for what is left out of a text that is too long: Cohere's for v3, its for v4.
const TRUNCATIONS: &[(&str, Truncate)] = &[
    ("NONE", Truncate::None),
    ("START", Truncate::Start),
    ("END", Truncate::End),
    ("LEFT", Truncate::Start),
    ("RIGHT", Truncate::End),
];

/// Reads a request. What is wrong is an error that names the field; what is left out is a loss, and with `strict` an
/// error too.
pub fn parse(body: Value, strict: bool, losses: &mut Vec<Loss>) -> Result<Call> {
    let mut fields = match body {
        Value::Object(fields) => Object::request(fields),
        other => return Err(Error::wrong_type("body", "an object with model and input", &other)),
    };
    let mut losses = Losses::new(losses, strict);
    let extra = extra_body::for_the_model(&mut fields, FIELDS, &mut losses)?;
    let model = fields.required_string("model", "name an embedding model")?;
    let encoding = encoding(&mut fields)?;
    let (inputs, is_single) = input::parse(fields.take("input"))?;
    let request = Request {
        inputs,
        field: "input",
        is_single,
        dimensions: fields.whole("dimensions", "a whole number", 1)?,
        purpose: purpose(&mut fields)?,
        truncate: truncate(&mut fields)?,
        normalize: fields.flag("normalize")?,
        extra,
    };
    for (name, value) in fields.unread() {
        check_type(FIELDS, name, value)?;
        judge(FIELDS, name, value, &mut losses)?;
    }
    losses.finish();
    Ok(Call { model, encoding, request })
}

fn encoding(fields: &mut Object<'_>) -> Result<Encoding> {
    match fields.string("encoding_format")?.as_deref() {
        None | Some("float") => Ok(Encoding::Float),
        Some("base64") => Ok(Encoding::Base64),
        Some(_) => Err(Error::invalid("encoding_format", "must be \"float\" or \"base64\".")),
    }
}

/// A word that is none of these may be the model's own.
fn purpose(fields: &mut Object<'_>) -> Result<Option<Purpose>> {
    let Some(word) = fields.string("input_type")? else { return Ok(None) };
    let known = PURPOSES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
    Ok(Some(known.map_or(Purpose::Other(word), |(_, purpose)| purpose.clone())))
}

fn truncate(fields: &mut Object<'_>) -> Result<Option<Truncate>> {
    let Some(word) = fields.string("truncate")? else { return Ok(None) };
    let known = TRUNCATIONS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
    let unknown = || Error::invalid("truncate", "must be \"NONE\", \"START\" or \"END\".");
    known.map(|(_, truncate)| Some(*truncate)).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(mut body: Value) -> Result<(Call, Vec<Loss>)> {
        for (name, value) in [("model", json!("cohere.embed-v4:0")), ("input", json!("Hello"))] {
            if body.get(name).is_none() {
                body[name] = value;
            }
        }
        let mut losses = Vec::new();
        parse(body, false, &mut losses).map(|call| (call, losses))
    }

    #[test]
    fn every_field_finds_its_place() {
        let body = json!({
            "dimensions": 512,
            "encoding_format": "base64",
            "extra_body": {"input_type": "query"},
            "truncate": "LEFT",
            "normalize": true,
            "embedding_types": ["float"],
            "additionalModelRequestFields": {"max_tokens": 100},
        });
        let (call, losses) = parsed(body).unwrap();
        assert_eq!((call.model.as_str(), call.encoding), ("cohere.embed-v4:0", Encoding::Base64));
        let request = call.request;
        assert_eq!((request.dimensions, request.normalize), (Some(512), Some(true)));
        assert_eq!((request.purpose, request.truncate), (Some(Purpose::Query), Some(Truncate::Start)));
        assert_eq!(Value::Object(request.extra), json!({"max_tokens": 100}));
        assert_eq!(losses, []);
    }

    #[test]
    fn a_user_is_left_out_with_a_warning() {
        let (_, losses) = parsed(json!({"user": "u-1", "colour": "red"})).unwrap();
        let params: Vec<_> = losses.iter().filter_map(|loss| loss.param.as_deref()).collect();
        assert_eq!(params, ["user", "colour"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, message) in [
            (json!({"model": null}), "model: is missing; name an embedding model."),
            (json!({"model": 7}), "model: must be a string, not this number."),
            (json!({"dimensions": 0}), "dimensions: must be a whole number, 1 or more."),
            (json!({"dimensions": "512"}), "dimensions: must be a whole number, not a string."),
            (json!({"encoding_format": "int8"}), "encoding_format: must be \"float\" or \"base64\"."),
            (json!({"truncate": "MIDDLE"}), "truncate: must be \"NONE\", \"START\" or \"END\"."),
            (
                json!({"embedding_types": ["int8"]}),
                "embedding_types: cannot be done: the answer has one vector of floats for each input.",
            ),
        ] {
            assert_eq!(parsed(body).unwrap_err().message, message);
        }
    }
}
