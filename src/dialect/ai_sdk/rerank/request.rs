//! The options of a call as a request.

use serde_json::Value;

use super::fields::FIELDS;
use crate::conversation::rerank::{Document, Sources};
use crate::dialect::ai_sdk::provider_options;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// Most documents of a call (API reference, `RerankRequest.sources`).
const MOST_DOCUMENTS: usize = 1000;

/// Reads a call. Members of the specification that are not known here are tolerated.
pub fn parse(call: Value) -> Result<Sources> {
    let mut call = match call {
        Value::Object(members) => Object::request(members),
        other => return Err(Error::wrong_type("options", "an object", &other)),
    };
    let query = call.required_string("query", "say what is looked for")?;
    if query.is_empty() {
        return Err(Error::invalid("query", "must not be empty; say what is looked for."));
    }
    let mut options = provider_options::take(&mut call)?;
    let mut extra = provider_options::others(&mut options, FIELDS);
    extra.extend(options.map("additionalModelRequestFields")?.unwrap_or_default());
    Ok(Sources {
        query,
        documents: documents(&mut call)?,
        top_n: call.whole("topN", "a whole number", 1)?,
        next_token: options.string("nextToken")?,
        extra,
    })
}

fn documents(call: &mut Object<'_>) -> Result<Vec<Document>> {
    let given = call.take("documents").ok_or_else(|| Error::missing("documents", "give type and values"))?;
    let path = Path::field("documents");
    let mut given = Object::read(given, path, "an object with type and values")?;
    let values = given.array("values", "an array")?.unwrap_or_default();
    if values.is_empty() || values.len() > MOST_DOCUMENTS {
        let message = format!("must have 1 to {MOST_DOCUMENTS} items, not {}.", values.len());
        return Err(Error::invalid("documents", message));
    }
    let place = path.member("values");
    let document = |(index, value)| match value {
        Value::String(text) => Ok(Document::Text(text)),
        Value::Object(members) => Ok(Document::Object(members)),
        other => Err(Error::wrong_type(place.item(index), "a string or an object", &other)),
    };
    values.into_iter().enumerate().map(document).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_option_finds_its_place() {
        let sources = parse(json!({
            "query": "q", "topN": 2, "documents": {"type": "object", "values": [{"a": 1}, "b"]}, "somethingNew": 1,
            "providerOptions": {"bedrock": {
                "nextToken": "t", "additionalModelRequestFields": {"x": 1}, "max_tokens_per_doc": 100,
            }},
        }));
        let sources = sources.unwrap();
        assert_eq!((sources.query.as_str(), sources.top_n, sources.next_token.as_deref()), ("q", Some(2), Some("t")));
        assert_eq!(Value::Object(sources.extra), json!({"max_tokens_per_doc": 100, "x": 1}));
        assert!(matches!(sources.documents.as_slice(), [Document::Object(_), Document::Text(_)]));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (call, message) in [
            (json!({"documents": {}}), "query: is missing; say what is looked for."),
            (json!({"query": ""}), "query: must not be empty; say what is looked for."),
            (json!({"query": "q"}), "documents: is missing; give type and values."),
            (json!({"query": "q", "documents": {"values": []}}), "documents: must have 1 to 1000 items, not 0."),
            (
                json!({"query": "q", "documents": {"values": [7]}}),
                "documents.values[0]: must be a string or an object, not this number.",
            ),
        ] {
            assert_eq!(parse(call).unwrap_err().message, message);
        }
    }
}
