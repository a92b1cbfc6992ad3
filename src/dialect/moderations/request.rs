//! The body of a request, read field by field.

use serde_json::{Map, Value};

use super::fields::FIELDS;
use crate::conversation::moderation::{Guardrail, Part};
use crate::conversation::{Image, ImageSource, Loss};
use crate::dialect::fields::{check_type, judge};
use crate::dialect::losses::Losses;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// Most inputs of a request: each is a call.
const MOST_INPUTS: usize = 256;
/// Most parts of one input (API reference, "ApplyGuardrail": 20 pictures).
const MOST_PARTS: usize = 100;

/// What OpenAI's own models of moderation begin with.
const OPENAI_MODELS: &[&str] = &["omni-moderation", "text-moderation"];

/// The version of a guardrail whose version nobody names.
const DRAFT: &str = "DRAFT";

/// A call as the caller meant it.
#[derive(Debug)]
pub struct Call {
    /// As the caller wrote it.
    pub model: Option<String>,
    /// The guardrail that `model` is, if it is none of OpenAI's models.
    pub guardrail: Option<Guardrail>,
    /// What is judged: each input for itself, all parts of one together.
    pub inputs: Vec<Vec<Part>>,
}

/// Reads a request. What is wrong is an error that names the field.
pub fn parse(body: Value, strict: bool, losses: &mut Vec<Loss>) -> Result<Call> {
    let mut fields = match body {
        Value::Object(fields) => Object::request(fields),
        other => return Err(Error::wrong_type("body", "an object with input", &other)),
    };
    let mut losses = Losses::new(losses, strict);
    let model = fields.string("model")?.filter(|model| !model.trim().is_empty());
    let inputs = inputs(fields.take("input").filter(|input| !input.is_null()))?;
    for (name, value) in fields.unread() {
        check_type(FIELDS, name, value)?;
        judge(FIELDS, name, value, &mut losses)?;
    }
    losses.finish();
    let of_openai = |model: &&String| OPENAI_MODELS.iter().any(|openai| model.starts_with(openai));
    let guardrail = model.as_ref().filter(|model| !of_openai(model)).map(|model| guardrail(model, None));
    Ok(Call { model, guardrail, inputs })
}

/// The guardrail that a text names, `id`, `id:version` or an ARN with or without one.
pub fn guardrail(text: &str, version: Option<&str>) -> Guardrail {
    let text = text.trim();
    let is_version = |part: &str| part == DRAFT || !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (id, behind) = match text.rsplit_once(':') {
        Some((id, behind)) if is_version(behind) => (id, Some(behind)),
        _ => (text, None),
    };
    Guardrail { id: id.to_owned(), version: version.or(behind).unwrap_or(DRAFT).to_owned() }
}

fn inputs(input: Option<Value>) -> Result<Vec<Vec<Part>>> {
    match input {
        None => Err(Error::missing("input", "give a string, an array of strings, or an array of parts")),
        Some(Value::String(text)) => Ok(vec![vec![Part::Text(text)]]),
        Some(Value::Array(items)) if items.is_empty() => Err(Error::invalid("input", "must not be an empty array.")),
        Some(Value::Array(items)) if items.iter().any(Value::is_object) => {
            at_most(items.len(), MOST_PARTS)?;
            let parts = items.into_iter().enumerate().map(|(index, item)| part(item, &format!("input[{index}]")));
            Ok(vec![parts.collect::<Result<_>>()?])
        }
        Some(Value::Array(items)) => {
            at_most(items.len(), MOST_INPUTS)?;
            let text = |(index, item)| match item {
                Value::String(text) => Ok(vec![Part::Text(text)]),
                other => Err(Error::wrong_type(format!("input[{index}]"), "a string or a part", &other)),
            };
            items.into_iter().enumerate().map(text).collect()
        }
        Some(other) => Err(Error::wrong_type("input", "a string, an array of strings, or an array of parts", &other)),
    }
}

fn at_most(items: usize, most: usize) -> Result<()> {
    if items <= most {
        return Ok(());
    }
    Err(Error::invalid("input", format!("must have at most {most} items, not {items}; make several calls.")))
}

fn part(item: Value, param: &str) -> Result<Part> {
    let Value::Object(mut members) = item else {
        return Err(Error::wrong_type(param, "a part, as the others are", &item));
    };
    match members.get("type").and_then(Value::as_str) {
        Some("text") => text_of(&mut members, "text", param).map(Part::Text),
        Some("image_url") => {
            let url = match members.remove("image_url") {
                Some(Value::Object(mut inner)) => text_of(&mut inner, "url", &format!("{param}.image_url"))?,
                Some(Value::String(url)) => url,
                _ => return Err(Error::missing(format!("{param}.image_url"), "give an object with `url`")),
            };
            let param = format!("{param}.image_url.url");
            Ok(Part::Image(Image { param, source: ImageSource::Reference(url), guarded: false }))
        }
        _ => Err(Error::invalid(format!("{param}.type"), "must be `text` or `image_url`.")),
    }
}

fn text_of(members: &mut Map<String, Value>, name: &str, param: &str) -> Result<String> {
    match members.remove(name) {
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(Error::wrong_type(format!("{param}.{name}"), "a string", &other)),
        None => Err(Error::missing(format!("{param}.{name}"), "give a string")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(body: Value) -> Result<Call> {
        parse(body, false, &mut Vec::new())
    }

    #[test]
    fn texts_have_results_of_their_own_and_parts_one_together() {
        let shape =
            |input: Value| parsed(json!({"input": input})).unwrap().inputs.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(shape(json!("a")), [1]);
        assert_eq!(shape(json!(["a", "b"])), [1, 1]);
        let image = json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}});
        assert_eq!(shape(json!([{"type": "text", "text": "a"}, image])), [2]);
    }

    #[test]
    fn models_are_guardrails_unless_they_are_openais() {
        let named = |model: &str| parsed(json!({"input": "a", "model": model})).unwrap().guardrail;
        for own in ["omni-moderation-latest", "text-moderation-stable", ""] {
            assert_eq!(named(own), None, "{own}");
        }
        let arn = "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc123";
        for (text, id, version) in [
            ("abc123", "abc123", "DRAFT"),
            ("abc123:7", "abc123", "7"),
            ("abc123:DRAFT", "abc123", "DRAFT"),
            (arn, arn, "DRAFT"),
            (&format!("{arn}:2"), arn, "2"),
        ] {
            assert_eq!(named(text), Some(Guardrail { id: id.to_owned(), version: version.to_owned() }), "{text}");
        }
        assert_eq!(guardrail("abc123:7", Some("8")).version, "8");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (input, param) in [
            (Value::Null, "input"),
            (json!([]), "input"),
            (json!(7), "input"),
            (json!(["a", 7]), "input[1]"),
            (json!([{"type": "text", "text": "a"}, "b"]), "input[1]"),
            (json!([{"type": "audio"}]), "input[0].type"),
            (json!([{"type": "text"}]), "input[0].text"),
            (json!([{"type": "image_url", "image_url": {}}]), "input[0].image_url.url"),
            (json!(vec!["a"; 257]), "input"),
        ] {
            assert_eq!(parsed(json!({"input": input})).unwrap_err().param.as_deref(), Some(param));
        }
    }
}
