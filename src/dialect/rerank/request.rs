//! The body of a request, read field by field.

use serde_json::Value;

use super::fields::FIELDS;
use crate::conversation::Loss;
use crate::conversation::rerank::Request;
use crate::dialect::extra_body;
use crate::dialect::fields::{check_type, judge};
use crate::dialect::losses::Losses;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// Most documents of a request (user guide, "Amazon Bedrock endpoints and quotas").
const MOST_DOCUMENTS: usize = 1000;

/// A call as the caller meant it.
#[derive(Debug)]
pub struct Call {
    /// An id, ARN or name.
    pub model: String,
    /// The documents as they were given, where the answer is to repeat them.
    pub repeated: Option<Vec<Value>>,
    /// What is put in order.
    pub request: Request,
}

/// Reads a request. What is wrong is an error that names the field; what is left out is a loss, and with `strict` an
/// error too.
pub fn parse(body: Value, strict: bool, losses: &mut Vec<Loss>) -> Result<Call> {
    let mut fields = match body {
        Value::Object(fields) => Object::request(fields),
        other => return Err(Error::wrong_type("body", "an object with model, query and documents", &other)),
    };
    let mut losses = Losses::new(losses, strict);
    let extra = extra_body::for_the_model(&mut fields, FIELDS, &mut losses)?;
    let model = fields.required_string("model", "name a rerank model")?;
    let query = fields.required_string("query", "say what is looked for")?;
    if query.trim().is_empty() {
        return Err(Error::invalid("query", "must not be empty; say what is looked for."));
    }
    let given = documents(&mut fields)?;
    let documents = given.iter().enumerate().map(|(index, document)| text(index, document)).collect::<Result<_>>()?;
    let repeated = fields.flag("return_documents")?.unwrap_or(false).then_some(given);
    let top_n = fields.whole("top_n", "a whole number", 1)?;
    let max_tokens = fields.whole("max_tokens_per_doc", "a whole number of tokens", 1)?;
    for (name, value) in fields.unread() {
        check_type(FIELDS, name, value)?;
        judge(FIELDS, name, value, &mut losses)?;
    }
    losses.finish();
    Ok(Call { model, repeated, request: Request { query, documents, top_n, max_tokens, extra } })
}

fn documents(fields: &mut Object<'_>) -> Result<Vec<Value>> {
    match fields.array("documents", "an array of strings")? {
        None => Err(Error::missing("documents", "give an array of strings")),
        Some(documents) if documents.is_empty() => Err(Error::invalid("documents", "must not be an empty array.")),
        Some(documents) if documents.len() > MOST_DOCUMENTS => {
            let message = format!("must have at most {MOST_DOCUMENTS} items, not {}.", documents.len());
            Err(Error::invalid("documents", message))
        }
        Some(documents) => Ok(documents),
    }
}

/// A document as the one text that a model reads; an object without `text` as lines of its members, which Cohere advises
/// for data in fields.
fn text(index: usize, document: &Value) -> Result<String> {
    match document {
        Value::String(text) => Ok(text.clone()),
        Value::Object(members) if !members.is_empty() => match members.get("text") {
            Some(Value::String(text)) if members.len() == 1 => Ok(text.clone()),
            _ => Ok(members.iter().map(|(name, value)| line(name, value)).collect::<Vec<_>>().join("\n")),
        },
        other => Err(Error::wrong_type(format!("documents[{index}]"), "a string or an object with text", other)),
    }
}

fn line(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) => format!("{name}: {text}"),
        other => format!("{name}: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(body: Value) -> Result<(Call, Vec<Loss>)> {
        let mut losses = Vec::new();
        parse(body, false, &mut losses).map(|call| (call, losses))
    }

    #[test]
    fn documents_are_texts_whatever_their_shape() {
        let documents = json!(["a", {"text": "b"}, {"title": "T", "text": "c", "year": 1999}]);
        let body = json!({"model": "m", "query": "q", "documents": documents, "top_n": 2, "return_documents": true});
        let (call, losses) = parsed(body).unwrap();
        assert_eq!(call.request.documents, ["a", "b", "title: T\ntext: c\nyear: 1999"]);
        assert_eq!((call.request.top_n, losses.len()), (Some(2), 0));
        assert_eq!(call.repeated.map(Value::Array), Some(documents));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let body = |name: &str, value: Value| {
            let mut body = json!({"model": "m", "query": "q", "documents": ["a"]});
            body[name] = value;
            body
        };
        for (body, message) in [
            (body("model", json!(null)), "model: is missing; name a rerank model."),
            (body("query", json!("")), "query: must not be empty; say what is looked for."),
            (body("documents", json!(null)), "documents: is missing; give an array of strings."),
            (body("documents", json!([])), "documents: must not be an empty array."),
            (body("documents", json!("a")), "documents: must be an array of strings, not a string."),
            (
                body("documents", json!(["a", 7])),
                "documents[1]: must be a string or an object with text, not this number.",
            ),
            (body("documents", json!([{}])), "documents[0]: must be a string or an object with text, not an object."),
            (body("documents", json!(vec!["a"; 1001])), "documents: must have at most 1000 items, not 1001."),
            (body("top_n", json!(0)), "top_n: must be a whole number, 1 or more."),
        ] {
            assert_eq!(parsed(body).unwrap_err().message, message);
        }
    }
}
